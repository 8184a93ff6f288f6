import { buildShippingOrder, cancellationOf } from '../../application/fulfilment/build-shipping-order';
import { readWarehousePolicy } from '../../application/fulfilment/warehouse-partner';
import { whyNotAsked } from '../../application/partner/agreed-documents';
import type { Db, Tx } from '../../db/connection';
import { requestDocument } from '../../db/repositories/document-requests';
import type { WarehouseShippingOrder } from '../../domain/fulfilment/warehouse-documents';
import type {
  RecallOutcome,
  ReleaseOutcome,
  WarehousePort,
  WarehouseRelease,
} from '../../domain/fulfilment/warehouse-port';

/** Thrown while the partner's answer is still to come: whoever asks tries again. */
export class AwaitsAcknowledgement extends Error {
  constructor(what: string, by: '997' | '865' = '997') {
    super(
      `${what} is still to be ${by === '997' ? 'acknowledged by the warehouse' : 'answered by the supplier'} (${by})`,
    );
    this.name = 'AwaitsAcknowledgement';
  }
}

/** The trading partner that keeps a node's stock; null where none does. */
async function warehousePartnerOf(db: Db, nodeId: string): Promise<string | null> {
  const node = (await db('node').where({ id: nodeId }).first('warehouse_partner')) as
    | { warehouse_partner: string | null }
    | undefined;
  return node?.warehouse_partner ?? null;
}

/**
 * A warehouse that is asked by 940 and confirms by 945, behind the same port as one over REST. What it is asked is a
 * document request, so it leaves as every other document does, and asking again with the same key asks nothing twice.
 */
export function createEdiWarehouse(db: Db): WarehousePort {
  return {
    release: async (release) => answered(await db.transaction((tx) => releaseBy940(tx, release))),
    recall: async (request) => answered(await db.transaction((tx) => recallBy940(tx, request))),
  };
}

interface Awaiting {
  readonly kind: 'awaiting';
  readonly what: string;
}

/** Thrown only now: what was asked is committed although the answer is still to come. */
function answered<Outcome extends { readonly kind: string }>(outcome: Outcome | Awaiting): Outcome {
  if (isAwaiting(outcome)) throw new AwaitsAcknowledgement(outcome.what);
  return outcome;
}

const isAwaiting = (outcome: { readonly kind: string }): outcome is Awaiting => outcome.kind === 'awaiting';

async function releaseBy940(tx: Tx, release: WarehouseRelease): Promise<ReleaseOutcome | Awaiting> {
  const partnerId = await warehousePartnerOf(tx, release.nodeId);
  if (partnerId === null)
    return { kind: 'refused', reason: `node ${release.nodeId} has no warehouse partner` };
  const shipment = await lockRelease(tx, release);
  const subject = `${release.idempotencyKey}/940`;
  if (shipment.state === 'cancelled')
    return { kind: 'refused', reason: 'the shipment was taken back meanwhile' };
  if (!(await sentBySubject(tx, subject))) {
    const refusal = await whyNotAsked(tx, partnerId, shipment.usage, '940');
    if (refusal !== null) return { kind: 'refused', reason: refusal };
    const payload = await buildShippingOrder(tx, partnerId, release);
    await requestDocument(tx, {
      subject,
      partnerId,
      set: '940',
      usage: shipment.usage,
      orderId: shipment.order_id,
      payload,
    });
  }
  const accepted: ReleaseOutcome = { kind: 'accepted', warehouseReference: `940 to ${partnerId}` };
  // A confirm says more than any acknowledgement.
  if (shipment.confirm !== null) return accepted;
  const sent = await sentBySubject(tx, subject);
  if (sent?.acknowledgement === 'rejected') {
    return { kind: 'refused', reason: `${partnerId} rejected the 940 (see its 997)` };
  }
  const { release: policy } = await readWarehousePolicy(tx, partnerId);
  if (policy === 'at-once' || isAccepted(sent)) return accepted;
  return { kind: 'awaiting', what: `the 940 of ${release.releaseNumber}` };
}

async function recallBy940(
  tx: Tx,
  request: { readonly idempotencyKey: string; readonly releaseNumber: string; readonly nodeId: string },
): Promise<RecallOutcome | Awaiting> {
  const { releaseNumber } = request;
  const shipment = await lockRelease(tx, request);
  if (shipment.confirm !== null)
    return { kind: 'too-late', reason: 'the warehouse has confirmed that it left' };
  const orders = await sentOrders(tx, releaseNumber);
  await withdraw(tx, orders);
  const sent = (await sentOrders(tx, releaseNumber)).filter(
    ({ status, acknowledgement }) => status === 'rendered' && acknowledgement !== 'rejected',
  );
  const [last] = sent;
  // It never reached the warehouse, or was rejected there.
  if (!last) return { kind: 'recalled' };
  const { recall } = await readWarehousePolicy(tx, last.partner_id);
  if (recall === 'too-late') {
    return {
      kind: 'too-late',
      reason: `the 940 was sent, and ${last.partner_id} takes none back by agreement`,
    };
  }
  const subject = `${request.idempotencyKey}/940`;
  await requestDocument(tx, {
    subject,
    partnerId: last.partner_id,
    set: '940',
    usage: shipment.usage,
    orderId: shipment.order_id,
    payload: cancellationOf(last.payload),
  });
  const cancel = await sentBySubject(tx, subject);
  if (isAccepted(cancel)) return { kind: 'recalled' };
  if (cancel?.acknowledgement === 'rejected') {
    return { kind: 'too-late', reason: `${last.partner_id} rejected the cancelling 940 (see its 997)` };
  }
  return { kind: 'awaiting', what: `the cancelling 940 of ${releaseNumber}` };
}

interface LockedShipment {
  readonly order_id: string;
  readonly usage: 'P' | 'T';
  readonly state: string;
  readonly confirm: unknown;
}

/** A confirm that comes meanwhile waits: one of the two is first. */
async function lockRelease(
  tx: Tx,
  { releaseNumber, nodeId }: { readonly releaseNumber: string; readonly nodeId: string },
): Promise<LockedShipment> {
  const shipment = (await tx('shipment')
    .where({ shipment_number: releaseNumber, node_id: nodeId })
    .forUpdate()
    .first('order_id', 'usage', 'state', 'confirm')) as LockedShipment | undefined;
  if (!shipment) throw new Error(`there is no shipment ${releaseNumber} at ${nodeId}`);
  return shipment;
}

interface SentOrder {
  readonly id: number;
  readonly subject: string;
  readonly partner_id: string;
  readonly status: string;
  readonly payload: WarehouseShippingOrder;
  readonly acknowledgement: string | null;
}

const sentOrdersWhere = (tx: Tx) =>
  tx('document_request as r')
    .leftJoin('document as d', 'd.id', 'r.document_id')
    .where({ 'r.set_id': '940' })
    .select('r.id', 'r.subject', 'r.partner_id', 'r.status', 'r.payload', 'd.acknowledgement');

/** The 940s that asked for this shipment, the last one first. */
async function sentOrders(tx: Tx, releaseNumber: string): Promise<readonly SentOrder[]> {
  const rows = (await sentOrdersWhere(tx)
    .join('shipment as s', 's.order_id', 'r.order_id')
    .andWhere({ 's.shipment_number': releaseNumber })
    .andWhereRaw(`r.payload ->> 'depositorOrderNumber' = ?`, [releaseNumber])
    .orderBy('r.id', 'desc')) as SentOrder[];
  return rows.filter(({ payload }) => payload.status !== 'F');
}

async function sentBySubject(tx: Tx, subject: string): Promise<SentOrder | undefined> {
  return sentOrdersWhere(tx).andWhere({ 'r.subject': subject }).first() as Promise<SentOrder | undefined>;
}

/** What has not left need not be taken back: it is not sent any more. One that is just being written is waited for. */
async function withdraw(tx: Tx, orders: readonly SentOrder[]): Promise<void> {
  await tx('document_request')
    .whereIn(
      'id',
      orders.map(({ id }) => id),
    )
    .whereIn('status', ['waiting', 'held', 'unassigned'])
    .update({ status: 'not-wanted', problem: 'its shipment was recalled before it was sent' });
}

const isAccepted = (sent: SentOrder | undefined): boolean =>
  sent?.acknowledgement === 'accepted' ||
  sent?.acknowledgement === 'accepted-with-errors' ||
  // A partner who never acknowledges has it when it was sent.
  sent?.acknowledgement === 'not-expected';
