import type { Tx } from '../../db/connection';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import { applyFillTerms } from '../../domain/allocation/fill-terms';
import type { CustomerPolicy } from '../customer/customer-policy';
import { tellUsedUp } from '../fulfilment/shipments-used-up';
import { readFillTerms } from '../order/fill-terms';
import { headNumber, type OrderLineRow, type OrderRow, readLines, waitingUnits } from '../order/order-record';
import { recordDecisions } from '../record/keep-history';
import { demandOf } from '../sourcing/demands';
import { orderToSource } from '../sourcing/order-to-source';
import { ruleOfPlan } from '../sourcing/source-stock';
import { planStock, takeStock } from '../stock/take-stock';

/**
 * Reserves for the order's waiting lines what is there beyond the claims of orders that wait longer.
 * @returns whether it got anything
 */
export async function fillBackorders(
  tx: Tx,
  order: OrderRow,
  policy: CustomerPolicy,
  now: string,
  /** Lines on hold take nothing: what is there is for those that may leave. */
  heldLines: ReadonlySet<number> = new Set(),
  { begun = false, known }: { readonly begun?: boolean; readonly known?: readonly OrderLineRow[] } = {},
): Promise<boolean> {
  const all = (known ?? (await readLines(tx, order.id))).filter(
    (line) => line.rejection_code === null && line.item_id !== null,
  );
  const lines = all.filter((line) => waitingUnits(line) > 0 && !heldLines.has(headNumber(line)));
  if (lines.length === 0) return false;
  const demands = lines.map((line) => demandOf(line, waitingUnits(line)));
  const asked = orderToSource(order, policy, all);
  const offered = await planStock(tx, demands, {
    usage: order.usage,
    order: { ...asked, begun: begun || asked.begun },
    customerId: order.customer_id,
    channel: order.channel,
    waitingOrderId: order.id,
    now,
  });
  await tellUsedUp(tx, order, offered, now);
  const plan = withinFillTerms(order, all, offered);
  if (plan.allocations.length === 0) return false;
  await takeStock(tx, order, plan, new Map(lines.map((line) => [line.line_number, line.id])));
  for (const line of lines) {
    const taken = plan.allocations
      .filter((a) => a.lineNumber === line.line_number)
      .reduce((sum, a) => sum + a.quantity, 0);
    if (taken > 0) await tx('order_line').where({ id: line.id }).increment('reserved', taken);
  }
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'allocation',
      ...ruleOfPlan(plan),
      inputs: { backorders: demands },
      outcome: plan,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
  return true;
}

/** A minimum that the order has not reached yet holds for what comes in, too. */
function withinFillTerms(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  plan: AllocationPlan,
): AllocationPlan {
  const fill = readFillTerms(order.fill);
  if (fill === null) return plan;
  const wanted = lines.map((line) => ({
    lineNumber: line.line_number,
    ordered: line.ordered - line.cancelled,
    before: line.reserved + line.released + line.shipped,
    multiple: line.unit_factor,
  }));
  return applyFillTerms(plan, wanted, fill);
}
