import type { Tx } from '../../db/connection';
import { readFillTerms } from '../order/fill-terms';
import { amountOf } from '../order/give-up-lines';
import { isLapsed } from '../order/lapsed-lines';
import { headNumber, type OrderLineRow, type OrderRow, readLines, waitingUnits } from '../order/order-record';
import { coverWaitingLines } from './cover-waiting-lines';
import { readFillingTerms } from './filling-terms';

/** Base units of lines that nobody has now. */
export interface Uncovered {
  readonly waiting: number;
  readonly cancelled: number;
  /** The order as it stands; what was cancelled is not in its totals yet. */
  readonly order: OrderRow;
  /** Something else is supplied for part of it, as its buyer has agreed. */
  readonly instead: boolean;
}

/**
 * What a node does not ship after all looks for other nodes, by the planning that every order has; what nobody has waits,
 * or is cancelled where the buyer takes no backorders. After the last day of its order or line it is cancelled, for nobody
 * would take it.
 * @param begun some of the order is on its way: it can no longer ship complete
 */
export async function coverShortfall(
  tx: Tx,
  order: OrderRow,
  orderLineIds: readonly string[],
  { begun }: { readonly begun: boolean },
  now: string,
): Promise<Uncovered> {
  const terms = await readFillingTerms(tx, order);
  const { policy } = terms;
  const lapsed = (line: OrderLineRow) => isLapsed(order, line, now);
  const heldLines = new Set((await readLines(tx, order.id)).filter(lapsed).map(headNumber));
  const { order: current, covered: instead } = await coverWaitingLines(
    tx,
    order,
    terms,
    { begun, heldLines },
    now,
  );
  const affected = (await readLines(tx, order.id)).filter((line) => orderLineIds.includes(line.id));
  const items = (await tx('item')
    .whereIn(
      'id',
      affected.map((line) => line.item_id),
    )
    .select('id', 'backorderable')) as { id: string; backorderable: boolean }[];
  let uncovered: Uncovered = { waiting: 0, cancelled: 0, order: current, instead };
  for (const line of affected) {
    const open = waitingUnits(line);
    if (open <= 0) continue;
    const waits =
      !lapsed(line) &&
      policy.backorder &&
      readFillTerms(order.fill)?.rest !== 'cancel' &&
      (items.find((item) => item.id === line.item_id)?.backorderable ?? false);
    uncovered = {
      ...uncovered,
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
