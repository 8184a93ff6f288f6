import { clearException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { agreementById } from '../../db/repositories/agreements';
import { readArrivalBytes } from '../../db/repositories/arrivals';
import { interchangeById } from '../../db/repositories/interchanges';
import { type ReceivedContentRow, updateContent } from '../../db/repositories/received-content';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { parseAgreement } from '../agreement';
import { guidesInForce } from '../guides';
import { agreementView } from './agreement-view';
import type { Replayed } from './replay';
import { type ReadSet, readSet } from './set-readers';
import { interchangeIn } from './split-arrival';

/**
 * Works a document again that was kept or set aside, in its old place. It is read from its archived bytes once more: a
 * mapping or a rule may have come since.
 * @returns null where the document is none of received content
 */
export async function replayContent(tx: Tx, documentId: string, now: string): Promise<Replayed | null> {
  const row = (await tx('received_content').where({ document_id: documentId }).forUpdate().first('*')) as
    | ReceivedContentRow
    | undefined;
  if (!row) return null;
  if (row.state !== 'kept' && row.state !== 'set-aside') return { kind: 'not-replayable', status: row.state };
  const read = await readAgain(tx, documentId, now);
  await updateContent(tx, row.id, {
    state: 'waiting',
    note: null,
    attempts: 0,
    worked_at: null,
    ...(read?.kind === 'content' ? { kind: read.content.kind, content: read.content.body } : {}),
  });
  const open = await tx('exception')
    .where({ document_id: documentId, subject_key: documentId, status: 'open' })
    .pluck('kind');
  for (const kind of open) await clearException(tx, kind, documentId, 'it was replayed', now);
  await addJob(tx, 'work-received-content', { partnerId: row.partner_id }, { key: `replay/${documentId}` });
  return { kind: 'queued', interchangeId: documentId };
}

/** null where the set would no longer be accepted, or its bytes are gone: then what was read before stands. */
async function readAgain(tx: Tx, documentId: string, now: string): Promise<ReadSet | null> {
  const document = await tx('document')
    .where({ id: documentId })
    .first('interchange_id', 'ordinal', 'agreement_id');
  const row = await interchangeById(tx, document.interchange_id);
  const agreementRow = document.agreement_id ? await agreementById(tx, document.agreement_id) : undefined;
  if (!row || !agreementRow) return null;
  const agreement = parseAgreement(agreementRow);
  const bytes = await readArrivalBytes(tx, row.arrival_id, row.byte_offset, row.byte_length);
  const { interchange } = interchangeIn(bytes, row);
  if (!interchange) return null;
  const guides = await guidesInForce(tx, agreement, now);
  const { groups } = judgeInterchange(interchange, agreementView(agreement, guides), nothingSeen);
  const transaction = groups.flatMap((group) => group.transactions)[document.ordinal]?.document;
  return transaction
    ? readSet({ documentId, transaction, holds: [], answerWithinSeconds: null }, agreement)
    : null;
}
