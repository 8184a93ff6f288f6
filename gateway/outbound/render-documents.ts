import { raiseException } from '../../application/record/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { agreementById } from '../../db/repositories/agreements';
import { lockOutbound, takeControlNumbers } from '../../db/repositories/control-numbers';
import {
  anythingWaits,
  holdRequest,
  takeWaitingRequests,
  type WaitingRequest,
} from '../../db/repositories/document-requests';
import { addSeconds } from '../../domain/shared/dates';
import { X12WriteError } from '../../edi/x12/writer';
import { type InterchangeAgreement, notExchanged, parseAgreement } from '../agreement';
import { guidesInForce } from '../guides';
import { envelopeTime } from '../local-time';
import {
  type AssembledInterchange,
  assembleInterchange,
  type DraftedDocument,
  groupsOf,
  unwritable,
} from './assemble-interchange';
import { type Batch, batchesOf, withinWindow } from './batches';
import { type Drafted, draftRequest } from './draft-request';
import { storeInterchange } from './store-interchange';

export interface RenderTimings {
  /** When a missing acknowledgement is overdue, where the document's agreement does not say. */
  readonly ackOverdueAfterMs: number;
}

const USUAL_TIMINGS: RenderTimings = { ackOverdueAfterMs: 86_400_000 };

/**
 * Renders what waits under an agreement, oldest first, one transaction at a time, until nothing is left. Safe to run
 * from several workers: one renders an agreement at a time, so numbers ascend in the order of bytes.
 * @returns how many were rendered; busy: another one is at it, and whoever is told so must look again a little later
 */
export async function renderDocuments(
  db: Db,
  agreementId: string,
  clock: () => string,
  timings: RenderTimings = USUAL_TIMINGS,
): Promise<{ readonly rendered: number; readonly busy: boolean }> {
  let rendered = 0;
  while (await anythingWaits(db, agreementId)) {
    const step = await db.transaction((tx) => renderNext(tx, agreementId, clock(), timings));
    if (step === 'busy') return { rendered, busy: true };
    rendered += step.rendered;
    if (!step.more) break;
  }
  return { rendered, busy: false };
}

async function renderNext(
  tx: Tx,
  agreementId: string,
  now: string,
  timings: RenderTimings,
): Promise<'busy' | { readonly rendered: number; readonly more: boolean }> {
  const [isLocked, row] = await Promise.all([lockOutbound(tx, agreementId), agreementById(tx, agreementId)]);
  if (!isLocked) return 'busy';
  if (!row) throw new Error(`interchange agreement ${agreementId} is not there or not active`);
  const agreed = parseAgreement(row);
  // What is asked for meanwhile waits; the partner's release wakes it.
  if (notExchanged(agreed) !== null) return { rendered: 0, more: false };
  const guides = await guidesInForce(tx, agreed, now);
  const agreement = guides.shapes(agreed);
  const most = agreement.policy.maxDocumentsPerInterchange;
  const waiting = await takeWaitingRequests(tx, agreementId, most);
  const due = await withinWindow(tx, agreement, waiting, now);
  if (due.length === 0) return { rendered: 0, more: false };
  const items: { request: WaitingRequest; drafted: Drafted }[] = [];
  for (const request of due) {
    const outcome = draftRequest(request, agreement, guides, timings.ackOverdueAfterMs);
    const problem =
      outcome.kind === 'refused'
        ? outcome.text
        : outcome.kind === 'set'
          ? unwritable(agreement, outcome.document)
          : null;
    if (problem !== null) await hold(tx, agreement, request, problem, now);
    else if (outcome.kind !== 'refused') items.push({ request, drafted: outcome });
  }
  let rendered = 0;
  for (const batch of batchesOf(agreement, items)) rendered += await renderBatch(tx, agreement, batch, now);
  // What was asked for meanwhile has a job of its own.
  return { rendered, more: waiting.length === most };
}

async function renderBatch(
  tx: Tx,
  agreement: InterchangeAgreement,
  batch: Batch,
  now: string,
): Promise<number> {
  const written = envelopeTime(now, agreement.timeZone);
  let items = batch.items;
  const spent = new Map<string, number>();
  const interchangeNumber = await drawNumbers(tx, agreement.id, documentsOf(items), spent);
  while (items.length > 0) {
    const documents = documentsOf(items);
    const ta1 = items.flatMap(({ drafted }) => (drafted.kind === 'ta1' ? [drafted.segment] : []))[0];
    const groups = await groupNumbers(tx, agreement.id, documents, spent);
    const outcome = await assemble(
      agreement,
      { documents, ...(ta1 ? { ta1 } : {}) },
      batch.isaVersion,
      { interchange: interchangeNumber, groups },
      written,
    );
    if ('problem' in outcome) {
      for (const { request } of items) await hold(tx, agreement, request, outcome.problem, now);
      return 0;
    }
    if (outcome.mismatches.length === 0) {
      await storeInterchange(tx, agreement, items, outcome, interchangeNumber, now);
      return items.length;
    }
    items = await holdMismatched(tx, agreement, items, outcome, now);
  }
  return 0;
}

const documentsOf = (items: Batch['items']) =>
  items.flatMap(({ drafted }) => (drafted.kind === 'set' ? [drafted.document] : []));

const groupKey = ({ functionalId, ownGsId, partnerGsId, version }: DraftedDocument) =>
  [functionalId, ownGsId, partnerGsId, version].join('\u0001');

const seriesOf = ({ functionalId }: DraftedDocument) => `group/${functionalId}`;

const firstOfEachGroup = (documents: readonly DraftedDocument[]) =>
  (groupsOf(documents) as readonly (readonly [DraftedDocument])[]).map(([first]) => first);

/** The interchange's number, and one for each of its groups, which are kept in `spent`: one statement. */
async function drawNumbers(
  tx: Tx,
  agreementId: string,
  documents: readonly DraftedDocument[],
  spent: Map<string, number>,
): Promise<number> {
  const firsts = firstOfEachGroup(documents);
  const wanted = new Map([['interchange', 1]]);
  for (const first of firsts) wanted.set(seriesOf(first), (wanted.get(seriesOf(first)) ?? 0) + 1);
  const drawn = await takeControlNumbers(tx, agreementId, wanted);
  for (const [series, numbers] of drawn) {
    const own = firsts.filter((first) => seriesOf(first) === series);
    for (const [at, first] of own.entries()) spent.set(groupKey(first), numbers[at] ?? 0);
  }
  return drawn.get('interchange')?.[0] ?? 0;
}

/**
 * Numbers are drawn once for each group key, also when a mismatch makes the interchange be written again without a
 * document. Each GS01 counts for itself, but GS06 is unique in its interchange (X12.6): what another group of it has
 * already is passed over.
 */
async function groupNumbers(
  tx: Tx,
  agreementId: string,
  documents: readonly DraftedDocument[],
  spent: Map<string, number>,
): Promise<readonly number[]> {
  const next = async (first: DraftedDocument) => {
    const series = seriesOf(first);
    return (await takeControlNumbers(tx, agreementId, new Map([[series, 1]]))).get(series)?.[0] ?? 0;
  };
  const numbers: number[] = [];
  for (const first of firstOfEachGroup(documents)) {
    let number = spent.get(groupKey(first)) ?? (await next(first));
    while (numbers.includes(number)) number = await next(first);
    spent.set(groupKey(first), number);
    numbers.push(number);
  }
  return numbers;
}

async function assemble(
  ...args: Parameters<typeof assembleInterchange>
): Promise<AssembledInterchange | { readonly problem: string }> {
  try {
    return await assembleInterchange(...args);
  } catch (error) {
    if (error instanceof X12WriteError) return { problem: error.message };
    throw error;
  }
}

async function holdMismatched(
  tx: Tx,
  agreement: InterchangeAgreement,
  items: Batch['items'],
  outcome: AssembledInterchange,
  now: string,
): Promise<Batch['items']> {
  const envelope = outcome.mismatches.find((mismatch) => mismatch.requestId === null);
  const texts = new Map(outcome.mismatches.map((mismatch) => [mismatch.requestId, mismatch.text]));
  const kept: { request: WaitingRequest; drafted: Drafted }[] = [];
  for (const item of items) {
    const text = envelope?.text ?? texts.get(item.request.id);
    if (text === undefined) kept.push(item);
    else await hold(tx, agreement, item.request, text, now);
  }
  return kept;
}

async function hold(
  tx: Tx,
  agreement: InterchangeAgreement,
  request: WaitingRequest,
  problem: string,
  now: string,
): Promise<void> {
  await holdRequest(tx, request.id, problem);
  await raiseException(tx, {
    kind: 'document-held',
    subjectKey: request.subject,
    text: `${request.set_id}${numberOf(request.payload)} to ${agreement.partnerId} was not sent: ${problem}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 3600),
    ...(request.order_id !== null && { orderId: request.order_id }),
    data: {
      requestId: request.id,
      agreementId: agreement.id,
      set: request.set_id,
      orderId: request.order_id,
      problem,
    },
  });
}

/** By what a person knows the document: its own number, else that of the order. */
function numberOf(payload: unknown): string {
  const said = payload as { readonly [number: string]: unknown } | null;
  const number = ['invoiceNumber', 'shipmentNumber', 'purchaseOrderNumber'].map((name) => said?.[name]);
  return number.filter((one) => typeof one === 'string').map((one) => ` ${one}`)[0] ?? '';
}
