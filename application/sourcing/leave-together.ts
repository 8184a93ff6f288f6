import type { Tx } from '../../db/connection';
import { type OrderTerms, termsOfOrder } from '../../domain/allocation/order-terms';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { OrderLineRow, OrderRow } from '../order/order-record';
import { demandOf } from './demands';
import { orderToSource } from './order-to-source';
import { readSourcingFacts } from './sourcing-facts';

/**
 * What the customer, the order and the rules in force ask of an order's shipments, read where something of the order
 * stays behind: two statements, of which an order that leaves as a whole needs none.
 * @param lines all lines of the order
 */
export async function readLeaveTerms(
  tx: Tx,
  order: OrderRow,
  policy: CustomerPolicy,
  lines: readonly OrderLineRow[],
): Promise<OrderTerms> {
  const wanted = lines.filter((line) => line.rejection_code === null && line.item_id !== null);
  const itemIds = [...new Set(wanted.map((line) => line.item_id as string))];
  const [{ live }, items] = await Promise.all([
    readSourcingFacts(tx),
    tx('item').whereIn('id', itemIds).select('id', 'item_class') as Promise<
      { id: string; item_class: string | null }[]
    >,
  ]);
  const classes = new Map(items.map(({ id, item_class }) => [id, item_class]));
  const asked = orderToSource(order, policy, lines);
  const subjects = wanted.map((line) => {
    const { itemId, bundle } = demandOf(line, 0);
    return {
      lineNumber: line.line_number,
      itemId,
      soldAs: bundle?.item ?? itemId,
      itemClass: classes.get(itemId) ?? null,
      destination: asked.lines.get(line.line_number)?.destination ?? null,
    };
  });
  return termsOfOrder(
    { ...asked, customer: order.customer_id, channel: order.channel, lines: subjects },
    live?.rules ?? [],
  );
}
