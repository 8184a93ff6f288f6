import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { formatMinor } from '../../domain/shared/money';
import type { OrderRow } from '../order/order-record';
import { raiseException } from '../record/raise-exception';

/**
 * Charges, allowances and tax are billed in shares with what leaves. Where the rest of an order was cancelled after its
 * last shipment no invoice follows that could take what is left of them: finance decides.
 */
export async function tellUnbilled(tx: Tx, order: OrderRow, now: string): Promise<void> {
  if (order.without_invoice || order.total_minor === order.invoiced_minor) return;
  const { billed } = (await tx('invoice')
    .where({ order_id: order.id })
    .first(tx.raw('coalesce(sum(charges_minor + tax_minor), 0)::bigint as billed'))) as { billed: number };
  const left = order.charges_minor + order.tax_minor - billed;
  if (left === 0) return;
  const amount = (minor: number) => `${formatMinor(Math.abs(minor), order.currency)} ${order.currency}`;
  const todo =
    left > 0
      ? `${amount(left)} of them are on no invoice: bill them, or leave it at that`
      : `${amount(left)} more than that are on its invoices: give a credit memo`;
  await raiseException(tx, {
    kind: 'charges-not-billed',
    subjectKey: order.id,
    ownerRole: 'finance',
    dueAt: addSeconds(now, 2 * 86_400),
    orderId: order.id,
    priority: 4,
    text: `What was open of order ${order.order_number} was cancelled after its last shipment. Its charges, allowances and tax come to ${formatMinor(order.charges_minor + order.tax_minor, order.currency)} ${order.currency} now; ${todo}`,
  });
}
