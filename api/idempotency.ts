import { createHash } from 'node:crypto';
import type { Db } from '../db/connection';
import {
  type Claim,
  type ClaimOutcome,
  claimIdempotencyKey,
  keepReply,
  releaseClaim,
  type StoredReply,
} from '../db/repositories/idempotency-keys';
import type { Reply } from './endpoint';
import { Problem } from './problems';

export type { StoredReply } from '../db/repositories/idempotency-keys';

export interface IdempotencyRule {
  readonly required: boolean;
  readonly transaction: boolean;
}

/** @throws Problem when the key is needed and missing, or is not one */
export function isAsked(rule: IdempotencyRule, key: string | undefined): key is string {
  if (key === undefined) {
    if (!rule.required) return false;
    throw new Problem(
      400,
      'idempotency-key-missing',
      'An Idempotency-Key is needed',
      'Send "Idempotency-Key: <a text of your own, new for every new request>", so that a repeated call does nothing twice.',
      { errors: [{ parameter: 'Idempotency-Key', code: 'missing', detail: 'is required' }] },
    );
  }
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return true;
  throw new Problem(
    400,
    'idempotency-key-invalid',
    'The Idempotency-Key is not valid',
    'It is 1 to 200 visible ASCII characters.',
    {
      errors: [
        { parameter: 'Idempotency-Key', code: 'invalid', detail: '1 to 200 visible ASCII characters' },
      ],
    },
  );
}

interface Asked {
  readonly principal: string;
  readonly key: string;
  readonly route: string;
  readonly body: unknown;
}

/**
 * Runs a request at most once per key: the same key and body get the first reply again. Refusals are not kept, so a
 * corrected or later try with the same key is a new try.
 */
export async function replyOnce(
  db: Db,
  asked: Asked,
  rule: IdempotencyRule,
  run: (db: Db) => Promise<Reply>,
): Promise<Reply | StoredReply> {
  const bodyHash = createHash('sha256')
    .update(JSON.stringify(asked.body ?? null))
    .digest('hex');
  const claim: Claim = { principal: asked.principal, key: asked.key, route: asked.route, bodyHash };
  if (rule.transaction) {
    return db.transaction(async (tx) => {
      const earlier = earlierReply(await claimIdempotencyKey(tx, claim));
      if (earlier) return earlier;
      const reply = await run(tx);
      await keepReply(tx, claim, storedOf(reply));
      return reply;
    });
  }
  const earlier = earlierReply(await claimIdempotencyKey(db, claim));
  if (earlier) return earlier;
  try {
    const reply = await run(db);
    await keepReply(db, claim, storedOf(reply));
    return reply;
  } catch (error) {
    await releaseClaim(db, claim);
    throw error;
  }
}

const storedOf = (reply: Reply): StoredReply => ({
  status: reply.status,
  body: reply.body,
  headers: reply.headers ?? {},
});

function earlierReply(outcome: ClaimOutcome): StoredReply | undefined {
  switch (outcome.kind) {
    case 'claimed':
      return undefined;
    case 'replay':
      return { ...outcome.reply, headers: { ...outcome.reply.headers, 'Idempotency-Replayed': 'true' } };
    case 'other-request':
      throw new Problem(
        422,
        'idempotency-key-reused',
        'The Idempotency-Key stands for another request',
        'This key was used with another body or address in the last 24 hours. Use a new key for a new request.',
        {
          errors: [{ parameter: 'Idempotency-Key', code: 'reused', detail: 'was used for another request' }],
        },
      );
    case 'in-progress':
      throw new Problem(
        409,
        'in-progress',
        'The first try is still running',
        'Ask again in a moment with the same key.',
        {
          headers: { 'Retry-After': '1' },
        },
      );
  }
}
