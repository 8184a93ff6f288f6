import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { mayFill } from '../../domain/allocation/allowed-nodes';
import { coverWaitingLines } from '../backorder/cover-waiting-lines';
import { readFillingTerms } from '../backorder/filling-terms';
import type { CustomerPolicy } from '../customer/customer-policy';
import { divideShipment } from '../fulfilment/divide-shipment';
import { readFillTerms } from '../order/fill-terms';
import { amountOf, retotal } from '../order/give-up-lines';
import { isLapsed } from '../order/lapsed-lines';
import {
  headNumber,
  lockShipment,
  type OrderLineRow,
  type OrderRow,
  readLines,
  saveOrder,
  waitingUnits,
} from '../order/order-record';
import { tellChangedPromise } from '../order/report-order-status';
import { settleState } from '../order/settle-state';
import { recordEvents } from '../record/keep-history';
import { readLeaveTerms } from '../sourcing/leave-together';
import { readSourcingFacts } from '../sourcing/sourcing-facts';
import { keepRescheduled } from './reschedule-lines';
import type { LockedSupplierOrder, SupplierOrderLineRow } from './supplier-order-record';

export interface LostUnits {
  readonly line: SupplierOrderLineRow;
  /** Base units that do not come from the supplier. */
  readonly quantity: number;
}

/**
 * What a supplier will not ship leaves its shipment and is looked for elsewhere: the company's own stock, or another
 * supplier. What is found nowhere waits, or is cancelled where the customer, the order or the item takes no backorder,
 * or where nobody else has the item at all. The buyer hears what changed. The caller has locked the order.
 */
export async function loseSupply(
  tx: Tx,
  { order, supplierOrder }: LockedSupplierOrder,
  lost: readonly LostUnits[],
  { reason, by = `partner:${supplierOrder.partner_id}` }: { readonly reason: string; readonly by?: string },
  now: string,
): Promise<void> {
  if (lost.length === 0) return;
  for (const { line, quantity } of lost)
    await tx('supplier_order_line')
      .where({ supplier_order_id: supplierOrder.id, line_number: line.line_number })
      .update({ cancelled: tx.raw('cancelled + ?', [quantity]), cancel_reason: reason, refused: true });
  await keepRescheduled(tx, supplierOrder.id);
  for (const [shipmentId, ofShipment] of Map.groupBy(lost, ({ line }) => line.shipment_id)) {
    const { shipment, lines } = await lockShipment(tx, shipmentId);
    const parts = ofShipment.map(({ line, quantity }) => ({ orderLineId: line.order_line_id, quantity }));
    await divideShipment(tx, order, shipment, lines, parts, null);
  }
  const text = lost.map(({ line, quantity }) => `${quantity} of ${line.item_id}`).join(', ');
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'supplier-refused',
      actor: by,
      text: `${supplierOrder.partner_id} does not ship ${text} of ${supplierOrder.number}: ${reason}`,
      data: { supplierOrderId: supplierOrder.id },
    },
  ]);
  const saved = await coverElsewhere(tx, order, lost, now);
  await settleState(tx, saved, {}, now);
  if (order.final_answer_at !== null) await tellChangedPromise(tx, order.id, now);
  await addJob(tx, 'signal-order', { orderId: order.id }, { key: order.id });
}

async function coverElsewhere(
  tx: Tx,
  order: OrderRow,
  lost: readonly LostUnits[],
  now: string,
): Promise<OrderRow> {
  const terms = await readFillingTerms(tx, order);
  const { policy } = terms;
  const lapsed = (line: OrderLineRow) => isLapsed(order, line, now);
  const heldLines = new Set((await readLines(tx, order.id)).filter(lapsed).map(headNumber));
  const { order: current } = await coverWaitingLines(tx, order, terms, { begun: true, heldLines }, now);
  const ids = [...new Set(lost.map(({ line }) => line.order_line_id))];
  const items = (await tx('item')
    .whereIn(
      'id',
      lost.map(({ line }) => line.item_id),
    )
    .select(
      'id',
      'backorderable',
      // Stock that can come in again: an item that the company never keeps has none to wait for.
      tx.raw(
        `exists (select from stock s where s.item_id = item.id and s.usage = ?) and not exists
          (select from item_supplier x where x.item_id = item.id and x.active and x.sourcing = 'always') as kept`,
        [order.usage],
      ),
    )) as { id: string; backorderable: boolean; kept: boolean }[];
  const mayWait = policy.backorder && readFillTerms(order.fill)?.rest !== 'cancel';
  const lines = await readLines(tx, order.id);
  const fromOwn = order.type === 'drop-ship' ? await ownNodesMay(tx, order, policy, lines) : () => true;
  for (const line of lines.filter(({ id }) => ids.includes(id))) {
    const waiting = waitingUnits(line);
    const item = items.find(({ id }) => id === line.item_id);
    const waits = mayWait && !lapsed(line) && item?.backorderable && item.kept && fromOwn(line);
    if (waiting === 0 || waits) continue;
    const left = line.ordered - line.cancelled - waiting;
    await tx('order_line')
      .where({ id: line.id })
      .update({
        cancelled: line.cancelled + waiting,
        amount_minor: line.unit_price === null ? 0 : amountOf(line, left, order.currency),
        ...(left === 0 && { rejection: 'its supplier does not ship it', rejection_code: 'IR' }),
      });
  }
  return saveOrder(tx, current, await retotal(tx, current), now);
}

/** Lines of a drop ship that the rule in force lets come from a node of the company: those can wait for its stock. */
async function ownNodesMay(
  tx: Tx,
  order: OrderRow,
  policy: CustomerPolicy,
  lines: readonly OrderLineRow[],
): Promise<(line: OrderLineRow) => boolean> {
  const { lineRules } = await readLeaveTerms(tx, order, policy, lines);
  const { nodes, network } = await readSourcingFacts(tx);
  const own = nodes.filter((node) => node.active && node.isSupplier !== true);
  return ({ line_number }) => {
    const rule = lineRules.get(line_number);
    return rule !== undefined && own.some((node) => mayFill(rule, node, network));
  };
}
