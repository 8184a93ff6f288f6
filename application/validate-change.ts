import type { Tx } from '../db/connection';
import type { Party } from '../domain/order/order-request';
import { localDateIn } from '../domain/shared/dates';
import type { CustomerRow } from './customer-record';
import { recordDecisions, recordEvents } from './keep-history';
import { openHolds } from './open-holds';
import type { OrderRow } from './order-record';
import type { ResolvedLine } from './resolve-lines';
import { readHoldTypes } from './rules';
import { belowMinimum, decisionOf, holdsOf, warningsOf } from './validate-order';
import { type CheckInForce, checkLines, checksInForce, type RuledFinding } from './validation-in-force';

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

async function keepFindings(
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
 * What the order as a whole comes to after a change. It is there already, so that what would have refused it when it
 * was new asks a person now; a cancellation is nobody's question.
 */
export async function validateChangedOrder(
  tx: Tx,
  before: OrderRow,
  after: OrderRow,
  customer: CustomerRow,
  now: string,
): Promise<void> {
  if (after.total_minor === 0 || after.total_minor >= before.total_minor) return;
  const checks = checksOf(after, customer).filter(({ check }) => check.check === 'minimum-order-amount');
  const findings = checks.flatMap(({ check, scope, version }): RuledFinding[] => {
    if (check.check !== 'minimum-order-amount') return [];
    const found = belowMinimum(check, after.total_minor);
    if (found === null) return [];
    const outcome = found.outcome === 'reject' ? 'hold' : found.outcome;
    return [{ ...found, outcome, lineNumber: null, scope, version }];
  });
  if (findings.length > 0) await keepFindings(tx, after, checks, findings, now);
}
