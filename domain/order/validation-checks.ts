import { Decimal } from 'decimal.js';
import { beOf, countOf } from '../shared/count';
import { addDays, type LocalDate } from '../shared/dates';
import { fromBaseUnits, type UnitFactors } from '../shared/quantity';

/** What follows from a check that does not pass. */
export type CheckOutcome = 'reject' | 'hold' | 'warn';

interface OfItems {
  /** Only these; absent: every item. */
  readonly items?: readonly string[] | undefined;
}
interface Quantities extends OfItems {
  readonly outcome: CheckOutcome;
  /** Of the line; absent: the item's base unit. */
  readonly unit?: string | undefined;
}

/** One rule of a customer's or partner's, as data. Quantities are decimals, amounts minor units. */
export type LineCheck =
  | (Quantities & { readonly check: 'minimum-quantity'; readonly minimum: string })
  | (Quantities & { readonly check: 'maximum-quantity'; readonly maximum: string })
  | (OfItems & {
      readonly check: 'minimum-line-amount';
      readonly outcome: CheckOutcome;
      readonly amountMinor: number;
      /** Of the amount: it counts for orders in it alone. Absent: for those in any, in their own smallest unit. */
      readonly currency?: string | undefined;
    })
  | (OfItems & {
      readonly check: 'pack-multiple';
      readonly outcome: CheckOutcome;
      /** Base units; absent: a carton of the item. */
      readonly multiple?: number | undefined;
      readonly roundUp: boolean;
    })
  | (OfItems & {
      readonly check: 'allowed-units';
      readonly outcome: CheckOutcome;
      readonly units: readonly string[];
    })
  | {
      readonly check: 'ship-to-items';
      readonly outcome: CheckOutcome;
      readonly shipTos: readonly { readonly id: string; readonly items: readonly string[] | 'all' }[];
    }
  | {
      readonly check: 'assortment';
      readonly outcome: CheckOutcome;
      readonly mode: 'only' | 'except';
      readonly items: readonly string[];
    }
  | {
      readonly check: 'discontinued';
      readonly outcome: CheckOutcome;
      readonly items: readonly {
        readonly item: string;
        readonly from: LocalDate;
        readonly replacedBy?: string | undefined;
      }[];
    }
  | (OfItems & {
      readonly check: 'lead-time';
      readonly outcome: CheckOutcome;
      readonly minimumDays?: number | undefined;
      readonly maximumDays?: number | undefined;
    });

export interface FraudWeights {
  readonly newShipTo: number;
  readonly largeFirstOrder: {
    readonly aboveMinor: number;
    readonly score: number;
    readonly currency?: string | undefined;
  };
  readonly velocity: { readonly orders: number; readonly hours: number; readonly score: number };
  readonly shipToElsewhere: number;
  readonly billToDiffers: number;
}

export type OrderCheck =
  | {
      readonly check: 'minimum-order-amount';
      readonly outcome: CheckOutcome;
      readonly amountMinor: number;
      readonly currency?: string | undefined;
    }
  | {
      readonly check: 'fraud-score';
      readonly weights: FraudWeights;
      readonly warnAt?: number | undefined;
      readonly holdAt?: number | undefined;
      readonly rejectAt?: number | undefined;
    };
export type ValidationCheck = LineCheck | OrderCheck;

export interface CheckedLine {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly factors: UnitFactors;
  readonly unitsPerCarton: number;
  readonly unit: string;
  readonly baseUnits: number;
  /** null: nobody has a price for it yet. */
  readonly amountMinor: number | null;
  /** Where it goes; several where its parts do. */
  readonly shipToIds: readonly string[];
  /** The day it is wanted on, by its own words or the order's. */
  readonly wantedOn: LocalDate | null;
}

export interface CheckFinding {
  readonly check: ValidationCheck['check'];
  readonly outcome: CheckOutcome;
  /** For the buyer and whoever decides. */
  readonly text: string;
  /** Element 668, of a line that is refused. */
  readonly rejectionCode: 'IR' | 'R1' | 'R3';
  readonly details: Readonly<Record<string, unknown>>;
}

/** A check as it stands for orders in a currency; null: it says nothing of them. */
export function checkIn(check: ValidationCheck, currency: string): ValidationCheck | null {
  const isOther = (one: { readonly currency?: string | undefined }) =>
    one.currency !== undefined && one.currency !== currency;
  if (check.check === 'minimum-line-amount' || check.check === 'minimum-order-amount')
    return isOther(check) ? null : check;
  if (check.check !== 'fraud-score' || !isOther(check.weights.largeFirstOrder)) return check;
  const largeFirstOrder = { ...check.weights.largeFirstOrder, score: 0 };
  return { ...check, weights: { ...check.weights, largeFirstOrder } };
}

const concerns = ({ items }: OfItems, itemId: string) => items === undefined || items.includes(itemId);

/** What one check says against a line; null: nothing. */
export function checkLine(check: LineCheck, line: CheckedLine, today: LocalDate): CheckFinding | null {
  if ('items' in check && check.check !== 'assortment' && check.check !== 'discontinued')
    if (!concerns(check as OfItems, line.itemId)) return null;
  const found = whyNot(check, line, today);
  if (found === null) return null;
  const { code = 'IR', details = {}, text } = found;
  return { check: check.check, outcome: check.outcome, text, rejectionCode: code, details };
}

interface Why {
  readonly text: string;
  readonly code?: CheckFinding['rejectionCode'];
  readonly details?: Readonly<Record<string, unknown>>;
}

function whyNot(check: LineCheck, line: CheckedLine, today: LocalDate): Why | null {
  const { itemId, unit } = line;
  switch (check.check) {
    case 'minimum-quantity':
      return quantityWhy(
        line,
        check.unit,
        (quantity) => quantity.lessThan(check.minimum),
        (is, counted) =>
          `${is} ${counted} of ${itemId} ${beOf(Number(is))} ordered, it has to be at least ${check.minimum}`,
      );
    case 'maximum-quantity':
      return quantityWhy(
        line,
        check.unit,
        (quantity) => quantity.greaterThan(check.maximum),
        (is, counted) =>
          `${is} ${counted} of ${itemId} ${beOf(Number(is))} ordered, it may be at most ${check.maximum}: is it a typing mistake?`,
      );
    case 'minimum-line-amount':
      return line.amountMinor === null || line.amountMinor >= check.amountMinor
        ? null
        : {
            text: 'the line comes to less than a line has to',
            details: { amountMinor: line.amountMinor, minimumMinor: check.amountMinor },
          };
    case 'pack-multiple': {
      const multiple = packOf(check, line);
      const inUnit = fromBaseUnits(line.baseUnits, unit, line.factors);
      return line.baseUnits % multiple === 0
        ? null
        : {
            text: `${inUnit} ${unit} of ${itemId} ${Number(inUnit) === 1 ? 'makes' : 'make'} no whole packs: it is sold in packs of ${fromBaseUnits(multiple, unit, line.factors)} ${unit}`,
            details: { multiple },
          };
    }
    case 'allowed-units':
      return check.units.includes(unit)
        ? null
        : { text: `${itemId} may be ordered in ${check.units.join(', ')}, not in ${unit}`, code: 'R3' };
    case 'ship-to-items':
      return shipToWhy(check, line);
    case 'assortment':
      return check.items.includes(itemId) === (check.mode === 'only')
        ? null
        : { text: `${itemId} is not among the items that were agreed`, code: 'R1' };
    case 'discontinued': {
      const gone = check.items.find((one) => one.item === itemId && one.from <= today);
      const instead = gone?.replacedBy === undefined ? '' : `: order ${gone.replacedBy} instead`;
      return gone ? { text: `${itemId} has been discontinued since ${gone.from}${instead}` } : null;
    }
    case 'lead-time':
      return leadTimeWhy(check, line, today);
  }
}

function quantityWhy(
  line: CheckedLine,
  unit: string | undefined,
  isWrong: (quantity: Decimal) => boolean,
  words: (quantity: string, unit: string) => string,
): Why | null {
  const factor = unit === undefined ? 1 : line.factors[unit];
  // A unit that the item does not have says nothing about it.
  if (factor === undefined) return null;
  const quantity = new Decimal(line.baseUnits).dividedBy(factor);
  const base = Object.entries(line.factors).find(([, one]) => one === 1)?.[0] ?? '';
  return isWrong(quantity) ? { text: words(quantity.toDecimalPlaces(6).toFixed(), unit ?? base) } : null;
}

function shipToWhy(
  { shipTos }: Extract<LineCheck, { check: 'ship-to-items' }>,
  { itemId, shipToIds }: CheckedLine,
): Why | null {
  for (const id of shipToIds) {
    const one = shipTos.find((shipTo) => shipTo.id === id);
    if (!one) return { text: `ship-to ${id} is not authorised to be delivered to` };
    if (one.items !== 'all' && !one.items.includes(itemId))
      return { text: `ship-to ${id} is not authorised for ${itemId}` };
  }
  return null;
}

function leadTimeWhy(
  { minimumDays, maximumDays }: Extract<LineCheck, { check: 'lead-time' }>,
  { wantedOn, itemId }: CheckedLine,
  today: LocalDate,
): Why | null {
  if (wantedOn === null) return null;
  if (minimumDays !== undefined && wantedOn < addDays(today, minimumDays))
    return {
      text: `${itemId} is wanted on ${wantedOn}, it takes ${countOf(minimumDays, 'day')}: ${addDays(today, minimumDays)} is the first day possible`,
    };
  if (maximumDays !== undefined && wantedOn > addDays(today, maximumDays))
    return {
      text: `${itemId} is wanted on ${wantedOn}, orders are taken for ${maximumDays === 0 ? 'the same day' : `${countOf(maximumDays, 'day')} ahead`}: until ${addDays(today, maximumDays)}`,
    };
  return null;
}

/** Base units of a pack. */
const packOf = (
  check: { readonly multiple?: number | undefined },
  line: { readonly unitsPerCarton: number },
) => check.multiple ?? line.unitsPerCarton;

/**
 * The quantity that a line becomes where it was agreed that what is no whole pack is rounded up; null: it stays.
 * @returns base units, a multiple of the pack that is a whole number of the ordered unit
 */
export function roundedUp(checks: readonly LineCheck[], line: CheckedLine): number | null {
  const check = checks.find(
    (one) => one.check === 'pack-multiple' && one.roundUp && concerns(one, line.itemId),
  );
  if (check?.check !== 'pack-multiple' || line.baseUnits <= 0) return null;
  const multiple = packOf(check, line);
  const factor = line.factors[line.unit] ?? 1;
  const rounded = Math.ceil(line.baseUnits / multiple) * multiple;
  if (rounded === line.baseUnits) return null;
  // In cases of 12 with packs of 18 only every second pack is a whole case; what is never one is not rounded.
  for (let packs = rounded; packs <= rounded + multiple * factor; packs += multiple)
    if (packs % factor === 0) return packs;
  return null;
}
