import { z } from 'zod';
import type { Tx } from '../db/connection';
import { requestDocument } from '../db/repositories/document-requests';
import type { ChangeAnswer, LineStatus } from '../domain/order/answers';
import type { OrderChangeRequest, OrderRequest, Party } from '../domain/order/order-request';
import type { ChangeOutcome } from '../domain/order/progress';
import { isFinal } from '../domain/order/states';
import { fromBaseUnits } from '../domain/shared/quantity';
import { changedContentTexts } from './agree-content';
import { answerHeader, answerLineOf, lineStatuses, parseStoredRequest } from './answer-order';
import { assessCreditOf } from './assess-order';
import { applyLineChange, type LineOutcome } from './change-lines';
import { lockCreditAccount } from './check-credit';
import { customerPolicySchema } from './customer-policy';
import { readCustomer } from './customer-record';
import { approvalHolds, contentHolds, headTexts, lineDateTexts } from './decide-holds';
import { giveUpLines, retotal } from './give-up-lines';
import { recordDecisions, recordEvents } from './keep-history';
import { joinStatuses, withParts } from './line-parts';
import { asLineChanges, matchLine } from './match-lines';
import { hasOpenHold, openHolds, ownOpenHolds, supersedeHolds } from './open-holds';
import {
  headNumber,
  lockOrder,
  type OrderLineRow,
  type OrderRow,
  readLines,
  type ShipmentLineRow,
  type ShipmentRow,
  saveOrder,
} from './order-record';
import { cancelShipment } from './release-shipment';
import { readHoldTypes } from './rules';
import { settleState } from './settle-state';
import { lockStock } from './take-stock';
import { wakeWaitingOrders } from './wake-waiting-orders';

const storedChangeSchema = z.custom<OrderChangeRequest>(
  (value) =>
    z
      .object({ purpose: z.enum(['change', 'cancel', 'replace']), lines: z.array(z.unknown()) })
      .safeParse(value).success,
);

interface ChangeRow {
  readonly id: string;
  readonly order_id: string;
  readonly status: 'pending' | 'applied' | 'partly-applied' | 'refused';
  readonly request: unknown;
  readonly requested_by: string;
  readonly outcome: { readonly text: string } | null;
}

/**
 * Decides a change or cancel and does it, under the order's lock and in one transaction with its 865. Shipments that
 * are only planned are taken back; those at a warehouse are first to be recalled (`needs-recall`), and what cannot be
 * undone any more is answered as such. Deciding again returns what was decided.
 */
export async function applyOrderChange(tx: Tx, changeId: string, now: string): Promise<ChangeOutcome> {
  const place = (await tx('order_change').where({ id: changeId }).first('order_id')) as
    | { order_id: string }
    | undefined;
  if (!place) return { kind: 'refused', changeId, text: 'There is no such change' };
  const order = await lockOrder(tx, place.order_id);
  // What a release calls off is weighed against its blanket order, which whoever calls off locks before the account.
  if (order.blanket_id !== null) await lockOrder(tx, order.blanket_id);
  const change = (await tx('order_change').where({ id: changeId }).forUpdate().first()) as ChangeRow;
  if (change.status !== 'pending') return { kind: change.status, changeId, text: change.outcome?.text ?? '' };
  const asked = storedChangeSchema.parse(change.request);
  // Without a line, a replacement would be the order emptied: nobody means that.
  const replaces = asked.purpose === 'replace' && asked.lines.length > 0;
  const request = replaces ? asLineChanges(asked, await readLines(tx, order.id)) : asked;
  if (isFinal(order.state))
    return finish(
      tx,
      order,
      change,
      request,
      [],
      `The order is ${order.state}: nothing of it can be changed`,
      now,
    );
  const recall = await shipmentsInTheWay(tx, order, request, now);
  if (recall.length > 0) return { kind: 'needs-recall', changeId, shipmentIds: recall };
  await lockCreditAccount(tx, order.credit_account_id);
  return request.purpose === 'cancel'
    ? cancelLines(tx, order, change, request, now)
    : changeLines(tx, order, change, request, now);
}

/** Takes back what is only planned; returns what a warehouse has to give back first and has not been asked for. */
async function shipmentsInTheWay(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  now: string,
): Promise<readonly string[]> {
  const lines = await readLines(tx, order.id);
  const touched = touchedLines(lines, request).map((line) => line.id);
  const shipments = (await tx('shipment')
    .where({ order_id: order.id })
    .whereIn('state', ['planned', 'released'])
    .forUpdate()) as ShipmentRow[];
  const recall: string[] = [];
  for (const shipment of shipments) {
    const own = (await tx('shipment_line').where({ shipment_id: shipment.id })) as ShipmentLineRow[];
    if (!own.some((line) => touched.includes(line.order_line_id))) continue;
    const asked = await tx('external_call')
      .where({ order_id: order.id, operation: 'release' })
      .andWhereLike('idempotency_key', `%/release/${shipment.id}/%`)
      .first('status');
    // Planned, and the warehouse has never heard of it: nothing to recall.
    if (shipment.state === 'planned' && !asked) await cancelShipment(tx, order, shipment, own, now);
    else if (shipment.recall_requested_at === null && shipment.confirm === null) recall.push(shipment.id);
  }
  return recall;
}

/**
 * Lines that a request takes away from or prices anew: at another price nothing may leave before somebody has agreed
 * to it. Additions and changes of date need nothing back.
 */
function touchedLines(lines: readonly OrderLineRow[], request: OrderChangeRequest): readonly OrderLineRow[] {
  if (request.purpose === 'cancel' && request.lines.length === 0) return lines;
  return request.lines.flatMap((change) => {
    const line = matchLine(lines, change);
    if (!line) return [];
    const takesAway =
      request.purpose === 'cancel' ||
      change.kinds.some((kind) => ['delete', 'quantity', 'price', 'replace'].includes(kind));
    return takesAway ? withParts(lines, [line]) : [];
  });
}

async function cancelLines(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  request: OrderChangeRequest,
  now: string,
): Promise<ChangeOutcome> {
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
  return settleChange(tx, order, change, request, outcomes, now);
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
  change: ChangeRow,
  request: OrderChangeRequest,
  now: string,
): Promise<ChangeOutcome> {
  const customer = await readCustomer(tx, order.customer_id);
  if (!customer) throw new Error(`order ${order.id} has no customer`);
  const policy = customerPolicySchema.parse(customer.policy);
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
    return finish(tx, order, change, request, [], text, now);
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
  return settleChange(tx, order, change, request, outcomes, now);
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

/** The order as it stands after the change: totals, approval, credit, state, and the answer. */
async function settleChange(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  request: OrderChangeRequest,
  outcomes: readonly LineOutcome[],
  now: string,
): Promise<ChangeOutcome> {
  const current = await saveOrder(tx, order, await retotal(tx, order), now);
  const customer = await readCustomer(tx, order.customer_id);
  const policy = customerPolicySchema.parse(customer?.policy ?? {});
  if (current.total_minor > order.total_minor) {
    // What was approved was a smaller order: the approval is void, also that of the first of two persons.
    await openHolds(tx, order.id, approvalHolds(current.total_minor, policy), await readHoldTypes(tx), now);
    await ownOpenHolds(tx, order.id).update({ approvals: '[]' });
  } else if (approvalHolds(current.total_minor, policy).length === 0) {
    await supersedeHolds(tx, order.id, ['approval'], 'the order is below the approval limit now', now);
  }
  if (current.total_minor > 0) await assessCreditOf(tx, current, now);
  const settled = await closeAnswer(tx, await settleState(tx, current, {}, now), now);
  const texts = new Set(outcomes.map((outcome) => outcome.text).filter((t) => t !== ''));
  const text = [...texts].join('; ') || 'Done as asked';
  return finish(tx, settled, change, request, outcomes, text, now);
}

/** An order cancelled before its 855 is answered by the 865 alone. */
async function closeAnswer(tx: Tx, order: OrderRow, now: string): Promise<OrderRow> {
  return order.state === 'cancelled' && order.final_answer_at === null
    ? saveOrder(tx, order, { final_answer_at: now }, now)
    : order;
}

async function finish(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  request: OrderChangeRequest,
  outcomes: readonly LineOutcome[],
  text: string,
  now: string,
): Promise<ChangeOutcome> {
  const none = outcomes.every((outcome) => !outcome.accepted && !outcome.partly);
  const kind = none
    ? 'refused'
    : outcomes.every((outcome) => outcome.accepted)
      ? 'applied'
      : 'partly-applied';
  const held = await hasOpenHold(tx, order.id);
  await tx('order_change')
    .where({ id: change.id })
    .update({
      status: kind,
      decided_at: now,
      outcome: JSON.stringify({
        text,
        lines: outcomes.map((o) => ({
          line: o.line.line_number,
          changeCode: o.changeCode,
          accepted: o.accepted,
          statuses: o.statuses,
          text: o.text,
        })),
      }),
    });
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'change',
      rule: `${request.purpose}-by-state`,
      ruleVersion: '1',
      inputs: { changeId: change.id, state: order.state, request },
      outcome: { kind, text },
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
  const words = { applied: 'is done', 'partly-applied': 'is done in part', refused: 'is refused' } as const;
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: `change-${kind}`,
      actor: 'hub',
      text: `The ${request.purpose === 'cancel' ? 'cancellation' : 'change'} ${words[kind]}: ${text}`,
      data: { changeId: change.id },
      once: `change/${change.id}`,
    },
  ]);
  if (order.partner_id !== null) {
    const payload = await changeAnswer(tx, order, request, outcomes, { kind, held, text }, now);
    await requestDocument(tx, {
      subject: `change/${change.id}/865`,
      partnerId: order.partner_id,
      set: '865',
      usage: order.usage,
      orderId: order.id,
      payload,
    });
  }
  return { kind, changeId: change.id, text };
}

/** What was asked for and nothing else: the line stands as requested, or is gone where its deletion was requested. */
function isAsAsked({ changeCode, statuses }: LineOutcome): boolean {
  const wanted = changeCode === 'DI' ? 'ID' : 'IA';
  return statuses.every((status) => status.code === wanted);
}

async function changeAnswer(
  tx: Tx,
  order: OrderRow,
  request: OrderChangeRequest,
  outcomes: readonly LineOutcome[],
  result: {
    readonly kind: 'applied' | 'partly-applied' | 'refused';
    readonly held: boolean;
    readonly text: string;
  },
  now: string,
): Promise<ChangeAnswer> {
  const acknowledgment =
    result.kind === 'refused'
      ? outcomes.length > 0
        ? 'RD'
        : 'RJ'
      : result.held
        ? 'AH'
        : result.kind === 'applied' && outcomes.every(isAsAsked)
          ? 'AD'
          : 'AC';
  return {
    ...(await answerHeader(tx, order, now)),
    kind: 'change-answer',
    purpose: request.purpose === 'cancel' ? '01' : request.purpose === 'replace' ? '05' : '04',
    acknowledgment,
    ...(request.changeNumber !== undefined && { changeNumber: request.changeNumber }),
    ...(request.changeDate !== undefined && { changeDate: request.changeDate }),
    ...(outcomes.length === 0 && { reason: result.text }),
    lines: outcomesByLine(outcomes).map((same) => {
      const [{ line, echo, changeCode }] = same;
      return {
        ...answerLineOf(line, ...same.slice(1).map((outcome) => outcome.line)),
        ...echo,
        changeCode,
        statuses: joinStatuses(same.flatMap((outcome) => statusesOf(outcome, order, result.held))),
        ...reasonOf(same),
      };
    }),
  };
}

/** What became of a line's parts is one answer to its buyer. */
function outcomesByLine(
  outcomes: readonly LineOutcome[],
): readonly (readonly [LineOutcome, ...LineOutcome[]])[] {
  const groups = Map.groupBy(outcomes, (outcome) =>
    outcome.line.id === '' ? outcome : `${outcome.changeCode}/${headNumber(outcome.line)}`,
  );
  return [...groups.values()] as [LineOutcome, ...LineOutcome[]][];
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
