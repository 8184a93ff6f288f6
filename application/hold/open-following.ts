import type { Tx } from '../../db/connection';
import type { HoldType } from '../../domain/order/hold-types';
import type { OrderRow } from '../order/order-record';
import { type HoldRow, totalOf } from './judge-hold-decision';
import { FOLLOWS, openHolds } from './open-holds';

/** A second look, where a rule wants one: opens on the same order, line or shipment, or on the change that waits. */
export async function openFollowing(
  tx: Tx,
  order: OrderRow,
  hold: Pick<HoldRow, 'line_number' | 'shipment_id' | 'change_id' | 'type' | 'reason'>,
  types: ReadonlyMap<string, HoldType>,
  now: string,
): Promise<void> {
  const following = [...types.values()].filter(({ opensAfter }) => opensAfter.includes(hold.type));
  const requests = following.map(({ type }) => ({
    type,
    lineNumber: hold.line_number,
    ...(hold.shipment_id !== null && { shipmentId: hold.shipment_id }),
    reason: {
      code: FOLLOWS,
      text: `It follows on the release of the ${hold.type} hold`,
      ...(hold.change_id !== null && { details: { totalMinor: totalOf(hold, order) } }),
    },
  }));
  await openHolds(tx, order.id, requests, types, now, hold.change_id);
}
