import type { Tx } from '../../db/connection';
import type { AllocationPlan, Demand } from '../../domain/allocation/allocate';
import type { OrderChangeLine, OrderRequestLine } from '../../domain/order/order-request';
import { pricedOn } from '../../domain/pricing/price-date';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { type OrderLineRow, type OrderRow, waitingUnits } from '../order/order-record';
import { type LineFacts, type ResolvedLine, readLineFacts, resolveLines } from '../order/resolve-lines';
import { roundUpLines } from '../order/validation-in-force';
import { changedOrderToSource } from '../sourcing/order-to-source';
import { planStock } from '../stock/take-stock';
import type { ChangeRules } from './judge-modification';
import { isInItsOwnWay, replanAsOne } from './replan-as-one';
import { checksOf, type ValidatedLine, validateChangedLine } from './validate-change';

export interface LineChangeContext {
  readonly order: OrderRow;
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly rules: ChangeRules;
  /** All lines of the order. */
  readonly lines: readonly OrderLineRow[];
  readonly existing: OrderLineRow | undefined;
  /** All parts of the line, where it goes to several places and `existing` is one of them. */
  readonly parts?: readonly OrderLineRow[];
  readonly change: OrderChangeLine;
  readonly now: string;
}

/** What is to be known of lines that a change asks for. */
export const readChangedFacts = (
  tx: Tx,
  { order, customer }: Pick<LineChangeContext, 'order' | 'customer'>,
  lines: readonly OrderRequestLine[],
): Promise<LineFacts> =>
  readLineFacts(tx, customer, lines, {
    date: pricedOn(order),
    orderId: order.id,
    partnerId: order.partner_id,
  });

/** A line as the change would have it, held against the checks of its customer. */
export function resolveChangedLine(
  { order, customer, policy, now }: LineChangeContext,
  facts: LineFacts,
  line: OrderRequestLine,
  lineNumber: number,
): ValidatedLine {
  const terms = { policy, currency: order.currency, date: pricedOn(order), stated: order.po_date };
  const resolveAs = (asked: OrderRequestLine) => resolveLines([{ line: asked, lineNumber }], facts, terms);
  const [resolved] = roundUpLines(checksOf(order, customer), resolveAs(line), ([quantity = line.quantity]) =>
    resolveAs({ ...line, quantity }),
  );
  return validateChangedLine(order, customer, resolved as ResolvedLine, now);
}

/**
 * Stock for more of an order, beside the shipments that it has already; where what is reserved stands in the way of that,
 * with it as one. A blanket order takes none, whatever it asks for.
 * @param changed the lines that the demands are of, as they are wanted now
 */
export async function planForChange(
  tx: Tx,
  { order, policy, lines, now }: LineChangeContext,
  demands: readonly Demand[],
  changed: readonly ResolvedLine[],
): Promise<AllocationPlan> {
  if (order.type === 'blanket') return { allocations: [], shortages: [], considered: [] };
  const asked = changedOrderToSource(order, policy, lines, changed);
  const lineNumbers = demands.map(({ lineNumber }) => lineNumber);
  const planFor = (
    within: Tx,
    wanted: readonly Demand[],
    givenBack: ReadonlyMap<string, number> = new Map(),
  ) =>
    planStock(within, wanted, {
      usage: order.usage,
      order: asked,
      customerId: order.customer_id,
      channel: order.channel,
      waitingOrderId: null,
      changing: { orderId: order.id, lineNumbers },
      givenBack,
      now,
    });
  const beside = await planFor(tx, demands);
  const othersWait = lines.some(
    (line) =>
      line.rejection_code === null && waitingUnits(line) > 0 && !lineNumbers.includes(line.line_number),
  );
  const complete = beside.sourcing?.constraints['ship-complete-order'] !== undefined && !asked.begun;
  if (complete && othersWait) return allOfItWaits(beside, demands);
  if (!isInItsOwnWay(beside)) return beside;
  return (await replanAsOne(tx, { order, policy, lines, asked, now }, demands, planFor)) ?? beside;
}

/** What has to leave with lines that wait takes nothing before they do. */
const allOfItWaits = (plan: AllocationPlan, demands: readonly Demand[]): AllocationPlan => ({
  ...plan,
  allocations: [],
  shortages: demands.map(({ lineNumber, itemId, quantity }) => ({
    lineNumber,
    itemId,
    quantity,
    reason: 'ship-complete-order',
  })),
});
