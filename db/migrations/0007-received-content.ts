import type { Knex } from 'knex';

/** What partners sent besides orders, in the domain's words: kept with its document, and worked in the order it came. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table received_content (
  -- Ascending in the order of arrival: what a partner sent is worked in this order.
  id bigint generated always as identity primary key,
  document_id uuid not null unique references document on delete cascade, partner_id text not null references partner,
  usage text not null default 'P' check (usage in ('P', 'T')), set_id text not null,
  -- What it is to the hub (shipping-advice, remittance, ...), and how it reads: the mapping owns the shape.
  kind text not null, content jsonb not null,
  -- kept: nothing acts on this kind, or it asks for nothing. set-aside: it could not be acted on, and somebody owns the exception.
  state text not null default 'waiting' check (state in ('waiting', 'done', 'kept', 'set-aside')),
  -- What became of it, in words.
  note text, attempts int not null default 0, received_at timestamptz not null, worked_at timestamptz
);
create index received_content_waiting on received_content (partner_id, usage, id) where state = 'waiting';
create index received_content_by_kind on received_content (kind, id desc);`);
}
