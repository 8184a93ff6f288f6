import {
  beginOutsideCall,
  keepFault,
  type OutsideCall,
  replyToKeep,
} from '../../application/keep-outside-call';
import type { Db, Tx } from '../../db/connection';

/** Short troubles of another system are nobody's business; from this attempt on somebody is told, and it is tried on. */
const TELL_FROM_ATTEMPT = 3;

interface Work<Reply> {
  readonly call: OutsideCall;
  readonly ask: () => Promise<Reply>;
  /** What the reply means, in the transaction that keeps it. */
  readonly record: (tx: Tx, reply: Reply, now: string) => Promise<void>;
  readonly tell: (reason: string, now: string) => Promise<void>;
}

/**
 * One call to the outside by a job: remembered before it is made, its reply stored together with what it means. What the
 * other system refuses for good is not asked again by itself; anything else is thrown, for the job's next try.
 */
export async function callOutside<Reply>(db: Db, { call, ask, record, tell }: Work<Reply>): Promise<void> {
  const start = await beginOutsideCall(db, call, new Date().toISOString());
  if (start.kind === 'answered') return;
  let reply: Reply;
  try {
    reply = await ask();
  } catch (error) {
    const now = new Date().toISOString();
    const reason = error instanceof Error ? error.message : String(error);
    await keepFault(db, call.key, reason, now);
    const lasting = (error as { readonly retryable?: unknown }).retryable === false;
    if (lasting || start.attempt >= TELL_FROM_ATTEMPT) await tell(reason, now);
    if (lasting) return;
    throw error;
  }
  const now = new Date().toISOString();
  await db.transaction(async (tx) => {
    await record(tx, reply, now);
    await replyToKeep(tx, call.key, reply, now).run(tx);
  });
}
