import type { Tx } from '../db/connection';
import { customerPolicySchema } from './customer-policy';
import { amountOf, retotal } from './give-up-lines';
import { headNumber, type OrderRow, readLines, saveOrder } from './order-record';

/** Whose price stands after a release is the customer's policy; the decision keeps both. */
export async function settlePrice(
  tx: Tx,
  order: OrderRow,
  hold: {
    readonly line_number: number | null;
    readonly reason: { readonly details?: { readonly ourPrice?: string } };
  },
  now: string,
): Promise<OrderRow> {
  const customer = (await tx('customer').where({ id: order.customer_id }).first('policy')) as {
    policy: unknown;
  };
  const policy = customerPolicySchema.parse(customer.policy);
  const ours = hold.reason.details?.ourPrice;
  const parts = (await readLines(tx, order.id)).filter((row) => headNumber(row) === hold.line_number);
  for (const line of parts) {
    const stands = policy.priceOnRelease === 'ours' && ours !== undefined ? ours : line.unit_price;
    await tx('order_line')
      .where({ id: line.id })
      .update({
        unit_price: stands,
        amount_minor: amountOf(
          { ...line, unit_price: stands },
          line.ordered - line.cancelled,
          order.currency,
        ),
        price_decision: JSON.stringify({ ...(line.price_decision as object), stands: policy.priceOnRelease }),
      });
  }
  return saveOrder(tx, order, await retotal(tx, order), now);
}
