import { z } from 'zod';
import {
  type CheckedLine,
  type CheckFinding,
  checkIn,
  checkLine,
  type LineCheck,
  type OrderCheck,
  roundedUp,
  type ValidationCheck,
} from '../../domain/order/validation-checks';
import type { LocalDate } from '../../domain/shared/dates';
import { fromBaseUnits } from '../../domain/shared/quantity';
import type { CustomerRow } from '../customer/customer-record';
import { validationRule } from '../rules/validation';
import { scopesOf } from '../rules/whose';
import type { ResolvedLine } from './resolve-lines';

/** A check with the version of the rule that it is of. */
export interface CheckInForce<C extends ValidationCheck = ValidationCheck> {
  readonly check: C;
  readonly scope: string;
  readonly version: number;
}

const storedSchema = z.array(z.object({ scope: z.string(), version: z.number(), body: validationRule.body }));

/** What is not asked of a sample: it is small, and costs less than an order. */
const notOfSamples: readonly ValidationCheck['check'][] = [
  'minimum-quantity',
  'minimum-line-amount',
  'minimum-order-amount',
  'pack-multiple',
];

/**
 * The checks for an order of a customer, read with the customer: of each kind those of the most specific scope that
 * has any.
 */
export function checksInForce(
  customer: Pick<CustomerRow, 'id' | 'currency' | 'validation_rules'>,
  order: { readonly partnerId: string | null; readonly type: string },
): readonly CheckInForce[] {
  const { validation_rules: stored } = customer;
  if (!Array.isArray(stored) || stored.length === 0) return [];
  const rules = storedSchema.parse(stored);
  const found = new Map<string, readonly CheckInForce[]>();
  for (const scope of scopesOf(customer.id, order.partnerId)) {
    const rule = rules.find((one) => one.scope === scope);
    const inCurrency = (rule?.body.checks ?? []).flatMap((one) => checkIn(one, customer.currency) ?? []);
    const byKind = Map.groupBy(inCurrency, ({ check }) => check);
    for (const [kind, checks] of byKind) {
      if (found.has(kind) || (order.type === 'sample' && notOfSamples.includes(kind))) continue;
      found.set(
        kind,
        checks.map((check) => ({ check, scope, version: rule?.version ?? 0 })),
      );
    }
  }
  return [...found.values()].flat();
}

const orderChecks: readonly ValidationCheck['check'][] = ['minimum-order-amount', 'fraud-score'];
export const isLineCheck = (one: CheckInForce): one is CheckInForce<LineCheck> =>
  !orderChecks.includes(one.check.check);
export const isOrderCheck = (one: CheckInForce): one is CheckInForce<OrderCheck> =>
  orderChecks.includes(one.check.check);

/** A finding with the rule that made it. */
export interface RuledFinding extends CheckFinding {
  readonly lineNumber: number | null;
  readonly scope: string;
  readonly version: number;
}

/** Where lines go and when they are wanted, as far as they do not say so themselves. */
export interface LineSurroundings {
  readonly shipToId: string | null;
  readonly wantedOn: LocalDate | null;
  readonly today: LocalDate;
}

/** Each line against each check; lines that cannot be ordered anyway are left alone. */
export function checkLines(
  checks: readonly CheckInForce[],
  lines: readonly ResolvedLine[],
  around: LineSurroundings,
): readonly RuledFinding[] {
  const ofLines = checks.filter(isLineCheck);
  if (ofLines.length === 0) return [];
  return lines.flatMap((line) => {
    const checked = checkedLine(line, around);
    if (checked === null) return [];
    return ofLines.flatMap(({ check, scope, version }) => {
      const finding = checkLine(check, checked, around.today);
      return finding === null ? [] : [{ ...finding, lineNumber: line.lineNumber, scope, version }];
    });
  });
}

function checkedLine(
  line: ResolvedLine,
  { shipToId, wantedOn }: Omit<LineSurroundings, 'today'>,
): CheckedLine | null {
  const { item, request } = line;
  if (line.rejection || item === null) return null;
  const destinations = request.destinations?.map(({ id }) => id) ?? [];
  return {
    lineNumber: line.lineNumber,
    itemId: item.itemId,
    factors: item.factors,
    unitsPerCarton: item.unitsPerCarton,
    unit: request.unit,
    baseUnits: line.baseUnits,
    amountMinor: line.unitPrice === null ? null : line.amountMinor,
    shipToIds: destinations.length > 0 ? destinations : shipToId === null ? [] : [shipToId],
    wantedOn: line.deliverBy ?? line.shipNotBefore ?? wantedOn,
  };
}

/**
 * Lines with their quantities rounded up to whole packs, where that was agreed, resolved again as if they had been
 * ordered so: a larger quantity may have another price. A line for several places or deliveries stays as it is.
 * @param resolveAgain with these quantities, in the order of the lines
 */
export function roundUpLines(
  checks: readonly CheckInForce[],
  lines: readonly ResolvedLine[],
  resolveAgain: (quantities: readonly string[]) => readonly ResolvedLine[],
): readonly ResolvedLine[] {
  if (!checks.some(({ check }) => check.check === 'pack-multiple' && check.roundUp)) return lines;
  const rounded = lines.map((line) => roundedQuantity(checks, line));
  if (rounded.every((quantity) => quantity === null)) return lines;
  const again = resolveAgain(lines.map((line, i) => rounded[i] ?? line.request.quantity));
  return again.map((line, i) => {
    const asked = lines[i]?.request.quantity;
    return rounded[i] === null || asked === undefined ? line : { ...line, requestedQuantity: asked };
  });
}

function roundedQuantity(checks: readonly CheckInForce[], line: ResolvedLine): string | null {
  const { request, item } = line;
  if (request.destinations !== undefined || request.schedules !== undefined) return null;
  const checked = checkedLine(line, { shipToId: null, wantedOn: null });
  if (checked === null || item === null) return null;
  const rounded = roundedUp(
    checks.filter(isLineCheck).map(({ check }) => check),
    checked,
  );
  return rounded === null ? null : fromBaseUnits(rounded, request.unit, item.factors);
}
