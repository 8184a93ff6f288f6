import { beOf, countOf } from '../shared/count';
import type { LocalDate } from '../shared/dates';
import { compareDecimals, lineAmountMinor, scaleDecimal } from '../shared/money';
import { sumQuantities, toBaseUnits } from '../shared/quantity';

/** THE table of a supplier's purchase order. The state follows from its lines (`supplierOrderState`). */
export const supplierOrderTransitions = {
  /** Asked by 850, not answered. */
  sent: ['acknowledged', 'partly-shipped', 'shipped', 'cancelled'],
  /** Answered (855) with at least one line that comes. */
  acknowledged: ['partly-shipped', 'shipped', 'cancelled'],
  'partly-shipped': ['shipped', 'billed'],
  /** All that was not cancelled has left. */
  shipped: ['billed'],
  /** Every unit that left is billed and matched. */
  billed: [],
  /** Refused or cancelled as a whole: nothing left. */
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;
export type SupplierOrderState = keyof typeof supplierOrderTransitions;
export const supplierOrderStates = Object.keys(supplierOrderTransitions) as SupplierOrderState[];

/** THE table of a supplier's invoice. One that matches at once begins there. */
export const supplierInvoiceTransitions = {
  /** Not as ordered and shipped: more may still leave, or a person of finance decides. */
  mismatch: ['matched', 'accepted', 'rejected'],
  matched: ['posted'],
  accepted: ['posted'],
  /** The supplier is not owed it. */
  rejected: [],
  /** The ERP has booked it. */
  posted: [],
} as const satisfies Record<string, readonly string[]>;
export type SupplierInvoiceState = keyof typeof supplierInvoiceTransitions;
export const supplierInvoiceStates = Object.keys(supplierInvoiceTransitions) as SupplierInvoiceState[];

/** Base units. */
export interface SupplierLineQuantities {
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly billed: number;
}

/** What of it is still to come. */
export const stillOpen = (line: SupplierLineQuantities): number =>
  line.ordered - line.cancelled - line.shipped;

/** Where a supplier's order stands, by what became of its lines. */
export function supplierOrderState(
  lines: readonly SupplierLineQuantities[],
  acknowledged: boolean,
): SupplierOrderState {
  const open = lines.some((line) => stillOpen(line) > 0);
  const gone = lines.some((line) => line.shipped > 0);
  if (open && gone) return 'partly-shipped';
  if (open) return acknowledged ? 'acknowledged' : 'sent';
  if (!gone) return 'cancelled';
  return lines.every((line) => line.billed === line.shipped) ? 'billed' : 'shipped';
}

/**
 * Whether a buyer has to hear of the day that a supplier names: where it was told one, of every other; otherwise of one
 * later than it wants, or, where it named none, later than was reckoned with. Days of YYYY-MM-DD.
 */
export function dayToTell(
  day: LocalDate,
  known: {
    readonly toldOn: LocalDate | null;
    readonly wantedOn: LocalDate | null;
    readonly reckonedOn: LocalDate;
  },
): boolean {
  return known.toldOn === null ? day > (known.wantedOn ?? known.reckonedOn) : day !== known.toldOn;
}

/** A line of a supplier's invoice, in the unit it was ordered in. */
export interface BilledLine {
  /** Of our purchase order; null: its invoice names none that we know. */
  readonly lineNumber: number | null;
  readonly said: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
}

export interface MatchedLine extends SupplierLineQuantities {
  readonly lineNumber: number;
  readonly unit: string;
  readonly unitFactor: number;
  readonly unitCost: string;
}

export interface SupplierBill {
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly BilledLine[];
  /** Charges, allowances (negative) and taxes beside the lines. */
  readonly extras: readonly { readonly what: string; readonly amountMinor: number }[];
}

export interface BillProblem {
  readonly code: 'currency' | 'unknown-line' | 'unit' | 'quantity' | 'price' | 'extra' | 'total';
  readonly lineNumber: number | null;
  readonly text: string;
}

export type BillMatch =
  | { readonly kind: 'matched'; readonly billed: ReadonlyMap<number, number> }
  | { readonly kind: 'mismatch'; readonly problems: readonly BillProblem[] };

/**
 * A supplier's invoice against what was ordered and what has left, line by line: no more units than left and are not
 * billed yet, no price further above the agreed cost than the tolerance, nothing on top that was not agreed.
 * @param tolerancePercent of the agreed cost
 */
export function matchSupplierBill(
  bill: SupplierBill,
  order: { readonly currency: string; readonly lines: readonly MatchedLine[] },
  tolerancePercent: string,
): BillMatch {
  const problems: BillProblem[] = [];
  if (bill.currency !== order.currency)
    problems.push({
      code: 'currency',
      lineNumber: null,
      text: `it is in ${bill.currency}, ordered was in ${order.currency}`,
    });
  const billed = new Map<number, number>();
  for (const one of bill.lines) {
    const line = order.lines.find(({ lineNumber }) => lineNumber === one.lineNumber);
    if (line === undefined) {
      problems.push({ code: 'unknown-line', lineNumber: null, text: `${one.said} was not ordered` });
      continue;
    }
    const { lineNumber } = line;
    if (one.unit !== line.unit)
      problems.push({
        code: 'unit',
        lineNumber,
        text: `line ${lineNumber} is billed in ${one.unit}, ordered was in ${line.unit}`,
      });
    const units = toBaseUnits({ value: one.quantity, unit: line.unit }, { [line.unit]: line.unitFactor });
    if (units.kind !== 'converted' || units.baseUnits <= 0)
      problems.push({ code: 'quantity', lineNumber, text: `line ${lineNumber} bills ${one.quantity}` });
    else billed.set(lineNumber, (billed.get(lineNumber) ?? 0) + units.baseUnits);
    const most = highestPrice(line.unitCost, tolerancePercent);
    if (compareDecimals(one.unitPrice, most) > 0)
      problems.push({
        code: 'price',
        lineNumber,
        text: `line ${lineNumber} is billed at ${one.unitPrice}, ${line.unitCost} was agreed${compareDecimals(most, line.unitCost) > 0 ? ` (up to ${most} with ${tolerancePercent} %)` : ''}`,
      });
  }
  for (const [lineNumber, units] of billed) {
    const line = order.lines.find((own) => own.lineNumber === lineNumber) as MatchedLine;
    const left = line.shipped - line.billed;
    if (units > left)
      problems.push({
        code: 'quantity',
        lineNumber,
        text: `line ${lineNumber} bills ${countOf(units, 'base unit')}; ${line.shipped} ${line.shipped === 1 ? 'has' : 'have'} left and ${line.billed} ${beOf(line.billed)} billed`,
      });
  }
  for (const { what, amountMinor } of bill.extras)
    if (amountMinor > 0)
      problems.push({
        code: 'extra',
        lineNumber: null,
        text: `${what} of ${amountMinor} in the smallest unit of ${bill.currency} was not agreed`,
      });
  const sum =
    bill.lines.reduce((all, one) => all + lineAmountMinor(one.quantity, one.unitPrice, bill.currency, 1), 0) +
    bill.extras.reduce((all, { amountMinor }) => all + amountMinor, 0);
  // Each line may be rounded the other way.
  if (Math.abs(sum - bill.totalMinor) > bill.lines.length)
    problems.push({
      code: 'total',
      lineNumber: null,
      text: `its lines come to ${sum}, its total says ${bill.totalMinor} (smallest unit of ${bill.currency})`,
    });
  return problems.length > 0 ? { kind: 'mismatch', problems } : { kind: 'matched', billed };
}

/** Cost and tolerance, to the six places that a price has. */
const highestPrice = (cost: string, tolerancePercent: string): string =>
  scaleDecimal(cost, sumQuantities(['100', tolerancePercent]), 100);
