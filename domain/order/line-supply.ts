import { cumulativeShareMinor } from '../shared/money';
import type { ProductId } from './order-request';

/** A line that supplies a component of a bundle. Its ordered unit is the bundle's: one of it is `unit_factor` base units. */
export interface ComponentSupply {
  readonly kind: 'component';
  /** The bundle that was ordered, and the rule that says what it is made of. */
  readonly bundle: string;
  readonly description: string;
  readonly version: number;
  /** Line number of the first component's line: those of one bundle share it. */
  readonly key: number;
  readonly index: number;
  /** Of all its components, in their order: how its amount is shared among them. */
  readonly weights: readonly number[];
  /** By which rule: shares that the bundle states, stand-alone prices, or units. */
  readonly sharedBy: 'share' | 'price' | 'units';
  /** Base units of the bundle in one ordered unit. */
  readonly bundleFactor: number;
  /** Components may be reserved and shipped by themselves. */
  readonly apart: boolean;
  readonly documents: 'bundle' | 'components';
  /** What the component is called on documents. */
  readonly ids: readonly ProductId[];
  readonly baseUnit: string;
  /** Where another item comes than the bundle says: which one that is, and by which rule. */
  readonly instead?: Pick<InsteadSupply, 'of' | 'because' | 'rule' | 'version' | 'agreement' | 'ratio'>;
}

/** A line that supplies another item than was ordered. Its ordered unit stays that of the order. */
export interface InsteadSupply {
  readonly kind: 'instead';
  readonly of: string;
  readonly because: 'short' | 'superseded';
  /** "substitution/BOLT", and its version. */
  readonly rule: string;
  readonly version: number;
  readonly agreement: string;
  /** Whose price it has. */
  readonly price: 'ordered' | 'supplied' | 'lower';
  /** Base units of what is supplied for one of what was ordered. */
  readonly ratio: number;
  /** A price that is more above the ordered item's holds the line. */
  readonly maximumIncreasePercent: string;
  readonly documents: 'supplied' | 'ordered';
  readonly ids: readonly ProductId[];
  readonly baseUnit: string;
}

export type LineSupply = ComponentSupply | InsteadSupply;

/**
 * An amount over the components of a bundle, in proportion to their weights: each has its share of what has come so far
 * less what went before, so that they sum to it whatever the rounding.
 * @param weights whole numbers of which at least one is above zero
 */
export function splitRevenue(amountMinor: number, weights: readonly number[]): readonly number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let upTo = 0;
  let given = 0;
  return weights.map((weight) => {
    upTo += weight;
    const share = cumulativeShareMinor(amountMinor, upTo, whole) - given;
    given += share;
    return share;
  });
}

/** What of an amount of a bundle is a component's; of any other line it is all. */
export const shareOfBundle = (supply: LineSupply | null, amountMinor: number): number =>
  supply?.kind === 'component'
    ? (splitRevenue(amountMinor, supply.weights)[supply.index] as number)
    : amountMinor;

/** A bundle's quantity is counted once, on its first component. */
export const isFurtherComponent = (supply: LineSupply | null): boolean =>
  supply?.kind === 'component' && supply.index > 0;

/** How much of each component there is, by state, in its base units. */
export interface ComponentCount {
  /** Base units for one ordered unit of the bundle. */
  readonly per: number;
  readonly ordered: number;
  readonly cancelled: number;
  readonly reserved: number;
  readonly released: number;
  readonly shipped: number;
}

export type BundleCount = Omit<ComponentCount, 'per'>;

/**
 * Ordered units of a bundle by state: a bundle has come as far as the component that is furthest behind. They sum as a
 * line's do: what was not cancelled, reserved, released or shipped waits.
 */
export function countBundles(components: readonly ComponentCount[]): BundleCount {
  const least = (units: (one: ComponentCount) => number) =>
    Math.min(...components.map((one) => Math.floor(units(one) / one.per)));
  const ordered = least((one) => one.ordered);
  const left = least((one) => one.ordered - one.cancelled);
  const shipped = least((one) => one.shipped);
  const released = least((one) => one.shipped + one.released) - shipped;
  const reserved = least((one) => one.shipped + one.released + one.reserved) - shipped - released;
  return { ordered, cancelled: ordered - left, reserved, released, shipped };
}
