import { receiveOrderChange } from '../application/change/receive-order-change';
import type { Db } from '../db/connection';
import { findChange } from '../db/repositories/order-timeline';
import type { OrderChangeRequest } from '../domain/order/order-request';
import type { ChangeOutcome } from '../domain/order/progress';
import { localDateIn } from '../domain/shared/dates';
import type { Principal } from './auth/principal';
import type { OrderView } from './contract/orders';
import type { ApiDependencies } from './dependencies';
import { changedMeanwhile, type Reply, requireMatch, requireVersion } from './endpoint';
import { commandWhenThere, engineProblem } from './engine';
import { notFound } from './problems';

/**
 * If-Match of an order: its entity tag, or the version that it was shown at, as `"<version>"`.
 * @returns the version that it must still have when the change is recorded; null: any
 */
export function orderMatch(header: string | undefined, view: OrderView): number | null {
  if (header === undefined || header.trim() === '*') return null;
  if (/^"\d+"$/.test(header.trim())) requireVersion(header, view.version);
  else requireMatch(header, view);
  return view.version;
}

/** What a request for a change of an order that somebody looks at says before it says what it wants. */
export function wishFor(view: OrderView, principal: Principal, now: string) {
  return {
    orderId: view.id,
    channel: principal.sessionId === null ? 'api' : 'portal',
    usage: view.usage,
    ...(view.partnerId !== null && { partnerId: view.partnerId }),
    customerId: view.customer.id,
    purchaseOrderNumber: view.purchaseOrderNumber,
    ...(view.releaseNumber !== null && { releaseNumber: view.releaseNumber }),
    purchaseOrderDate: view.purchaseOrderDate,
    changeDate: localDateIn(now, 'UTC'),
    parties: [],
    dates: [],
    references: [],
    lines: [],
    unhandled: [],
    ...(principal.customerId !== null &&
      principal.person !== null && { buyer: { person: principal.person } }),
  } as const satisfies Omit<OrderChangeRequest, 'purpose'>;
}

/** Records a change, or cancellation, before anything is decided: it holds even when the engine is away. @returns its id */
export async function recordChange(
  db: Db,
  request: OrderChangeRequest,
  principal: Principal,
  ifVersion: number | null,
  now: string,
): Promise<string> {
  return db.transaction(async (tx) => {
    const by = principal.person ?? principal.name;
    const received = await receiveOrderChange(tx, request, now, by, ifVersion);
    if (received.kind === 'no-order') throw notFound('order');
    if (received.kind === 'changed-meanwhile') throw changedMeanwhile(received.version);
    return received.changeId;
  });
}

interface Recorded {
  readonly orderId: string;
  readonly changeId: string;
  /** What people call it. */
  readonly what: 'cancellation' | 'change' | 'price';
}

/** Has the order's workflow decide what was recorded; while the engine is away it waits. */
export async function decideRecorded(
  { db, engine }: Pick<ApiDependencies, 'db' | 'engine'>,
  { orderId, changeId, what }: Recorded,
  replyOf: (outcome: ChangeOutcome) => Reply,
): Promise<Reply> {
  try {
    const answer = await commandWhenThere(engine, () => engine.applyChange(orderId, changeId));
    if (answer.kind === 'decided') return replyOf(answer.outcome);
  } catch (error) {
    if (!engineProblem(error)) throw error;
    const text = `The ${what} is recorded; it is decided as soon as the workflow engine is back.`;
    return { status: 202, body: { status: 'pending', changeId, text } };
  }
  // The order ended while the question was on its way: the record has the answer, or will not get one any more.
  const change = await findChange(db, changeId);
  const said = (change?.outcome as { text?: unknown } | null)?.text;
  const isDone = change?.status === 'applied' || change?.status === 'partly-applied';
  return replyOf({
    kind: isDone ? (change.status as 'applied' | 'partly-applied') : 'refused',
    changeId,
    text: typeof said === 'string' ? said : 'The order was closed meanwhile.',
  });
}
