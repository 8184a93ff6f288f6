import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { formatMinor } from '../../domain/shared/money';
import { raiseException } from '../record/raise-exception';
import {
  type ByHand,
  findLikelyPayments,
  findLikelyUnapplied,
  type LikelyPayment,
  type UnappliedPayment,
} from './link-payments';

const MAY_BE = ' It may be the prepayment ';

/** What the exception about unapplied money says of prepayments that it may be. */
export function proposalOf(payment: UnappliedPayment, likely: readonly LikelyPayment[]): string {
  const [first, ...others] = likely;
  if (first === undefined) return '';
  const amount = amountOf(payment);
  const more = others.length === 0 ? '' : ` (or ${others.length} more of that amount)`;
  return `${MAY_BE}${first.reference} of ${amount} that was booked by hand for order ${first.orderNumber} on ${first.paidOn}${more}: if it is, link both, so that it counts once.`;
}

/**
 * A prepayment was booked by hand, and a remittance that came before has money that may be the same: the exception about
 * that money proposes it, as it would have had the remittance come later; where it is settled there is a new one. The
 * caller holds the lock of the account, so that whichever of the two comes second finds the other.
 * @returns payments that it may be, the likeliest first
 */
export async function proposeLinks(
  tx: Tx,
  booked: ByHand,
  now: string,
): Promise<readonly UnappliedPayment[]> {
  const unapplied = await findLikelyUnapplied(tx, booked);
  for (const payment of unapplied) {
    const proposal = proposalOf(payment, await findLikelyPayments(tx, payment));
    const open = (await tx('exception')
      .where({ status: 'open' })
      .whereRaw(`data ->> 'cashEntryId' = ?`, [payment.id])
      .select('id', 'text')) as { id: string; text: string }[];
    for (const { id, text } of open)
      await tx('exception')
        .where({ id })
        .update({ text: `${text.split(MAY_BE)[0] ?? text}${proposal}` });
    if (open.length === 0) await raiseAnew(tx, payment, proposal, now);
  }
  return unapplied;
}

async function raiseAnew(tx: Tx, payment: UnappliedPayment, proposal: string, now: string): Promise<void> {
  const { id, trace, amountMinor, remittanceId } = payment;
  const { document_id: documentId } = (await tx('remittance')
    .where({ id: remittanceId })
    .first('document_id')) as { document_id: string | null };
  await raiseException(tx, {
    kind: 'payment-booked-by-hand',
    subjectKey: id,
    text: `Nothing has taken ${amountOf(payment)} of payment ${trace} (820).${proposal}`,
    ownerRole: 'finance',
    dueAt: addSeconds(now, 24 * 3600),
    ...(documentId !== null && { documentId }),
    data: { trace, amountMinor, cashEntryId: id },
  });
}

const amountOf = ({ amountMinor, currency }: UnappliedPayment): string =>
  `${formatMinor(amountMinor, currency)} ${currency}`;
