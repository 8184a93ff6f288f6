import { keepNoticeOutcome, keepNoticeTry, readNotice } from '../../application/notice/keep-notices';
import type { JobHandler } from './job';

/** One notice to one receiver. It may arrive twice where the hub ends between sending and keeping that; never not at all. */
export const sendNotice: JobHandler<'send-notice'> = async ({ noticeId }, { db, notices }) => {
  const notice = await readNotice(db, noticeId);
  if (notice === null) return;
  const now = () => new Date().toISOString();
  try {
    const outcome = await notices.send(notice);
    await db.transaction((tx) => keepNoticeOutcome(tx, noticeId, outcome, now()));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (await db.transaction((tx) => keepNoticeTry(tx, noticeId, text, now()))) throw error;
  }
};
