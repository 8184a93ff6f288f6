import type { Db, Tx } from '../../db/connection';
import type { ChangeAssessment } from '../../domain/order/change-assessment';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { isFinal } from '../../domain/order/states';
import { lockOrder, readLines } from '../order/order-record';
import { tryChange } from './assess-change';
import { lineChangesOf } from './match-lines';

export type ChangePreview =
  | {
      readonly kind: 'preview';
      readonly assessment: ChangeAssessment;
      readonly text: string;
      /** Changes of the order that are decided before it; the figures are without them. */
      readonly waitingBefore: number;
      readonly orderVersion: number;
    }
  | { readonly kind: 'order-closed'; readonly text: string }
  | { readonly kind: 'busy'; readonly text: string };

/** A preview waits no longer than this for anything that an order being written has; what it has itself it lets go of then. */
const LOCK_WAIT_MS = 150;
const TRIES = 8;
const PAUSE_MS = 100;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * What a change would make of an order: price, stock, credit, holds and recalls, by the very steps that apply it. Writes
 * nothing. The locks that the steps need are held while they are computed and never while another lock is waited for
 * longer than a moment: who wants to know gives way to who orders, and tries again. Of one credit account one preview is
 * computed at a time, so that no number of them is a queue before its orders.
 * @returns `busy` where it gave way each time
 */
export async function previewChange(
  db: Db,
  orderId: string,
  request: OrderChangeRequest,
  now: string,
): Promise<ChangePreview> {
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const seen = await previewOnce(db, orderId, request, now);
    if (seen !== null) return seen;
    if (tried < TRIES) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return {
    kind: 'busy',
    text: 'The order, its credit account or its stock is being written by others just now: try again in a moment',
  };
}

/** null: somebody else has what it needs. */
async function previewOnce(
  db: Db,
  orderId: string,
  request: OrderChangeRequest,
  now: string,
): Promise<ChangePreview | null> {
  try {
    return await db.transaction(async (tx) => {
      await tx.raw(`set local lock_timeout = ${LOCK_WAIT_MS}`);
      return (await isItsTurn(tx, orderId)) ? seenBy(tx, orderId, request, now) : null;
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return null;
    throw error;
  }
}

/** Until the transaction ends no other preview is computed for the order's account. */
async function isItsTurn(tx: Tx, orderId: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { mine: boolean }[] }>(
    `select pg_try_advisory_xact_lock(hashtextextended('preview/' || credit_account_id, 0)) as mine from orders where id = ?`,
    [orderId],
  );
  return rows[0]?.mine ?? true;
}

async function seenBy(
  tx: Tx,
  orderId: string,
  request: OrderChangeRequest,
  now: string,
): Promise<ChangePreview> {
  const order = await lockOrder(tx, orderId);
  if (order.blanket_id !== null) await lockOrder(tx, order.blanket_id);
  if (isFinal(order.state))
    return {
      kind: 'order-closed',
      text: `Order ${order.order_number} is ${order.state}: nothing of it can be changed`,
    };
  const { waiting } = (await tx('order_change')
    .where({ order_id: orderId })
    .whereIn('status', ['pending', 'held'])
    .first(tx.raw('count(*)::int as waiting'))) as { waiting: number };
  const asked = lineChangesOf(request, await readLines(tx, orderId));
  const tried = await tryChange(tx, order, asked, { agreed: [], preview: true }, now);
  if (tried.kind === 'needs-recall') throw new Error('a preview is as if everything had been recalled');
  return {
    kind: 'preview',
    assessment: tried.assessment,
    text: tried.done.text,
    waitingBefore: waiting,
    orderVersion: order.version,
  };
}
