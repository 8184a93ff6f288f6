import type { Tx } from '../../db/connection';
import { isFinal } from '../../domain/order/states';
import { localDateIn } from '../../domain/shared/dates';
import { entityZone } from '../order/answer-order';
import { lockOrder, readLines } from '../order/order-record';
import { readProgress } from '../order/read-progress';
import { tellChangedPromise } from '../order/report-order-status';
import { promiseLines, promiseMoved } from './promise-lines';

/**
 * The promised days of an order that cannot be planned yet (it is on hold, or its release lies ahead) are looked at
 * anew, and its buyer hears of those that moved. Planning does the same for every other order; so does the first
 * answer. That the goods are there by now is told when they may leave.
 */
export async function tellMovedPromise(tx: Tx, orderId: string, now: string): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state) || order.type === 'blanket') return;
  const progress = await readProgress(tx, orderId);
  const isBlocked = progress.openHolds.some(({ blocks }) => blocks.includes('release'));
  if (!isBlocked && progress.releaseAt <= now) return;
  const lines = await promiseLines(tx, order, await readLines(tx, orderId), now);
  const today = localDateIn(now, await entityZone(tx, order.entity_id));
  const ahead = lines.filter(({ promised_on: day }) => day === null || day > today);
  if (await promiseMoved(tx, order, ahead, now)) await tellChangedPromise(tx, orderId, now);
}
