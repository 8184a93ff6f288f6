import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { NoticeOutcome, NoticeState, OutgoingNotice } from '../../domain/order/notices';
import { addSeconds } from '../../domain/shared/dates';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';

/** With the pauses that grow between them about two days. */
const MOST_TRIES = 20;

/** What is still to be sent; null: it was, or was given up. */
export async function readNotice(db: Db, noticeId: string): Promise<OutgoingNotice | null> {
  const row = await db('notice').where({ id: noticeId, state: 'waiting' }).first({
    id: 'id',
    type: 'type',
    at: 'at',
    orderId: 'order_id',
    via: 'via',
    address: 'address',
    secretName: 'secret_name',
    subject: 'subject',
    text: 'text',
    data: 'data',
  });
  return (row as OutgoingNotice | undefined) ?? null;
}

/** It has arrived, or never will: the order's timeline says so, and of what failed somebody hears. */
export async function keepNoticeOutcome(
  tx: Tx,
  noticeId: string,
  outcome: NoticeOutcome,
  now: string,
): Promise<void> {
  const state: NoticeState = outcome.kind === 'sent' ? 'sent' : 'failed';
  const error = outcome.kind === 'sent' ? null : outcome.reason;
  const [row] = (await tx('notice')
    .where({ id: noticeId, state: 'waiting' })
    .update({ state, error, settled_at: now, tries: tx.raw('tries + 1') })
    .returning(['order_id', 'via', 'address', 'subject'])) as NoticeRow[];
  if (!row) return;
  const whom = whomOf(row);
  const text =
    outcome.kind === 'sent'
      ? `${whom} was told: ${row.subject}`
      : `${whom} could not be told "${row.subject}": ${outcome.reason}`;
  const kind = outcome.kind === 'sent' ? 'notice-sent' : 'notice-failed';
  await recordEvents(tx, [{ orderId: row.order_id, at: now, kind, actor: 'hub', text, data: { noticeId } }]);
  if (outcome.kind === 'sent') return clearException(tx, 'notice-failed', noticeId, 'It was sent', now);
  await raiseException(tx, {
    kind: 'notice-failed',
    subjectKey: noticeId,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 14_400),
    orderId: row.order_id,
    data: { noticeId },
    text: `${text}. Tell the buyer yourself, or mend its cause (the page Notices says where) and have it sent again`,
  });
}

interface NoticeRow {
  readonly order_id: string;
  readonly via: 'mail' | 'webhook';
  readonly address: string;
  readonly subject: string;
}

const whomOf = ({ via, address }: Pick<NoticeRow, 'via' | 'address'>): string =>
  via === 'mail' ? address : `the webhook at ${new URL(address).host}`;

/** Another try is due, unless there were too many. @returns whether to try again */
export async function keepNoticeTry(tx: Tx, noticeId: string, error: string, now: string): Promise<boolean> {
  const [row] = (await tx('notice')
    .where({ id: noticeId, state: 'waiting' })
    .update({ error: error.slice(0, 300), tries: tx.raw('tries + 1') })
    .returning('tries')) as { tries: number }[];
  if (!row) return false;
  if (row.tries < MOST_TRIES) return true;
  await keepNoticeOutcome(
    tx,
    noticeId,
    { kind: 'refused', reason: `nobody has answered: ${error}`.slice(0, 300) },
    now,
  );
  return false;
}

/** A person has one that failed sent once more, which the order's timeline says. False: there is none that failed. */
export async function resendNotice(tx: Tx, noticeId: string, by: string, now: string): Promise<boolean> {
  const [row] = (await tx('notice')
    .where({ id: noticeId, state: 'failed' })
    .update({ state: 'waiting', tries: 0, error: null, settled_at: null })
    .returning(['order_id', 'via', 'address', 'subject'])) as NoticeRow[];
  if (!row) return false;
  const text = `${by} has it sent once more to ${whomOf(row)}: ${row.subject}`;
  const kind = 'notice-resent';
  await recordEvents(tx, [{ orderId: row.order_id, at: now, kind, actor: by, text, data: { noticeId } }]);
  await addJob(tx, 'send-notice', { noticeId }, { key: noticeId });
  return true;
}
