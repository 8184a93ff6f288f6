import type { Viewer } from '../application/stock/stock-positions';
import type { Db } from '../db/connection';
import { findCustomerOfPartner } from '../db/repositories/customer-views';
import { isOwnStaff, type Principal } from './auth/principal';
import { forbidden } from './problems';

export const channelOf = (principal: Principal) => (principal.sessionId === null ? 'api' : 'portal');

/** The buyer whose key it is; the seller's own people name one, or none. */
export async function buyerOfKey(
  db: Db,
  principal: Principal,
  named: string | undefined,
): Promise<string | null> {
  const bound =
    principal.customerId ??
    (principal.partnerId === null ? null : await findCustomerOfPartner(db, principal.partnerId));
  if (bound === null && !isOwnStaff(principal))
    throw forbidden('This key belongs to a partner that no customer is assigned to.');
  if (bound !== null && named !== undefined && named !== bound)
    throw forbidden(`This key is for customer ${bound} only: leave customerId out.`);
  return bound ?? named ?? null;
}

/** Whose view of stock it is: a buyer's with its channel; null for the seller's own people. */
export async function stockViewer(db: Db, principal: Principal): Promise<Viewer> {
  const customerId = isOwnStaff(principal) ? null : await buyerOfKey(db, principal, undefined);
  return customerId === null ? null : { customerId, channel: channelOf(principal) };
}
