import type { Tx } from '../../db/connection';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import type { CustomerPolicy } from '../customer/customer-policy';
import { demandsOf } from '../sourcing/demands';
import { newOrderToSource } from '../sourcing/order-to-source';
import { planStock } from '../stock/take-stock';
import type { ResolvedLine } from './resolve-lines';

export interface NewOrderToPlan {
  readonly request: OrderRequest;
  readonly cartId: string | null;
  readonly shipTo: Party;
  readonly policy: CustomerPolicy;
  /** Items that may come instead, locked with those that were ordered. */
  readonly alsoLock: readonly string[];
  readonly now: string;
}

/** What lines of an order that is not written yet could have of the stock, as often as others are tried. */
export const plannerFor =
  (tx: Tx, { request, cartId, shipTo, policy, alsoLock, now }: NewOrderToPlan) =>
  (lines: readonly ResolvedLine[]): Promise<AllocationPlan> =>
    planStock(tx, demandsOf(lines), {
      ...(cartId !== null && { cartId }),
      alsoLock,
      usage: request.usage,
      order: newOrderToSource(request, policy, shipTo, lines),
      customerId: request.customerId,
      channel: request.channel,
      waitingOrderId: null,
      now,
    });
