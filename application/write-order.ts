import type { Tx } from '../db/connection';
import { addJob } from '../db/jobs';
import type { AllocationPlan } from '../domain/allocation/allocate';
import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequest, Party } from '../domain/order/order-request';
import type { OrderState } from '../domain/order/states';
import type { StandingAdjustment } from '../domain/pricing/agree-adjustments';
import { addSeconds, endOfLocalDay, startOfLocalDay } from '../domain/shared/dates';
import type { CreditCheck } from './check-credit';
import type { CustomerPolicy } from './customer-policy';
import type { CustomerRow } from './customer-record';
import { type Decision, recordDecisions, recordEvents } from './keep-history';
import { openHolds } from './open-holds';
import type { ResolvedLine } from './resolve-lines';
import { readHoldTypes } from './rules';
import { takeStock } from './take-stock';
import type { OrderTotals } from './total-order';

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
  readonly holds: readonly HoldRequest[];
  readonly credit: CreditCheck | null;
  readonly now: string;
}

/** Writes order, claim, lines, reservations, holds, history and decisions, and asks for the workflow. */
export async function writeOrder(tx: Tx, order: NewOrder): Promise<WrittenOrder> {
  const { request, now } = order;
  const rejected = order.lines.every((line) => line.rejection);
  const { rows } = (await tx.raw(`select uuidv7() as id, 'SO' || nextval('order_number') as number`)) as {
    rows: { id: string; number: string }[];
  };
  const { id: orderId, number: orderNumber } = rows[0] as { id: string; number: string };
  const duplicateOf = rejected ? null : await findClaim(tx, order);
  const holds: readonly HoldRequest[] = rejected
    ? []
    : duplicateOf
      ? [
          ...order.holds,
          {
            type: 'duplicate-purchase-order',
            lineNumber: null,
            reason: {
              code: 'purchase-order-number-taken',
              text: `Purchase order ${request.purchaseOrderNumber} is there already`,
              details: { orderId: duplicateOf },
            },
          },
        ]
      : order.holds;
  const state: OrderState = rejected ? 'rejected' : holds.length > 0 ? 'held' : 'placed';
  await tx('orders').insert(orderColumns(order, orderId, orderNumber, state));
  if (!rejected && !duplicateOf) await claim(tx, request, orderId, now);
  const lineIds = await insertLines(tx, order, orderId);
  await takeStock(tx, { id: orderId, usage: request.usage }, order.plan, lineIds);
  const actor = request.partnerId ? `partner:${request.partnerId}` : `customer:${request.customerId}`;
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'placed',
      actor,
      text: `Purchase order ${request.purchaseOrderNumber} came by ${request.channel} and became order ${orderNumber} (${state})`,
      data: request.documentId ? { documentId: request.documentId } : {},
    },
  ]);
  await openHolds(tx, orderId, holds, await readHoldTypes(tx), now);
  await recordDecisions(tx, decisionsOf(order, orderId));
  await addJob(tx, 'start-order-workflow', { orderId }, { key: orderId });
  return { orderId, orderNumber, state };
}

function orderColumns(
  order: NewOrder,
  orderId: string,
  orderNumber: string,
  state: OrderState,
): Record<string, unknown> {
  const { request, customer, policy, totals, now } = order;
  const date = (...qualifiers: readonly string[]) =>
    qualifiers
      .map((qualifier) => request.dates.find((d) => d.qualifier === qualifier)?.date)
      .find((found) => found !== undefined);
  const zone = customer.entity_time_zone;
  const notBefore = date('037', '010');
  const cancelAfter = date('001', '061');
  const shipNotBefore = notBefore ? startOfLocalDay(notBefore, zone) : null;
  const windowEnds = addSeconds(now, policy.changeWindowSeconds);
  return {
    id: orderId,
    order_number: orderNumber,
    entity_id: customer.entity_id,
    customer_id: customer.id,
    credit_account_id: customer.credit_account_id,
    partner_id: request.partnerId ?? null,
    channel: request.channel,
    external_reference: request.externalReference ?? null,
    type: request.type,
    usage: request.usage,
    po_number: request.purchaseOrderNumber,
    release_number: request.releaseNumber ?? null,
    po_date: request.purchaseOrderDate,
    currency: customer.currency,
    state,
    request: JSON.stringify(request),
    ship_to: JSON.stringify(order.shipTo),
    terms: JSON.stringify(customer.terms),
    deliver_by: date('002', '063') ?? null,
    ship_not_before: shipNotBefore,
    cancel_after: cancelAfter ? endOfLocalDay(cancelAfter, zone) : null,
    release_at: shipNotBefore && shipNotBefore > windowEnds ? shipNotBefore : windowEnds,
    subtotal_minor: totals.subtotalMinor,
    charges: JSON.stringify(totals.charges),
    adjustments: JSON.stringify(order.adjustments),
    blanket_id: order.blanketId,
    charges_minor: totals.chargesMinor,
    tax_minor: totals.taxMinor,
    total_minor: state === 'rejected' ? 0 : totals.totalMinor,
    answer_due_at:
      request.partnerId && policy.answerWithinSeconds !== null
        ? addSeconds(now, policy.answerWithinSeconds)
        : null,
    document_id: request.documentId ?? null,
    placed_at: now,
    updated_at: now,
    closed_at: state === 'rejected' ? now : null,
  };
}

const claimKey = (request: OrderRequest) => ({
  entity_id: request.entityId,
  customer_id: request.customerId,
  po_number: request.purchaseOrderNumber,
  release_number: request.releaseNumber ?? '',
  usage: request.usage,
});

/** The order that holds the claim on this purchase order number; a claim past the policy's window is removed. */
async function findClaim(tx: Tx, order: NewOrder): Promise<string | null> {
  await tx('order_claim')
    .where(claimKey(order.request))
    .andWhere('claimed_at', '<', addSeconds(order.now, -86_400 * order.policy.duplicateWindowDays))
    .delete();
  // Two requests with one number arriving together: the second waits here until the first has its claim or is gone.
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    Object.values(claimKey(order.request)).join('\u001f'),
  ]);
  const taken = (await tx('order_claim').where(claimKey(order.request)).first('order_id')) as
    | { order_id: string }
    | undefined;
  return taken?.order_id ?? null;
}

async function claim(tx: Tx, request: OrderRequest, orderId: string, now: string): Promise<void> {
  await tx('order_claim').insert({ ...claimKey(request), order_id: orderId, claimed_at: now });
}

async function insertLines(tx: Tx, order: NewOrder, orderId: string): Promise<ReadonlyMap<number, string>> {
  const reserved = new Map<number, number>();
  for (const a of order.plan.allocations)
    reserved.set(a.lineNumber, (reserved.get(a.lineNumber) ?? 0) + a.quantity);
  const rows = (await tx('order_line')
    .insert(order.lines.map((line) => lineColumns(line, orderId, reserved.get(line.lineNumber) ?? 0)))
    .returning(['id', 'line_number'])) as { id: string; line_number: number }[];
  return new Map(rows.map((row) => [row.line_number, row.id]));
}

export function lineColumns(line: ResolvedLine, orderId: string, reserved: number): Record<string, unknown> {
  const { request } = line;
  return {
    order_id: orderId,
    line_number: line.lineNumber,
    buyer_line_number: request.buyerLineNumber ?? null,
    item_id: line.item?.itemId ?? null,
    product_ids: JSON.stringify(request.productIds),
    description: request.description ?? line.item?.description ?? null,
    quantity: request.quantity,
    unit: request.unit,
    unit_factor: line.unitFactor,
    ordered: line.rejection ? 0 : line.baseUnits,
    reserved,
    requested_price: request.unitPrice ?? null,
    price_basis_code: request.priceBasisCode ?? null,
    price_basis: line.priceBasis,
    unit_price: line.unitPrice,
    amount_minor: line.rejection ? 0 : line.amountMinor,
    price_decision: JSON.stringify(line.priceDecision),
    rejection: line.rejection?.text ?? null,
    rejection_code: line.rejection?.code ?? null,
    references_: JSON.stringify(request.references),
    dates: JSON.stringify(request.dates),
    split_from: line.splitFrom,
    destination: line.destination === null ? null : JSON.stringify(line.destination),
    parties: JSON.stringify(request.parties ?? []),
    // Of a line in parts the first one keeps what was said of the whole.
    kept: JSON.stringify(line.splitFrom === null ? (request.kept ?? []) : []),
    blanket_line_id: line.blanketLineId,
  };
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
      outcome: order.lines.map((line) => ({ line: line.lineNumber, ...line.priceDecision })),
    },
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
      rule: 'fewest-shipments',
      ruleVersion: '1',
      inputs: {
        constraints: {
          shipComplete: order.policy.shipComplete,
          maximumShipments: order.policy.maximumShipments,
        },
      },
      outcome: order.plan,
    },
  ];
  if (order.credit) {
    decisions.push({
      ...common,
      kind: 'credit',
      rule: 'exposure-within-limit',
      ruleVersion: `account ${order.credit.accountVersion}`,
      inputs: { exposure: order.credit.exposure, asOf: order.credit.asOf },
      outcome: order.credit.decision,
    });
  }
  return decisions;
}
