import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../../db/connection';

/** A key of the partner's, as it would call the API. */
export async function makeKey(db: Db): Promise<string> {
  const secret = randomBytes(24).toString('base64url');
  await db('api_key').insert({
    name: 'fault test',
    secret_hash: createHash('sha256').update(secret).digest('hex'),
    scopes: ['orders:write', 'orders:read', 'edi:send'],
    isa_ids: ['ZZ:ACME'],
    partner_id: 'acme',
    customer_id: 'ACME',
  });
  return secret;
}
