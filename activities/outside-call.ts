import {
  keepOutsideCall,
  type OutsideCall,
  type OutsideReply,
} from '../application/record/keep-outside-call';
import { clearException } from '../application/record/raise-exception';
import type { Db, Tx } from '../db/connection';
import { asFailure } from './failure';
import { OUTSIDE_CALL_TROUBLE, troubleSubject } from './trouble';

interface Work<Reply> extends OutsideCall {
  /** The step's name in the workflow, by which its trouble is known. */
  readonly step: string;
  readonly ask: () => Promise<Reply>;
  readonly record: (tx: Tx, replied: OutsideReply<Reply>) => Promise<unknown>;
}

/** One call of an order's step. Temporal tries a fault again; the success after it ends the trouble that people saw. */
export function callOutside<Reply>(db: Db, { step, ask, record, ...call }: Work<Reply>): Promise<Reply> {
  return keepOutsideCall(db, {
    call,
    ask,
    record: async (tx, replied) => {
      await record(tx, replied);
      if (replied.attempt > 1) {
        const subject = troubleSubject(call.orderId, step);
        await clearException(tx, OUTSIDE_CALL_TROUBLE, subject, 'The call has succeeded', replied.now);
      }
    },
    failed: async ({ error }) => {
      throw asFailure(error);
    },
  });
}
