import type { Db, Tx } from '../../db/connection';
import { formatMinor } from '../../domain/shared/money';
import { lockCreditAccount } from '../credit/check-credit';
import { recordEvents } from '../record/keep-history';

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
export const MOST_DAYS = 10;

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

/** Money for an order that somebody books by hand. */
export interface ByHand {
  readonly orderId: string;
  readonly creditAccountId: string;
  readonly usage: string;
  readonly amountMinor: number;
  readonly paidOn: string;
}

const ALIKE = `c.credit_account_id = :creditAccountId and c.usage = :usage and c.amount_minor = :amountMinor
  and abs(c.effective_on - cast(:paidOn as date)) <= ${MOST_DAYS}`;

/** The same the other way round: money of remittances that nothing takes, and that may be what is booked by hand now. */
export async function findLikelyUnapplied(db: Db, booked: ByHand): Promise<readonly UnappliedPayment[]> {
  const { rows } = await db.raw<{ rows: UnappliedPayment[] }>(
    `select cast(c.id as text) as id, c.credit_account_id as "creditAccountId", c.usage, r.currency, c.amount_minor as "amountMinor", c.reference,
       r.trace_number as trace, c.effective_on as "paidOn", c.remittance_id as "remittanceId", c.sequence
     from cash_entry c join remittance r on r.id = c.remittance_id join orders o on o.id = :orderId
     where c.kind = 'unapplied' and ${ALIKE}
     order by upper(trim(coalesce(c.reference, ''))) in (upper(o.po_number), upper(o.order_number)) desc,
       abs(c.effective_on - cast(:paidOn as date)), c.id limit 20`,
    { ...booked } as never,
  );
  return rows;
}

/** A payment of a remittance that counts for the order already and may be the same money; none that was booked by hand, too. */
export async function findCounted(
  db: Db,
  booked: ByHand,
): Promise<{ readonly trace: string; readonly paidOn: string } | undefined> {
  const { rows } = await db.raw<{ rows: { readonly trace: string; readonly paidOn: string }[] }>(
    `select r.trace_number as trace, c.effective_on as "paidOn" from cash_entry c join remittance r on r.id = c.remittance_id
     where c.kind = 'prepayment' and c.order_id = :orderId and ${ALIKE}
       and not exists (select from payment_link l where l.cash_entry_id = c.id)
     order by abs(c.effective_on - cast(:paidOn as date)), c.id limit 1`,
    { ...booked } as never,
  );
  return rows[0];
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
