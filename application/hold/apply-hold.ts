import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { HoldScope, HoldType } from '../../domain/order/hold-types';
import { isFinal } from '../../domain/order/states';
import { wakeBehindHeld } from '../backorder/wake-waiting-orders';
import { whyNotByHand } from '../change/judge-modification';
import {
  headNumber,
  lockOrder,
  type OrderLineRow,
  type OrderRow,
  readLines,
  type ShipmentRow,
} from '../order/order-record';
import { settleState } from '../order/settle-state';
import { readHoldTypes } from '../rules/rules';
import { livingLines, openHolds } from './open-holds';

/** What a hold's reason says where a person put it on. */
export const BY_HAND = 'by-hand';

export interface HoldByHand {
  readonly orderId: string;
  readonly type: string;
  readonly lineNumber: number | null;
  readonly shipmentId: string | null;
  readonly reason: string;
  readonly person: string;
  readonly roles: readonly string[];
}

export type AppliedHold =
  | { readonly kind: 'applied'; readonly holdId: string }
  | {
      readonly kind: 'refused';
      readonly code:
        | 'unknown-type'
        | 'not-authorised'
        | 'order-closed'
        | 'not-allowed'
        | 'not-there'
        | 'too-late'
        | 'held-already';
      readonly text: string;
    };

const refuse = (code: Extract<AppliedHold, { kind: 'refused' }>['code'], text: string): AppliedHold => ({
  kind: 'refused',
  code,
  text,
});

const scopeOf = ({ lineNumber, shipmentId }: HoldByHand): HoldScope =>
  shipmentId !== null ? 'shipment' : lineNumber !== null ? 'line' : 'order';

/**
 * A person puts a hold on an order, a line or a shipment. Written under the order's lock, so that nothing is planned
 * past it; its workflow is woken and goes no further. What a warehouse has already is to be cancelled or recalled.
 */
export async function applyHold(tx: Tx, wanted: HoldByHand, now: string): Promise<AppliedHold> {
  const order = await lockOrder(tx, wanted.orderId);
  const types = await readHoldTypes(tx);
  const type = types.get(wanted.type);
  const refusal = (await whyNot(tx, order, wanted, type)) ?? null;
  if (refusal) return refusal;
  const opened = await openHolds(
    tx,
    order.id,
    [
      {
        type: wanted.type,
        lineNumber: wanted.lineNumber,
        ...(wanted.shipmentId !== null && { shipmentId: wanted.shipmentId }),
        appliedBy: wanted.person,
        reason: { code: BY_HAND, text: `${wanted.person}: ${wanted.reason}` },
      },
    ],
    types,
    now,
  );
  if (opened === 0) return refuse('held-already', `There is an open "${wanted.type}" hold there already`);
  const hold = (await tx('hold')
    .where({
      order_id: order.id,
      status: 'open',
      type: wanted.type,
      line_number: wanted.lineNumber,
      shipment_id: wanted.shipmentId,
    })
    .whereNull('change_id')
    .first('id')) as { id: string };
  await settleState(tx, order, {}, now);
  if (wanted.shipmentId === null) {
    const isHeld = (line: OrderLineRow) =>
      wanted.lineNumber === null || headNumber(line) === wanted.lineNumber;
    await wakeBehindHeld(tx, order, (await readLines(tx, order.id)).filter(isHeld), now);
  }
  await addJob(tx, 'signal-order', { orderId: order.id }, { key: order.id });
  return { kind: 'applied', holdId: hold.id };
}

async function whyNot(
  tx: Tx,
  order: OrderRow,
  wanted: HoldByHand,
  type: HoldType | undefined,
): Promise<AppliedHold | null> {
  if (!type) return refuse('unknown-type', `There is no hold type "${wanted.type}"`);
  if (!type.appliedBy.some((role) => wanted.roles.includes(role)))
    return refuse(
      'not-authorised',
      type.appliedBy.length === 0
        ? `A "${type.type}" hold is put on by rules only`
        : `A "${type.type}" hold is put on by ${type.appliedBy.join(', ')}`,
    );
  if (isFinal(order.state)) return refuse('order-closed', `The order is ${order.state}`);
  const scope = scopeOf(wanted);
  if (!type.scopes.includes(scope))
    return refuse('not-there', `A "${type.type}" hold does not go on a ${scope}: ${type.scopes.join(', ')}`);
  const forbidden = scope === 'shipment' ? null : await whyNotByHand(tx, order, wanted.lineNumber, 'hold');
  if (forbidden !== null) return refuse('not-allowed', forbidden);
  if (scope === 'line') return whyNotLine(tx, order, wanted.lineNumber as number);
  if (scope === 'shipment') return whyNotShipment(tx, order, wanted.shipmentId as string, type);
  return null;
}

async function whyNotLine(tx: Tx, order: OrderRow, lineNumber: number): Promise<AppliedHold | null> {
  const living = livingLines(await readLines(tx, order.id));
  return living.includes(lineNumber)
    ? null
    : refuse('not-there', `The order has no open line ${lineNumber}; its lines are ${living.join(', ')}`);
}

async function whyNotShipment(
  tx: Tx,
  order: OrderRow,
  shipmentId: string,
  type: HoldType,
): Promise<AppliedHold | null> {
  const shipment = (await tx('shipment').where({ id: shipmentId, order_id: order.id }).first()) as
    | ShipmentRow
    | undefined;
  if (!shipment) return refuse('not-there', 'The order has no such shipment');
  const invoices = type.blocks.includes('invoice') && shipment.state !== 'invoiced';
  if (shipment.state === 'planned' || (invoices && shipment.state !== 'cancelled')) return null;
  return refuse(
    'too-late',
    `Shipment ${shipment.shipment_number} is ${shipment.state}: a hold no longer stops it. Cancel the order or line to have it recalled`,
  );
}
