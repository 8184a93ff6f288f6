import { keepOutsideCall, type OutsideCall } from '../../application/record/keep-outside-call';
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
 * One call of a job. What the other system refuses for good is not asked again by itself; anything else is thrown, for
 * the job's next try.
 */
export async function callOutside<Reply>(db: Db, { call, ask, record, tell }: Work<Reply>): Promise<void> {
  await keepOutsideCall<Reply, void>(db, {
    call,
    ask,
    record: async (tx, { reply, together, now }) => {
      await record(tx, reply, now);
      await together.run(tx);
    },
    failed: async ({ error, reason, attempt, now }) => {
      const lasting = (error as { readonly retryable?: unknown }).retryable === false;
      if (lasting || attempt >= TELL_FROM_ATTEMPT) await tell(reason, now);
      if (!lasting) throw error;
    },
  });
}
