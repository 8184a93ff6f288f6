import type { Db } from '../db/connection';
import { addJob } from '../db/jobs';
import {
  forgottenContent,
  forgottenInbox,
  forgottenInterchanges,
  forgottenNotices,
  forgottenRequests,
  forgottenSends,
} from '../db/repositories/forgotten-rows';

/**
 * Rows decide and jobs only wake, so a row whose job was lost (given up, deleted by hand, restored from a backup)
 * would wait for ever: whatever has waited long and has no job gets one. For a schedule.
 * @param before rows older than this count as forgotten
 */
export async function wakeForgotten(db: Db, before: string): Promise<number> {
  const interchanges = await forgottenInterchanges(db, before);
  for (const { id } of interchanges)
    await addJob(db, 'judge-interchange', { interchangeId: id }, { key: id });
  const inbox = await forgottenInbox(db, before);
  for (const { partnerId, purchaseOrderNumber } of inbox) {
    const key = `${partnerId}/${purchaseOrderNumber}`;
    await addJob(db, 'work-order-requests', { partnerId, purchaseOrderNumber }, { key });
  }
  const senders = await forgottenContent(db, before);
  for (const { partnerId } of senders) {
    await addJob(db, 'work-received-content', { partnerId }, { key: `again/${partnerId}` });
  }
  const agreements = await forgottenRequests(db, before);
  for (const { agreementId } of agreements) {
    await addJob(db, 'render-documents', { agreementId }, { key: `again/${agreementId}` });
  }
  const channels = await forgottenSends(db, before);
  for (const { channelId } of channels) {
    await addJob(db, 'send-interchanges', { channelId }, { key: `again/${channelId}` });
  }
  const notices = await forgottenNotices(db, before);
  for (const { noticeId } of notices) await addJob(db, 'send-notice', { noticeId }, { key: noticeId });
  const woken = [interchanges, inbox, senders, agreements, channels, notices];
  return woken.reduce((sum, { length }) => sum + length, 0);
}
