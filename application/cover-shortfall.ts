import type { Tx } from '../db/connection';
import { customerPolicySchema } from './customer-policy';
import { readFillTerms } from './fill-terms';
import { amountOf } from './give-up-lines';
import { type OrderRow, readLines } from './order-record';
import { fillBackorders } from './plan-shipments';

/** Base units of lines that nobody has now. */
export interface Uncovered {
  readonly waiting: number;
  readonly cancelled: number;
}

/**
 * What a node does not ship after all looks for other nodes, by the planning that every order has; what nobody has waits,
 * or is cancelled where the buyer takes no backorders.
 * @param begun some of the order is on its way: it can no longer ship complete
 */
export async function coverShortfall(
  tx: Tx,
  order: OrderRow,
  orderLineIds: readonly string[],
  { begun }: { readonly begun: boolean },
  now: string,
): Promise<Uncovered> {
  const customer = (await tx('customer').where({ id: order.customer_id }).first('policy')) as {
    policy: unknown;
  };
  const policy = customerPolicySchema.parse(customer.policy);
  await fillBackorders(tx, order, policy, now, new Set(), { begun });
  const affected = (await readLines(tx, order.id)).filter((line) => orderLineIds.includes(line.id));
  const items = (await tx('item')
    .whereIn(
      'id',
      affected.map((line) => line.item_id),
    )
    .select('id', 'backorderable')) as { id: string; backorderable: boolean }[];
  let uncovered: Uncovered = { waiting: 0, cancelled: 0 };
  for (const line of affected) {
    const open = line.ordered - line.cancelled - line.reserved - line.released - line.shipped;
    if (open <= 0) continue;
    const waits =
      policy.backorder &&
      readFillTerms(order.fill)?.rest !== 'cancel' &&
      (items.find((item) => item.id === line.item_id)?.backorderable ?? false);
    uncovered = {
      waiting: uncovered.waiting + (waits ? open : 0),
      cancelled: uncovered.cancelled + (waits ? 0 : open),
    };
    if (waits) continue;
    await tx('order_line')
      .where({ id: line.id })
      .update({
        cancelled: line.cancelled + open,
        amount_minor: amountOf(line, line.ordered - line.cancelled - open, order.currency),
      });
  }
  return uncovered;
}
