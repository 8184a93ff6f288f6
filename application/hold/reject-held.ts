import type { Tx } from '../../db/connection';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { rejectChange } from '../change/hold-change';
import { assessCreditOf } from '../credit/assess-credit-of-order';
import { lockCreditAccount } from '../credit/check-credit';
import { withCreditPending } from '../credit/credit-pending';
import { isNotAsked, takeBackPlanned } from '../fulfilment/take-back-planned';
import { answerAfterHold, flowedOn } from '../order/answer-order';
import { giveUpLines, retotal } from '../order/give-up-lines';
import { giveUpUnits } from '../order/give-up-units';
import {
  headNumber,
  type OrderLineRow,
  type OrderRow,
  readLines,
  type ShipmentLineRow,
  saveOrder,
} from '../order/order-record';
import { settleState } from '../order/settle-state';
import { lockStock } from '../stock/take-stock';
import type { HoldRow } from './judge-hold-decision';
import { isHeld, ownOpenHolds } from './open-holds';

type RejectedHold = Pick<HoldRow, 'id' | 'line_number' | 'shipment_id' | 'type' | 'change_id'>;

interface Why {
  readonly text: string;
  readonly by: string;
}

/**
 * Rejecting a line's hold rejects the line; a shipment's, what is in it; an order's, what is still open of the order; a
 * change's, the change. What is only planned to leave is taken back for it: what was rejected does not go out because
 * its shipment was made before the hold.
 */
export async function rejectFor(
  tx: Tx,
  order: OrderRow,
  hold: RejectedHold,
  why: Why,
  now: string,
): Promise<void> {
  // What was confirmed before the change stays confirmed.
  if (hold.change_id !== null) return rejectChange(tx, order, hold.change_id, why, now);
  // The account before any stock, as everywhere: its credit may be looked at again below.
  await lockCreditAccount(tx, order.credit_account_id);
  if (hold.shipment_id !== null) await giveUpShipment(tx, order, hold.shipment_id, why, now);
  else await giveUpHeldLines(tx, order, hold, why, now);
  const retotalled = await saveOrder(tx, order, await retotal(tx, order), now);
  const current = await withCreditPending(tx, retotalled);
  const isOfPart = hold.line_number !== null || hold.shipment_id !== null;
  // A part fewer may bring the rest of the order within its limits, or free it altogether.
  if (isOfPart && !(await isHeld(tx, order.id))) await assessCreditOf(tx, current, now);
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(tx, order, settled, { refused: true, ofLine: isOfPart && flowedOn(order) }, now);
}

/** Why a hold can no longer be rejected: its shipment is beyond what the hub can take back by itself. */
export async function whyNotRejected(
  tx: Tx,
  order: OrderRow,
  { shipment_id }: Pick<HoldRow, 'shipment_id'>,
): Promise<string | null> {
  if (shipment_id === null || (await isNotAsked(tx, order.id, shipment_id))) return null;
  return 'The shipment is at its warehouse or gone, so it can no longer be rejected: release the hold, or cancel the order or line to have it recalled';
}

async function giveUpHeldLines(
  tx: Tx,
  order: OrderRow,
  { line_number, type }: RejectedHold,
  why: Why,
  now: string,
): Promise<void> {
  const isOfHold = (line: OrderLineRow) =>
    line.rejection_code === null && (line_number === null || headNumber(line) === line_number);
  const ids = new Set((await readLines(tx, order.id)).filter(isOfHold).map(({ id }) => id));
  const holdsSome = (_: unknown, own: readonly ShipmentLineRow[]) =>
    own.some((line) => ids.has(line.order_line_id));
  await takeBackPlanned(tx, order, holdsSome, now);
  const affected = (await readLines(tx, order.id)).filter(isOfHold);
  await giveUpLines(tx, order, affected, { code: 'IR', text: `${type}: ${why.text}` }, now);
  const gone = ownOpenHolds(tx, order.id);
  if (line_number !== null) gone.andWhere({ line_number });
  await endHolds(gone, why, now);
}

/** Its units alone: the rest of its lines goes on. */
async function giveUpShipment(
  tx: Tx,
  order: OrderRow,
  shipmentId: string,
  why: Why,
  now: string,
): Promise<void> {
  // Before it is taken back: others of it would go over to its lines.
  await endHolds(ownOpenHolds(tx, order.id).where({ shipment_id: shipmentId }), why, now);
  const [taken] = await takeBackPlanned(tx, order, ({ id }) => id === shipmentId, now);
  if (!taken) return;
  const { shipment, lines } = taken;
  const items = lines.map((line) => line.item_id);
  await lockStock(tx, items, order.usage);
  const units = lines.map((line) => ({ orderLineId: line.order_line_id, quantity: line.quantity }));
  await giveUpUnits(tx, order, units, shipment.node_id);
  const ids = new Set(lines.map((line) => line.order_line_id));
  const over = (await readLines(tx, order.id)).filter(
    (line) => ids.has(line.id) && line.ordered === line.cancelled,
  );
  await tx('order_line')
    .whereIn(
      'id',
      over.map(({ id }) => id),
    )
    .update({ rejection: why.text, rejection_code: 'IR' });
  await endHolds(ownOpenHolds(tx, order.id).whereIn('line_number', over.map(headNumber)), why, now);
  await wakeWaitingOrders(tx, items, order, now);
}

const endHolds = (holds: ReturnType<typeof ownOpenHolds>, why: Why, now: string) =>
  holds.update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: `what it stood for was rejected: ${why.text}`,
  });
