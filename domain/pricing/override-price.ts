import { Decimal } from 'decimal.js';
import { convertMinor, type ExchangeRate } from '../credit/convert-amount';
import type { Currency, UnitPrice } from '../shared/money';

/** Why a person sets another price than the rules give. */
export const overrideReasons = [
  'competitive-match',
  'agreed-with-customer',
  'price-error',
  'goodwill',
  'quality',
  'clearance',
] as const;
export type OverrideReason = (typeof overrideReasons)[number];

/** How far a role may go (rule kind `price-override`); null has no limit. */
export interface OverrideAuthority {
  readonly role: string;
  readonly version: number;
  readonly maximumPercent: string | null;
  readonly maximumMinor: number | null;
  /** Of the amount; absent: the selling entity's. */
  readonly currency?: Currency | undefined;
  readonly belowFloor: boolean;
  readonly reasons: readonly OverrideReason[];
}

/** Rule kind `margin-floor`. */
export interface MarginFloor {
  readonly scope: string;
  readonly version: number;
  readonly minimumPercent: string;
}

export interface OverrideQuestion {
  readonly roles: readonly string[];
  readonly reason: OverrideReason;
  /** All per ordered unit and in one basis. Ours: what the rules give; null where they give none. */
  readonly newPrice: UnitPrice;
  readonly ourPrice: UnitPrice | null;
  /** The line's amount at the price that stands now, and at the new one. */
  readonly amountMinor: number;
  readonly newAmountMinor: number;
  /** Of both, and of the selling entity. */
  readonly currency: Currency;
  readonly entityCurrency: Currency;
  /** Stated for the order's date. */
  readonly rates: readonly ExchangeRate[];
  /** Of one ordered unit in the order's currency; null where nobody stated a cost. */
  readonly unitCost: string | null;
  readonly floor: MarginFloor | null;
}

export type OverrideDecision =
  | {
      readonly kind: 'allowed';
      readonly role: string;
      readonly version: number;
      readonly floor: 'above' | 'below' | 'no-cost' | 'no-floor';
      readonly floorVersion: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'not-authorised' | 'reason-not-allowed' | 'over-authority' | 'below-floor';
      readonly text: string;
    };

/**
 * Whether a person may set a price: one of the roles has to cover the reason, how far it is from ours, by how much the
 * line's amount changes, and, below the margin floor, that too. The cost itself is never told, nor how far below it is.
 */
export function decideOverride(
  authorities: readonly OverrideAuthority[],
  question: OverrideQuestion,
): OverrideDecision {
  const own = authorities.filter(({ role }) => question.roles.includes(role));
  const refused = (code: Extract<OverrideDecision, { kind: 'refused' }>['code'], text: string) =>
    ({ kind: 'refused', code, text }) as const;
  if (own.length === 0) return refused('not-authorised', 'None of your roles may set a price');
  const forReason = own.filter(({ reasons }) => reasons.includes(question.reason));
  if (forReason.length === 0)
    return refused(
      'reason-not-allowed',
      `None of your roles may set a price for the reason "${question.reason}"`,
    );
  const able = forReason.filter((one) => covers(one, question));
  if (able.length === 0)
    return refused(
      'over-authority',
      'The price is further from ours than your role may go: pass it on to somebody with a higher limit',
    );
  const floor = belowFloor(question);
  const chosen = able.find((one) => floor !== 'below' || one.belowFloor);
  if (!chosen) return refused('below-floor', BELOW_FLOOR);
  return {
    kind: 'allowed',
    role: chosen.role,
    version: chosen.version,
    floor,
    floorVersion: question.floor?.version ?? null,
  };
}

/**
 * A price for what has none of ours: there is nothing to be far from, so that it is anybody's of the seller's people who
 * answers quotes. Below the margin floor it takes a role that may go below.
 */
export function decideFirstPrice(
  authorities: readonly OverrideAuthority[],
  question: OverrideQuestion,
): { readonly kind: 'allowed' } | Extract<OverrideDecision, { kind: 'refused' }> {
  const mayGoBelow = authorities.some(({ role, belowFloor: may }) => may && question.roles.includes(role));
  if (belowFloor(question) !== 'below' || mayGoBelow) return { kind: 'allowed' };
  return { kind: 'refused', code: 'below-floor', text: BELOW_FLOOR };
}

const BELOW_FLOOR =
  'The price is below the margin floor of the item: pass it on to somebody who may go below it';

function covers(one: OverrideAuthority, question: OverrideQuestion): boolean {
  const { ourPrice, newPrice, amountMinor, newAmountMinor } = question;
  const { currency, entityCurrency, rates } = question;
  const apartMinor = Math.abs(newAmountMinor - amountMinor);
  // Without a rate nobody knows how much it is.
  const measured = convertMinor(apartMinor, currency, one.currency ?? entityCurrency, rates);
  if (one.maximumMinor !== null && (measured === undefined || measured > one.maximumMinor)) return false;
  if (one.maximumPercent === null) return true;
  // Without a price of ours, or with one of nothing, there is nothing to be a percentage of.
  if (ourPrice === null || new Decimal(ourPrice).isZero()) return false;
  const apart = new Decimal(newPrice).minus(ourPrice).abs().times(100);
  return apart.lessThanOrEqualTo(new Decimal(ourPrice).times(one.maximumPercent));
}

/** The floor is the lowest price at which so many percent of it are above the cost: price x (100 - percent) >= cost x 100. */
function belowFloor({
  newPrice,
  unitCost,
  floor,
}: OverrideQuestion): 'above' | 'below' | 'no-cost' | 'no-floor' {
  if (floor === null) return 'no-floor';
  if (unitCost === null) return 'no-cost';
  const left = new Decimal(newPrice).times(new Decimal(100).minus(floor.minimumPercent));
  return left.greaterThanOrEqualTo(new Decimal(unitCost).times(100)) ? 'above' : 'below';
}
