import { planShipments } from '../../application/fulfilment/plan-shipments';
import { buildRelease, recordRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import type { Contenders, Heard } from './contenders';

/** What two or more wanted of the same thing at the same moment, and what may come of it. */
export interface Race {
  readonly name: string;
  readonly run: (db: Db, contenders: Contenders, now: string) => Promise<Ended>;
}

export interface Ended {
  readonly placed: number;
  readonly refused: number;
  /** What may not be; [] is a race that ended well. */
  readonly faults: readonly string[];
}

export async function placed(db: Db, request: OrderRequest, now: string): Promise<string> {
  const result = await db.transaction((tx) => placeOrder(tx, request, now));
  if (result.kind !== 'placed') throw new Error(`the race's own order was ${result.kind}`);
  return result.orderId;
}

export const faultsOf = (heard: readonly Heard[]): string[] =>
  heard.flatMap(({ fault }) => (fault === null ? [] : [fault]));

/** Compares what was heard, in any order, with the one way in which the race may end. */
export function expectHeard(heard: readonly Heard[], ...allowed: readonly (readonly string[])[]): string[] {
  const outcomes = heard.map(({ outcome }) => outcome).sort();
  const right = allowed.some((way) => way.toSorted().join() === outcomes.join());
  return [...faultsOf(heard), ...(right ? [] : [`heard ${outcomes.join(', ')}`])];
}

/** One shipment of the order, at its warehouse. */
export async function released(db: Db, orderId: string, now: string) {
  await db.transaction((tx) => answerOrder(tx, orderId, 'final', now));
  const [shipmentId] = await db.transaction((tx) => planShipments(tx, orderId, now));
  if (shipmentId === undefined) throw new Error("the race's own order has no shipment");
  await db.transaction((tx) =>
    recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, now),
  );
  const release = await buildRelease(db, shipmentId);
  const eventId = `confirm/${release.releaseNumber}`;
  const body = {
    eventId,
    releaseNumber: release.releaseNumber,
    nodeId: release.nodeId,
    shippedAt: now,
    lines: release.lines.map(({ lineNumber, quantity }) => ({ lineNumber, shipped: quantity })),
    packages: release.packages.map(({ sscc, contents }) => ({ sscc, weightGrams: 1000, contents })),
  };
  return { kind: 'ship', shipmentId, eventId, body } as const;
}

export function cancellationOf(request: OrderRequest, orderId: string) {
  const { channel, usage, customerId, purchaseOrderNumber, purchaseOrderDate } = request;
  const common = { channel, usage, customerId, purchaseOrderNumber, purchaseOrderDate, orderId };
  return {
    ...common,
    purpose: 'cancel',
    parties: [],
    dates: [],
    references: [],
    notes: [],
    lines: [],
    unhandled: [],
  } as const;
}
