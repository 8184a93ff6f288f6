import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { lockOrder } from '../order/order-record';
import { recordEvents } from '../record/keep-history';

export type ReceivedChange =
  | { readonly kind: 'recorded'; readonly orderId: string; readonly changeId: string }
  | { readonly kind: 'no-order' }
  /** Asked for with another version of the order in view than it has now. */
  | { readonly kind: 'changed-meanwhile'; readonly version: number };

/**
 * Keeps a change or cancel with the order it speaks of, and wakes that order. It is decided by the order's workflow
 * (`applyOrderChange`), or by the record once that has ended. The same document again is the same change.
 * @param ifVersion what the order must still be at: of two who saw the same, the second is refused
 */
export async function receiveOrderChange(
  tx: Tx,
  request: OrderChangeRequest,
  now: string,
  requestedBy?: string,
  ifVersion: number | null = null,
): Promise<ReceivedChange> {
  const orderId = await findOrder(tx, request);
  if (orderId === null) return { kind: 'no-order' };
  const actor =
    requestedBy ?? (request.partnerId ? `partner:${request.partnerId}` : `customer:${request.customerId}`);
  const dedupe = request.documentId ? `document/${request.documentId}` : null;
  const known =
    dedupe === null
      ? undefined
      : ((await tx('order_change').where({ dedupe_key: dedupe }).first('id')) as { id: string } | undefined);
  if (known) return { kind: 'recorded', orderId, changeId: known.id };
  if (ifVersion !== null) {
    const { version } = await lockOrder(tx, orderId);
    if (version !== ifVersion) return { kind: 'changed-meanwhile', version };
    // What is asked for is news to whoever looks at the order.
    await tx('orders')
      .where({ id: orderId })
      .update({ version: version + 1 });
  }
  const [row] = (await tx('order_change')
    .insert({
      order_id: orderId,
      request: JSON.stringify(request),
      document_id: request.documentId ?? null,
      requested_by: actor,
      received_at: now,
      dedupe_key: dedupe,
    })
    .returning('id')) as { id: string }[];
  const changeId = (row as { id: string }).id;
  const what = request.purpose === 'cancel' ? 'A cancellation' : 'A change';
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'change-received',
      actor,
      text: `${what} came by ${request.channel}${request.changeNumber ? ` (number ${request.changeNumber})` : ''}`,
      data: { changeId, ...(request.documentId && { documentId: request.documentId }) },
    },
  ]);
  await addJob(tx, 'signal-order', { orderId }, { key: orderId });
  return { kind: 'recorded', orderId, changeId };
}

/** The order that is meant; else the one that holds the claim on the number; without a claim the newest with it. */
async function findOrder(tx: Tx, request: OrderChangeRequest): Promise<string | null> {
  if (request.orderId !== undefined) {
    const meant = await tx('orders')
      .where({ id: request.orderId, customer_id: request.customerId })
      .first('id');
    return meant === undefined ? null : request.orderId;
  }
  const number = {
    customer_id: request.customerId,
    po_number: request.purchaseOrderNumber,
    usage: request.usage,
  };
  const claim = (await tx('order_claim')
    .where({ ...number, release_number: request.releaseNumber ?? '' })
    .first('order_id')) as { order_id: string } | undefined;
  if (claim) return claim.order_id;
  const newest = (await tx('orders')
    .where(number)
    .andWhere('release_number', request.releaseNumber ?? null)
    .orderBy('id', 'desc')
    .first('id')) as { id: string } | undefined;
  return newest?.id ?? null;
}
