import type { Knex } from 'knex';

/** Since when more of a line is waited for than its order asked for at first; null: as long as its order. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table order_line add queued_at timestamptz;`);
}
