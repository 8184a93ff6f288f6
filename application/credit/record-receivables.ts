import type { Tx } from '../../db/connection';
import type { ReceivablesSnapshot } from '../../domain/invoicing/erp-port';
import { lockCreditAccount } from './check-credit';
import { wakeCreditQueue } from './credit-queue';

/**
 * Keeps the ERP's newest open items of an account and has its credit-held orders looked at in their order. An
 * older snapshot that comes late changes nothing.
 */
export async function recordReceivables(tx: Tx, snapshot: ReceivablesSnapshot, now: string): Promise<void> {
  const account = await lockCreditAccount(tx, snapshot.creditAccountId);
  if (account.currency !== snapshot.currency) {
    throw new Error(
      `the ERP gives the receivables of ${account.id} in ${snapshot.currency}, the account is in ${account.currency}`,
    );
  }
  await tx('receivables_snapshot')
    .insert({
      credit_account_id: account.id,
      as_of: snapshot.asOf,
      currency: snapshot.currency,
      open_items: JSON.stringify(snapshot.openItems),
      unapplied_cash_minor: snapshot.unappliedCashMinor,
      fetched_at: now,
    })
    .onConflict('credit_account_id')
    .merge()
    .whereRaw('receivables_snapshot.as_of <= excluded.as_of');
  // A credit that the ERP lists is in its figures from then on, also once it is used up there.
  await tx('invoice_adjustment')
    .where({ credit_account_id: account.id, usage: 'P', direction: 'out', booked_at: null })
    .whereIn(
      'adjustment_number',
      snapshot.openItems.map(({ invoiceNumber }) => invoiceNumber),
    )
    .update({ booked_at: snapshot.asOf });
  await wakeCreditQueue(tx, account.id);
}
