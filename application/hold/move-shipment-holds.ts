import type { Tx } from '../../db/connection';
import { headNumber, type OrderLineRow, type OrderRow, type ShipmentRow } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { readHoldTypes, readTypeOfHold } from '../rules/rules';
import { ownOpenHolds } from './open-holds';

interface ShipmentHold {
  readonly id: string;
  readonly type: string;
}

/**
 * A shipment is taken back; what stopped it goes on stopping its goods: its holds are of their lines from then on, or of
 * the order where the type goes on no line. They keep their deadlines and who has agreed.
 */
export async function moveShipmentHolds(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  lineIds: readonly string[],
  now: string,
): Promise<void> {
  const holds = (await ownOpenHolds(tx, order.id)
    .where({ shipment_id: shipment.id })
    .orderBy('id')
    .select('id', 'type')) as ShipmentHold[];
  if (holds.length === 0) return;
  const types = await readHoldTypes(tx);
  const lines = (await tx('order_line').whereIn('id', lineIds).orderBy('line_number')) as OrderLineRow[];
  const numbers = [...new Set(lines.map(headNumber))];
  for (const hold of holds) {
    const type = await readTypeOfHold(tx, hold.type, types);
    const onLines = type?.scopes.includes('line') === true;
    await moveTo(tx, order, hold, onLines ? numbers : [null], now);
    const where = onLines ? `line ${numbers.join(', ')}` : 'the order';
    await recordEvents(tx, [
      {
        orderId: order.id,
        at: now,
        kind: 'hold-moved',
        actor: 'hub',
        text: `The ${hold.type} hold of shipment ${shipment.shipment_number} is on ${where} now: the shipment is taken back, its goods still wait`,
        data: { holdId: hold.id, shipmentId: shipment.id },
      },
    ]);
  }
}

/** One that is there already of its type stays, and stands for both. */
async function moveTo(
  tx: Tx,
  order: OrderRow,
  hold: ShipmentHold,
  places: readonly (number | null)[],
  now: string,
): Promise<void> {
  const there = (await ownOpenHolds(tx, order.id)
    .where({ type: hold.type })
    .whereNull('shipment_id')
    .pluck('line_number')) as (number | null)[];
  const [first, ...others] = places.filter((place) => !there.includes(place));
  if (first === undefined) {
    await tx('hold').where({ id: hold.id }).update({
      status: 'superseded',
      resolved_at: now,
      resolved_by: 'hub',
      resolution_reason: 'its shipment was taken back, and its goods are on hold otherwise',
    });
    return;
  }
  await tx('hold').where({ id: hold.id }).update({ shipment_id: null, line_number: first });
  for (const line of others)
    await tx.raw(
      `insert into hold (order_id, line_number, applied_by, type, blocks, reason, role, due_at, escalate_at, escalation, escalation_level,
         escalated_at, escalated_to, expires_at, on_expiry, opened_at, owner, approvals)
       select order_id, cast(:line as int), applied_by, type, blocks, reason, role, due_at, escalate_at, escalation, escalation_level,
         escalated_at, escalated_to, expires_at, on_expiry, opened_at, owner, approvals from hold where id = :id`,
      { line, id: hold.id },
    );
}
