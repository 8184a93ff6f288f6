import { raiseException } from '../../../application/record/raise-exception';
import type { Db } from '../../../db/connection';
import { overdueReceipts } from '../../../db/repositories/as2-messages';
import { addSeconds } from '../../../domain/shared/dates';

const BATCH = 200;

/** Messages whose asynchronous MDN did not come in time become exceptions that someone owns. For a schedule. */
export async function raiseOverdueReceipts(db: Db, now: string): Promise<number> {
  const overdue = await overdueReceipts(db, now, BATCH);
  for (const message of overdue) {
    await raiseException(db, {
      kind: 'as2-receipt-overdue',
      subjectKey: message.id,
      text: `No receipt came for the AS2 message ${message.message_id} on channel ${message.channel_id}, due ${message.receipt_due_at}: ask whether it arrived, or retransmit (it goes under the same Message-ID).`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      data: { as2MessageId: message.id, interchangeId: message.interchange_id },
    });
    // Said once: it is not looked at again until it is sent again.
    await db('as2_message').where({ id: message.id }).update({ receipt_due_at: null });
  }
  return overdue.length;
}
