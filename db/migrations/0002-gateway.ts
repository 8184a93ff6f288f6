import type { Knex } from 'knex';

const id = 'id uuid primary key default uuidv7()';
const usage = `usage text not null default 'P' check (usage in ('P', 'T'))`;

const agreements = `
-- How bytes reach a partner. A VAN's channel serves many partners, so the partner is not part of it.
create table channel (
  id text primary key, kind text not null check (kind in ('https-mailbox', 'https-push', 'as2', 'sftp', 'van')),
  settings jsonb not null default '{}'
);
-- A partner is not its ISA id: it may have several, and several usages of one.
create table interchange_agreement (
  id text primary key, partner_id text not null references partner, entity_id text references selling_entity,
  own_qualifier text not null, own_isa_id text not null, partner_qualifier text not null, partner_isa_id text not null,
  ${usage}, channel_id text not null references channel, policy jsonb not null default '{}', active boolean not null default true,
  unique (partner_qualifier, partner_isa_id, own_qualifier, own_isa_id, usage)
);
create index interchange_agreement_by_partner on interchange_agreement (partner_id, usage);
create table document_agreement (
  ${id}, agreement_id text not null references interchange_agreement on delete cascade, direction text not null check (direction in ('in', 'out')),
  set_id text not null, own_gs_id text not null, partner_gs_id text not null, version text not null, guide text,
  -- false: the partner does not take this document; a request for it is kept as not wanted and raises nothing.
  wanted boolean not null default true, options jsonb not null default '{}', ack_deadline_minutes int check (ack_deadline_minutes > 0),
  unique (agreement_id, direction, set_id, own_gs_id, partner_gs_id, version)
);
-- An outbound document must know its agreement without a choice.
create unique index document_agreement_out on document_agreement (agreement_id, set_id) where direction = 'out';`;

const archive = `
-- 'receiving': chunks are still arriving; such a row was never answered with 202 and is swept after a day.
create table arrival (
  -- allowed_isa_ids: the senders that the key, AS2 id or account may carry ('ZZ:ACME', 'ACME', '*'); null where the source is trusted.
  ${id}, source text not null, source_key text, partner_id text, allowed_isa_ids text[], status text not null check (status in ('receiving', 'complete')),
  size bigint not null default 0, sha256 bytea, received_at timestamptz not null default now()
);
create index arrival_unfinished on arrival (received_at) where status = 'receiving';
-- 256 KB of raw bytes a chunk, gzip-compressed; the last one is shorter. A range needs only the chunks it touches.
create table arrival_chunk (
  arrival_id uuid not null references arrival on delete cascade, ordinal int not null, raw_size int not null, content bytea not null,
  primary key (arrival_id, ordinal)
);
-- Already compressed: PostgreSQL need not try again.
alter table arrival_chunk alter column content set storage external;`;

const interchanges = `
create table interchange (
  ${id}, direction text not null check (direction in ('in', 'out')), sequence bigint generated always as identity,
  agreement_id text references interchange_agreement, partner_id text, arrival_id uuid references arrival,
  ordinal int not null default 0, byte_offset bigint not null default 0, byte_length bigint not null default 0, sha256 bytea,
  sender_qualifier text not null default '', sender_id text not null default '', receiver_qualifier text not null default '', receiver_id text not null default '',
  control_number text not null default '', version text not null default '', usage text not null default '',
  status text not null check (status in (
    -- splitting: an arrival too large to be taken apart before its answer; its job makes the other rows.
    'splitting', 'received', 'judged', 'rejected', 'quarantined', 'duplicate', 'failed',
    'pending', 'sent', 'delivered', 'undeliverable')),
  ta1_code text, ta1_note text, deviations jsonb not null default '[]', problem text, attempts int not null default 0,
  -- The one this repeats (same key, same bytes), or whose replay it is.
  original_id uuid references interchange, judged_at timestamptz,
  -- Outbound: the final bytes, never changed after they are stored.
  channel_id text references channel, content bytea, partner_ta1_code text, partner_ta1_note text,
  transmissions int not null default 0, delivered_at timestamptz, created_at timestamptz not null default now()
);
-- The judge works what one sender sent in the order it arrived.
create index interchange_received on interchange (sender_qualifier, sender_id, receiver_qualifier, receiver_id, sequence) where direction = 'in' and status = 'received';
create index interchange_mailbox on interchange (channel_id, sequence) where direction = 'out' and status in ('pending', 'sent');
create index interchange_by_agreement on interchange (agreement_id, direction, sequence);
create index interchange_by_number on interchange (control_number);
create index interchange_by_arrival on interchange (arrival_id);
create index interchange_in_quarantine on interchange (sequence) where status in ('quarantined', 'failed');
create table functional_group (
  ${id}, interchange_id uuid not null references interchange on delete cascade, ordinal int not null, functional_id text not null,
  control_number text not null, sender_code text not null, receiver_code text not null, version text not null,
  -- Inbound: what the hub answered. Outbound: what the partner answered.
  ack_code text, ack_errors jsonb not null default '[]', included int not null default 0, received int not null default 0, accepted int not null default 0,
  -- The answer as text from ST to SE, for whoever waits for it.
  answer text
);
create index functional_group_by_interchange on functional_group (interchange_id, ordinal);
create table document (
  ${id}, direction text not null check (direction in ('in', 'out')), interchange_id uuid not null references interchange on delete cascade,
  group_id uuid not null references functional_group on delete cascade, agreement_id text references interchange_agreement, partner_id text,
  set_id text not null, version text not null, functional_id text not null, group_control_number text not null, control_number text not null, ${usage},
  ordinal int not null, byte_offset bigint not null default 0, byte_length bigint not null default 0, guide text,
  validation text not null check (validation in ('accepted', 'accepted-with-errors', 'rejected', 'held')),
  delivery text not null check (delivery in ('received', 'pending', 'sent', 'delivered', 'undeliverable')),
  acknowledgement text not null check (acknowledgement in ('answered', 'not-expected', 'expected', 'accepted', 'accepted-with-errors', 'rejected', 'overdue')),
  ack_due_at timestamptz, acknowledged_at timestamptz, acknowledgement_findings jsonb,
  set_errors jsonb not null default '[]', findings jsonb not null default '[]',
  purchase_order_number text, invoice_number text, shipment_number text, order_id uuid, reissue_of uuid references document,
  -- What became of an inbound document that asked for nothing (an information copy), in words.
  note text, created_at timestamptz not null default now()
);
create index document_by_interchange on document (interchange_id, ordinal);
create index document_by_order on document (order_id, id) where order_id is not null;
create index document_by_po on document (purchase_order_number, id) where purchase_order_number is not null;
create index document_by_invoice on document (invoice_number) where invoice_number is not null;
create index document_by_shipment on document (shipment_number) where shipment_number is not null;
create index document_by_partner on document (partner_id, id desc);
create index document_by_number on document (control_number, group_control_number);
create index document_for_ack on document (agreement_id, functional_id, group_control_number) where direction = 'out';
create index document_ack_due on document (ack_due_at) where acknowledgement = 'expected';
-- Numbers a partner has used (of a group: within GS01 and its codes, the scope): only an interchange answered A or E, a group not rejected, occupies one.
create table inbound_number (
  agreement_id text not null references interchange_agreement on delete cascade, kind text not null check (kind in ('interchange', 'group')),
  number text not null, scope text not null default '', interchange_id uuid not null references interchange on delete cascade,
  sha256 bytea, claimed_at timestamptz not null, primary key (agreement_id, kind, number, scope)
);
create index inbound_number_age on inbound_number (claimed_at);
create table control_counter (
  agreement_id text not null references interchange_agreement on delete cascade, series text not null, last_number int not null default 0,
  primary key (agreement_id, series), check (last_number between 0 and 999999999)
);`;

const queues = `
-- What partners asked for, worked strictly in order per (partner, usage, purchase order).
create table order_inbox (
  id bigint generated always as identity primary key, partner_id text not null references partner, ${usage}, purchase_order_number text not null,
  kind text not null check (kind in ('order', 'change', 'replace')), document_id uuid not null references document, payload jsonb not null,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'set-aside')),
  -- Set while it waits for something (an 860 for its 850): after that it is set aside with an exception.
  wait_until timestamptz, order_id uuid, change_id uuid, outcome jsonb, received_at timestamptz not null, worked_at timestamptz,
  unique (document_id)
);
create index order_inbox_waiting on order_inbox (partner_id, purchase_order_number, id) where status = 'waiting';
create index order_inbox_wait_until on order_inbox (wait_until) where status = 'waiting' and wait_until is not null;
-- What is to be sent: rows that use cases and the judge leave; outbound renders them.
create table document_request (
  id bigint generated always as identity primary key, subject text not null unique, partner_id text, agreement_id text references interchange_agreement,
  ${usage}, set_id text not null, order_id uuid, payload jsonb not null,
  status text not null default 'waiting' check (status in ('waiting', 'rendered', 'held', 'not-wanted', 'unassigned')),
  document_id uuid references document on delete set null, interchange_id uuid references interchange on delete set null, reissue_of uuid references document,
  -- Of an acknowledgement: the inbound interchange that it answers; a duplicate gets the same content again.
  answers_id uuid references interchange on delete cascade, problem text, created_at timestamptz not null default now(), rendered_at timestamptz
);
create index document_request_waiting on document_request (agreement_id, id) where status = 'waiting';
create index document_request_troubled on document_request (status, id) where status in ('held', 'unassigned');
create index document_request_answers on document_request (answers_id) where answers_id is not null;
create index document_request_by_order on document_request (order_id) where order_id is not null;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(agreements);
  await knex.raw(archive);
  await knex.raw(interchanges);
  await knex.raw(queues);
}
