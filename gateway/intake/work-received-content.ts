import type { ContentOutcome } from '../../application/partner/received-content';
import { raiseException } from '../../application/record/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { storableText } from '../../db/json';
import {
  lockReceivedContent,
  oldestContent,
  type ReceivedContentRow,
  updateContent,
} from '../../db/repositories/received-content';
import type { Usage } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { actions } from './content-actions';

/** After so many faults of ours a document is set aside, so that those behind it are not held up for ever. */
const ATTEMPTS = 5;

/**
 * Works what a partner sent besides orders, strictly in the order it came, until nothing is left: each document and
 * everything it changes in one transaction. Running it twice, or from several workers, does no harm.
 * @returns busy: another worker is at it. It takes these along, unless it was just finishing: whoever is told so must
 *   look again a little later
 * @throws the fault of a document that could not be worked, to be tried again later; those behind it wait
 */
export async function workReceivedContent(
  db: Db,
  partnerId: string,
  clock: () => string,
): Promise<'done' | 'busy'> {
  // Test and production documents have nothing to do with each other.
  const production = await drain(db, partnerId, 'P', clock);
  const test = await drain(db, partnerId, 'T', clock);
  return production === 'busy' || test === 'busy' ? 'busy' : 'done';
}

async function drain(db: Db, partnerId: string, usage: Usage, clock: () => string): Promise<'done' | 'busy'> {
  for (;;) {
    const round: { current?: ReceivedContentRow } = {};
    try {
      const worked = await db.transaction(async (tx) => {
        if (!(await lockReceivedContent(tx, partnerId, usage))) return 'busy';
        const row = await oldestContent(tx, partnerId, usage);
        if (!row) return 'done';
        round.current = row;
        await workOne(tx, row, clock());
        return 'more';
      });
      if (worked !== 'more') return worked;
    } catch (error) {
      if (!round.current || !(await setAsideAfter(db, round.current, error, clock()))) throw error;
    }
  }
}

async function workOne(tx: Tx, row: ReceivedContentRow, now: string): Promise<void> {
  const action = actions[row.kind as keyof typeof actions];
  if (!action) {
    const text = `there is no rule for an inbound ${row.set_id} yet: it is kept and somebody must look at it`;
    await keepNote(tx, row, 'kept', text, now);
    await raiseException(tx, {
      kind: 'document-without-rule',
      subjectKey: row.document_id,
      text: `${row.set_id} of ${row.partner_id} was accepted, but ${text}`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      documentId: row.document_id,
    });
    return;
  }
  const outcome = await action(
    tx,
    {
      documentId: row.document_id,
      partnerId: row.partner_id,
      usage: row.usage,
      set: row.set_id,
      receivedAt: row.received_at,
      body: row.content,
    },
    now,
  );
  await keepOutcome(tx, row, outcome, now);
}

async function keepOutcome(
  tx: Tx,
  row: ReceivedContentRow,
  outcome: ContentOutcome,
  now: string,
): Promise<void> {
  const note = outcome.kind === 'set-aside' ? outcome.exception.text : outcome.note;
  await keepNote(tx, row, outcome.kind, note, now);
  if (outcome.kind === 'set-aside') {
    await raiseException(tx, {
      ...outcome.exception,
      subjectKey: row.document_id,
      documentId: row.document_id,
    });
  }
  if (outcome.kind === 'done' && outcome.orderId !== undefined) {
    await tx('document').where({ id: row.document_id }).update({ order_id: outcome.orderId });
  }
}

/** The document's page says it too. */
async function keepNote(
  tx: Tx,
  row: ReceivedContentRow,
  state: ContentOutcome['kind'],
  note: string,
  now: string,
): Promise<void> {
  await updateContent(tx, row.id, { state, note, worked_at: now });
  await tx('document')
    .where({ id: row.document_id })
    .update({ note: storableText(note) });
}

/** @returns whether it was set aside, so that the next one may be worked */
async function setAsideAfter(db: Db, row: ReceivedContentRow, error: unknown, now: string): Promise<boolean> {
  const attempts = row.attempts + 1;
  const problem = error instanceof Error ? error.message : String(error);
  const failed = attempts >= ATTEMPTS;
  await db.transaction(async (tx) => {
    await updateContent(tx, row.id, {
      attempts,
      note: problem,
      ...(failed ? { state: 'set-aside', worked_at: now } : {}),
    });
    if (!failed) return;
    await raiseException(tx, {
      kind: 'document-failed',
      subjectKey: row.document_id,
      text: `${row.set_id} of ${row.partner_id} could not be worked (${problem}). Its content is kept: replay the document when the cause is gone.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 3600),
      priority: 1,
      documentId: row.document_id,
    });
  });
  return failed;
}
