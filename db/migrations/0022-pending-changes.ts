import type { Knex } from 'knex';

// Written out, not imported: a landed migration must not change when the domain does. A test compares them.
const changeStatuses = ['pending', 'held', 'applied', 'partly-applied', 'refused', 'withdrawn'];

/**
 * A change waits as a whole, with holds of its own and what it would make of the order; the order's own holds are those
 * without a change. A line may have a last day of its own.
 */
const pendingChanges = `
alter table order_change drop constraint order_change_status_check, add column assessment jsonb,
  add constraint order_change_status_check check (status in (${changeStatuses.map((status) => `'${status}'`).join(', ')}));
create index order_change_open on order_change (order_id, id) where status in ('pending', 'held');
alter table hold add column change_id uuid references order_change;
drop index hold_once;
create unique index hold_once on hold (order_id, type, coalesce(line_number, 0), coalesce(change_id, order_id)) where status = 'open';
alter table order_line add column cancel_after timestamptz;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(pendingChanges);
}
