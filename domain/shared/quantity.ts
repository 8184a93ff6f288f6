import { Decimal } from 'decimal.js';

/** X12 element 355 code: EA each, CA case, BX box, PK pack, DZ dozen, ... */
export type Unit = string;
/** A decimal string with its unit, as ordered: "12" CA. */
export interface Quantity {
  readonly value: string;
  readonly unit: Unit;
}

/** How many base units one unit of an item holds: { EA: 1, CA: 12 }. The base unit has the factor 1. */
export type UnitFactors = Readonly<Record<Unit, number>>;

export type BaseQuantity =
  | { readonly kind: 'converted'; readonly baseUnits: number }
  | { readonly kind: 'unknown-unit'; readonly unit: Unit }
  | { readonly kind: 'not-exact'; readonly unit: Unit };

/** Most quantities, and read without a decimal of arbitrary precision. */
const wholeNumber = /^\d{1,9}$/;

/** Stock is kept in whole base units, so an order quantity must convert to a whole number of them. */
export function toBaseUnits(quantity: Quantity, factors: UnitFactors): BaseQuantity {
  const factor = factors[quantity.unit];
  if (factor === undefined) return { kind: 'unknown-unit', unit: quantity.unit };
  if (wholeNumber.test(quantity.value)) {
    const base = Number(quantity.value) * factor;
    if (Number.isSafeInteger(base)) return { kind: 'converted', baseUnits: base };
  }
  const base = new Decimal(quantity.value).times(factor);
  if (!base.isInteger() || base.abs().greaterThan(Number.MAX_SAFE_INTEGER))
    return { kind: 'not-exact', unit: quantity.unit };
  return { kind: 'converted', baseUnits: base.toNumber() };
}

/** Base units back into the ordered unit, as a decimal string: 18 at 12 a case is "1.5". */
export function fromBaseUnits(baseUnits: number, unit: Unit, factors: UnitFactors): string {
  const factor = factors[unit] ?? 1;
  if (baseUnits % factor === 0 && Number.isSafeInteger(baseUnits)) return String(baseUnits / factor);
  return new Decimal(baseUnits).dividedBy(factor).toDecimalPlaces(6).toFixed();
}

export function isPositive(value: string): boolean {
  if (wholeNumber.test(value)) return Number(value) > 0;
  return new Decimal(value).greaterThan(0);
}

export function sumQuantities(values: readonly string[]): string {
  const [only] = values;
  // Most lines are one part, and written as it would be written here.
  if (values.length === 1 && only !== undefined && /^([1-9]\d*|0)(\.\d*[1-9])?$/.test(only)) return only;
  return values.reduce((sum, value) => sum.plus(value), new Decimal(0)).toFixed();
}
