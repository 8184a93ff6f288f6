import type { Knex } from 'knex';

const sessions = `
-- The cookie holds the token; here lies only its SHA-256, so that a stolen backup opens no session.
create table portal_session (
  id uuid primary key default uuidv7(), token_hash text not null unique, api_key_id uuid not null references api_key,
  created_at timestamptz not null default now(), expires_at timestamptz not null, ended_at timestamptz
);
create index portal_session_age on portal_session (expires_at);
create index idempotency_key_age on idempotency_key (created_at);
-- The portal's lists walk these by id; the timeline asks by order.
create index shipment_by_order on shipment (order_id, sequence);
create index exception_by_order on exception (order_id) where order_id is not null;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(sessions);
}
