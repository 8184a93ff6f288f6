import type { Tx } from '../db/connection';
import { isFinal, type OrderState } from '../domain/order/states';
import { followSpending } from './buyer-spending';
import { readDelivered, wakeBlanket } from './call-off-blanket';
import { refuseWaitingChanges } from './close-change';
import { recordEvents } from './keep-history';
import { isHeld, supersedeHolds } from './open-holds';
import { type OrderLineRow, type OrderPatch, type OrderRow, readLines, saveOrder } from './order-record';

const openBaseUnits = (line: OrderLineRow) => line.ordered - line.cancelled - line.shipped;

/**
 * Where an order stands follows from its holds, its answer and its lines; this is the one place that says so. Writes
 * the state if it differs, together with what else the caller changed.
 */
export async function settleState(
  tx: Tx,
  given: OrderRow,
  patch: OrderPatch,
  now: string,
): Promise<OrderRow> {
  if (isFinal(given.state)) return Object.keys(patch).length > 0 ? saveOrder(tx, given, patch, now) : given;
  const order = await followSpending(tx, given, now);
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
    if (isFinal(next)) {
      const { ofChanges } = await supersedeHolds(tx, order.id, 'all', `the order is ${next}`, now);
      if (ofChanges)
        await refuseWaitingChanges(tx, saved, `The order is ${next}: nothing of it can be changed`, now);
      await wakeBlanket(tx, order);
    }
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
  if (order.type === 'blanket') return blanketState(tx, order, alive, answered);
  if (alive.length === 0 && shipments.length === 0 && !answered) return 'rejected';
  const open = alive.some((line) => openBaseUnits(line) > 0);
  if (!open && shipments.every((shipment) => shipment.state === 'invoiced'))
    return shipments.length > 0 ? 'completed' : 'cancelled';
  if (await isHeld(tx, order.id, lines)) return 'held';
  if (shipments.some((shipment) => shipment.state !== 'planned')) return 'fulfilling';
  return answered ? 'confirmed' : 'placed';
}

/** A blanket order ships nothing itself: it is at its end when all of it has left with its releases. */
async function blanketState(
  tx: Tx,
  order: OrderRow,
  alive: readonly OrderLineRow[],
  answered: boolean,
): Promise<OrderState> {
  if (alive.length === 0 && !answered) return 'rejected';
  const delivered = await readDelivered(tx, order.id);
  const gone = (line: OrderLineRow) => delivered.get(line.id) ?? 0;
  if (alive.every((line) => line.ordered - line.cancelled - gone(line) <= 0)) {
    if (!alive.some((line) => gone(line) > 0)) return 'cancelled';
    if (answered) return 'completed';
  }
  if (await isHeld(tx, order.id, alive)) return 'held';
  return answered ? 'confirmed' : 'placed';
}
