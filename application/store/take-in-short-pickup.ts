import type { Tx } from '../../db/connection';
import { isFinal } from '../../domain/order/states';
import { countOf, pastBeOf } from '../../domain/shared/count';
import type { Instant } from '../../domain/shared/dates';
import { coverShortfall } from '../backorder/cover-shortfall';
import { lockForCover } from '../backorder/lock-for-cover';
import { retotal } from '../order/give-up-lines';
import { freeReserved } from '../order/give-up-units';
import { lockShipment, type ShipmentLineRow, saveOrder } from '../order/order-record';
import { tellChangedPromise } from '../order/report-order-status';
import { settleState } from '../order/settle-state';
import { recordEvents } from '../record/keep-history';
import { lowerLevels } from './decline-store-task';
import { takeOutOfShipment } from './pickup-departure';
import type { StoreTaskRow } from './store-tasks';
import { tellPickup } from './tell-pickup';

interface Missing {
  readonly line: ShipmentLineRow;
  readonly quantity: number;
}

const missingOf = (task: StoreTaskRow, lines: readonly ShipmentLineRow[]): readonly Missing[] =>
  lines
    .map((line) => ({
      line,
      quantity:
        line.quantity - (task.picked?.find((one) => one.lineNumber === line.line_number)?.quantity ?? 0),
    }))
    .filter(({ quantity }) => quantity > 0);

/**
 * What of a ready pickup was not on the shelf leaves its shipment as soon as the store has said so, not when the buyer
 * comes: they are told before they drive there, and what becomes of the rest is told the partner. The level goes down
 * with it. Done again, or once the buyer has come, it finds nothing.
 */
export async function takeInShortPickup(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  const { order, shipment, lines } = await lockShipment(tx, task.shipment_id);
  const missing = missingOf(task, lines);
  if (missing.length === 0 || isFinal(order.state) || shipment.confirm !== null) return;
  if (shipment.state !== 'planned' && shipment.state !== 'released') return;
  await lockForCover(tx, order);
  for (const { line, quantity } of missing) {
    await takeOutOfShipment(tx, shipment, line, quantity, now);
    const freed = await freeReserved(tx, order, line.order_line_id, task.node_id, quantity);
    await tx('order_line').where({ id: line.order_line_id }).decrement('reserved', freed);
  }
  await lowerLevels(tx, order, task, missing, now);
  const lineIds = missing.map(({ line }) => line.order_line_id);
  const { waiting, cancelled } = await coverShortfall(tx, order, lineIds, { begun: true }, now);
  const units = missing.reduce((sum, { quantity }) => sum + quantity, 0);
  const fate = fateOf(units, waiting, cancelled);
  const text = `${countOf(units, 'unit')} of ${task.release_number} ${pastBeOf(units)} not on the shelf of ${task.node_id}: ${fate}`;
  const data = { shipmentId: shipment.id, missing: units, waiting, cancelled };
  await recordEvents(tx, [{ orderId: order.id, at: now, kind: 'short-pick', actor: 'hub', text, data }]);
  await tellPickup(
    tx,
    task,
    'pickup.short',
    `${countOf(units, 'unit')} of your order ${pastBeOf(units)} not on the shelf: ${fate}.`,
    now,
  );
  const saved = await saveOrder(tx, order, await retotal(tx, order), now);
  await settleState(tx, saved, {}, now);
  if (order.final_answer_at !== null) await tellChangedPromise(tx, order.id, now);
}

/** What becomes of units that were not there, for people. */
function fateOf(units: number, waiting: number, cancelled: number): string {
  const again = units - waiting - cancelled;
  return [
    again > 0 && `the store is asked for ${again} of them once more`,
    waiting > 0 && `${waiting} wait until the store has them`,
    cancelled > 0 && `${cancelled} are cancelled`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
