import type { Tx } from '../../db/connection';
import { pricedOn } from '../../domain/pricing/price-date';
import { readCustomer } from '../customer/customer-record';
import { type OrderLineRow, type OrderRow, readLines } from '../order/order-record';
import { type LineFacts, readLineFacts } from '../order/resolve-lines';
import type { StandIn } from '../sourcing/item-relations';
import { lockStock } from '../stock/take-stock';
import { readFillingTerms } from './filling-terms';

/**
 * Locks the stock of everything that covering a shortfall of the order may touch: its own items, those that wait among
 * them, and what may come instead. Whoever locks only what is short and then finds out what else is needed may wait for
 * another order that does the same the other way round.
 */
export async function lockForCover(tx: Tx, order: OrderRow): Promise<void> {
  const lines = await readLines(tx, order.id);
  const items = lines.map((line) => line.item_id);
  await lockStock(tx, [...items, ...(await standInItems(tx, order, lines))], order.usage);
}

async function standInItems(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
): Promise<readonly string[]> {
  if (!(await readFillingTerms(tx, order)).standIns) return [];
  const customer = await readCustomer(tx, order.customer_id, order.partner_id);
  if (customer === undefined) return [];
  const facts = await readSupplyFacts(tx, order, customer, lines);
  return lines.flatMap((line) => standInsOf(line, facts)).map(({ itemId }) => itemId);
}

/** What is to be known of an order's lines to supply something else for them. */
export const readSupplyFacts = (
  tx: Tx,
  order: OrderRow,
  customer: { readonly id: string; readonly price_list_id: string },
  lines: readonly OrderLineRow[],
): Promise<LineFacts> =>
  readLineFacts(
    tx,
    customer,
    lines.map((line) => ({
      productIds: [...line.product_ids, ...(line.item_id === null ? [] : [vendorId(line.item_id)])],
    })),
    { date: pricedOn(order), orderId: order.id, partnerId: order.partner_id },
  );

const vendorId = (itemId: string) => ({ qualifier: 'VP', value: itemId });

/** What its buyer has agreed to instead of a line's item. */
export function standInsOf(line: OrderLineRow, facts: LineFacts): readonly StandIn[] {
  const item = line.item_id === null ? undefined : facts.items.get(line.item_id);
  return item === undefined ? [] : facts.relations.standInsFor(item);
}
