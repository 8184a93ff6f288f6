import type { Tx } from '../db/connection';
import { newRecordId } from '../db/record-ids';
import { WriteTogether } from '../db/repositories/write-together';
import type { AllocationPlan } from '../domain/allocation/allocate';
import { isOrderHeld } from '../domain/order/hold-scope';
import type { HoldRequest, HoldType } from '../domain/order/hold-types';
import type { OrderRequest, Party } from '../domain/order/order-request';
import { requestedDays } from '../domain/order/requested-days';
import type { OrderState } from '../domain/order/states';
import type { StandingAdjustment } from '../domain/pricing/agree-adjustments';
import { addSeconds, endOfLocalDay, startOfLocalDay } from '../domain/shared/dates';
import type { CreditCheck } from './check-credit';
import { openCreditCases, releaseByRule } from './credit-cases';
import type { CustomerPolicy } from './customer-policy';
import type { CustomerRow } from './customer-record';
import type { GivenPromotions } from './give-promotions';
import { addDecisions, addEvents, type Decision } from './keep-history';
import { openHolds } from './open-holds';
import { constraintsOf } from './order-to-source';
import { addTakes, type PromotionTake } from './promotion-budget';
import type { ResolvedLine } from './resolve-lines';
import { readHoldTypes } from './rules';
import { planToKeep, ruleOfPlan } from './source-stock';
import { addTakenStock } from './take-stock';
import type { OrderTotals } from './total-order';
import { addTrial } from './try-sourcing';

export interface WrittenOrder {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly state: OrderState;
}

/** An order that was assessed and is to be written. */
export interface NewOrder {
  readonly request: OrderRequest;
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly shipTo: Party;
  readonly lines: readonly ResolvedLine[];
  readonly plan: AllocationPlan;
  readonly totals: OrderTotals;
  readonly adjustments: readonly StandingAdjustment[];
  readonly blanketId: string | null;
  readonly withoutInvoice: boolean;
  /** What is not as it should be and stops nothing. */
  readonly warnings: readonly string[];
  /** What else was decided, by rules of their own. */
  readonly decisions: readonly Omit<Decision, 'orderId' | 'decidedAt' | 'decidedBy'>[];
  readonly promotions: GivenPromotions & { readonly takes: readonly PromotionTake[] };
  readonly holds: readonly HoldRequest[];
  readonly credit: CreditCheck | null;
  readonly now: string;
}

/** Writes order, claim, lines, reservations, holds, history and decisions, and asks for the workflow. */
export async function writeOrder(tx: Tx, order: NewOrder): Promise<WrittenOrder> {
  const { request, now } = order;
  const rejected = order.lines.every((line) => line.rejection);
  const orderId = newRecordId();
  const { orderNumber, duplicateOf } = await numberAndClaim(tx, order, rejected ? null : orderId);
  const holds = rejected ? [] : [...order.holds, ...duplicateHolds(request, duplicateOf)];
  const types = holds.length > 0 ? await readHoldTypes(tx) : new Map<string, HoldType>();
  const state: OrderState = rejected ? 'rejected' : stopsOrder(order, holds, types) ? 'held' : 'placed';
  await writeTogether(tx, order, { orderId, orderNumber, state });
  await openHolds(tx, orderId, holds, types, now);
  await keepCreditCase(tx, order, orderId, rejected);
  return { orderId, orderNumber, state };
}

/** Holds of lines leave the other lines flowing. */
function stopsOrder(
  { lines }: NewOrder,
  holds: readonly HoldRequest[],
  types: ReadonlyMap<string, HoldType>,
): boolean {
  const standing = holds.map(({ type, lineNumber }) => ({
    lineNumber,
    shipmentId: null,
    blocks: types.get(type)?.blocks ?? [],
  }));
  const alive = lines.filter((line) => !line.rejection).map((line) => line.splitFrom ?? line.lineNumber);
  return isOrderHeld(standing, alive);
}

/** Of an order that credit holds, or would hold but for a rule: what finance sees of it. */
async function keepCreditCase(tx: Tx, order: NewOrder, id: string, rejected: boolean): Promise<void> {
  const { credit, now, totals } = order;
  if (rejected || credit?.decision.kind !== 'held') return;
  const creditAccountId = order.customer.credit_account_id;
  if (credit.release)
    await releaseByRule(tx, { id, creditAccountId, totalMinor: totals.totalMinor }, credit, now);
  else await openCreditCases(tx, { id, creditAccountId }, credit, now);
}

/** One statement, however many rows: while it runs, the account and the stock of every line are locked. */
async function writeTogether(tx: Tx, order: NewOrder, written: WrittenOrder): Promise<void> {
  const { request, now } = order;
  const { orderId, orderNumber, state } = written;
  // Ascending as the lines are: what reads them by id reads them in their order.
  const ids = order.lines.map(newRecordId).sort();
  const lineIds = new Map(order.lines.map((line, at) => [line.lineNumber, ids[at] as string]));
  const reserved = new Map<number, number>();
  for (const a of order.plan.allocations)
    reserved.set(a.lineNumber, (reserved.get(a.lineNumber) ?? 0) + a.quantity);
  const head = orderValues(order, orderId, orderNumber, state);
  const lines = order.lines.map((line) => ({
    id: lineIds.get(line.lineNumber),
    ...lineValues(line, orderId, reserved.get(line.lineNumber) ?? 0, {
      zone: order.customer.entity_time_zone,
      now,
    }),
  }));
  const together = new WriteTogether()
    .insert('orders', columnsOf(head), [head])
    .insert('order_line', columnsOf(lines[0] ?? {}), lines);
  const ordering = { id: orderId, customerId: request.customerId, usage: request.usage };
  addTakes(together, ordering, order.promotions.takes, now);
  addTakenStock(together, { id: orderId, usage: request.usage }, order.plan, lineIds);
  addEvents(together, [
    {
      orderId,
      at: now,
      kind: 'placed',
      actor: request.partnerId ? `partner:${request.partnerId}` : `customer:${request.customerId}`,
      text: `Purchase order ${request.purchaseOrderNumber} came by ${request.channel} and became order ${orderNumber} (${state})`,
      data: request.documentId ? { documentId: request.documentId } : {},
    },
    ...order.warnings.map((text) => ({ orderId, at: now, kind: 'validation-warning', actor: 'hub', text })),
  ]);
  addDecisions(together, decisionsOf(order, orderId));
  addTrial(together, orderId, order.plan, now);
  await together.job('start-order-workflow', [{ payload: { orderId }, key: orderId }]).run(tx);
}

const columnsOf = <Row extends object>(row: Row) => Object.keys(row) as (keyof Row & string)[];

function duplicateHolds(request: OrderRequest, duplicateOf: string | null): readonly HoldRequest[] {
  if (duplicateOf === null) return [];
  const text = `Purchase order ${request.purchaseOrderNumber} is there already`;
  const reason = { code: 'purchase-order-number-taken', text, details: { orderId: duplicateOf } };
  return [{ type: 'duplicate-purchase-order', lineNumber: null, reason }];
}

function orderValues(
  order: NewOrder,
  orderId: string,
  orderNumber: string,
  state: OrderState,
): Record<string, unknown> {
  const { request, customer, policy, totals, now } = order;
  const zone = customer.entity_time_zone;
  const {
    shipNotBefore: notBefore,
    deliverBy,
    cancelAfter,
  } = requestedDays(request.dates, policy.deliveryLeadDays);
  // One that had passed when the order came holds it instead: whether it is still wanted is asked, not decided by the clock.
  const cancelAt = cancelAfter ? endOfLocalDay(cancelAfter, zone) : null;
  const shipNotBefore = notBefore ? startOfLocalDay(notBefore, zone) : null;
  const answerWithin = policy.answerWithinSeconds ?? request.answerWithinSeconds ?? null;
  const windowEnds = addSeconds(now, policy.changeWindowSeconds);
  return {
    id: orderId,
    order_number: orderNumber,
    entity_id: customer.entity_id,
    customer_id: customer.id,
    credit_account_id: customer.credit_account_id,
    partner_id: request.partnerId ?? null,
    channel: request.channel,
    placed_by: request.placedBy ?? null,
    external_reference: request.externalReference ?? null,
    type: request.type,
    usage: request.usage,
    po_number: request.purchaseOrderNumber,
    release_number: request.releaseNumber ?? null,
    po_date: request.purchaseOrderDate,
    currency: customer.currency,
    state,
    request,
    ship_to: order.shipTo,
    terms: customer.terms,
    deliver_by: deliverBy,
    ship_not_before: shipNotBefore,
    cancel_after: cancelAt !== null && cancelAt > now ? cancelAt : null,
    release_at: shipNotBefore && shipNotBefore > windowEnds ? shipNotBefore : windowEnds,
    subtotal_minor: totals.subtotalMinor,
    charges: totals.charges,
    adjustments: order.adjustments,
    blanket_id: order.blanketId,
    fill: request.fill ?? policy.fill,
    without_invoice: order.withoutInvoice,
    charges_minor: totals.chargesMinor,
    tax_minor: totals.taxMinor,
    total_minor: state === 'rejected' ? 0 : totals.totalMinor,
    answer_due_at: request.partnerId && answerWithin !== null ? addSeconds(now, answerWithin) : null,
    document_id: request.documentId ?? null,
    placed_at: now,
    updated_at: now,
    closed_at: state === 'rejected' ? now : null,
  };
}

const claimKey = (request: OrderRequest) => [
  request.entityId,
  request.customerId,
  request.purchaseOrderNumber,
  request.releaseNumber ?? '',
  request.usage,
];

/**
 * The order's own number, and the claim on its purchase order number: taken where it is free or older than the
 * policy's window, else the order that holds it. Of two that claim one number at the same moment the second waits here
 * until the first is committed or gone.
 * @param claimant null: the order claims nothing
 */
async function numberAndClaim(
  tx: Tx,
  { request, policy, now }: NewOrder,
  claimant: string | null,
): Promise<{ readonly orderNumber: string; readonly duplicateOf: string | null }> {
  // Test orders leave no gaps among the numbers that people book by.
  const numbered =
    request.usage === 'T'
      ? `select 'TO' || nextval('test_order_number') as number`
      : `select 'SO' || nextval('order_number') as number`;
  const key = claimKey(request);
  const { rows } =
    claimant === null
      ? await tx.raw<{ rows: { number: string; claimed: boolean }[] }>(`${numbered}, true as claimed`)
      : await tx.raw<{ rows: { number: string; claimed: boolean }[] }>(
          `with claimed as (
             insert into order_claim as held (entity_id, customer_id, po_number, release_number, usage, order_id, claimed_at)
             values (?, ?, ?, ?, ?, ?, ?)
             on conflict (entity_id, customer_id, po_number, release_number, usage)
             do update set order_id = excluded.order_id, claimed_at = excluded.claimed_at where held.claimed_at < ?
             returning 1)
           ${numbered}, exists (select 1 from claimed) as claimed`,
          [...key, claimant, now, addSeconds(now, -86_400 * policy.duplicateWindowDays)],
        );
  const [row] = rows;
  if (!row) throw new Error('there is no order number');
  if (row.claimed) return { orderNumber: row.number, duplicateOf: null };
  const held = await tx.raw<{ rows: { order_id: string }[] }>(
    'select order_id from order_claim where (entity_id, customer_id, po_number, release_number, usage) = (?, ?, ?, ?, ?)',
    key,
  );
  return { orderNumber: row.number, duplicateOf: held.rows[0]?.order_id ?? null };
}

/** A line for a statement of its own, which takes JSON as text. */
export function lineColumns(
  line: ResolvedLine,
  orderId: string,
  reserved: number,
  when: PlaceAndTime,
): Record<string, unknown> {
  const values = Object.entries(lineValues(line, orderId, reserved, when));
  return Object.fromEntries(
    values.map(([column, value]) => [
      column,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

interface PlaceAndTime {
  /** Of the selling entity: a last day ends there. */
  readonly zone: string;
  readonly now: string;
}

function lineValues(
  line: ResolvedLine,
  orderId: string,
  reserved: number,
  { zone, now }: PlaceAndTime,
): Record<string, unknown> {
  // A last day that had passed when the order came holds it instead, as the order's own does.
  const cancelAt = line.cancelAfter === null ? null : endOfLocalDay(line.cancelAfter, zone);
  const { request } = line;
  return {
    order_id: orderId,
    line_number: line.lineNumber,
    buyer_line_number: request.buyerLineNumber ?? null,
    item_id: line.item?.itemId ?? null,
    product_ids: request.productIds,
    description: request.description ?? line.item?.description ?? null,
    quantity: request.quantity,
    requested_quantity: line.requestedQuantity,
    unit: request.unit,
    unit_factor: line.unitFactor,
    ordered: line.rejection ? 0 : line.baseUnits,
    reserved,
    requested_price: request.unitPrice ?? null,
    price_basis_code: request.priceBasisCode ?? null,
    price_basis: line.priceBasis,
    unit_price: line.unitPrice,
    amount_minor: line.rejection ? 0 : line.amountMinor,
    price_decision: line.priceDecision,
    cancelled: line.cancelled ?? 0,
    cancel_code: line.cancelled === undefined ? null : 'IR',
    rejection: line.rejection?.text ?? null,
    rejection_code: line.rejection?.code ?? null,
    references_: request.references,
    dates: request.dates,
    split_from: line.splitFrom,
    destination: line.destination,
    parties: request.parties ?? [],
    // Of a line in parts the first one keeps what was said of the whole.
    kept: line.splitFrom === null ? (request.kept ?? []) : [],
    ship_not_before: line.shipNotBefore,
    deliver_by: line.deliverBy,
    cancel_after: cancelAt !== null && cancelAt > now ? cancelAt : null,
    blanket_line_id: line.blanketLineId,
    blanket_period: line.blanketPeriod,
    periods: line.blanketLineId === null && line.periods.length > 0 ? line.periods : null,
    supply: line.supply,
  };
}

/** The prices that were not taken are told once, on the line. */
export function withoutCandidates(
  decision: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { resolution } = decision;
  if (typeof resolution !== 'object' || resolution === null) return decision;
  const { candidates: _candidates, ...rest } = resolution as Readonly<Record<string, unknown>>;
  return { ...decision, resolution: rest };
}

/** Kept where there was something to decide. */
export function promotionDecisions(
  { outcome: { applied, refused, furtherRefused }, takes }: NewOrder['promotions'],
  inputs: Readonly<Record<string, unknown>>,
  orderId: string,
  now: string,
): readonly Decision[] {
  if (applied.length + refused.length === 0) return [];
  const ofOrder = refused.filter(({ lineNumber }) => lineNumber === null);
  const versions = new Set(
    [...applied, ...refused].map(({ promotionId, version }) => `${promotionId} v${version}`),
  );
  return [
    {
      orderId,
      kind: 'promotion',
      rule: 'best-for-the-buyer',
      ruleVersion: [...versions].slice(0, 20).join(', '),
      inputs,
      outcome: {
        given: applied.slice(0, 100),
        furtherGiven: Math.max(0, applied.length - 100),
        // Those of a line are told on the line.
        refused: ofOrder,
        furtherRefused: furtherRefused + refused.length - ofOrder.length,
        takes,
      },
      decidedAt: now,
      decidedBy: 'hub',
    },
  ];
}

function decisionsOf(order: NewOrder, orderId: string): readonly Decision[] {
  const common = { orderId, decidedAt: order.now, decidedBy: 'hub' };
  const decisions: Decision[] = [
    {
      ...common,
      kind: 'price',
      rule: 'resolve-price',
      ruleVersion: '1',
      inputs: { date: order.request.purchaseOrderDate, tolerance: order.policy.priceTolerance },
      outcome: order.lines.map((line) => ({
        line: line.lineNumber,
        ...withoutCandidates(line.priceDecision),
      })),
    },
    ...promotionDecisions(
      order.promotions,
      { date: order.request.purchaseOrderDate, channel: order.request.channel },
      orderId,
      order.now,
    ),
    {
      ...common,
      kind: 'validation',
      rule: 'customer-policy',
      ruleVersion: '1',
      inputs: { policy: order.policy },
      outcome: order.lines.map((line) => ({
        line: line.lineNumber,
        rejection: line.rejection,
        holds: line.holds,
      })),
    },
    {
      ...common,
      kind: 'allocation',
      ...ruleOfPlan(order.plan),
      inputs: {
        fill: order.request.fill ?? order.policy.fill,
        asked: [
          { by: 'the customer', constraints: constraintsOf(order.policy) },
          { by: 'the order', constraints: order.request.shipping ?? {} },
        ],
      },
      outcome: planToKeep(order.plan),
    },
  ];
  if (order.credit) {
    decisions.push({
      ...common,
      kind: 'credit',
      rule: 'exposure-within-limit',
      ruleVersion: `account ${order.credit.accountVersion}`,
      inputs: order.credit.inputs,
      outcome: order.credit.decision,
    });
  }
  decisions.push(...order.decisions.map((decision) => ({ ...common, ...decision })));
  return decisions;
}
