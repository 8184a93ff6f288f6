import type { Knex } from 'knex';

/** The exposure of an account asks what settled its invoices since the ERP's snapshot: the newest and the not booked. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'create index cash_entry_settling on cash_entry (credit_account_id, booked_at) where invoice_id is not null',
  );
}
