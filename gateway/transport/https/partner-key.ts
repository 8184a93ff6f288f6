import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Db } from '../../../db/connection';
import { type ApiKeyRow, findLiveApiKey } from '../../../db/repositories/api-keys';
import { EdiProblem } from './edi-problem';

export interface PartnerKey {
  readonly keyId: string;
  readonly partnerId: string | null;
  /** 'ZZ:ACME', 'ACME', '*': whose interchanges it may bring, and whose mail it may fetch. */
  readonly isaIds: readonly string[];
}

const REMEMBER_MS = 5_000;
const REMEMBER_MOST = 10_000;

/** Who holds a bearer key. Looked-up keys are remembered for a few seconds: a revoked one stops working after that. */
export function partnerKeys(db: Db): (request: Request) => Promise<PartnerKey> {
  const remembered = new Map<string, { readonly row: ApiKeyRow | undefined; readonly until: number }>();
  const find = async (hash: string): Promise<ApiKeyRow | undefined> => {
    const known = remembered.get(hash);
    if (known && known.until > Date.now()) return known.row;
    const row = await findLiveApiKey(db, hash);
    // Bounded: wrong keys cannot fill the memory.
    if (remembered.size >= REMEMBER_MOST) remembered.clear();
    remembered.set(hash, { row, until: Date.now() + REMEMBER_MS });
    return row;
  };
  return async (request) => {
    const secret = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    // The secret is random with 256 bits: one SHA-256 cannot be guessed backwards.
    const row =
      secret === undefined
        ? undefined
        : await find(createHash('sha256').update(secret, 'utf8').digest('hex'));
    if (!row) {
      throw new EdiProblem(
        401,
        'unauthorised',
        'Who are you?',
        'Send "Authorization: Bearer <partner key>" with a key that is live.',
      );
    }
    if (!row.scopes.includes('edi:send')) {
      throw new EdiProblem(403, 'forbidden', 'Not allowed', 'This key has no scope "edi:send".');
    }
    return { keyId: row.id, partnerId: row.partner_id, isaIds: row.isa_ids };
  };
}
