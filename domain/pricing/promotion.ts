import type { LocalDate } from '../shared/dates';
import type { Currency, UnitPrice } from '../shared/money';

/**
 * exclusive: alone on a line, or not at all. stackable: beside others, one after the other by precedence, each on what
 * the ones before have left. best-of: of all that say so only the one that gives most, beside the stackable ones.
 */
export const promotionStackings = ['exclusive', 'stackable', 'best-of'] as const;
export type PromotionStacking = (typeof promotionStackings)[number];

export type PromotionBenefit =
  | { readonly kind: 'percent'; readonly percent: string; readonly of: 'line' | 'order' }
  /** Minor units; `unit` is the item's base unit. */
  | { readonly kind: 'amount'; readonly amountMinor: number; readonly per: 'unit' | 'line' | 'order' }
  /** Per base unit; a price above the line's own changes nothing. */
  | { readonly kind: 'fixed-price'; readonly unitPrice: UnitPrice }
  /**
   * Of every `buy + get` base units of the eligible lines together `get`, the cheapest, are `percent` cheaper. With
   * `getItems` the reduced units are those items' instead: `get` of them for every `buy` of the eligible lines.
   */
  | {
      readonly kind: 'buy-get';
      readonly buy: number;
      readonly get: number;
      readonly percent: string;
      readonly getItems: readonly string[] | null;
    };

/** A promotion as the company maintains it (rule kind `promotion`). Conditions that are absent ask for nothing. */
export interface Promotion {
  readonly promotionId: string;
  readonly version: number;
  readonly name: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly customers?: readonly string[] | undefined;
  readonly customerGroups?: readonly string[] | undefined;
  readonly channels?: readonly string[] | undefined;
  /** A line is eligible where it fits one of these three; where none is given every line is. */
  readonly items?: readonly string[] | undefined;
  readonly itemClasses?: readonly string[] | undefined;
  readonly priceGroups?: readonly string[] | undefined;
  /** Of its amounts; an order in another currency does not have it. Absent where it has none. */
  readonly currency?: Currency | undefined;
  /** Over the eligible lines: base units, and minor units before any promotion. */
  readonly minimumQuantity: number | null;
  readonly minimumAmountMinor: number | null;
  readonly benefit: PromotionBenefit;
  readonly stacking: PromotionStacking;
  /** The lower the earlier. */
  readonly precedence: number;
  readonly maximumMinor: number | null;
  /** Orders that may have it. */
  readonly maximumUses: number | null;
  readonly maximumUsesPerCustomer: number | null;
  /** Element 1300 of the allowance: F800 promotional allowance. */
  readonly code: string;
}

export interface PromotionLine {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly itemClass: string | null;
  readonly priceGroup: string | null;
  readonly baseUnits: number;
  /** Before promotions. */
  readonly amountMinor: number;
}

/** What a promotion may still give; null is without a limit. The order's own earlier use is in it. */
export interface Availability {
  readonly minor: number | null;
  readonly uses: number | null;
}

export interface PromotionQuestion {
  readonly customerId: string;
  readonly customerGroups: readonly string[];
  readonly channel: string;
  readonly date: LocalDate;
  readonly currency: Currency;
  readonly lines: readonly PromotionLine[];
  readonly promotions: readonly Promotion[];
  /** By promotion id, of those with a limit. */
  readonly available: ReadonlyMap<string, Availability>;
}

export const hasLimit = (one: Promotion) =>
  one.maximumMinor !== null || one.maximumUses !== null || one.maximumUsesPerCustomer !== null;

export const isOfOrder = ({ benefit }: Promotion) =>
  (benefit.kind === 'percent' && benefit.of === 'order') ||
  (benefit.kind === 'amount' && benefit.per === 'order');

export const byPrecedence = (a: Promotion, b: Promotion) =>
  a.precedence - b.precedence || (a.promotionId < b.promotionId ? -1 : 1);

/** Why a promotion is not for an order at all, whatever its lines; null where it is. */
export function whyNotForOrder(
  one: Promotion,
  question: Omit<PromotionQuestion, 'lines' | 'promotions' | 'available'>,
): string | null {
  const { date } = question;
  if (date < one.validFrom) return `begins on ${one.validFrom}`;
  if (one.validTo !== null && date > one.validTo) return `ended on ${one.validTo}`;
  if (one.currency !== undefined && one.currency !== question.currency)
    return `is in ${one.currency}, the order in ${question.currency}`;
  if (one.customers !== undefined && !one.customers.includes(question.customerId))
    return 'is for other customers';
  if (
    one.customerGroups !== undefined &&
    !one.customerGroups.some((group) => question.customerGroups.includes(group))
  )
    return `is for customers of ${one.customerGroups.join(', ')}`;
  if (one.channels !== undefined && !one.channels.includes(question.channel))
    return `is for orders by ${one.channels.join(', ')}`;
  return null;
}
