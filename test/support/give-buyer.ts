import { createHash } from 'node:crypto';
import type { Db } from '../../db/connection';

/** A key of a buyer's own person. */
export async function giveBuyer(
  db: Db,
  secret: string,
  who: { readonly person: string; readonly customerId: string; readonly roles: readonly string[] },
): Promise<void> {
  await db('api_key').insert({
    name: who.person,
    person: who.person,
    customer_id: who.customerId,
    roles: who.roles,
    scopes: ['orders:read', 'orders:write'],
    secret_hash: createHash('sha256').update(secret).digest('hex'),
  });
}
