import type { Tx } from '../../db/connection';
import { lockShipment, type OrderRow, type ShipmentLineRow, type ShipmentRow } from '../order/order-record';
import { cancelShipment } from './release-shipment';

/**
 * Takes back shipments that no warehouse has been asked for, or that theirs has refused: what was in them is open again.
 * What a warehouse may have has to be recalled instead. The caller has locked the order and its credit account.
 * @param wanted which of them
 * @returns those that were taken back
 */
export async function takeBackPlanned(
  tx: Tx,
  order: OrderRow,
  wanted: (shipment: ShipmentRow, lines: readonly ShipmentLineRow[]) => boolean,
  now: string,
): Promise<readonly { readonly shipment: ShipmentRow; readonly lines: readonly ShipmentLineRow[] }[]> {
  const planned = (await notAsked(tx, order.id).orderBy('s.sequence').pluck('s.id')) as string[];
  const taken: { shipment: ShipmentRow; lines: readonly ShipmentLineRow[] }[] = [];
  for (const shipmentId of planned) {
    const { shipment, lines } = await lockShipment(tx, shipmentId);
    if (!wanted(shipment, lines)) continue;
    await cancelShipment(tx, order, shipment, lines, now);
    taken.push({ shipment, lines });
  }
  return taken;
}

/** Whether a shipment can still be taken back without its warehouse. */
export async function isNotAsked(tx: Tx, orderId: string, shipmentId: string): Promise<boolean> {
  return (await notAsked(tx, orderId).where({ 's.id': shipmentId }).first('s.id')) !== undefined;
}

const notAsked = (tx: Tx, orderId: string) =>
  tx('shipment as s')
    .where({ 's.order_id': orderId, 's.state': 'planned' })
    .whereRaw('s.confirm is null')
    .whereNotExists(
      tx('external_call as c')
        .where({ 'c.order_id': orderId, 'c.operation': 'release' })
        .whereRaw(
          `c.idempotency_key like '%/release/' || s.id || '/%' and c.reply ->> 'kind' is distinct from 'refused'`,
        ),
    );
