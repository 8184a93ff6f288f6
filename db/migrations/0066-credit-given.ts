import type { Knex } from 'knex';

/**
 * A dispute is about an amount and ends on a day: those that are open end 90 days from now, of the whole invoice (no
 * amount). What a change of an account gave, as the person's authority was asked for it, is kept with the change, and who has booked a payment
 * in advance with the payment.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table invoice_dispute add column amount_minor bigint check (amount_minor > 0);
alter table invoice_dispute add column until date;
update invoice_dispute set until = case when closed_at is null then current_date + 90 else closed_at::date end;
alter table invoice_dispute alter column until set not null;
alter table credit_account_change add column given_minor bigint;
alter table cash_entry add column recorded_by text;`);
}
