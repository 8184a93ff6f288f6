import type { Tx } from '../db/connection';
import { addJob } from '../db/jobs';
import type { AllocationPlan } from '../domain/allocation/allocate';
import type { OrderCharge } from '../domain/invoicing/bill-shipment';
import { signedSum } from '../domain/invoicing/bill-shipment';
import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequest, Party } from '../domain/order/order-request';
import type { OrderState } from '../domain/order/states';
import { addSeconds, endOfLocalDay, localDateIn, startOfLocalDay } from '../domain/shared/dates';
import { scaleDecimal, sumMinor } from '../domain/shared/money';
import { checkCredit, type CreditCheck } from './check-credit';
import { type CustomerPolicy, customerPolicySchema } from './customer-policy';
import { type Decision, recordDecisions, recordEvents } from './keep-history';
import { openHolds } from './open-holds';
import { readLineFacts, type ResolvedLine, resolveLine } from './resolve-lines';
import { readHoldTypes } from './rules';
import { planStock, takeStock } from './take-stock';

export interface OrderProblem {
  readonly line?: number;
  readonly code: string;
  readonly text: string;
}

export type PlaceOrderResult =
  | {
      readonly kind: 'placed';
      readonly orderId: string;
      readonly orderNumber: string;
      readonly state: OrderState;
    }
  /** The request cannot become an order at all: nothing was written. */
  | { readonly kind: 'refused'; readonly problems: readonly OrderProblem[] }
  /** Stock is short and may not be backordered; only where a person waits for the answer (not EDI). Nothing was written. */
  | {
      readonly kind: 'short';
      readonly lines: readonly { readonly line: number; readonly itemId: string; readonly missing: number }[];
    };

export interface CustomerRow {
  readonly id: string;
  readonly entity_id: string;
  readonly credit_account_id: string;
  readonly price_list_id: string;
  readonly currency: string;
  readonly terms: unknown;
  readonly policy: unknown;
  readonly active: boolean;
  readonly entity_time_zone: string;
}

export async function readCustomer(tx: Tx, customerId: string): Promise<CustomerRow | undefined> {
  return (await tx('customer')
    .join('selling_entity', 'selling_entity.id', 'customer.entity_id')
    .where('customer.id', customerId)
    .first('customer.*', 'selling_entity.time_zone as entity_time_zone')) as CustomerRow | undefined;
}

/**
 * Turns an order request into an order: validates, prices, checks credit, reserves stock, decides every hold, and
 * asks for the order's workflow, all in the caller's transaction. Locks are taken in one order: credit account, then
 * stock by (item, node), then the claim on the purchase order number.
 */
export async function placeOrder(tx: Tx, request: OrderRequest, now: string): Promise<PlaceOrderResult> {
  const customer = await readCustomer(tx, request.customerId);
  if (!customer?.active)
    return refuse('unknown-customer', `There is no active customer ${request.customerId}`);
  if (request.lines.length === 0) return refuse('no-lines', 'The order has no lines');
  const policy = customerPolicySchema.parse(customer.policy);
  const facts = await readLineFacts(tx, customer, request.lines);
  const lines = request.lines.map((line, i) =>
    resolveLine(line, i + 1, facts, policy, customer.currency, request.purchaseOrderDate),
  );
  const shipTo = await resolveShipTo(tx, request, policy);
  const alive = lines.filter((line) => !line.rejection);
  const totals = totalOrder(
    alive.map((line) => line.amountMinor),
    policy,
  );

  const credit =
    alive.length === 0
      ? null
      : await checkCredit(
          tx,
          {
            accountId: customer.credit_account_id,
            usage: request.usage,
            orderId: null,
            orderMinor: totals.totalMinor,
            maximumAgeSeconds: policy.receivablesMaximumAgeSeconds,
          },
          now,
        );
  const demands = alive.flatMap((line) =>
    line.item ? [{ lineNumber: line.lineNumber, itemId: line.item.itemId, quantity: line.baseUnits }] : [],
  );
  const plan = await planStock(tx, demands, {
    usage: request.usage,
    constraints: policy,
    waitingSince: null,
  });
  const short = plan.shortages.filter((shortage) => !mayBackorder(lines, shortage.lineNumber, policy));
  if (short.length > 0 && request.channel !== 'edi') {
    return {
      kind: 'short',
      lines: short.map((s) => ({ line: s.lineNumber, itemId: s.itemId, missing: s.quantity })),
    };
  }
  const settled = short.length === 0 ? { lines, plan, totals } : rejectShortLines(lines, plan, short, policy);
  const allHolds = [
    ...settled.lines.flatMap((line) => line.holds),
    ...shipTo.holds,
    ...contentHolds(request, customer.currency),
    ...approvalHolds(settled.totals.totalMinor, policy),
    ...creditHolds(credit, settled.totals.totalMinor),
  ];
  return writeOrder(tx, {
    request,
    customer,
    policy,
    shipTo: shipTo.party,
    holds: allHolds,
    credit,
    now,
    ...settled,
  });
}

const refuse = (code: string, text: string): PlaceOrderResult => ({
  kind: 'refused',
  problems: [{ code, text }],
});

const mayBackorder = (lines: readonly ResolvedLine[], lineNumber: number, policy: CustomerPolicy) =>
  policy.backorder && (lines.find((line) => line.lineNumber === lineNumber)?.item?.backorderable ?? false);

export interface OrderTotals {
  readonly subtotalMinor: number;
  readonly charges: readonly OrderCharge[];
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/** Order-level charges belong to an order that delivers something; tax is on lines and charges, rounded once. */
export function totalOrder(lineAmounts: readonly number[], policy: CustomerPolicy): OrderTotals {
  const subtotalMinor = sumMinor(lineAmounts);
  const charges = lineAmounts.length === 0 ? [] : policy.charges;
  const chargesMinor = signedSum(charges);
  const taxMinor = Number(scaleDecimal(String(subtotalMinor + chargesMinor), policy.taxPercent, 100, 0));
  return {
    subtotalMinor,
    charges,
    chargesMinor,
    taxMinor,
    totalMinor: Math.max(0, subtotalMinor + chargesMinor + taxMinor),
  };
}

/** A shortage that may not be backordered rejects its line (855 IR); the rest of the order goes on. */
function rejectShortLines(
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  short: AllocationPlan['shortages'],
  policy: CustomerPolicy,
) {
  const missing = new Map(short.map((s) => [s.lineNumber, s.quantity]));
  const kept = lines.map((line) => {
    const quantity = missing.get(line.lineNumber);
    if (quantity === undefined) return line;
    const text = `short of ${quantity} base units of ${line.item?.itemId ?? ''}, and it may not be backordered`;
    return { ...line, holds: [], amountMinor: 0, rejection: { code: 'IR' as const, text } };
  });
  const remaining: AllocationPlan = {
    ...plan,
    allocations: plan.allocations.filter((a) => !missing.has(a.lineNumber)),
    shortages: plan.shortages.filter((s) => !missing.has(s.lineNumber)),
  };
  return {
    lines: kept,
    plan: remaining,
    totals: totalOrder(
      kept.filter((line) => !line.rejection).map((line) => line.amountMinor),
      policy,
    ),
  };
}

async function resolveShipTo(
  tx: Tx,
  request: OrderRequest,
  policy: CustomerPolicy,
): Promise<{ readonly party: Party; readonly holds: readonly HoldRequest[] }> {
  const known = (await tx('ship_to')
    .where({ customer_id: request.customerId })
    .select('qualifier', 'code', 'name', 'address')) as {
    qualifier: string;
    code: string;
    name: string;
    address: Party['address'];
  }[];
  const asParty = (row: (typeof known)[number]): Party => ({
    role: 'ST',
    name: row.name,
    idQualifier: row.qualifier,
    id: row.code,
    ...(row.address && { address: row.address }),
  });
  const asked = request.parties.find((party) => party.role === 'ST');
  const hold = (code: string, text: string): readonly HoldRequest[] => [
    { type: 'ship-to', lineNumber: null, reason: { code, text } },
  ];
  if (!asked) {
    const only = known.length === 1 ? known[0] : undefined;
    return only
      ? { party: asParty(only), holds: [] }
      : {
          party: { role: 'ST' },
          holds: hold('no-ship-to', `The order names no ship-to and the customer has ${known.length}`),
        };
  }
  const match = known.find(
    (row) =>
      row.code === asked.id && (asked.idQualifier === undefined || row.qualifier === asked.idQualifier),
  );
  if (match)
    return { party: { ...asParty(match), ...(asked.name !== undefined && { name: asked.name }) }, holds: [] };
  if (asked.address && (policy.freeShipTo || request.type === 'drop-ship'))
    return { party: asked, holds: [] };
  return {
    party: asked,
    holds: hold(
      'unknown-ship-to',
      `Ship-to ${asked.idQualifier ?? ''} ${asked.id ?? asked.name ?? '(without an id)'} is not among the customer's locations`,
    ),
  };
}

/** What was recognised but has no rule is never dropped: a person looks at it. */
export function contentHolds(
  request: Pick<OrderRequest, 'unhandled' | 'currency'>,
  currency: string,
): readonly HoldRequest[] {
  const texts = request.unhandled.map(
    (content) => `${content.at.segmentId} at segment ${content.at.segment}: ${content.text}`,
  );
  if (request.currency !== undefined && request.currency !== currency)
    texts.push(`the order is in ${request.currency}, the customer's prices are in ${currency}`);
  return texts.length === 0
    ? []
    : [
        {
          type: 'content',
          lineNumber: null,
          reason: {
            code: 'unhandled-content',
            text: texts.join('; '),
            details: { content: request.unhandled },
          },
        },
      ];
}

export function approvalHolds(totalMinor: number, policy: CustomerPolicy): readonly HoldRequest[] {
  if (policy.approvalAboveMinor === null || totalMinor <= policy.approvalAboveMinor) return [];
  return [
    {
      type: 'approval',
      lineNumber: null,
      reason: {
        code: 'above-approval-limit',
        text: 'The order total is above what goes through without approval',
        details: { totalMinor, limitMinor: policy.approvalAboveMinor },
      },
    },
  ];
}

export function creditHolds(credit: CreditCheck | null, totalMinor: number): readonly HoldRequest[] {
  if (credit?.decision.kind !== 'held') return [];
  const { exposureMinor, limitMinor, headroomMinor, overMinor } = credit.decision;
  return [
    {
      type: 'credit',
      lineNumber: null,
      reason: {
        code: credit.decision.reason,
        text: credit.decision.text,
        details: { exposureMinor, limitMinor, headroomMinor, overMinor, totalMinor, asOf: credit.asOf },
      },
    },
  ];
}

interface NewOrder {
  readonly request: OrderRequest;
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly shipTo: Party;
  readonly lines: readonly ResolvedLine[];
  readonly plan: AllocationPlan;
  readonly totals: OrderTotals;
  readonly holds: readonly HoldRequest[];
  readonly credit: CreditCheck | null;
  readonly now: string;
}

async function writeOrder(tx: Tx, order: NewOrder): Promise<PlaceOrderResult> {
  const { request, customer, now } = order;
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
  return { kind: 'placed', orderId, orderNumber, state };
}

function orderColumns(
  order: NewOrder,
  orderId: string,
  orderNumber: string,
  state: OrderState,
): Record<string, unknown> {
  const { request, customer, policy, totals, now } = order;
  const date = (...qualifiers: readonly string[]) =>
    request.dates.find((d) => qualifiers.includes(d.qualifier))?.date;
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
