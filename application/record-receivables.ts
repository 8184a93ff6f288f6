import type { Tx } from '../db/connection';
import { addJob } from '../db/jobs';
import type { ReceivablesSnapshot } from '../domain/invoicing/erp-port';
import { lockCreditAccount } from './check-credit';

/**
 * Keeps the ERP's newest open items of an account and wakes its credit-held orders, the longest waiting first. An
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
  await wakeCreditHeld(tx, account.id);
}

/** Its exposure may have fallen: credit-held orders of the account are assessed again, the longest waiting first. */
export async function wakeCreditHeld(tx: Tx, creditAccountId: string): Promise<void> {
  const held = (await tx('orders')
    .join('hold', 'hold.order_id', 'orders.id')
    .where({ 'orders.credit_account_id': creditAccountId, 'hold.type': 'credit', 'hold.status': 'open' })
    .orderBy(['orders.placed_at', 'orders.id'])
    .select('orders.id')) as { id: string }[];
  for (const order of held) await addJob(tx, 'signal-order', { orderId: order.id }, { key: order.id });
}
