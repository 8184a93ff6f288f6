import type { Knex } from 'knex';

/**
 * A prepayment that was booked by hand and came again in a remittance under another number: who said that both are one
 * payment. The amount that was unapplied is gone from the ledger; here it is kept what it was.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table payment_link (
  id uuid primary key default uuidv7(), cash_entry_id bigint not null unique references cash_entry,
  remittance_id uuid not null references remittance, unapplied_entry_id bigint not null unique,
  amount_minor bigint not null, reason text not null, linked_by text not null, linked_at timestamptz not null
);`);
}
