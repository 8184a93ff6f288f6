import { z } from 'zod';
import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { placeOrder } from '../../application/order/place-order';
import { raiseException } from '../../application/record/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import {
  type InboxKey,
  type InboxRow,
  inboxUpdate,
  lockPurchaseOrder,
  updateInbox,
  usagesWaiting,
  waitingInbox,
} from '../../db/repositories/order-inbox';
import { WriteTogether } from '../../db/repositories/write-together';
import type { OrderChangeRequest, OrderRequest } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import type { EngineAnswer } from '../../workflows/client';
import { changeWaitSeconds } from './change-wait';

export interface WorkDependencies {
  readonly db: Db;
  readonly clock: () => string;
  /** Has a recorded change decided by its order's workflow. Throws while the engine is away: the row then stays queued. */
  readonly applyChange: (orderId: string, changeId: string) => Promise<Pick<EngineAnswer<unknown>, 'kind'>>;
  /** How long a change waits for its order where the partner's agreement does not say. */
  readonly changeWaitsForOrderMs: number;
}

/** The domain owns the full shape; what the inbox holds was made by our own mapping of an accepted document. */
const orderPayload = z.looseObject({
  channel: z.literal('edi'),
  purchaseOrderNumber: z.string(),
  lines: z.array(z.unknown()),
});
const changePayload = orderPayload.extend({ purpose: z.enum(['change', 'cancel', 'replace']) });
const replacePayload = z.object({ request: orderPayload, change: changePayload });

const asOrder = (payload: unknown): OrderRequest => orderPayload.parse(payload) as unknown as OrderRequest;
const asChange = (payload: unknown): OrderChangeRequest =>
  changePayload.parse(payload) as unknown as OrderChangeRequest;

/** What is to be done outside the transaction before the row is finished. */
type Step =
  | { readonly kind: 'idle' }
  /** `isLast`: nothing waited behind it; what comes later has a job of its own. */
  | { readonly kind: 'worked'; readonly isLast?: boolean }
  | {
      readonly kind: 'apply-change';
      readonly rowId: number;
      readonly orderId: string;
      readonly changeId: string;
    };

/**
 * Works what a partner asked for about one purchase order, strictly in the order it came, until nothing is left or
 * the oldest has to wait. An 850 becomes an order in the transaction that finishes its row; an 860 is recorded, then
 * decided by the order's workflow, and holds up what came after it until that is done.
 */
export async function workOrderRequests(
  dependencies: WorkDependencies,
  subject: { readonly partnerId: string; readonly purchaseOrderNumber: string },
): Promise<void> {
  // Test and production documents of the same number have nothing to do with each other.
  for (const usage of await usagesWaiting(dependencies.db, subject))
    await drain(dependencies, { ...subject, usage });
}

async function drain(
  { db, clock, applyChange, changeWaitsForOrderMs }: WorkDependencies,
  key: InboxKey,
): Promise<void> {
  for (;;) {
    const step = await db.transaction((tx) => workNext(tx, key, changeWaitsForOrderMs, clock()));
    if (step.kind === 'idle' || (step.kind === 'worked' && step.isLast)) return;
    if (step.kind === 'worked') continue;
    const answer = await applyChange(step.orderId, step.changeId);
    await db.transaction(async (tx) => {
      // The workflow has ended: nothing but the record can answer, and it says what can no longer be changed.
      const outcome =
        answer.kind === 'order-ended' ? await applyOrderChange(tx, step.changeId, clock()) : answer;
      await updateInbox(tx, step.rowId, { status: 'done', outcome, worked_at: clock() });
    });
  }
}

async function workNext(tx: Tx, key: InboxKey, usualWaitMs: number, now: string): Promise<Step> {
  // Sent at once: the second runs when the lock is had.
  const [, waiting] = await Promise.all([lockPurchaseOrder(tx, key), waitingInbox(tx, key)]);
  const [oldest] = waiting;
  if (!oldest) return { kind: 'idle' };
  if (oldest.kind === 'order') {
    await place(tx, key, oldest, asOrder(oldest.payload), now);
    return { kind: 'worked', isLast: waiting.length === 1 };
  }
  if (oldest.order_id !== null && oldest.change_id !== null) {
    return { kind: 'apply-change', rowId: oldest.id, orderId: oldest.order_id, changeId: oldest.change_id };
  }
  const { request, change } =
    oldest.kind === 'replace'
      ? readReplacement(oldest.payload)
      : { request: null, change: asChange(oldest.payload) };
  const received = await receiveOrderChange(tx, change, now);
  if (received.kind === 'recorded') return record(tx, oldest, received);
  if (request !== null) return place(tx, key, oldest, request, now);
  // The change overtook its order: the order goes first if it is here by now.
  const order = waiting.find((row) => row.kind !== 'change');
  if (order)
    return place(
      tx,
      key,
      order,
      order.kind === 'replace' ? readReplacement(order.payload).request : asOrder(order.payload),
      now,
    );
  return waitForOrder(tx, key, oldest, usualWaitMs, now);
}

function readReplacement(payload: unknown): {
  readonly request: OrderRequest;
  readonly change: OrderChangeRequest;
} {
  const { request, change } = replacePayload.parse(payload);
  return { request: asOrder(request), change: asChange(change) };
}

async function place(
  tx: Tx,
  key: InboxKey,
  row: InboxRow,
  request: OrderRequest,
  now: string,
): Promise<Step> {
  const result = await placeOrder(tx, request, now);
  if (result.kind === 'placed') {
    const done = {
      status: 'done',
      order_id: result.orderId,
      outcome: result,
      worked_at: now,
    } as const;
    await new WriteTogether()
      .query(inboxUpdate(tx, row.id, done))
      .query(tx('document').where({ id: row.document_id }).update({ order_id: result.orderId }))
      .run(tx);
    return { kind: 'worked' };
  }
  await updateInbox(tx, row.id, { status: 'set-aside', outcome: result, worked_at: now });
  const why =
    result.kind === 'refused' ? result.problems.map(({ text }) => text).join('; ') : 'stock is short';
  await raiseException(tx, {
    kind: 'order-not-placed',
    subjectKey: row.document_id,
    text: `Purchase order ${key.purchaseOrderNumber} of ${key.partnerId} could not become an order: ${why}. Mend the cause and replay the document, or answer the partner by hand.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 3600),
    priority: 2,
    documentId: row.document_id,
    data: { inboxId: row.id },
  });
  return { kind: 'worked' };
}

async function record(
  tx: Tx,
  row: InboxRow,
  received: { readonly orderId: string; readonly changeId: string },
): Promise<Step> {
  await updateInbox(tx, row.id, {
    order_id: received.orderId,
    change_id: received.changeId,
    wait_until: null,
  });
  await tx('document').where({ id: row.document_id }).update({ order_id: received.orderId });
  return { kind: 'apply-change', rowId: row.id, ...received };
}

/** An 860 may come before its 850: it waits for as long as was agreed, then somebody has to look. */
async function waitForOrder(
  tx: Tx,
  key: InboxKey,
  row: InboxRow,
  usualWaitMs: number,
  now: string,
): Promise<Step> {
  const subject = { partnerId: key.partnerId, purchaseOrderNumber: key.purchaseOrderNumber };
  const until =
    row.wait_until ?? addSeconds(row.received_at, await changeWaitSeconds(tx, row.document_id, usualWaitMs));
  if (until > now) {
    await updateInbox(tx, row.id, { wait_until: until });
    await addJob(tx, 'work-order-requests', subject, {
      key: `${key.partnerId}/${key.purchaseOrderNumber}/wait/${row.id}`,
      runAt: until,
    });
    return { kind: 'idle' };
  }
  await updateInbox(tx, row.id, { status: 'set-aside', outcome: { kind: 'no-order' }, worked_at: now });
  await raiseException(tx, {
    kind: 'change-without-order',
    subjectKey: row.document_id,
    text: `${key.partnerId} changes purchase order ${key.purchaseOrderNumber}, which never arrived. Ask for the order; when it is there, work the change again.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 3600),
    documentId: row.document_id,
    data: { inboxId: row.id },
  });
  return { kind: 'worked' };
}
