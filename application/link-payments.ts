import type { Db, Tx } from '../db/connection';
import { formatMinor } from '../domain/shared/money';
import { lockCreditAccount } from './check-credit';
import { recordEvents } from './keep-history';

/** Money of a remittance that nothing takes. */
export interface UnappliedPayment {
  readonly id: string;
  readonly creditAccountId: string;
  readonly usage: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly reference: string | null;
  readonly trace: string;
  readonly paidOn: string;
  readonly remittanceId: string;
  readonly sequence: number;
}

/** A prepayment booked by hand that may be the same money. */
export interface LikelyPayment {
  readonly id: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly reference: string;
  readonly paidOn: string;
  readonly days: number;
}

/** How far the two days may lie apart: a bank's day, and the day that somebody wrote down. */
const MOST_DAYS = 10;

export async function findUnappliedPayment(db: Db, entryId: string): Promise<UnappliedPayment | undefined> {
  return (await db('cash_entry as c')
    .join('remittance as r', 'r.id', 'c.remittance_id')
    .where({ 'c.id': entryId, 'c.kind': 'unapplied' })
    .first({
      id: db.raw('c.id::text'),
      creditAccountId: 'c.credit_account_id',
      usage: 'c.usage',
      currency: 'r.currency',
      amountMinor: 'c.amount_minor',
      reference: 'c.reference',
      trace: 'r.trace_number',
      paidOn: 'c.effective_on',
      remittanceId: 'c.remittance_id',
      sequence: 'c.sequence',
    })) as UnappliedPayment | undefined;
}

/**
 * Prepayments booked by hand of the same account and amount within some days, which no remittance has explained: those of
 * the order that the payer names first, then the nearest day.
 */
export async function findLikelyPayments(
  db: Db,
  payment: UnappliedPayment,
): Promise<readonly LikelyPayment[]> {
  const { rows } = await db.raw<{ rows: LikelyPayment[] }>(
    `select cast(c.id as text) as id, o.id as "orderId", o.order_number as "orderNumber", c.reference, c.effective_on as "paidOn",
       abs(c.effective_on - cast(:paidOn as date)) as days
     from cash_entry c join orders o on o.id = c.order_id
     where c.kind = 'prepayment' and c.remittance_id is null and c.credit_account_id = :creditAccountId and c.usage = :usage
       and c.amount_minor = :amountMinor and abs(c.effective_on - cast(:paidOn as date)) <= ${MOST_DAYS}
     order by upper(trim(coalesce(:reference, ''))) in (upper(o.po_number), upper(o.order_number)) desc, days, c.id limit 20`,
    { ...payment } as never,
  );
  return rows;
}

export type PaymentsLinked =
  | { readonly kind: 'linked'; readonly orderId: string }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown' | 'already-linked' | 'not-alike';
      readonly text: string;
    };

interface Link {
  readonly unappliedId: string;
  readonly prepaymentId: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * Says that a remittance's unapplied money is a prepayment that was booked by hand: that entry takes its place in the
 * remittance, which sums to what it paid as before, and the money counts once. One at a time for an account.
 */
export async function linkPayments(tx: Tx, link: Link, now: string): Promise<PaymentsLinked> {
  const seen = await findUnappliedPayment(tx, link.unappliedId);
  if (!seen) return linkedBefore(tx, link);
  await lockCreditAccount(tx, seen.creditAccountId);
  const payment = await findUnappliedPayment(tx, link.unappliedId);
  if (!payment) return linkedBefore(tx, link);
  const match = (await findLikelyPayments(tx, payment)).find(({ id }) => id === link.prepaymentId);
  if (!match) {
    const taken = await tx('payment_link').where({ cash_entry_id: link.prepaymentId }).first('linked_by');
    return taken
      ? {
          kind: 'refused',
          code: 'already-linked',
          text: `${taken.linked_by} has linked that prepayment already`,
        }
      : {
          kind: 'refused',
          code: 'not-alike',
          text: `Only a prepayment by hand of the same account and amount within ${MOST_DAYS} days can be the same money`,
        };
  }
  const { remittanceId, sequence, amountMinor } = payment;
  await tx('cash_entry').where({ id: payment.id }).delete();
  await tx('cash_entry').where({ id: match.id }).update({ remittance_id: remittanceId, sequence });
  await tx('payment_link').insert({
    cash_entry_id: match.id,
    remittance_id: remittanceId,
    unapplied_entry_id: payment.id,
    amount_minor: amountMinor,
    reason: link.reason,
    linked_by: link.by,
    linked_at: now,
  });
  await tell(tx, payment, match, link, now);
  return { kind: 'linked', orderId: match.orderId };
}

async function tell(
  tx: Tx,
  { id, amountMinor, currency, trace }: UnappliedPayment,
  { orderId, reference }: LikelyPayment,
  { by, reason }: Link,
  now: string,
): Promise<void> {
  const amount = `${formatMinor(amountMinor, currency)} ${currency}`;
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'payments-linked',
      actor: by,
      text: `${by}: the ${amount} of payment ${trace} (820) are the prepayment ${reference} that was booked by hand: ${reason}`,
      data: { amountMinor, trace, reference },
    },
  ]);
  await tx('exception')
    .where({ status: 'open' })
    .whereRaw(`data ->> 'cashEntryId' = ?`, [id])
    .update({
      status: 'resolved',
      resolved_at: now,
      resolved_by: by,
      resolution: `It is the prepayment ${reference}: ${reason}`,
    });
}

async function linkedBefore(tx: Tx, { unappliedId }: Link): Promise<PaymentsLinked> {
  const before = await tx('payment_link').where({ unapplied_entry_id: unappliedId }).first('linked_by');
  return before
    ? { kind: 'refused', code: 'already-linked', text: `${before.linked_by} has linked this payment already` }
    : { kind: 'refused', code: 'unknown', text: 'There is no such unapplied payment' };
}

/** What the exception about unapplied money says of prepayments that it may be. */
export function proposalOf(payment: UnappliedPayment, likely: readonly LikelyPayment[]): string {
  const [first, ...others] = likely;
  if (first === undefined) return '';
  const amount = `${formatMinor(payment.amountMinor, payment.currency)} ${payment.currency}`;
  const more = others.length === 0 ? '' : ` (or ${others.length} more of that amount)`;
  return ` It may be the prepayment ${first.reference} of ${amount} that was booked by hand for order ${first.orderNumber} on ${first.paidOn}${more}: if it is, link both, so that it counts once.`;
}
