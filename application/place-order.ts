import type { Tx } from '../db/connection';
import type { AllocationPlan } from '../domain/allocation/allocate';
import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequest, Party } from '../domain/order/order-request';
import { orderTypes } from '../domain/order/order-types';
import { localDateIn } from '../domain/shared/dates';
import { agreeContent } from './agree-content';
import { callOff } from './call-off-blanket';
import { type CreditCheck, checkCredit } from './check-credit';
import { type CustomerPolicy, customerPolicySchema } from './customer-policy';
import { type CustomerRow, readCustomer } from './customer-record';
import { approvalHolds, contentHolds, creditHolds, dateTexts } from './decide-holds';
import { type GivenPromotions, givePromotions } from './give-promotions';
import { priceSample } from './price-sample';
import { lockBudgets, type PromotionTake, takesOf } from './promotion-budget';
import { atQuotedPrices } from './quoted-prices';
import { closeCart, lockCartStock, takeUpCart } from './reserve-cart';

import { type LineFacts, type ResolvedLine, readLineFacts, resolveLines } from './resolve-lines';
import { ruleHolds } from './rule-holds';
import { splitLines } from './split-lines';

import { planStock } from './take-stock';
import { type WrittenOrder, writeOrder } from './write-order';

export interface OrderProblem {
  readonly line?: number;
  readonly code: string;
  readonly text: string;
}

export type PlaceOrderResult =
  | ({ readonly kind: 'placed' } & WrittenOrder)
  /** The request cannot become an order at all: nothing was written. */
  | { readonly kind: 'refused'; readonly problems: readonly OrderProblem[] }
  /** Stock is short and may not be backordered; only where a person waits for the answer (not EDI). Nothing was written. */
  | {
      readonly kind: 'short';
      readonly lines: readonly { readonly line: number; readonly itemId: string; readonly missing: number }[];
    };

/**
 * Turns an order request into an order: validates, prices, checks credit, reserves stock, decides every hold, and
 * asks for the order's workflow, all in the caller's transaction. Locks are taken in one order: the cart that it comes
 * from, credit account, then stock by (item, node), then the claim on the purchase order number.
 */
export async function placeOrder(tx: Tx, request: OrderRequest, now: string): Promise<PlaceOrderResult> {
  const customer = await readCustomer(tx, request.customerId);
  if (!customer?.active)
    return refuse('unknown-customer', `There is no active customer ${request.customerId}`);
  if (request.lines.length === 0) return refuse('no-lines', 'The order has no lines');
  const policy = customerPolicySchema.parse(customer.policy);
  const cart =
    request.cart === undefined ? null : await takeUpCart(tx, { ...request, reference: request.cart });
  if (cart?.kind === 'refused') return refuse(cart.code, cart.text);
  const { currency } = customer;
  const date = request.purchaseOrderDate;
  const facts = await readLineFacts(tx, customer, request.lines, { date, orderId: null });
  const numbered = request.lines.map((line, i) => ({ line, lineNumber: i + 1 }));
  const resolved = resolveLines(numbered, facts, { policy, currency, date });
  const quoted = atQuotedPrices(request, resolved, currency);
  const sample = await priceSample(tx, request, quoted, currency, now);
  const whole = sample.lines;
  const today = localDateIn(now, customer.entity_time_zone);
  const called = await callOff(tx, request, whole, { currency, policy, today });
  const split = await splitLines(tx, request, called.lines, policy, currency, today);
  const { lines } = split;
  const shipTo = split.needsNoShipTo ? manyLocations(lines) : await resolveShipTo(tx, request, policy);
  const alive = lines.filter((line) => !line.rejection);
  const promote = await promotionsOfOrder(tx, request, customer, policy, facts);
  const { totals } = agreeContent(request, alive, customer, policy, promote(lines).standing);

  const { credit, plan } = await takeRoom(
    tx,
    { request, cartId: cart?.cartId ?? null },
    customer,
    policy,
    alive,
    totals.totalMinor,
    now,
  );
  const short = plan.shortages.filter((shortage) => !mayBackorder(lines, shortage.lineNumber, policy));
  if (short.length > 0 && request.channel !== 'edi') {
    return {
      kind: 'short',
      lines: short.map((s) => ({ line: s.lineNumber, itemId: s.itemId, missing: s.quantity })),
    };
  }
  const settled = short.length === 0 ? { lines, plan } : rejectShortLines(lines, plan, short);
  const promoted = promote(settled.lines);
  const stands = promoted.lines.filter((line) => !line.rejection);
  const agreed = agreeContent(request, stands, customer, policy, promoted.standing);
  const allHolds = [
    ...promoted.lines.flatMap((line) => line.holds),
    ...split.holds,
    ...called.holds,
    ...sample.holds,
    ...shipTo.holds,
    ...contentHolds(request, customer.currency, [...dateTexts(request, today), ...agreed.texts]),
    ...approvalHolds(agreed.totals.totalMinor, policy),
    ...creditHolds(credit, agreed.totals.totalMinor),
    ...(await ruleHolds(tx, customer, request, shipTo.party, stands, agreed.totals.totalMinor)),
  ];
  const written = await writeOrder(tx, {
    request,
    customer,
    policy,
    shipTo: shipTo.party,
    holds: allHolds,
    credit,
    now,
    totals: agreed.totals,
    adjustments: agreed.adjustments,
    blanketId: called.blanketId,
    withoutInvoice: sample.withoutInvoice,
    decisions: sample.decisions,
    plan: settled.plan,
    lines: promoted.lines,
    promotions: promoted,
  });
  if (cart) await closeCart(tx, cart.cartId, { orderId: written.orderId, usage: request.usage }, now);
  return { kind: 'placed', ...written };
}

/**
 * How the order's promotions are found, as often as its lines have to be looked at. Where some have a limit the account
 * and then their budgets stay locked until the order is written.
 */
async function promotionsOfOrder(
  tx: Tx,
  request: OrderRequest,
  customer: CustomerRow,
  policy: CustomerPolicy,
  facts: LineFacts,
): Promise<
  (lines: readonly ResolvedLine[]) => GivenPromotions & { readonly takes: readonly PromotionTake[] }
> {
  const terms = {
    customerId: customer.id,
    customerGroups: policy.groups,
    policy,
    channel: request.channel,
    usage: request.usage,
    date: request.purchaseOrderDate,
    currency: customer.currency,
    creditAccountId: customer.credit_account_id,
    orderId: null,
    // A blanket order promises prices; what is given is given with what is ordered.
    promotions: request.type === 'blanket' ? [] : facts.promotions,
  };
  const available = await lockBudgets(tx, terms);
  return (lines) => {
    const given = givePromotions(lines, { ...terms, available });
    return { ...given, takes: takesOf(given.standing, available) };
  };
}

/**
 * Credit, then stock: the account is locked before any shelf. A blanket order takes neither; what is called off does.
 */
async function takeRoom(
  tx: Tx,
  { request, cartId }: { readonly request: OrderRequest; readonly cartId: string | null },
  customer: CustomerRow,
  policy: CustomerPolicy,
  alive: readonly ResolvedLine[],
  orderMinor: number,
  now: string,
): Promise<{ readonly credit: CreditCheck | null; readonly plan: AllocationPlan }> {
  if (!orderTypes[request.type].takesStock || alive.length === 0)
    return { credit: null, plan: { allocations: [], shortages: [], considered: [] } };
  const credit = await checkCredit(
    tx,
    {
      accountId: customer.credit_account_id,
      usage: request.usage,
      orderId: null,
      orderMinor,
      maximumAgeSeconds: policy.receivablesMaximumAgeSeconds,
    },
    now,
  );
  const demands = alive.flatMap((line) =>
    line.item
      ? [
          {
            lineNumber: line.lineNumber,
            itemId: line.item.itemId,
            quantity: line.baseUnits,
            multiple: line.unitFactor,
          },
        ]
      : [],
  );
  if (cartId !== null)
    await lockCartStock(
      tx,
      cartId,
      demands.map((demand) => demand.itemId),
      request.usage,
    );
  const plan = await planStock(tx, demands, {
    ...(cartId !== null && { cartId }),
    usage: request.usage,
    constraints: policy,
    customerId: request.customerId,
    channel: request.channel,
    waitingOrderId: null,
    now,
  });
  return { credit, plan };
}

const refuse = (code: string, text: string): PlaceOrderResult => ({
  kind: 'refused',
  problems: [{ code, text }],
});

const mayBackorder = (lines: readonly ResolvedLine[], lineNumber: number, policy: CustomerPolicy) =>
  policy.backorder && (lines.find((line) => line.lineNumber === lineNumber)?.item?.backorderable ?? false);

/** A shortage that may not be backordered rejects its line (855 IR); the rest of the order goes on. */
function rejectShortLines(
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  short: AllocationPlan['shortages'],
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
  return { lines: kept, plan: remaining };
}

/** Every line says where it goes, or nothing goes anywhere: the order has no ship-to of its own. */
function manyLocations(lines: readonly ResolvedLine[]) {
  const ids = new Set(lines.flatMap((line) => line.destination?.party.id ?? []));
  return { party: { role: 'ST', ...(ids.size > 0 && { name: `${ids.size} locations` }) }, holds: [] };
}

interface ShipToRow {
  readonly qualifier: string;
  readonly code: string;
  readonly name: string;
  readonly address: Party['address'];
  readonly known: number;
}

/** A retailer has thousands of locations: only those with the code asked for, or one where none is, and how many there are. */
async function findShipTos(tx: Tx, customerId: string, code: string | undefined) {
  const { rows } = await tx.raw<{ rows: ShipToRow[] }>(
    `select qualifier, code, name, address, count(*) over () as known from ship_to
     where customer_id = :customerId and (cast(:code as text) is null or code = :code) order by qualifier limit 10`,
    { customerId, code: code ?? null } as never,
  );
  return rows;
}

async function resolveShipTo(
  tx: Tx,
  request: OrderRequest,
  policy: CustomerPolicy,
): Promise<{ readonly party: Party; readonly holds: readonly HoldRequest[] }> {
  const asParty = (row: ShipToRow): Party => ({
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
    const [only] = await findShipTos(tx, request.customerId, undefined);
    return only?.known === 1
      ? { party: asParty(only), holds: [] }
      : {
          party: { role: 'ST' },
          holds: hold('no-ship-to', `The order names no ship-to and the customer has ${only?.known ?? 0}`),
        };
  }
  const found = asked.id === undefined ? [] : await findShipTos(tx, request.customerId, asked.id);
  const match = found.find((row) => asked.idQualifier === undefined || row.qualifier === asked.idQualifier);
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
