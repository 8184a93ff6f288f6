import { beginOutsideCall, keepFault, type OutsideCall, replyToKeep } from '../application/keep-outside-call';
import { clearException } from '../application/raise-exception';
import type { Db, Tx } from '../db/connection';
import { asFailure } from './failure';
import { OUTSIDE_CALL_TROUBLE, troubleSubject } from './trouble';

interface Work<Reply> extends OutsideCall {
  /** The step's name in the workflow, by which its trouble is known. */
  readonly step: string;
  readonly call: () => Promise<Reply>;
  /** Writes what the reply means and runs `together`, which keeps the reply: in one transaction, often one statement. */
  readonly record: (
    tx: Tx,
    reply: Reply,
    now: string,
    together: ReturnType<typeof replyToKeep>,
  ) => Promise<unknown>;
}

/**
 * One call to the outside: remembered before it is made, and its reply stored together with what it means. Where the
 * reply is stored already nobody is called.
 */
export async function callOutside<Reply>(db: Db, work: Work<Reply>): Promise<Reply> {
  const start = await beginOutsideCall(db, work, new Date().toISOString());
  if (start.kind === 'answered') return start.reply as Reply;
  let reply: Reply;
  try {
    reply = await work.call();
  } catch (error) {
    await keepFault(db, work.key, String(error), new Date().toISOString());
    throw asFailure(error);
  }
  const now = new Date().toISOString();
  await db.transaction(async (tx) => {
    await work.record(tx, reply, now, replyToKeep(tx, work.key, reply, now));
    if (start.attempt > 1) {
      await clearException(
        tx,
        OUTSIDE_CALL_TROUBLE,
        troubleSubject(work.orderId, work.step),
        'The call has succeeded',
        now,
      );
    }
  });
  return reply;
}
