import type { Tx } from '../../db/connection';
import { requestDocument } from '../../db/repositories/document-requests';
import { WriteTogether } from '../../db/repositories/write-together';
import type { OrderCharge } from '../../domain/invoicing/bill-shipment';
import type { ChangeAnswer, LineStatus } from '../../domain/order/answers';
import { isFurtherComponent } from '../../domain/order/line-supply';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { isFinal } from '../../domain/order/states';
import {
  addAnswer,
  answerHeader,
  answerLineOf,
  lineStatuses,
  ofLineAlone,
  readAnsweredLines,
} from '../order/answer-order';
import { joinStatuses } from '../order/line-parts';
import { headNumber, lockOrder, type OrderRow } from '../order/order-record';
import { agreedOut } from '../partner/agreed-documents';
import type { HeadOutcome } from './change-head';
import type { LineOutcome } from './line-outcome';

/** What came of a change, or that it waits. */
export interface ChangeResult {
  readonly kind: 'held' | 'applied' | 'partly-applied' | 'refused' | 'withdrawn';
  readonly outcomes: readonly LineOutcome[];
  readonly head: readonly HeadOutcome[];
  readonly text: string;
}

/**
 * Leaves the 865. Of a change that did not come by EDI the partner hears only what is done: it asked for nothing that
 * could be refused, and its own purchase order reads otherwise from now on (seller initiated).
 */
export async function answerChange(
  tx: Tx,
  order: OrderRow,
  changeId: string,
  request: OrderChangeRequest,
  result: ChangeResult,
  now: string,
): Promise<void> {
  if (order.partner_id === null) return;
  const byPartner = request.channel === 'edi';
  const done = result.kind === 'applied' || result.kind === 'partly-applied';
  if (!byPartner && !done) return;
  if ((await agreedOut(tx, order.partner_id, order.usage, '865')) === 'unwanted')
    return answerAnew(tx, order.id, result.kind, now);
  const outcomes = byPartner
    ? result.outcomes
    : result.outcomes.filter((outcome) => outcome.accepted || outcome.partly);
  await requestDocument(tx, {
    subject: `change/${changeId}/865${result.kind === 'held' ? '/hold' : ''}`,
    partnerId: order.partner_id,
    set: '865',
    usage: order.usage,
    orderId: order.id,
    payload: await changeAnswer(tx, order, request, { ...result, outcomes }, byPartner, now),
  });
}

/**
 * A partner that takes no 865 by agreement is told by another 855, which says of every line how it stands now. Of a
 * change that waits it hears when it is decided, and of an order that was never answered by its first 855. The version
 * of the order stays: who has closed the change may go on with what it has in hand.
 */
async function answerAnew(tx: Tx, orderId: string, kind: ChangeResult['kind'], now: string): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (kind === 'held' || order.final_answer_at === null) return;
  const together = new WriteTogether();
  const inHand = { order, lines: await readAnsweredLines(tx, orderId) };
  const { answer_count } = await addAnswer(tx, together, inHand, 'update', now);
  await together.query(tx('orders').where({ id: orderId }).update({ answer_count })).run(tx);
}

async function changeAnswer(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  result: ChangeResult,
  byPartner: boolean,
  now: string,
): Promise<ChangeAnswer> {
  const { outcomes } = result;
  const held = result.kind === 'held';
  const isDone = result.kind === 'applied' || result.kind === 'partly-applied';
  const charges = isDone && !isFinal(order.state) ? (order.charges as readonly OrderCharge[]) : [];
  return {
    ...(await answerHeader(tx, order, now)),
    kind: 'change-answer',
    purpose: request.purpose === 'cancel' ? '01' : request.purpose === 'replace' ? '05' : '04',
    acknowledgment: acknowledgmentOf(result, byPartner),
    ...(request.changeNumber !== undefined && { changeNumber: request.changeNumber }),
    ...(request.changeDate !== undefined && { changeDate: request.changeDate }),
    ...headReason(result),
    ...ofLineAlone(charges, undefined),
    lines: outcomesByLine(outcomes).map((same) => {
      const [{ line, echo, changeCode }] = same;
      return {
        ...answerLineOf(line, ...same.slice(1).map((outcome) => outcome.line)),
        ...echo,
        changeCode,
        statuses: joinStatuses(same.flatMap((outcome) => statusesOf(outcome, order, held))),
        ...(line.id === '' ? {} : ofLineAlone(charges, headNumber(line))),
        ...reasonOf(same),
      };
    }),
  };
}

function acknowledgmentOf(
  { kind, outcomes, head }: ChangeResult,
  byPartner: boolean,
): ChangeAnswer['acknowledgment'] {
  if (kind === 'refused' || kind === 'withdrawn') return outcomes.length > 0 ? 'RD' : 'RJ';
  if (kind === 'held') return 'AH';
  // Without a line there is no detail to acknowledge.
  if (outcomes.length === 0) return 'AK';
  return byPartner && kind === 'applied' && outcomes.every(isAsAsked) && head.every(hasNoText) ? 'AD' : 'AC';
}

const hasNoText = ({ text }: { readonly text: string }) => text === '';

/** Why it was refused as a whole, or what of its head was not done. */
function headReason({ kind, outcomes, head, text }: ChangeResult): { readonly reason?: string } {
  const texts = head.map((one) => one.text).filter((one) => one !== '');
  if (texts.length > 0) return { reason: texts.join('; ') };
  return outcomes.length === 0 && kind !== 'applied' ? { reason: text } : {};
}

/** What was asked for and nothing else: the line stands as requested, or is gone where its deletion was requested. */
function isAsAsked({ changeCode, statuses, text }: LineOutcome): boolean {
  const wanted = changeCode === 'DI' ? 'ID' : 'IA';
  if (text !== '') return false;
  return statuses.every((status) => status.code === wanted);
}

/** What became of a line's parts is one answer to its buyer; what a line was asked for once more is another one. */
function outcomesByLine(
  outcomes: readonly LineOutcome[],
): readonly (readonly [LineOutcome, ...LineOutcome[]])[] {
  const groups: [LineOutcome, ...LineOutcome[]][] = [];
  const latest = new Map<string, LineOutcome[]>();
  // Of a bundle its first component speaks, in bundles.
  for (const outcome of outcomes.filter(({ line }) => !isFurtherComponent(line.supply))) {
    const key = `${outcome.changeCode}/${headNumber(outcome.line)}`;
    const parts = outcome.line.id === '' ? undefined : latest.get(key);
    if (parts !== undefined && !parts.some(({ line }) => line.id === outcome.line.id)) {
      parts.push(outcome);
      continue;
    }
    const group: [LineOutcome] = [outcome];
    groups.push(group);
    if (outcome.line.id !== '') latest.set(key, group);
  }
  return groups;
}

function statusesOf(outcome: LineOutcome, order: OrderRow, held: boolean): readonly LineStatus[] {
  if (held && outcome.accepted && outcome.changeCode !== 'DI')
    return [{ code: 'IH', quantity: outcome.statuses[0]?.quantity ?? '0' }];
  return outcome.statuses.length > 0 ? outcome.statuses : lineStatuses(outcome.line, order, false);
}

function reasonOf(outcomes: readonly LineOutcome[]): { readonly reason?: string } {
  const texts = new Set(outcomes.map((outcome) => outcome.text).filter((text) => text !== ''));
  return texts.size === 0 ? {} : { reason: [...texts].join('; ') };
}
