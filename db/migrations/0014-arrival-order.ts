import type { Knex } from 'knex';

/**
 * What a large arrival is taken apart into keeps the arrival's place in the order: it is judged before what the same
 * sender sent meanwhile.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Of interchanges that were split off a large arrival: the sequence of the row that stood for it.
alter table interchange add column arrived_as bigint;
drop index interchange_received;
create index interchange_received on interchange
  (sender_qualifier, sender_id, receiver_qualifier, receiver_id, (coalesce(arrived_as, sequence)), sequence)
  where direction = 'in' and status = 'received';
create index interchange_splitting on interchange (sequence) where status = 'splitting';`);
}
