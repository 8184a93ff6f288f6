import type { Tx } from '../../db/connection';
import type { Instant } from '../../domain/shared/dates';
import { planShipments } from '../fulfilment/plan-shipments';
import { assessOrder } from './assess-order';
import { keepCancelAfter } from './close-order';
import { readProgress } from './read-progress';

/**
 * A step of an order's life: what may leave is planned. What came back from a warehouse after the last day of its order
 * or line is not planned again but cancelled, unless a change waits that may ask for another day.
 */
export async function planInTime(
  tx: Tx,
  orderId: string,
  { assessFirst }: { readonly assessFirst: boolean },
  now: Instant,
): Promise<void> {
  if (assessFirst) await assessOrder(tx, orderId, now);
  const { openHolds, cancelAfter, pendingChanges } = await readProgress(tx, orderId);
  if (openHolds.some((hold) => hold.blocks.includes('release'))) return;
  const isOver = cancelAfter !== null && Date.parse(cancelAfter) <= Date.parse(now);
  if (isOver && pendingChanges.length === 0) await keepCancelAfter(tx, orderId, now);
  await planShipments(tx, orderId, now);
}
