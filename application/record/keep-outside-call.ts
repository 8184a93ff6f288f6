import type { Db, Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';

/** One call to a system outside. The key is the same over retries, so the row is too. */
export interface OutsideCall {
  readonly key: string;
  /** `erp`, `carrier` or `warehouse/<node>`. */
  readonly counterparty: string;
  readonly operation: string;
  readonly orderId: string;
  readonly request: unknown;
}

type CallStart =
  | { readonly kind: 'call'; readonly attempt: number }
  /** It was answered before: this is the reply, and the record knows of it. */
  | { readonly kind: 'answered'; readonly reply: unknown };

export interface OutsideReply<Reply> {
  readonly reply: Reply;
  /** Keeps the reply. */
  readonly together: WriteTogether;
  readonly attempt: number;
  readonly now: string;
}

interface OutsideFault {
  readonly error: unknown;
  /** As the record has it. */
  readonly reason: string;
  readonly attempt: number;
  readonly now: string;
}

interface OutsideWork<Reply, Instead> {
  readonly call: OutsideCall;
  readonly ask: () => Promise<Reply>;
  /** Writes what the reply means and runs `together`: in one transaction, often one statement. */
  readonly record: (tx: Tx, replied: OutsideReply<Reply>) => Promise<unknown>;
  /** Throws, for another try; or says what there is instead of a reply. */
  readonly failed: (fault: OutsideFault) => Promise<Instead>;
}

/**
 * One call to the outside: remembered before it is made, and its reply stored together with what it means. Where the
 * reply is stored already nobody is called. Who is asked, and what a fault leads to, the caller knows.
 */
export async function keepOutsideCall<Reply, Instead = never>(
  db: Db,
  { call, ask, record, failed }: OutsideWork<Reply, Instead>,
): Promise<Reply | Instead> {
  const start = await beginOutsideCall(db, call, new Date().toISOString());
  if (start.kind === 'answered') return start.reply as Reply;
  const { attempt } = start;
  let reply: Reply;
  try {
    reply = await ask();
  } catch (error) {
    const now = new Date().toISOString();
    const reason = error instanceof Error ? error.message : String(error);
    await keepFault(db, call.key, reason, now);
    return failed({ error, reason, attempt, now });
  }
  const now = new Date().toISOString();
  await db.transaction((tx) =>
    record(tx, { reply, together: replyToKeep(tx, call.key, reply, now), attempt, now }),
  );
  return reply;
}

/** Written before the call, so that a call whose reply was lost is known to have been made. */
async function beginOutsideCall(db: Db, call: OutsideCall, now: string): Promise<CallStart> {
  const { rows } = await db.raw<{ rows: { status: string; reply: unknown; attempts: number }[] }>(
    `insert into external_call as c (idempotency_key, counterparty, operation, order_id, request, started_at) values (?, ?, ?, ?, ?, ?)
     on conflict (idempotency_key) do update set
       attempts = c.attempts + case c.status when 'succeeded' then 0 else 1 end,
       status = case c.status when 'succeeded' then 'succeeded' else 'started' end
     returning status, reply, attempts`,
    [call.key, call.counterparty, call.operation, call.orderId, JSON.stringify(call.request), now],
  );
  const row = rows[0];
  if (row?.status === 'succeeded') return { kind: 'answered', reply: row.reply };
  return { kind: 'call', attempt: row?.attempts ?? 1 };
}

/** In the transaction that writes what the reply means: a stored reply is one that the record has taken in. */
function replyToKeep(tx: Tx, key: string, reply: unknown, now: string): WriteTogether {
  return new WriteTogether().query(
    tx('external_call')
      .where({ idempotency_key: key })
      .update({ status: 'succeeded', reply: JSON.stringify(reply ?? null), error: null, finished_at: now }),
  );
}

async function keepFault(db: Db, key: string, error: string, now: string): Promise<void> {
  await db('external_call')
    .where({ idempotency_key: key })
    .whereNot({ status: 'succeeded' })
    .update({ status: 'failed', error, finished_at: now });
}

/**
 * SQL of the number under which a step is asked for now: an answer that was a refusal is final for its own number, and
 * asking again after somebody has dealt with it is the next one.
 * @param stepKey SQL of a text: `order/<id>/release/<shipment>`
 */
export const roundAfterRefusals = (stepKey: string): string =>
  `(select count(*) + 1 from external_call where idempotency_key >= ${stepKey} || '/' and idempotency_key < ${stepKey} || '0'
    and status = 'succeeded' and reply ->> 'kind' = 'refused')`;
