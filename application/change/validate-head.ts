import type { Tx } from '../../db/connection';
import { isFurtherComponent } from '../../domain/order/line-supply';
import type { Party } from '../../domain/order/order-request';
import { checkLine, type ValidationCheck } from '../../domain/order/validation-checks';
import { type LocalDate, localDateIn } from '../../domain/shared/dates';
import type { CustomerRow } from '../customer/customer-record';
import { headNumber, type OrderLineRow, type OrderRow } from '../order/order-record';
import { type CheckInForce, isLineCheck, type RuledFinding } from '../order/validation-in-force';
import { checksOf, keepFindings } from './validate-change';

/** Where the lines of an order go and when they are wanted, as its head would have it. */
export interface MovedHead {
  readonly order: OrderRow;
  readonly customer: CustomerRow;
  readonly lines: readonly OrderLineRow[];
  readonly shipTo: Party;
  readonly wantedOn: LocalDate | null;
  readonly now: string;
}

export interface MovedFindings {
  readonly checks: readonly CheckInForce[];
  readonly findings: readonly RuledFinding[];
  /** Why the head cannot be changed so; null: nothing refuses it. */
  readonly refusal: string | null;
}

/** Lines that go elsewhere, or are wanted on another day, because the head of the order says so now. */
export function checkMovedLines(kind: ValidationCheck['check'], moved: MovedHead): MovedFindings {
  const { order, customer, lines, now } = moved;
  const checks = checksOf(order, customer).filter(({ check }) => check.check === kind);
  const today = localDateIn(now, customer.entity_time_zone);
  const findings = lines.filter(isOpen).flatMap((row) =>
    checks.filter(isLineCheck).flatMap(({ check, scope, version }): readonly RuledFinding[] => {
      const finding = checkLine(check, asChecked(row, moved), today);
      return finding === null ? [] : [{ ...finding, lineNumber: headNumber(row), scope, version }];
    }),
  );
  const refusing = findings.filter(({ outcome }) => outcome === 'reject').map(({ text }) => text);
  return {
    checks,
    findings,
    refusal: refusing.length === 0 ? null : [...new Set(refusing)].join('; '),
  };
}

/** Nothing of a line that is gone moves any more. */
const isOpen = (row: OrderLineRow) =>
  row.rejection_code === null &&
  row.item_id !== null &&
  row.ordered > row.cancelled + row.shipped &&
  !isFurtherComponent(row.supply);

function asChecked(row: OrderLineRow, { shipTo, wantedOn }: MovedHead) {
  const place = row.destination?.party.id ?? shipTo.id;
  return {
    lineNumber: headNumber(row),
    itemId: row.supply?.kind === 'component' ? row.supply.bundle : (row.item_id as string),
    factors: { [row.unit]: row.unit_factor },
    unitsPerCarton: 1,
    unit: row.unit,
    baseUnits: row.ordered - row.cancelled,
    amountMinor: row.amount_minor,
    shipToIds: place === undefined ? [] : [place],
    wantedOn: row.deliver_by ?? row.ship_not_before ?? wantedOn,
  };
}

/** Holds, warnings and the decision of a changed head, once it stands. */
export async function keepMovedFindings(
  tx: Tx,
  order: OrderRow,
  moved: readonly MovedFindings[],
  now: string,
): Promise<void> {
  for (const { checks, findings } of moved)
    if (checks.length > 0) await keepFindings(tx, order, checks, findings, now);
}
