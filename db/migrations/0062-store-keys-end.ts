import type { Knex } from 'knex';

/** Keys of stores' people that were given without an end end a year after they were given, and not within a month. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
update api_key set expires_at = greatest(created_at + interval '365 days', now() + interval '30 days')
where node_id is not null and created_by is not null and revoked_at is null and expires_at is null;
create index api_key_of_store on api_key (expires_at) where node_id is not null and revoked_at is null;`);
}
