import type { Tx } from '../db/connection';
import type { DisputeReason } from '../domain/credit/assess-ageing';
import { lockCreditAccount } from './check-credit';
import { wakeCreditQueue } from './credit-queue';

export interface DisputeWanted {
  readonly creditAccountId: string;
  readonly invoiceNumber: string;
  readonly reasonCode: DisputeReason;
  readonly reason: string;
  readonly person: string;
}

type Refused = {
  readonly kind: 'refused';
  readonly code: 'unknown-account' | 'unknown-invoice' | 'disputed-already' | 'unknown-dispute';
  readonly text: string;
};

/** The customer contests an invoice: it stays owed, but its age holds no order until the dispute is closed. */
export async function openDispute(
  tx: Tx,
  wanted: DisputeWanted,
  now: string,
): Promise<{ readonly kind: 'opened'; readonly id: string } | Refused> {
  const { creditAccountId, invoiceNumber } = wanted;
  const account = await tx('credit_account').where({ id: creditAccountId }).first('id');
  if (!account)
    return {
      kind: 'refused',
      code: 'unknown-account',
      text: `There is no credit account ${creditAccountId}`,
    };
  await lockCreditAccount(tx, creditAccountId);
  const { rows: known } = await tx.raw<{ rows: unknown[] }>(
    `select 1 from invoice where credit_account_id = ? and invoice_number = ?
     union all select 1 from receivables_snapshot where credit_account_id = ? and open_items @> cast(? as jsonb)`,
    [creditAccountId, invoiceNumber, creditAccountId, JSON.stringify([{ invoiceNumber }])],
  );
  if (known.length === 0)
    return {
      kind: 'refused',
      code: 'unknown-invoice',
      text: `${invoiceNumber} is no open invoice of this account`,
    };
  const [row] = (await tx('invoice_dispute')
    .insert({
      credit_account_id: creditAccountId,
      invoice_number: invoiceNumber,
      reason_code: wanted.reasonCode,
      reason: wanted.reason,
      opened_by: wanted.person,
      opened_at: now,
    })
    .onConflict(tx.raw('(credit_account_id, invoice_number) where closed_at is null') as never)
    .ignore()
    .returning('id')) as { id: string }[];
  if (!row)
    return { kind: 'refused', code: 'disputed-already', text: `${invoiceNumber} is disputed already` };
  await wakeCreditQueue(tx, creditAccountId);
  return { kind: 'opened', id: row.id };
}

export async function closeDispute(
  tx: Tx,
  wanted: { readonly id: string; readonly reason: string; readonly person: string },
  now: string,
): Promise<{ readonly kind: 'closed' } | Refused> {
  const changed = await tx('invoice_dispute')
    .where({ id: wanted.id, closed_at: null })
    .update({ closed_at: now, closed_by: wanted.person, closing_reason: wanted.reason });
  return changed > 0
    ? { kind: 'closed' }
    : { kind: 'refused', code: 'unknown-dispute', text: 'There is no such open dispute' };
}
