import type { Tx } from '../db/connection';
import { isFinal, type OrderState } from '../domain/order/states';
import { recordEvents } from './keep-history';
import { hasOpenHold, supersedeHolds } from './open-holds';
import { type OrderLineRow, type OrderPatch, type OrderRow, readLines, saveOrder } from './order-record';

const openBaseUnits = (line: OrderLineRow) => line.ordered - line.cancelled - line.shipped;

/**
 * Where an order stands follows from its holds, its answer and its lines; this is the one place that says so. Writes
 * the state if it differs, together with what else the caller changed.
 */
export async function settleState(
  tx: Tx,
  order: OrderRow,
  patch: OrderPatch,
  now: string,
): Promise<OrderRow> {
  if (isFinal(order.state)) return Object.keys(patch).length > 0 ? saveOrder(tx, order, patch, now) : order;
  const lines = await readLines(tx, order.id);
  const next = await stateOf(tx, order, lines, patch.final_answer_at !== undefined);
  if (next === order.state && Object.keys(patch).length === 0) return order;
  const closing = isFinal(next) ? { closed_at: now } : {};
  const saved = await saveOrder(tx, order, { ...patch, ...closing, state: next }, now);
  if (next !== order.state) {
    await recordEvents(tx, [
      {
        orderId: order.id,
        at: now,
        kind: 'state',
        actor: 'hub',
        text: `The order is ${next}`,
        data: { from: order.state, to: next },
      },
    ]);
    // Nothing is left that a decision could change: nobody is asked for one any more.
    if (isFinal(next)) await supersedeHolds(tx, order.id, 'all', `the order is ${next}`, now);
  }
  return saved;
}

async function stateOf(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  answeredNow: boolean,
): Promise<OrderState> {
  const alive = lines.filter((line) => line.rejection_code === null);
  const answered = answeredNow || order.final_answer_at !== null;
  const shipments = (await tx('shipment')
    .where({ order_id: order.id })
    .whereNot({ state: 'cancelled' })
    .select('state')) as { state: string }[];
  if (alive.length === 0 && shipments.length === 0 && !answered) return 'rejected';
  const open = alive.some((line) => openBaseUnits(line) > 0);
  if (!open && shipments.every((shipment) => shipment.state === 'invoiced'))
    return shipments.length > 0 ? 'completed' : 'cancelled';
  if (await hasOpenHold(tx, order.id)) return 'held';
  if (shipments.some((shipment) => shipment.state !== 'planned')) return 'fulfilling';
  return answered ? 'confirmed' : 'placed';
}
