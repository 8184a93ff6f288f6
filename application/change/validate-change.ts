import type { Tx } from '../../db/connection';
import { checkFraud, scoreFraud } from '../../domain/order/fraud-score';
import type { Party } from '../../domain/order/order-request';
import { localDateIn } from '../../domain/shared/dates';
import type { CustomerRow } from '../customer/customer-record';
import { openHolds } from '../hold/open-holds';
import { parseStoredRequest } from '../order/answer-order';
import { totalsOf } from '../order/give-up-lines';
import type { OrderRow } from '../order/order-record';
import type { ResolvedLine } from '../order/resolve-lines';
import { belowMinimum, decisionOf, holdsOf, readFraudFacts, warningsOf } from '../order/validate-order';
import {
  type CheckInForce,
  checkLines,
  checksInForce,
  isOrderCheck,
  type RuledFinding,
} from '../order/validation-in-force';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { readHoldTypes } from '../rules/rules';

/** A line as a change would have it, and what the rules of the customer say to it. */
export interface ValidatedLine extends ResolvedLine {
  readonly checks: readonly CheckInForce[];
  readonly findings: readonly RuledFinding[];
}

export const checksOf = (order: OrderRow, customer: CustomerRow) =>
  checksInForce(customer, { type: order.type, partnerId: order.partner_id });

/** The same checks as of a new order; refused is what a check refuses, with its reason. */
export function validateChangedLine(
  order: OrderRow,
  customer: CustomerRow,
  whole: ResolvedLine,
  now: string,
): ValidatedLine {
  const checks = checksOf(order, customer);
  const findings = checkLines(checks, [whole], {
    shipToId: (order.ship_to as Party).id ?? null,
    wantedOn: order.deliver_by,
    today: localDateIn(now, customer.entity_time_zone),
  });
  const refusing = findings.filter(({ outcome }) => outcome === 'reject');
  const [first] = refusing;
  const text = refusing.map((one) => one.text).join('; ');
  const rejection = first ? { rejection: { code: first.rejectionCode, text } } : {};
  return { ...whole, ...rejection, checks, findings };
}

/** Holds, warnings and the decision of a changed line, once it stands. */
export async function keepValidation(
  tx: Tx,
  order: OrderRow,
  { checks, findings }: ValidatedLine,
  now: string,
): Promise<void> {
  if (checks.length === 0) return;
  await keepFindings(tx, order, checks, findings, now);
}

export async function keepFindings(
  tx: Tx,
  order: OrderRow,
  checks: readonly CheckInForce[],
  findings: readonly RuledFinding[],
  now: string,
): Promise<void> {
  await recordDecisions(tx, [
    { ...decisionOf(checks, findings), orderId: order.id, decidedAt: now, decidedBy: 'hub' },
  ]);
  const holds = holdsOf(findings);
  if (holds.length > 0) await openHolds(tx, order.id, holds, await readHoldTypes(tx), now);
  await recordEvents(
    tx,
    warningsOf(findings).map((text) => ({
      orderId: order.id,
      at: now,
      kind: 'validation-warning',
      actor: 'hub',
      text,
    })),
  );
}

/**
 * The order as a whole after a change: what it comes to where it became less, how it looks where it became more or goes
 * elsewhere. It is there already, so that what would have refused it when it was new asks a person now; a cancellation
 * is nobody's question.
 */
export async function validateChangedOrder(
  tx: Tx,
  before: OrderRow,
  after: OrderRow,
  customer: CustomerRow,
  now: string,
): Promise<void> {
  if (after.total_minor === 0) return;
  const checks = checksOf(after, customer).filter(isOrderCheck);
  const findings: RuledFinding[] = [];
  for (const { check, scope, version } of checks) {
    const found =
      check.check === 'fraud-score'
        ? await fraudAfter(tx, check, before, after, customer)
        : after.total_minor < before.total_minor
          ? belowMinimum(check, await beforePromotions(tx, after))
          : null;
    if (found === null) continue;
    const outcome = found.outcome === 'reject' ? 'hold' : found.outcome;
    findings.push({ ...found, outcome, lineNumber: null, scope, version });
  }
  if (findings.length > 0) await keepFindings(tx, after, checks, findings, now);
}

/** As of a new order: what is given for a time makes nobody's order too small. */
async function beforePromotions(tx: Tx, order: OrderRow): Promise<number> {
  const others = order.adjustments.filter(({ promotion }) => promotion === undefined);
  return (await totalsOf(tx, order, others)).totals.totalMinor;
}

/** An order that grows is looked at again, whatever was agreed to of the smaller one; what only warns is told when it rose. */
async function fraudAfter(
  tx: Tx,
  check: Extract<CheckInForce['check'], { check: 'fraud-score' }>,
  before: OrderRow,
  after: OrderRow,
  customer: CustomerRow,
) {
  const isElsewhere = JSON.stringify(before.ship_to) !== JSON.stringify(after.ship_to);
  if (after.total_minor <= before.total_minor && !isElsewhere) return null;
  const scoreOf = async (order: OrderRow) => {
    const facts = await readFraudFacts(
      tx,
      {
        orderId: order.id,
        request: parseStoredRequest(order.request),
        customer,
        shipTo: order.ship_to as Party,
        placedAt: order.placed_at,
      },
      order.total_minor,
      check.weights.velocity.hours,
    );
    return { found: checkFraud(check, facts), score: scoreFraud(check, facts).score };
  };
  const now = await scoreOf(after);
  if (now.found === null || now.found.outcome !== 'warn') return now.found;
  return now.score > (await scoreOf(before)).score ? now.found : null;
}
