import type { Knex } from 'knex';

/** What was exchanged by AS2, as evidence: every message as it came or left, and every receipt given or got. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table as2_message (
  id uuid primary key default uuidv7(), direction text not null check (direction in ('in', 'out')),
  channel_id text not null references channel, message_id text not null, as2_from text not null, as2_to text not null,
  -- In: processed or failed. Out: sending (nothing was acknowledged), awaiting-receipt, delivered, failed.
  status text not null check (status in ('processed', 'failed', 'sending', 'awaiting-receipt', 'delivered')),
  -- Why it failed: an AS2 modifier or a word of ours, and the same for people.
  reason text, reason_text text,
  arrival_id uuid references arrival on delete set null, interchange_id uuid references interchange on delete set null,
  -- Header fields as they travelled, and the body as it travelled; of a message that failed only its beginning.
  headers jsonb not null, content bytea not null, size bigint not null,
  -- Base64 by digest, of the bytes that RFC 4130 section 7.3.1 says.
  mics jsonb not null default '{}', signed_by text,
  -- Of its interchange: which one of its transmissions this belongs to.
  transmission int not null default 0, attempts int not null default 0, receipt_due_at timestamptz,
  created_at timestamptz not null, settled_at timestamptz
);
-- Already encrypted or compressed.
alter table as2_message alter column content set storage external;
-- A message that was not taken may come again under its id; one that was may not.
create unique index as2_message_taken on as2_message (channel_id, message_id) where direction = 'in' and status = 'processed';
create unique index as2_message_sent on as2_message (message_id) where direction = 'out';
create index as2_message_by_interchange on as2_message (interchange_id, id) where interchange_id is not null;
create index as2_message_by_arrival on as2_message (arrival_id) where arrival_id is not null;
create index as2_message_by_channel on as2_message (channel_id, id desc);
create index as2_message_receipt_due on as2_message (receipt_due_at) where status = 'awaiting-receipt';
create table as2_receipt (
  id uuid primary key default uuidv7(), direction text not null check (direction in ('in', 'out')),
  as2_message_id uuid not null references as2_message on delete cascade,
  headers jsonb not null, content bytea not null, disposition text not null, received_content_mic text,
  -- In: whether it was believed, and why not. Out: where an asynchronous one goes, and whether it is there.
  status text not null check (status in ('answered', 'due', 'sent', 'accepted', 'refused')), status_text text, url text,
  attempts int not null default 0, created_at timestamptz not null, settled_at timestamptz
);
create index as2_receipt_by_message on as2_receipt (as2_message_id, id);
create index as2_receipt_due on as2_receipt (created_at) where status = 'due';`);
}
