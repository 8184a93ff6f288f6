import type { Tx } from '../../db/connection';
import type { OrderRow } from '../order/order-record';
import { standingRelease } from './credit-cases';
import { withCreditPending } from './credit-pending';

export interface Approval {
  readonly id: string;
  readonly stands: boolean;
  readonly reasons: readonly string[] | null;
  readonly code: string;
}

/** To be done whenever an order has become smaller: what it was let through for is what is left of it. */
export async function lowerCreditApprovals(tx: Tx, order: OrderRow): Promise<readonly Approval[]> {
  const { credit_pending_minor: pending } = await withCreditPending(tx, order);
  const counts = order.total_minor - pending;
  const { rows } = await tx.raw<{ rows: Approval[] }>(
    `with approval as (
       select id, (reason #>> '{details,totalMinor}')::bigint as total_minor, reason #> '{details,reasons}' as reasons, reason ->> 'code' as code
       from hold where order_id = ? and ${standingRelease}),
     lowered as (update hold set reason = jsonb_set(hold.reason, '{details,totalMinor}', to_jsonb(least(a.total_minor, ?)))
       from approval a where hold.id = a.id and a.total_minor is distinct from least(a.total_minor, ?) returning hold.id)
     select id, coalesce(total_minor, 0) >= ? as stands, reasons, code from approval`,
    [order.id, counts, counts, counts],
  );
  return rows;
}
