import type { Tx } from '../../db/connection';
import { decideSpending } from '../../domain/approval/spending';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { BUYER_APPROVAL, findPersonRow, plansBudgets } from '../approval/buyer-spending';
import type { CustomerRow } from '../customer/customer-record';
import { ownOpenHolds } from '../hold/open-holds';
import type { OrderRow } from '../order/order-record';

/**
 * An order that came without a person (EDI, the seller's people) is the company's own word as it came. What one of the
 * company's people adds to it is that person's: beyond their limit, or where budgets are planned, it needs an approver,
 * as what an approved order grows by (`followSpending`). It is on no budget: the approver's word is enough.
 */
export async function spendByChange(
  tx: Tx,
  before: OrderRow,
  after: OrderRow,
  { buyer, usage }: Pick<OrderChangeRequest, 'buyer' | 'usage'>,
  customer: CustomerRow,
): Promise<OrderRow> {
  const isNobodys = buyer === undefined || usage === 'T' || !customer.has_spending_rules;
  if (isNobodys || after.buyer_approved_minor !== null || after.total_minor <= before.total_minor)
    return after;
  // It waits for its approvers anyway, who will see what it comes to.
  if (await ownOpenHolds(tx, after.id).where({ type: BUYER_APPROVAL }).first('id')) return after;
  const row = await findPersonRow(tx, customer.id, buyer.person);
  const decision = decideSpending({
    totalMinor: after.total_minor,
    limitMinor: row?.limit_minor,
    budget: (await plansBudgets(tx, customer.id)) ? 'none-now' : null,
  });
  if (decision.kind === 'within') return after;
  await tx('orders').where({ id: after.id }).update({ buyer_approved_minor: before.total_minor });
  return { ...after, buyer_approved_minor: before.total_minor };
}
