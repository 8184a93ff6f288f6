import type { Tx } from '../../db/connection';
import type { LineStatus } from '../../domain/order/answers';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { followSpending } from '../approval/buyer-spending';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { assessCreditOf } from '../credit/assess-credit-of-order';
import { withCreditPending } from '../credit/credit-pending';
import { lowerCreditApprovals } from '../credit/lower-approvals';
import { clearIfNothingWaits } from '../fulfilment/shipments-used-up';
import { approvalHolds, contentHolds, lineDateTexts, otherPartyTexts } from '../hold/decide-holds';
import { isHeld, openHolds, ownOpenHolds, supersedeHolds } from '../hold/open-holds';
import { changedContentTexts } from '../order/agree-content';
import { parseStoredRequest } from '../order/answer-order';
import { giveUpLines, readChargeTerms, retotal } from '../order/give-up-lines';
import { withParts } from '../order/line-parts';
import { headNumber, type OrderLineRow, type OrderRow, readLines, saveOrder } from '../order/order-record';
import { settleState } from '../order/settle-state';
import { readHoldTypes } from '../rules/rules';
import { lockStock } from '../stock/take-stock';
import { addLine, readAddedFacts } from './add-line';
import { type AgreedHold, closeAgreed } from './agree-holds';
import { changeHead, type HeadOutcome } from './change-head';
import { applyLineChange } from './change-lines';
import { type ChangeRules, levelOf, lineStatus, orderStatus, refusalText } from './judge-modification';
import type { LineChangeContext } from './line-change-context';
import { type LineOutcome, refused } from './line-outcome';
import { deletionOf, matchLine, touchedLines } from './match-lines';
import { type RulesBefore, reholdChanged, rulesBefore } from './rehold-changed';
import { lockRepricing, type RepricingTerms, repriceOrder } from './reprice-order';
import { spendByChange } from './spend-by-change';
import { validateChangedOrder } from './validate-change';

/** What a change or cancel has made of its order. */
export interface CarriedOut {
  readonly order: OrderRow;
  readonly outcomes: readonly LineOutcome[];
  readonly head: readonly HeadOutcome[];
  readonly text: string;
}

/** What a change is weighed by: the table of what may be changed, and what people have agreed to already. */
export interface Grounds {
  readonly rules: ChangeRules;
  readonly agreed: readonly AgreedHold[];
}

/**
 * Does a change or cancel to the record: lines, stock, totals, approval, credit, state. The caller holds the locks of
 * the order and the account, has taken the shipments back, and decides whether it stays so.
 */
export async function carryOutChange(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  grounds: Grounds,
  now: string,
): Promise<CarriedOut> {
  const terms = { ...grounds, repricing: await lockRepricing(tx, order), asked: null };
  // A cancellation is nobody's question.
  return request.purpose === 'cancel'
    ? cancelLines(tx, order, request, terms, now)
    : changeOrder(tx, order, request, { ...terms, asked: await rulesBefore(tx, order) }, now);
}

interface ChangeTerms extends Grounds {
  readonly repricing: RepricingTerms;
  /** What the rules of holds asked of it before; null: they are not asked. */
  readonly asked: RulesBefore | null;
}

async function cancelLines(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  terms: ChangeTerms,
  now: string,
): Promise<CarriedOut> {
  const all = await readLines(tx, order.id);
  const wanted = touchedLines(all, request).filter((line) => line.rejection_code === null);
  const forbidden = new Map(
    wanted.map((line) => [line.id, whyNoCancel(order, all, line, request, terms.rules)]),
  );
  const allowed = wanted.filter((line) => forbidden.get(line.id) === null);
  const given = await giveUpLines(tx, order, allowed, null, now);
  const stillThere = await readLines(tx, order.id);
  const outcomes: LineOutcome[] = wanted.map((line) => {
    const why = forbidden.get(line.id) ?? null;
    if (why !== null) return refused({ order, existing: line, change: deletionOf(line) }, line, why);
    const kept = given.find((g) => g.lineNumber === line.line_number)?.kept ?? 0;
    return cancelledOutcome(line, stillThere.find((row) => row.id === line.id) as OrderLineRow, kept);
  });
  await supersedeLineHolds(tx, order, goneOf(outcomes), now);
  return settleChange(tx, order, order, { request, outcomes, head: [] }, terms, now);
}

/** By the table: of the whole order at the order's level, of single lines at theirs. What is closed says so itself. */
function whyNoCancel(
  order: OrderRow,
  all: readonly OrderLineRow[],
  line: OrderLineRow,
  request: OrderChangeRequest,
  rules: ChangeRules,
): string | null {
  const whole = request.lines.length === 0;
  const level = whole ? 'header' : levelOf(line, withParts(all, [line]).length);
  const status = whole ? orderStatus(order, all) : lineStatus(order, line);
  // The parts of a line are cancelled together, which is the deletion of the line.
  const judged = rules.judge(level === 'schedule' ? 'delete-line' : 'cancel', level, status);
  if (status === 'closed' || (judged.verdict !== 'disallow' && judged.verdict !== 'ignore')) return null;
  return refusalText('cancel', status, whole ? 'the order' : `line ${line.line_number}`, judged);
}

function cancelledOutcome(line: OrderLineRow, after: OrderLineRow, kept: number): LineOutcome {
  const inUnit = (base: number) => fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
  const statuses: LineStatus[] = [];
  if (line.ordered - kept > 0) statuses.push({ code: 'ID', quantity: inUnit(line.ordered - kept) });
  if (kept > 0) statuses.push({ code: 'IA', quantity: inUnit(kept) });
  return {
    line: after,
    changeCode: 'DI',
    accepted: kept === 0,
    partly: kept > 0 && kept < line.ordered,
    text: kept > 0 ? `${inUnit(kept)} of line ${line.line_number} can no longer be cancelled` : '',
    statuses,
  };
}

/** Head numbers of the lines of which nothing is left. */
function goneOf(outcomes: readonly LineOutcome[]): readonly number[] {
  const lines = Map.groupBy(outcomes, ({ line }) => headNumber(line));
  return [...lines].filter(([, parts]) => parts.every(({ accepted }) => accepted)).map(([number]) => number);
}

async function supersedeLineHolds(
  tx: Tx,
  order: OrderRow,
  gone: readonly number[],
  now: string,
): Promise<void> {
  const left = (await readLines(tx, order.id)).filter(
    (line) => line.rejection_code === null && line.ordered > line.cancelled,
  );
  const holds = ownOpenHolds(tx, order.id);
  // With nothing left of the order there is nothing to hold; otherwise only the cancelled lines' own holds go.
  if (left.length > 0) holds.whereIn('line_number', gone);
  await holds.update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: 'cancelled',
  });
}

async function changeOrder(
  tx: Tx,
  before: OrderRow,
  request: OrderChangeRequest,
  terms: ChangeTerms,
  now: string,
): Promise<CarriedOut> {
  const { rules } = terms;
  const { customer, policy } = terms.repricing;
  const original = parseStoredRequest(before.request);
  const lines = await readLines(tx, before.id);
  const facts = { order: before, original, customer, policy, lines, rules, now };
  const head = await changeHead(tx, request, facts);
  const { order } = head;
  const outcomes = await changeLines(tx, request, { order, customer, policy, rules, now });
  const texts = [
    ...head.texts,
    ...otherPartyTexts(request, original),
    ...lineDateTexts(
      request.lines.map(({ line }) => line),
      original.dates,
    ),
    ...changedContentTexts(request, original, order, await readChargeTerms(tx, order)),
  ];
  // A change that is refused as a whole leaves the order as it was: nothing of it holds.
  if (outcomes.some(isDone) || head.outcomes.some((one) => one.accepted)) {
    const content = contentHolds({ unhandled: request.unhandled }, order.currency, texts);
    await openHolds(tx, order.id, [...content, ...head.holds], await readHoldTypes(tx), now);
  }
  if (outcomes.length + head.outcomes.length === 0) {
    const unruled = [...request.unhandled.map((content) => content.text), ...texts].join('; ');
    const why = unruled === '' ? 'It asks for nothing that the order is not already' : `${unruled}: no rule`;
    return { order, outcomes, head: [], text: `${why}, the order stays as it is` };
  }
  return settleChange(tx, before, order, { request, outcomes, head: head.outcomes }, terms, now);
}

const isDone = (outcome: LineOutcome) => outcome.accepted || outcome.partly;

async function changeLines(
  tx: Tx,
  request: OrderChangeRequest,
  common: Pick<LineChangeContext, 'order' | 'customer' | 'policy' | 'rules' | 'now'>,
): Promise<readonly LineOutcome[]> {
  if (request.lines.length === 0) return [];
  const { order, now } = common;
  const items = (await readLines(tx, order.id)).map((line) => line.item_id);
  const added = await readAddedFacts(tx, common, request.lines);
  // All that may be supplied for what is added as well, in one go.
  await lockStock(tx, [...items, ...(added?.items.keys() ?? [])], order.usage);
  const outcomes: LineOutcome[] = [];
  for (const change of request.lines) {
    const lines = await readLines(tx, order.id);
    const named = matchLine(lines, change);
    const parts = named ? withParts(lines, [named]) : [];
    if (added !== null && change.kinds.includes('add')) {
      const context = { ...common, parts, change, lines, existing: named };
      outcomes.push(...(await addLine(tx, context, added)));
      continue;
    }
    for (const existing of named ? parts : [undefined])
      outcomes.push(await applyLineChange(tx, { ...common, parts, change, lines, existing }));
  }
  // Less of one order may be what another one waits for.
  await wakeWaitingOrders(tx, items, order, now);
  return outcomes;
}

/** The order as it stands after the change: totals, approval, credit, state. */
async function settleChange(
  tx: Tx,
  before: OrderRow,
  order: OrderRow,
  { request, ...done }: Pick<CarriedOut, 'outcomes' | 'head'> & { readonly request: OrderChangeRequest },
  { agreed, repricing, asked }: ChangeTerms,
  now: string,
): Promise<CarriedOut> {
  const repriced = await repriceOrder(tx, order, repricing, now);
  const adjustments = JSON.stringify(repriced.adjustments);
  const totals = await retotal(tx, repriced);
  const retotalled = await saveOrder(tx, order, { ...totals, adjustments }, now);
  const priced = await closeAgreed(tx, retotalled, agreed, repricing, now);
  const { policy } = repricing;
  if (priced.total_minor > before.total_minor) {
    // What was approved was a smaller order: the approval is void, also that of the first of two persons.
    await openHolds(tx, order.id, approvalHolds(priced.total_minor, policy), await readHoldTypes(tx), now);
    await ownOpenHolds(tx, order.id).update({ approvals: '[]' });
  } else if (approvalHolds(priced.total_minor, policy).length === 0) {
    await supersedeHolds(tx, order.id, ['approval'], 'the order is below the approval limit now', now);
  }
  await validateChangedOrder(tx, before, priced, repricing.customer, now);
  if (asked) await reholdChanged(tx, priced, asked, now);
  // What the buyer's own company no longer stops is looked at like what nobody else does.
  const spent = await spendByChange(tx, before, priced, request, repricing.customer);
  const followed = await followSpending(tx, spent, now);
  if (await raisesExposure(tx, before, followed)) await assessCreditOf(tx, followed, now);
  else await lowerCreditApprovals(tx, followed);
  const current = await closeAgreed(tx, followed, agreed, repricing, now);
  await clearIfNothingWaits(tx, order.id, now);
  const settled = await closeAnswer(tx, await settleState(tx, current, {}, now), now);
  const texts = new Set([...done.head, ...done.outcomes].map(({ text }) => text).filter((t) => t !== ''));
  return { order: settled, ...done, text: [...texts].join('; ') || 'Done as asked' };
}

/**
 * Less of an order takes no credit, whatever else its account owes; it may free the order, where credit holds it. One
 * that was held and no longer is takes credit that it did not take before, and so does what waited for credit on lines.
 */
async function raisesExposure(tx: Tx, before: OrderRow, after: OrderRow): Promise<boolean> {
  if (after.total_minor === 0) return false;
  if (after.total_minor > before.total_minor) return true;
  if ((await ownOpenHolds(tx, after.id).where({ type: 'credit' }).first('id')) !== undefined) return true;
  const waits = before.state === 'held' && (await isHeld(tx, after.id));
  return openMinor(await withCreditPending(tx, after), waits) > openMinor(before, before.state === 'held');
}

/** What of an order counts on its account: `db/exposure-sql.ts`. */
const openMinor = (order: OrderRow, isHeldNow: boolean): number =>
  isHeldNow && order.final_answer_at === null && order.credit_pending_minor === 0
    ? 0
    : Math.max(0, order.total_minor - order.invoiced_minor - order.credit_pending_minor);

/** An order cancelled before its 855 is answered by the 865 alone. */
async function closeAnswer(tx: Tx, order: OrderRow, now: string): Promise<OrderRow> {
  return order.state === 'cancelled' && order.final_answer_at === null
    ? saveOrder(tx, order, { final_answer_at: now }, now)
    : order;
}
