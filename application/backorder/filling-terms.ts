import type { Tx } from '../../db/connection';
import { type CustomerPolicy, customerPolicySchema } from '../customer/customer-policy';
import type { OrderRow } from '../order/order-record';

/** What a buyer has said about lines that wait. */
export interface FillingTerms {
  readonly policy: CustomerPolicy;
  /** Something may have been agreed that is supplied instead: the rules say what. */
  readonly standIns: boolean;
}

/** Beside a customer `c`: whether it, or the partner that is bound, has any agreement about what is supplied. */
export const hasSupplyAgreement = `exists (select from rule r where r.kind = 'supply-agreement'
  and r.scope = any(array['*', 'customer/' || c.id, 'partner/' || cast(:partnerId as text)])) as "standIns"`;

export async function readFillingTerms(
  tx: Tx,
  order: Pick<OrderRow, 'customer_id' | 'partner_id'>,
): Promise<FillingTerms> {
  const { rows } = await tx.raw<{ rows: { policy: unknown; standIns: boolean }[] }>(
    `select c.policy, ${hasSupplyAgreement} from customer c where c.id = :customerId`,
    { customerId: order.customer_id, partnerId: order.partner_id ?? '' },
  );
  const [row] = rows;
  return { policy: customerPolicySchema.parse(row?.policy), standIns: row?.standIns === true };
}
