import type { Tx } from '../../db/connection';
import { checkFraud, type FraudFacts } from '../../domain/order/fraud-score';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import { requestedDays } from '../../domain/order/requested-days';
import { addSeconds, type LocalDate } from '../../domain/shared/dates';
import type { CustomerRow } from '../customer/customer-record';
import type { NewOrder } from './new-order';
import type { ResolvedLine } from './resolve-lines';
import { type CheckInForce, checkLines, isOrderCheck, type RuledFinding } from './validation-in-force';

export interface ToValidate {
  readonly checks: readonly CheckInForce[];
  readonly request: OrderRequest;
  readonly customer: CustomerRow;
  /** As they were ordered. */
  readonly whole: readonly ResolvedLine[];
  /** The same in the parts in which they are kept. */
  readonly parts: readonly ResolvedLine[];
  readonly shipTo: Party;
  readonly today: LocalDate;
  readonly now: string;
  readonly totalOf: (lines: readonly ResolvedLine[]) => number;
}

export interface Validated {
  /** In parts; those of refused lines with their reason. */
  readonly lines: readonly ResolvedLine[];
  readonly holds: readonly HoldRequest[];
  readonly warnings: readonly string[];
  readonly decisions: NewOrder['decisions'];
}

/**
 * Holds an order against the checks of its customer and partner, whatever channel it came by: first its lines, then,
 * as far as they stand, the order. Asks the record only where a check needs to know of earlier orders.
 */
export async function validateOrder(tx: Tx, given: ToValidate): Promise<Validated> {
  const { checks, request, whole, parts } = given;
  if (checks.length === 0) return { lines: parts, holds: [], warnings: [], decisions: [] };
  const ofLines = checkLines(checks, whole, {
    shipToId: given.shipTo.id ?? null,
    wantedOn: orderDay(request),
    today: given.today,
  });
  const lines = refuseLines(parts, ofLines);
  const ofOrder = await checkOrder(tx, given, lines);
  const findings = [...ofLines, ...ofOrder];
  return {
    lines: refuseLines(lines, ofOrder),
    holds: holdsOf(findings),
    warnings: warningsOf(findings),
    decisions: [decisionOf(checks, findings)],
  };
}

const orderDay = ({ dates }: OrderRequest): LocalDate | null => {
  const { deliverBy, shipNotBefore } = requestedDays(dates, 0);
  return deliverBy ?? shipNotBefore;
};

/** A refused line is refused in all its parts; what refuses the order refuses every line that still stands. */
function refuseLines(
  lines: readonly ResolvedLine[],
  findings: readonly RuledFinding[],
): readonly ResolvedLine[] {
  const refusing = findings.filter(({ outcome }) => outcome === 'reject');
  if (refusing.length === 0) return lines;
  return lines.map((line) => {
    const head = line.splitFrom ?? line.lineNumber;
    const found = refusing.filter(({ lineNumber }) => lineNumber === null || lineNumber === head);
    const [first] = found;
    if (line.rejection || !first) return line;
    const text = found.map((one) => one.text).join('; ');
    return { ...line, holds: [], amountMinor: 0, rejection: { code: first.rejectionCode, text } };
  });
}

const numbered = ({ lineNumber, text }: RuledFinding) =>
  lineNumber === null ? `The order: ${text}` : `Line ${lineNumber}: ${text}`;

/** What of it a person decides; of a line that is refused nobody has to. */
export function holdsOf(findings: readonly RuledFinding[]): readonly HoldRequest[] {
  const isRefused = (lineNumber: number | null) =>
    findings.some(
      (one) => one.outcome === 'reject' && (one.lineNumber === null || one.lineNumber === lineNumber),
    );
  return findings
    .filter(({ outcome, lineNumber }) => outcome === 'hold' && !isRefused(lineNumber))
    .map((finding) => ({
      type: finding.check === 'fraud-score' ? 'fraud' : 'validation',
      lineNumber: finding.lineNumber,
      reason: {
        code: finding.check,
        text: numbered(finding),
        details: { ...finding.details, rule: `validation ${finding.scope}`, version: finding.version },
      },
    }));
}

export const warningsOf = (findings: readonly RuledFinding[]): readonly string[] =>
  findings.filter(({ outcome }) => outcome === 'warn').map(numbered);

export function decisionOf(
  checks: readonly CheckInForce[],
  findings: readonly RuledFinding[],
): NewOrder['decisions'][number] {
  const versions = [...new Set(checks.map(({ scope, version }) => `${scope} ${version}`))];
  return {
    kind: 'validation',
    rule: 'validation',
    ruleVersion: versions.join(', '),
    inputs: { checks: checks.map(({ check, scope, version }) => ({ check: check.check, scope, version })) },
    outcome: findings,
  };
}

async function checkOrder(
  tx: Tx,
  given: ToValidate,
  lines: readonly ResolvedLine[],
): Promise<readonly RuledFinding[]> {
  const alive = lines.filter((line) => !line.rejection);
  const checks = given.checks.filter(isOrderCheck);
  if (checks.length === 0 || alive.length === 0) return [];
  const totalMinor = given.totalOf(alive);
  const findings: RuledFinding[] = [];
  for (const { check, scope, version } of checks) {
    const finding =
      check.check === 'fraud-score'
        ? checkFraud(
            check,
            await readFraudFacts(
              tx,
              { ...given, orderId: null, placedAt: given.now },
              totalMinor,
              check.weights.velocity.hours,
            ),
          )
        : belowMinimum(check, totalMinor);
    if (finding) findings.push({ ...finding, lineNumber: null, scope, version });
  }
  return findings;
}

/** What an order has to come to; its total, as it is confirmed. */
export function belowMinimum(
  check: Extract<CheckInForce['check'], { check: 'minimum-order-amount' }>,
  totalMinor: number,
) {
  if (totalMinor >= check.amountMinor) return null;
  return {
    check: check.check,
    outcome: check.outcome,
    text: 'it comes to less than an order has to',
    rejectionCode: 'IR' as const,
    details: { totalMinor, minimumMinor: check.amountMinor },
  };
}

/** So many of a customer's orders are looked at: an older one no longer says that a place is known. */
const ORDERS_LOOKED_AT = 1000;

/** Whose order it is, where it goes and what it says of itself: what its score is made of beside its total. */
export interface FraudSubject {
  /** null: it is just being placed. */
  readonly orderId: string | null;
  readonly request: Pick<OrderRequest, 'customerId' | 'usage' | 'parties'>;
  readonly customer: Pick<CustomerRow, 'bill_to'>;
  readonly shipTo: Party;
  /** When it was placed: orders before it are counted from there. */
  readonly placedAt: string;
}

/** How an order looks beside those of its customer that came before it. */
export async function readFraudFacts(
  tx: Tx,
  { orderId, request, customer, shipTo, placedAt }: FraudSubject,
  totalMinor: number,
  hours: number,
): Promise<FraudFacts> {
  const { rows } = await tx.raw<{
    rows: { orders_before: number; same_ship_to: number; lately: number }[];
  }>(
    `select count(*)::int as orders_before, count(*) filter (where o.placed_at > :since)::int as lately,
       count(*) filter (where case when :shipToId <> '' then o.ship_to ->> 'id' = :shipToId
         else o.ship_to -> 'address' ->> 'postalCode' = :postalCode and o.ship_to -> 'address' -> 'lines' ->> 0 = :street end)::int as same_ship_to
     from (select placed_at, ship_to from orders where customer_id = :customerId and usage = :usage and state <> 'rejected'
       and (cast(:orderId as uuid) is null or id < cast(:orderId as uuid)) order by id desc limit :limit) o`,
    {
      orderId,
      customerId: request.customerId,
      usage: request.usage,
      since: addSeconds(placedAt, -hours * 3600),
      shipToId: shipTo.id ?? '',
      postalCode: shipTo.address?.postalCode ?? '',
      street: shipTo.address?.lines[0] ?? '',
      limit: ORDERS_LOOKED_AT,
    } as never,
  );
  const { orders_before: ordersBefore = 0, same_ship_to: toSameShipTo = 0, lately = 0 } = rows[0] ?? {};
  const ours = customer.bill_to as Party | null;
  const asked = request.parties.find(({ role }) => role === 'BT');
  const [from, to] = [ours?.address?.country, shipTo.address?.country];
  const differs = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && a.toUpperCase() !== b.toUpperCase();
  return {
    totalMinor,
    ordersBefore,
    toSameShipTo,
    lately,
    shipsAbroad: from === undefined || to === undefined ? null : differs(from, to),
    billsElsewhere:
      differs(asked?.id, ours?.id) || differs(asked?.address?.postalCode, ours?.address?.postalCode),
  };
}
