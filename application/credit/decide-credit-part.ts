import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import type { HoldType } from '../../domain/order/hold-types';
import type { HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';
import { cumulativeShareMinor, formatMinor, sumMinor } from '../../domain/shared/money';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import type { HoldRow } from '../hold/judge-hold-decision';
import { openFollowing } from '../hold/open-following';
import { openHolds, ownOpenHolds } from '../hold/open-holds';
import { clearOverdueHolds } from '../hold/overdue-holds';
import { answerAfterHold } from '../order/answer-order';
import { giveUpLines, readChargeTerms, retotal, totalBy } from '../order/give-up-lines';
import { headNumber, type OrderLineRow, type OrderRow, readLines, saveOrder } from '../order/order-record';
import { settleState } from '../order/settle-state';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { giveBackStock, lockStock } from '../stock/take-stock';
import { checkCreditOf } from './assess-credit-of-order';
import { type CreditCheck, lockCreditAccount } from './check-credit';
import { closeCreditCase, withdrawPrepaymentRequest } from './credit-cases';
import { settleCreditPending } from './credit-pending';

type Refusal = Extract<HoldDecisionOutcome, { kind: 'refused' }>;
const refuse = (text: string): Refusal => ({ kind: 'refused', code: 'not-releasable', text });

export interface CreditPart {
  readonly released: readonly OrderLineRow[];
  readonly rest: readonly OrderLineRow[];
  /** Of the order's total, charges and tax in their share; where the rest is cancelled, what the order comes to then. */
  readonly releasedMinor: number;
}

type Terms = Extract<NonNullable<HoldDecision['terms']>, { kind: 'part' }>;

/** Which lines go on: those chosen, or, line by line, as many as come to no more than an amount. */
export async function choosePart(
  tx: Tx,
  order: OrderRow,
  terms: Terms,
): Promise<{ readonly kind: 'part'; readonly part: CreditPart } | Refusal> {
  const lines = (await readLines(tx, order.id)).filter(
    (line) => line.rejection_code === null && line.ordered > line.cancelled,
  );
  const heads = [...new Set(lines.map(headNumber))];
  if (lines.some((line) => line.released > 0 || line.shipped > 0))
    return refuse('Some of the order has left already: release or reject what is held as a whole');
  const charges = await readChargeTerms(tx, order);
  // Where the rest is cancelled nothing shares the order's charges with what goes on.
  const amountOf = (some: readonly OrderLineRow[]) =>
    terms.rest === 'cancel'
      ? totalBy(charges, some, order.adjustments).totals.totalMinor
      : cumulativeShareMinor(
          order.total_minor,
          sumMinor(some.map((line) => line.amount_minor)),
          order.subtotal_minor,
        );
  const ofHeads = (chosen: ReadonlySet<number>) => lines.filter((line) => chosen.has(headNumber(line)));
  let chosen = new Set(terms.lines);
  if (terms.upToMinor !== undefined) {
    chosen = new Set();
    for (const head of heads)
      if (amountOf(ofHeads(new Set([...chosen, head]))) <= terms.upToMinor) chosen.add(head);
  } else {
    const unknown = [...chosen].filter((line) => !heads.includes(line));
    if (unknown.length > 0) return refuse(`The order has no open line ${unknown.join(', ')}`);
  }
  if (chosen.size === 0) {
    const { currency } = order;
    return refuse(
      terms.upToMinor === undefined
        ? 'Name the lines that go on'
        : `No line of the order comes to ${formatMinor(terms.upToMinor, currency)} ${currency} or less`,
    );
  }
  if (chosen.size === heads.length) return refuse('That is all of the order: release it in full');
  const released = ofHeads(chosen);
  const rest = lines.filter((line) => !chosen.has(headNumber(line)));
  return { kind: 'part', part: { released, rest, releasedMinor: amountOf(released) } };
}

type CreditHold = Pick<
  HoldRow,
  'id' | 'line_number' | 'shipment_id' | 'change_id' | 'type' | 'reason' | 'resolved_by'
>;

/**
 * Lets some of the lines through. The rest waits on credit holds of its own (with its stock, or on backorder without
 * it), or is cancelled; the 855 says so line by line. The caller has judged the person's authority.
 */
export async function releasePart(
  tx: Tx,
  order: OrderRow,
  hold: CreditHold,
  part: CreditPart,
  decision: HoldDecision & { readonly terms: Terms },
  by: { readonly ruleVersion: string; readonly roles: readonly string[]; readonly inNameOf: string | null },
  types: ReadonlyMap<string, HoldType>,
  now: string,
): Promise<HoldDecisionOutcome> {
  await lockCreditAccount(tx, order.credit_account_id);
  const check = await checkCreditOf(tx, order, now);
  const { rest } = decision.terms;
  const heads = [...new Set(part.rest.map(headNumber))];
  const details = { ...hold.reason.details, totalMinor: part.releasedMinor };
  await tx('hold')
    .where({ id: hold.id })
    .update({
      status: 'released',
      resolved_at: now,
      resolved_by: decision.person,
      in_name_of: by.inNameOf,
      resolution_reason: decision.reason,
      reason: toJson({ ...hold.reason, details }),
    });
  const outcome = {
    action: 'release-part',
    reason: decision.reason,
    releasedMinor: part.releasedMinor,
    lines: [...new Set(part.released.map(headNumber))],
    rest,
    restLines: heads,
  };
  await closeCreditCase(tx, hold.id, outcome, decision.decisionCode ?? null, check, now);
  await withdrawPrepaymentRequest(tx, hold.id, now);
  await clearOverdueHolds(tx, now, order.id);
  await freeLines(tx, order, outcome, check, now);
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'approval',
      rule: 'authority:credit',
      ruleVersion: by.ruleVersion,
      inputs: { holdId: hold.id, reason: hold.reason, totalMinor: order.total_minor, ...check.inputs, ...by },
      outcome,
      decidedAt: now,
      decidedBy: decision.person,
    },
  ]);
  const after = {
    hold: 'stays on hold',
    backorder: 'goes on backorder until there is credit',
    cancel: 'is cancelled',
  };
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-released',
      actor: decision.person,
      text: `${decision.person} releases the credit hold for line ${outcome.lines.join(', ')} (${formatMinor(part.releasedMinor, order.currency)} ${order.currency}); line ${heads.join(', ')} ${after[rest]}: ${decision.reason}`,
      data: { holdId: hold.id, ...outcome },
    },
  ]);
  const current =
    rest === 'cancel'
      ? await cancelRest(tx, order, part.rest, decision.reason, now)
      : await holdRest(tx, order, part.rest, heads, hold, rest, types, now);
  await openFollowing(tx, order, hold, types, now);
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(tx, order, settled, { refused: rest === 'cancel' }, now);
  return { kind: 'resolved', holdId: hold.id, status: 'released' };
}

/** Lines that waited on a hold of their own, from a release before, go on with the part that they are in now. */
async function freeLines(
  tx: Tx,
  order: OrderRow,
  outcome: { readonly reason: string; readonly lines: readonly number[] },
  check: CreditCheck,
  now: string,
): Promise<void> {
  const freed = (await ownOpenHolds(tx, order.id)
    .where({ type: 'credit' })
    .whereIn('line_number', [...outcome.lines])
    .update({ status: 'superseded', resolved_at: now, resolved_by: 'hub', resolution_reason: outcome.reason })
    .returning('id')) as { id: string }[];
  for (const { id } of freed)
    await closeCreditCase(tx, id, { action: 'superseded', reason: outcome.reason }, null, check, now);
}

async function cancelRest(
  tx: Tx,
  order: OrderRow,
  rest: readonly OrderLineRow[],
  why: string,
  now: string,
): Promise<OrderRow> {
  await giveUpLines(tx, order, rest, { code: 'IR', text: `credit: ${why}` }, now);
  return saveOrder(tx, order, await retotal(tx, order), now);
}

async function holdRest(
  tx: Tx,
  order: OrderRow,
  rest: readonly OrderLineRow[],
  heads: readonly number[],
  hold: CreditHold,
  how: 'hold' | 'backorder',
  types: ReadonlyMap<string, HoldType>,
  now: string,
): Promise<OrderRow> {
  if (how === 'backorder') {
    await lockStock(
      tx,
      rest.map((line) => line.item_id),
      order.usage,
    );
    for (const line of rest) {
      const given = await giveBackStock(tx, order, line.id, line.reserved);
      await tx('order_line')
        .where({ id: line.id })
        .update({ reserved: line.reserved - given });
    }
  }
  const requests = heads.map((lineNumber) => ({
    type: 'credit' as const,
    lineNumber,
    reason: {
      code: hold.reason.code,
      text: 'The rest of the order was released without it',
      details: { ...hold.reason.details, ofHold: hold.id },
    },
  }));
  await openHolds(tx, order.id, requests, types, now);
  if (how === 'backorder')
    await wakeWaitingOrders(
      tx,
      rest.map((line) => line.item_id),
      order,
      now,
    );
  await tx.raw(
    `insert into credit_case (hold_id, order_id, credit_account_id, reason_code, opened)
     select h.id, h.order_id, c.credit_account_id, c.reason_code, c.decided from hold h join credit_case c on c.hold_id = ?
     where h.order_id = ? and h.type = 'credit' and h.status = 'open' and h.line_number is not null and c.decided is not null on conflict do nothing`,
    [hold.id, order.id],
  );
  return { ...order, credit_pending_minor: await settleCreditPending(tx, order) };
}
