import type { Knex } from 'knex';

/** Who changed what is exchanged with a partner, and when. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table partner_event (
  id bigint generated always as identity primary key, partner_id text not null references partner,
  kind text not null check (kind in ('set-up', 'status', 'key', 'guide')), done_by text not null, done_at timestamptz not null, detail jsonb not null
);
create index partner_event_by_partner on partner_event (partner_id, id);`);
}
