import type { Tx } from '../../db/connection';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import type { ChangeOutcome } from '../../domain/order/progress';
import { isFinal } from '../../domain/order/states';
import { lockOrder, type OrderRow, readLines } from '../order/order-record';
import { readAgreed, readSecondLooks } from './agree-holds';
import { type TriedChange, tryChange } from './assess-change';
import { type ChangeRow, closeChange, lockChange, parseStoredChange, refuseChange } from './close-change';
import { keepWaiting } from './hold-change';
import { lineChangesOf } from './match-lines';

/**
 * Decides a change or cancel and does it as one, under the order's lock and in one transaction with its 865. Shipments
 * that are only planned are taken back; those at a warehouse are first to be recalled (`needs-recall`), and what cannot
 * be undone any more is answered as such. What causes a hold waits for it (`held`) and leaves the order as it was. The
 * changes of an order are worked in the order in which they came. Deciding again returns what was decided.
 */
export async function applyOrderChange(tx: Tx, changeId: string, now: string): Promise<ChangeOutcome> {
  const place = (await tx('order_change').where({ id: changeId }).first('order_id')) as
    | { order_id: string }
    | undefined;
  if (!place) return { kind: 'refused', changeId, text: 'There is no such change' };
  const order = await lockOrder(tx, place.order_id);
  // What a release calls off is weighed against its blanket order, which whoever calls off locks before the account.
  if (order.blanket_id !== null) await lockOrder(tx, order.blanket_id);
  const change = (await lockChange(tx, changeId)) as ChangeRow;
  if (change.status !== 'pending') return { kind: change.status, changeId, text: change.outcome?.text ?? '' };
  const request = lineChangesOf(parseStoredChange(change.request), await readLines(tx, order.id));
  if (isFinal(order.state)) {
    const text = `The order is ${order.state}: nothing of it can be changed`;
    const result = { kind: 'refused', outcomes: [], head: [], text, assessment: null, by: 'hub' } as const;
    await closeChange(tx, order, change, request, result, now);
    return { kind: 'refused', changeId, text };
  }
  if (!(await isFirst(tx, order, change, request, now)))
    return { kind: 'waiting', changeId, text: 'A change that came before it is decided first' };
  const agreed = await readAgreed(tx, changeId);
  const standing = await readSecondLooks(tx, changeId);
  const tried = await tryChange(tx, order, request, { agreed, standing, preview: false }, now);
  if (tried.kind === 'needs-recall')
    return { kind: 'needs-recall', changeId, shipmentIds: tried.shipmentIds };
  return settle(tx, order, change, request, tried, now);
}

/** Whether its turn has come. Who cancels the whole order takes back the changes that still wait for somebody. */
async function isFirst(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  request: OrderChangeRequest,
  now: string,
): Promise<boolean> {
  const earlier = (await tx('order_change')
    .where({ order_id: order.id })
    .whereIn('status', ['pending', 'held'])
    .where('id', '<', change.id)
    .orderBy('id')
    .forUpdate()) as ChangeRow[];
  if (earlier.length === 0) return true;
  const cancelsAll = request.purpose === 'cancel' && request.lines.length === 0;
  if (!cancelsAll || earlier.some((one) => one.status === 'pending')) return false;
  for (const one of earlier) {
    const text = 'the order was cancelled before the change was agreed to';
    await refuseChange(tx, order, one, { kind: 'withdrawn', text, by: change.requested_by }, now);
  }
  return true;
}

async function settle(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  request: OrderChangeRequest,
  tried: Exclude<TriedChange, { kind: 'needs-recall' }>,
  now: string,
): Promise<ChangeOutcome> {
  const { outcomes, head, text } = tried.done;
  const common = { outcomes, head, assessment: tried.assessment, by: 'hub' };
  if (tried.kind === 'on-hold') {
    const waits = [...new Set(tried.caused.map((hold) => hold.reason.text))].join('; ');
    await keepWaiting(tx, order, change, tried, now);
    await closeChange(tx, order, change, request, { ...common, kind: 'held', text: waits }, now);
    return { kind: 'held', changeId: change.id, text: waits };
  }
  const all = [...outcomes, ...head].every((outcome) => outcome.accepted);
  const kind = tried.kind === 'refused' ? 'refused' : all ? 'applied' : 'partly-applied';
  // Rolled back, the order is as it was; done, it is what the change has made of it.
  const stands = tried.kind === 'done' ? tried.done.order : order;
  await closeChange(tx, stands, change, request, { ...common, kind, text }, now);
  return { kind, changeId: change.id, text };
}
