import type { Tx } from '../../db/connection';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { UnfilledReason } from '../../domain/allocation/constraints';
import { applyFillTerms, type FillTerms } from '../../domain/allocation/fill-terms';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import { orderTypes } from '../../domain/order/order-types';
import { type BuyerSpending, bookSpending, lockSpending, spendingHolds } from '../approval/buyer-spending';
import { type CreditCheck, checkCredit } from '../credit/check-credit';
import { type CustomerPolicy, customerPolicySchema } from '../customer/customer-policy';
import { type CustomerRow, readCustomer } from '../customer/customer-record';
import { tellUsedUp } from '../fulfilment/shipments-used-up';
import { approvalHolds, contentHolds, creditHolds, dateTexts } from '../hold/decide-holds';
import { ruleHolds } from '../hold/rule-holds';
import { type GivenPromotions, givePromotions } from '../pricing/give-promotions';
import { lockBudgets, type PromotionTake, promotionTermsOf, takesOf } from '../pricing/promotion-budget';
import { coverShortages, standInItems } from '../sourcing/cover-shortages';
import { demandsOf } from '../sourcing/demands';
import {
  impossibleReason,
  missingText,
  mustReject,
  sourcingHolds,
  whyShort,
} from '../sourcing/sourcing-outcome';
import { closeCart, lockCartStock, takeUpCart } from '../stock/reserve-cart';
import { problemsOfPickup } from '../store/check-pickup';
import { agreeContent } from './agree-content';
import { type AssessedLines, assessLines } from './assess-lines';
import { cancelMissing } from './fill-terms';
import { plannerFor } from './plan-new-order';
import type { ResolvedLine } from './resolve-lines';
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
  /**
   * Stock is short and may not be backordered, or what there is may come from nowhere; only where a person waits for the
   * answer (not EDI). Nothing was written.
   */
  | {
      readonly kind: 'short';
      readonly lines: readonly {
        readonly line: number;
        readonly itemId: string;
        readonly missing: number;
        /** The constraint or rule that lets it come from nowhere; null: there is not enough of it. */
        readonly reason: UnfilledReason | null;
        readonly text: string;
      }[];
    };

/**
 * Turns an order request into an order: validates, prices, checks credit, reserves stock, decides every hold, and
 * asks for the order's workflow, all in the caller's transaction. Locks are taken in one order: the cart that it comes
 * from, credit account, then stock by (item, node), then the claim on the purchase order number.
 * @param known the request's customer, where this transaction has read it already for the request's partner
 */
export async function placeOrder(
  tx: Tx,
  request: OrderRequest,
  now: string,
  known?: CustomerRow,
): Promise<PlaceOrderResult> {
  const customer = known ?? (await readCustomer(tx, request.customerId, request.partnerId));
  if (!customer?.active)
    return refuse('unknown-customer', `There is no active customer ${request.customerId}`);
  if (request.lines.length === 0) return refuse('no-lines', 'The order has no lines');
  const pickup = await problemsOfPickup(tx, request);
  if (pickup.length > 0) return { kind: 'refused', problems: pickup };
  const policy = customerPolicySchema.parse(customer.policy);
  const cart =
    request.cart === undefined ? null : await takeUpCart(tx, { ...request, reference: request.cart });
  if (cart?.kind === 'refused') return refuse(cart.code, cart.text);
  const assessed = await assessLines(tx, request, customer, policy, now);
  const { facts, terms } = assessed;
  const alive = assessed.lines.filter(isAlive);
  const promote = await promotionsOfOrder(tx, request, customer, policy, assessed);
  const totalOf = (all: readonly ResolvedLine[]) =>
    agreeContent(request, all.filter(isAlive), customer, policy, promote(all).standing).totals.totalMinor;
  const weighedMinor = totalOf(assessed.lines);
  const fill = request.fill ?? policy.fill;
  const room = await takeRoom(
    tx,
    { request, cartId: cart?.cartId ?? null, shipTo: assessed.shipTo },
    customer,
    fill?.shipComplete === true ? { ...policy, shipComplete: true } : policy,
    alive,
    { totalMinor: weighedMinor, alsoLock: standInItems(alive, facts) },
    now,
  );
  const { spending } = room;
  const covered = await coverShortages(assessed.lines, room.plan, facts, terms, room.replan);
  const { lines, plan } = filledBy(fill, covered.lines, covered.plan, customer.currency);
  const short = plan.shortages.filter(
    (shortage) => mustReject(shortage, policy) || !mayBackorder(lines, shortage.lineNumber, policy),
  );
  if (short.length > 0 && request.channel !== 'edi') return tellShort(lines, short);
  const settled = short.length === 0 ? { lines, plan } : rejectShortLines(lines, plan, short);
  const promoted = promote(settled.lines);
  const stands = promoted.lines.filter(isAlive);
  const agreed = agreeContent(request, stands, customer, policy, promoted.standing);
  const { totalMinor } = agreed.totals;
  // Something else at another price, or fewer lines and with them no promotion, is another amount on the account, whose
  // lock is held.
  const credit = totalMinor === weighedMinor ? room.credit : await room.creditFor(totalMinor);
  const allHolds = [
    ...promoted.lines.flatMap((line) => line.holds),
    ...assessed.holds,
    ...sourcingHolds(settled.plan, policy),
    ...contentHolds(request, customer.currency, [...dateTexts(request, assessed.today), ...agreed.texts]),
    ...approvalHolds(totalMinor, policy),
    ...creditHolds(credit, totalMinor),
    ...spendingHolds(spending, totalMinor, customer.currency),
    ...(await ruleHolds(tx, customer, request, assessed.shipTo, stands, totalMinor)),
  ];
  const written = await writeOrder(tx, {
    request,
    customer,
    policy,
    shipTo: assessed.shipTo,
    holds: allHolds,
    credit,
    now,
    totals: agreed.totals,
    adjustments: agreed.adjustments,
    priceDate: terms.date,
    blanketId: assessed.blanketId,
    withoutInvoice: assessed.withoutInvoice,
    warnings: assessed.warnings,
    decisions: [...assessed.decisions, ...covered.decisions],
    plan: settled.plan,
    lines: promoted.lines,
    promotions: promoted,
  });
  if (written.state !== 'rejected')
    await followPlaced(tx, written, { spending, totalMinor, plan: settled.plan, policy }, now);
  if (cart) await closeCart(tx, cart.cartId, { orderId: written.orderId, usage: request.usage }, now);
  return { kind: 'placed', ...written };
}

/** What an order takes of its buyer's budget, and what a person has to say of its shipments. */
async function followPlaced(
  tx: Tx,
  { orderId, orderNumber }: { readonly orderId: string; readonly orderNumber: string },
  placed: Pick<Room, 'spending' | 'plan'> & {
    readonly totalMinor: number;
    readonly policy: CustomerPolicy;
  },
  now: string,
): Promise<void> {
  await bookSpending(tx, orderId, placed.spending, placed.totalMinor, now);
  // Where such an order is held, its hold asks the same.
  if (placed.policy.infeasibleSourcing !== 'hold')
    await tellUsedUp(tx, { id: orderId, order_number: orderNumber }, placed.plan, now);
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
  { facts, terms: { date } }: Pick<AssessedLines, 'facts' | 'terms'>,
): Promise<
  (lines: readonly ResolvedLine[]) => GivenPromotions & { readonly takes: readonly PromotionTake[] }
> {
  const terms = promotionTermsOf(request, customer, policy, { date, promotions: facts.promotions });
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
  {
    request,
    cartId,
    shipTo,
  }: { readonly request: OrderRequest; readonly cartId: string | null; readonly shipTo: Party },
  customer: CustomerRow,
  policy: CustomerPolicy,
  alive: readonly ResolvedLine[],
  { totalMinor, alsoLock }: { readonly totalMinor: number; readonly alsoLock: readonly string[] },
  now: string,
): Promise<Room> {
  if (!orderTypes[request.type].takesStock || alive.length === 0) {
    const plan = { allocations: [], shortages: [], considered: [] };
    return { credit: null, plan, spending: null, creditFor: async () => null, replan: async () => plan };
  }
  const creditFor = (orderMinor: number) =>
    checkCredit(
      tx,
      {
        accountId: customer.credit_account_id,
        usage: request.usage,
        orderId: null,
        orderMinor,
        totalMinor: orderMinor,
        currency: customer.currency,
        maximumAgeSeconds: policy.receivablesMaximumAgeSeconds,
      },
      now,
    );
  const credit = await creditFor(totalMinor);
  const spending = await lockSpending(tx, request, customer, now);
  const demands = demandsOf(alive);
  if (cartId !== null)
    await lockCartStock(tx, cartId, [...demands.map((demand) => demand.itemId), ...alsoLock], request.usage);
  const planFor = plannerFor(tx, { request, cartId, shipTo, policy, alsoLock, now });
  return {
    credit,
    plan: await planFor(alive),
    spending,
    creditFor,
    replan: (lines) => planFor(lines.filter(isAlive)),
  };
}

interface Room {
  readonly credit: CreditCheck | null;
  readonly plan: AllocationPlan;
  readonly spending: BuyerSpending | null;
  /** Under the locks that are there already: what another total, or other lines, would come to. */
  readonly creditFor: (orderMinor: number) => Promise<CreditCheck | null>;
  readonly replan: (lines: readonly ResolvedLine[]) => Promise<AllocationPlan>;
}

/** Fill or kill, minimum fill: what stays below it is given back before anything is written, what is missing may be cancelled. */
function filledBy(
  fill: FillTerms | null,
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  currency: string,
) {
  if (fill === null) return { lines, plan };
  const alive = lines.filter((line) => !line.rejection && line.item !== null);
  const wanted = alive.map(({ lineNumber, baseUnits, unitFactor }) => ({
    lineNumber,
    ordered: baseUnits,
    before: 0,
    multiple: unitFactor,
  }));
  const filled = applyFillTerms(plan, wanted, fill);
  return fill.rest === 'cancel' ? cancelMissing(lines, filled, currency) : { lines, plan: filled };
}

const isAlive = (line: ResolvedLine) => !line.rejection;

/** In the lines that were ordered, with the items that are missing for them. */
const tellShort = (lines: readonly ResolvedLine[], short: AllocationPlan['shortages']): PlaceOrderResult => ({
  kind: 'short',
  lines: short.map((shortage) => ({
    line: lines.find((line) => line.lineNumber === shortage.lineNumber)?.splitFrom ?? shortage.lineNumber,
    itemId: shortage.itemId,
    missing: shortage.quantity,
    reason: impossibleReason(shortage),
    text: missingText(shortage),
  })),
});

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
  const byLine = new Map(short.map((one) => [one.lineNumber, one]));
  // Of a bundle nothing comes where a component does not.
  const ofBundle = new Map(
    lines.flatMap(({ lineNumber, supply }) => {
      const one = byLine.get(lineNumber);
      return one && supply?.kind === 'component' ? [[supply.key, one] as const] : [];
    }),
  );
  const missing = new Set<number>();
  const kept = lines.map((line) => {
    const shortage =
      byLine.get(line.lineNumber) ??
      (line.supply?.kind === 'component' ? ofBundle.get(line.supply.key) : undefined);
    if (shortage === undefined) return line;
    missing.add(line.lineNumber);
    const text = whyShort(shortage);
    return { ...line, holds: [], amountMinor: 0, rejection: { code: 'IR' as const, text } };
  });
  const remaining: AllocationPlan = {
    ...plan,
    allocations: plan.allocations.filter((a) => !missing.has(a.lineNumber)),
    shortages: plan.shortages.filter((s) => !missing.has(s.lineNumber)),
  };
  return { lines: kept, plan: remaining };
}
