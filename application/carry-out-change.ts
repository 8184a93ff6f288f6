import type { Tx } from '../db/connection';
import type { LineStatus } from '../domain/order/answers';
import type { OrderChangeRequest, OrderRequest, Party } from '../domain/order/order-request';
import { fromBaseUnits } from '../domain/shared/quantity';
import { changedContentTexts } from './agree-content';
import { type AgreedHold, closeAgreed } from './agree-holds';
import { parseStoredRequest } from './answer-order';
import { assessCreditOf, lowerCreditApprovals } from './assess-credit-of-order';
import { applyLineChange } from './change-lines';
import { approvalHolds, contentHolds, headTexts, lineDateTexts } from './decide-holds';
import { giveUpLines, retotal } from './give-up-lines';
import type { LineOutcome } from './line-outcome';
import { withParts } from './line-parts';
import { matchLine, touchedLines } from './match-lines';
import { openHolds, ownOpenHolds, supersedeHolds } from './open-holds';
import { type OrderLineRow, type OrderRow, readLines, saveOrder } from './order-record';
import { lockRepricing, type RepricingTerms, repriceOrder } from './reprice-order';
import { readHoldTypes } from './rules';
import { settleState } from './settle-state';
import { lockStock } from './take-stock';
import { validateChangedOrder } from './validate-change';
import { wakeWaitingOrders } from './wake-waiting-orders';

/** What a change or cancel has made of its order. */
export interface CarriedOut {
  readonly order: OrderRow;
  readonly outcomes: readonly LineOutcome[];
  readonly text: string;
}

/**
 * Does a change or cancel to the record: lines, stock, totals, approval, credit, state. The caller holds the locks of
 * the order and the account, has taken the shipments back, and decides whether it stays so.
 */
export async function carryOutChange(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  agreed: readonly AgreedHold[],
  now: string,
): Promise<CarriedOut> {
  const repricing = await lockRepricing(tx, order);
  return request.purpose === 'cancel'
    ? cancelLines(tx, order, request, { agreed, repricing }, now)
    : changeLines(tx, order, request, { agreed, repricing }, now);
}

/** What a change is carried out under. */
interface ChangeTerms {
  readonly agreed: readonly AgreedHold[];
  readonly repricing: RepricingTerms;
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
  const given = await giveUpLines(tx, order, wanted, null, now);
  const stillThere = await readLines(tx, order.id);
  const outcomes: LineOutcome[] = wanted.map((line) => {
    const result = given.find((g) => g.lineNumber === line.line_number);
    const after = stillThere.find((row) => row.id === line.id) as OrderLineRow;
    const inUnit = (base: number) => fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
    const kept = result?.kept ?? 0;
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
  });
  if (outcomes.every((outcome) => outcome.accepted)) await supersedeLineHolds(tx, order, wanted, now);
  return settleChange(tx, order, outcomes, terms, now);
}

async function supersedeLineHolds(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  now: string,
): Promise<void> {
  const left = (await readLines(tx, order.id)).filter(
    (line) => line.rejection_code === null && line.ordered > line.cancelled,
  );
  const holds = ownOpenHolds(tx, order.id);
  // With nothing left of the order there is nothing to hold; otherwise only the cancelled lines' own holds go.
  if (left.length > 0)
    holds.whereIn(
      'line_number',
      lines.map((line) => line.line_number),
    );
  await holds.update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: 'cancelled',
  });
}

async function changeLines(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  terms: ChangeTerms,
  now: string,
): Promise<CarriedOut> {
  const { customer, policy } = terms.repricing;
  const original = parseStoredRequest(order.request);
  const { dates } = original;
  const head = headTexts(request, { dates, parties: original.parties, shipTo: order.ship_to as Party });
  const ownDates = lineDateTexts(
    request.lines.map(({ line }) => line),
    dates,
  );
  const money = changedContentTexts(request, original, order, customer, policy);
  if (request.lines.length === 0) {
    const what = [...request.unhandled.map((content) => content.text), ...head, ...money].join('; ');
    const text = `${what || 'No line is named'}: a change of the order's head has no rule, the order stays as it is`;
    return { order, outcomes: [], text };
  }
  const items = (await readLines(tx, order.id)).map((line) => line.item_id);
  await lockStock(tx, items, order.usage);
  const outcomes: LineOutcome[] = [];
  for (const lineChange of request.lines) {
    const lines = await readLines(tx, order.id);
    const named = matchLine(lines, lineChange);
    const parts = named ? withParts(lines, [named]) : [];
    const context = { order, customer, policy, parts, change: lineChange, now };
    for (const existing of named ? parts : [undefined])
      outcomes.push(await applyLineChange(tx, { ...context, existing }));
  }
  // A change that is refused as a whole leaves the order as it was: nothing of it holds.
  const anything = outcomes.some((outcome) => outcome.accepted || outcome.partly);
  const holds = contentHolds({ unhandled: request.unhandled }, order.currency, [
    ...head,
    ...ownDates,
    ...money,
  ]);
  if (anything) {
    await openHolds(tx, order.id, holds, await readHoldTypes(tx), now);
    await amendRequest(tx, order.id, original, request);
  }
  // Less of one order may be what another one waits for.
  await wakeWaitingOrders(tx, items, order, now);
  return settleChange(tx, order, outcomes, terms, now);
}

/** References and notes that came with a change are the order's from now on: later documents give them back. */
async function amendRequest(
  tx: Tx,
  orderId: string,
  original: OrderRequest,
  change: OrderChangeRequest,
): Promise<void> {
  const added = change.references.filter(
    ({ qualifier, value }) =>
      !original.references.some((one) => one.qualifier === qualifier && one.value === value),
  );
  if (added.length === 0 && (change.notes ?? []).length === 0) return;
  const amended: OrderRequest = {
    ...original,
    references: [...original.references, ...added],
    notes: [...original.notes, ...(change.notes ?? [])],
  };
  await tx('orders')
    .where({ id: orderId })
    .update({ request: JSON.stringify(amended) });
}

/** The order as it stands after the change: totals, approval, credit, state. */
async function settleChange(
  tx: Tx,
  order: OrderRow,
  outcomes: readonly LineOutcome[],
  { agreed, repricing }: ChangeTerms,
  now: string,
): Promise<CarriedOut> {
  const repriced = await repriceOrder(tx, order, repricing, now);
  const adjustments = JSON.stringify(repriced.adjustments);
  const totals = await retotal(tx, repriced);
  const retotalled = await saveOrder(tx, order, { ...totals, adjustments }, now);
  const priced = await closeAgreed(tx, retotalled, agreed, now);
  const { policy } = repricing;
  if (priced.total_minor > order.total_minor) {
    // What was approved was a smaller order: the approval is void, also that of the first of two persons.
    await openHolds(tx, order.id, approvalHolds(priced.total_minor, policy), await readHoldTypes(tx), now);
    await ownOpenHolds(tx, order.id).update({ approvals: '[]' });
  } else if (approvalHolds(priced.total_minor, policy).length === 0) {
    await supersedeHolds(tx, order.id, ['approval'], 'the order is below the approval limit now', now);
  }
  await validateChangedOrder(tx, order, priced, repricing.customer, now);
  if (await raisesExposure(tx, order, priced)) await assessCreditOf(tx, priced, now);
  else await lowerCreditApprovals(tx, priced);
  const current = await closeAgreed(tx, priced, agreed, now);
  const settled = await closeAnswer(tx, await settleState(tx, current, {}, now), now);
  const texts = new Set(outcomes.map((outcome) => outcome.text).filter((t) => t !== ''));
  return { order: settled, outcomes, text: [...texts].join('; ') || 'Done as asked' };
}

/** Less of an order takes no credit, whatever else its account owes; it may free the order, where credit holds it. */
async function raisesExposure(tx: Tx, before: OrderRow, after: OrderRow): Promise<boolean> {
  if (after.total_minor === 0) return false;
  if (after.total_minor > before.total_minor) return true;
  return (await ownOpenHolds(tx, after.id).where({ type: 'credit' }).first('id')) !== undefined;
}

/** An order cancelled before its 855 is answered by the 865 alone. */
async function closeAnswer(tx: Tx, order: OrderRow, now: string): Promise<OrderRow> {
  return order.state === 'cancelled' && order.final_answer_at === null
    ? saveOrder(tx, order, { final_answer_at: now }, now)
    : order;
}
