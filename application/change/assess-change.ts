import type { Tx } from '../../db/connection';
import type { ChangeAssessment } from '../../domain/order/change-assessment';
import type { OrderChangeRequest, Party } from '../../domain/order/order-request';
import { lockCreditAccount } from '../credit/check-credit';
import { cancelShipment } from '../fulfilment/release-shipment';
import { ownOpenHolds } from '../hold/open-holds';
import { parseStoredRequest } from '../order/answer-order';
import { type OrderRow, readLines, type ShipmentLineRow, type ShipmentRow } from '../order/order-record';
import { readStanding } from '../order/read-standing';
import type { AgreedHold, HoldOfChange } from './agree-holds';
import { type CarriedOut, carryOutChange } from './carry-out-change';
import { headTypes } from './change-head';
import { type ChangeRules, linesToTakeBack, readChangeRules } from './judge-modification';
import type { LineOutcome } from './line-outcome';

/** A change carried out, to see what comes of it. Only `done` stays in the record. */
export type TriedChange =
  | { readonly kind: 'needs-recall'; readonly shipmentIds: readonly string[] }
  | {
      readonly kind: 'done' | 'on-hold' | 'refused' | 'previewed';
      readonly done: CarriedOut;
      readonly caused: readonly HoldOfChange[];
      readonly assessment: ChangeAssessment;
    };

class TakenBack extends Error {
  readonly tried: TriedChange;
  constructor(tried: TriedChange) {
    super('the change was only tried');
    this.name = 'TakenBack';
    this.tried = tried;
  }
}

export interface TryOptions {
  /** What people have agreed to of it already. */
  readonly agreed: readonly AgreedHold[];
  /** What it has to wait for whatever comes of it: second looks that are open. */
  readonly standing?: readonly HoldOfChange[];
  /** Nothing stays, whatever comes of it; shipments at a warehouse count as recalled. */
  readonly preview: boolean;
}

/**
 * Carries a change out within a savepoint: what is refused as a whole, or causes a hold that nobody has agreed to, is
 * rolled back with all it did. So a preview, a change that waits and one that is applied are the same computation. The
 * caller holds the order's lock.
 */
export async function tryChange(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  options: TryOptions,
  now: string,
): Promise<TriedChange> {
  try {
    return await tx.transaction(async (inner) => {
      const tried = await carriedOut(inner, order, request, options, now);
      if (tried.kind !== 'done') throw new TakenBack(tried);
      return tried;
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.tried;
    throw error;
  }
}

async function carriedOut(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  { agreed, standing = [], preview }: TryOptions,
  now: string,
): Promise<TriedChange> {
  const before = await readStanding(tx, order);
  const rules = await readChangeRules(tx, order);
  const recalls = await takeBackShipments(tx, order, request, { rules, asIfRecalled: preview }, now);
  if (recalls.length > 0 && !preview)
    return { kind: 'needs-recall', shipmentIds: recalls.map((shipment) => shipment.id) };
  await lockCreditAccount(tx, order.credit_account_id);
  const had = await openHoldsOf(tx, order.id);
  const done = await carryOutChange(tx, order, request, { rules, agreed }, now);
  const opened = (await openHoldsOf(tx, order.id)).filter(
    (hold) => !isAmong(had, hold) && !(hold.type === 'credit' && isSetFree(order, done.order)),
  );
  const caused = [...opened, ...standing.filter((hold) => !isAmong(opened, hold))];
  const assessment: ChangeAssessment = {
    before,
    after: await readStanding(tx, done.order),
    lines: done.outcomes.map(assessedLine),
    head: done.head,
    holds: caused.map(({ type, line_number: lineNumber, reason }) => ({
      type,
      lineNumber,
      text: reason.text,
    })),
    recalls: recalls.map((shipment) => shipment.shipment_number),
  };
  const nothing =
    done.outcomes.every((outcome) => !outcome.accepted && !outcome.partly) &&
    done.head.every((outcome) => !outcome.accepted);
  const kind = preview ? 'previewed' : nothing ? 'refused' : caused.length > 0 ? 'on-hold' : 'done';
  return { kind, done, caused, assessment };
}

const isAmong = (holds: readonly HoldOfChange[], hold: HoldOfChange): boolean =>
  holds.some((one) => one.type === hold.type && one.line_number === hold.line_number);

/** No more of an order that nobody has confirmed yet: the credit it waits for then is its own, not the change's. */
const isSetFree = (before: OrderRow, after: OrderRow): boolean =>
  before.state === 'held' && before.final_answer_at === null && after.total_minor <= before.total_minor;

const assessedLine = (outcome: LineOutcome) => ({
  lineNumber: outcome.line.line_number,
  buyerLineNumber: outcome.line.buyer_line_number,
  changeCode: outcome.changeCode,
  accepted: outcome.accepted,
  partly: outcome.partly,
  text: outcome.text,
});

async function openHoldsOf(tx: Tx, orderId: string): Promise<readonly HoldOfChange[]> {
  return (await ownOpenHolds(tx, orderId)
    .orderBy('id')
    .select('type', 'line_number', 'reason')) as HoldOfChange[];
}

/** Takes back what is only planned; returns what a warehouse has to give back first and has not been asked for. */
async function takeBackShipments(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  { rules, asIfRecalled }: { readonly rules: ChangeRules; readonly asIfRecalled: boolean },
  now: string,
): Promise<readonly ShipmentRow[]> {
  const lines = await readLines(tx, order.id);
  const head =
    request.purpose === 'cancel'
      ? []
      : headTypes(request, parseStoredRequest(order.request), order.ship_to as Party);
  const touched = linesToTakeBack(order, lines, request, rules, head).map((line) => line.id);
  if (touched.length === 0) return [];
  const shipments = (await tx('shipment')
    .where({ order_id: order.id })
    .whereIn('state', ['planned', 'released'])
    .orderBy('sequence')
    .forUpdate()) as ShipmentRow[];
  const recalls: ShipmentRow[] = [];
  for (const shipment of shipments) {
    const own = (await tx('shipment_line').where({ shipment_id: shipment.id })) as ShipmentLineRow[];
    if (!own.some((line) => touched.includes(line.order_line_id))) continue;
    const asked = await tx('external_call')
      .where({ order_id: order.id, operation: 'release' })
      .andWhereLike('idempotency_key', `%/release/${shipment.id}/%`)
      .first('status');
    // Planned, and the warehouse has never heard of it: nothing to recall. What it says has left is gone all the same.
    const unheardOf = shipment.state === 'planned' && !asked && shipment.confirm === null;
    const recallable = shipment.recall_requested_at === null && shipment.confirm === null;
    if (!unheardOf && recallable) recalls.push(shipment);
    if (unheardOf || (recallable && asIfRecalled)) await cancelShipment(tx, order, shipment, own, now);
  }
  return recalls;
}
