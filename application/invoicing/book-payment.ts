import type { Tx } from '../../db/connection';
import { recordEvents } from '../record/keep-history';

/** A payment as the ERP has booked it. */
export interface BookedPayment {
  readonly creditAccountId: string;
  readonly invoiceNumber: string;
  readonly amountMinor: number;
  readonly discountMinor: number;
  readonly currency: string;
  readonly bookedAt: string;
}

/**
 * The ERP reports money on an invoice. Where a remittance (820) has told of it already, it is the same money: its entry
 * is booked, and nothing is added.
 */
export async function bookPayment(tx: Tx, payment: BookedPayment, now: string): Promise<void> {
  const invoice = (await tx('invoice')
    .where({
      invoice_number: payment.invoiceNumber,
      usage: 'P',
      credit_account_id: payment.creditAccountId,
    })
    .forNoKeyUpdate()
    .first('id', 'order_id')) as { id: string; order_id: string } | undefined;
  if (!invoice) return;
  const known = await book(tx, invoice.id, 'payment', payment.amountMinor, payment);
  await book(tx, invoice.id, 'discount', payment.discountMinor, payment);
  await recordEvents(tx, [
    {
      orderId: invoice.order_id,
      at: now,
      kind: 'paid',
      actor: 'erp',
      text: known
        ? `The payment announced for invoice ${payment.invoiceNumber} is booked`
        : `A payment came in on invoice ${payment.invoiceNumber}`,
      data: { amountMinor: payment.amountMinor, currency: payment.currency },
    },
  ]);
}

/** @returns whether a remittance had told of it */
async function book(
  tx: Tx,
  invoiceId: string,
  kind: 'payment' | 'discount',
  amountMinor: number,
  { creditAccountId, bookedAt }: BookedPayment,
): Promise<boolean> {
  if (amountMinor <= 0) return false;
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `update cash_entry set booked_at = ? where id = (
       select id from cash_entry where invoice_id = ? and kind = ? and amount_minor = ? and booked_at is null order by id limit 1)
     returning id`,
    [bookedAt, invoiceId, kind, amountMinor],
  );
  if (rows.length > 0) return true;
  await tx('cash_entry').insert({
    credit_account_id: creditAccountId,
    usage: 'P',
    kind,
    invoice_id: invoiceId,
    amount_minor: amountMinor,
    effective_on: bookedAt,
    booked_at: bookedAt,
    created_at: bookedAt,
  });
  await tx('invoice')
    .where({ id: invoiceId })
    .increment(kind === 'payment' ? 'paid_minor' : 'discounted_minor', amountMinor);
  return false;
}
