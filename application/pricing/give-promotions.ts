import type { HoldRequest } from '../../domain/order/hold-types';
import { isFurtherComponent } from '../../domain/order/line-supply';
import type { StandingAdjustment } from '../../domain/pricing/agree-adjustments';
import {
  type AppliedPromotion,
  applyPromotions,
  type PromotionOutcome,
} from '../../domain/pricing/apply-promotions';
import { comparePrice } from '../../domain/pricing/compare-price';
import type { Availability, Promotion, PromotionLine } from '../../domain/pricing/promotion';
import { lineAmountMinor, scaleDecimal, sumMinor } from '../../domain/shared/money';
import { sumQuantities } from '../../domain/shared/quantity';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { ResolvedLine } from '../order/resolve-lines';
import { isAgreedByItself } from './agreed-by-itself';

export interface PromotionTerms {
  readonly customerId: string;
  readonly policy: CustomerPolicy;
  readonly currency: string;
  readonly channel: string;
  readonly date: string;
  readonly promotions: readonly Promotion[];
  readonly available: ReadonlyMap<string, Availability>;
}

/** What of promotions stands with an order, and how its lines are told of it. */
export interface GivenPromotions {
  readonly lines: readonly ResolvedLine[];
  readonly standing: readonly StandingAdjustment[];
  /** Of the order as a whole, with the reasons. */
  readonly outcome: PromotionOutcome;
}

/**
 * Gives an order its promotions. A line whose price the purchase order states net of them keeps that price, and they
 * are in it; one whose price is not agreed has none until it is. Lines at a blanket order's price have none.
 */
export function givePromotions(lines: readonly ResolvedLine[], terms: PromotionTerms): GivenPromotions {
  const nothing = { applied: [], refused: [], furtherRefused: 0 };
  const wholes = terms.promotions.length === 0 ? [] : wholeLines(lines);
  if (wholes.length === 0) return { lines, standing: [], outcome: nothing };
  const first = applied(wholes, terms);
  const net = new Map(
    wholes
      .filter(isMismatch)
      .map((whole) => [whole.head.lineNumber, netPriceOf(whole, first, terms)] as const),
  );
  const disagreed = wholes.filter((whole) => net.get(whole.head.lineNumber) === null);
  const agreed = wholes.filter((whole) => net.get(whole.head.lineNumber) !== null);
  const outcome = disagreed.length === 0 ? first : applied(agreed, terms);
  const inPrice = new Set(agreed.filter(isMismatch).map(({ head }) => head.lineNumber));
  return {
    lines: told(lines, wholes, outcome, inPrice, net),
    standing: standingOf(outcome.applied, lines, wholes, inPrice),
    outcome,
  };
}

/** The parts of a line together, as whoever takes something off it sees it. */
interface WholeLine {
  readonly head: ResolvedLine;
  /** What was ordered: of a bundle not its first component. */
  readonly item: ResolvedLine['item'];
  readonly quantity: string;
  readonly baseUnits: number;
  readonly amountMinor: number;
}

const isMismatch = ({ head }: WholeLine) => head.priceDecision['stands'] === 'undecided';

function wholeLines(lines: readonly ResolvedLine[]): readonly WholeLine[] {
  const alive = lines.filter(
    (line) => line.rejection === null && line.item !== null && line.unitPrice !== null && !isSetApart(line),
  );
  return [...Map.groupBy(alive, (line) => line.splitFrom ?? line.lineNumber).values()].flatMap((parts) => {
    const head = parts.find((part) => part.splitFrom === null) ?? parts[0];
    if (head === undefined) return [];
    const counted = parts.filter((part) => !isFurtherComponent(part.supply));
    const baseUnits = counted.reduce((sum, part) => sum + (part.bundled?.baseUnits ?? part.baseUnits), 0);
    const amountMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0);
    const item = head.bundled?.item ?? head.item;
    return [
      {
        head,
        item,
        quantity: sumQuantities(counted.map((part) => part.request.quantity)),
        baseUnits,
        amountMinor,
      },
    ];
  });
}

/** What has no promotion: a price that was agreed by itself, and what has no price of ours. */
const isSetApart = ({ priceDecision, price }: ResolvedLine) =>
  isAgreedByItself(priceDecision) ||
  // The purchase order's price as a person took it.
  (priceDecision['agreedOnRelease'] === true && priceDecision['stands'] === 'purchase-order') ||
  price?.kind !== 'priced';

function applied(wholes: readonly WholeLine[], terms: PromotionTerms): PromotionOutcome {
  const lines = wholes.map(
    (whole): PromotionLine => ({
      lineNumber: whole.head.splitFrom ?? whole.head.lineNumber,
      itemId: whole.item?.itemId ?? '',
      itemClass: whole.item?.itemClass ?? null,
      priceGroup: whole.item?.priceGroup ?? null,
      baseUnits: whole.baseUnits,
      amountMinor: isMismatch(whole) ? ourAmount(whole, terms.currency) : whole.amountMinor,
    }),
  );
  return applyPromotions({ ...terms, customerGroups: terms.policy.groups, lines });
}

function ourAmount({ head, quantity }: WholeLine, currency: string): number {
  return head.price?.kind === 'priced' ? lineAmountMinor(quantity, head.price.unitPrice, currency) : 0;
}

/** Our price with the line's promotions in it, where the purchase order's agrees with that; null where it does not. */
function netPriceOf(
  whole: WholeLine,
  { applied: given }: PromotionOutcome,
  { currency, policy }: PromotionTerms,
): string | null {
  const { head } = whole;
  const asked = head.request.unitPrice;
  if (asked === undefined || head.price?.kind !== 'priced') return null;
  const off = given.reduce(
    (sum, one) => (one.lineNumber === head.lineNumber ? sum + one.amountMinor : sum),
    0,
  );
  if (off === 0) return null;
  const gross = ourAmount(whole, currency);
  // Of nothing there is no share.
  if (gross === 0) return null;
  const net = scaleDecimal(head.price.unitPrice, gross - off, gross);
  return comparePrice(asked, net, head.priceBasis, policy.priceTolerance).agrees ? net : null;
}

function standingOf(
  given: readonly AppliedPromotion[],
  lines: readonly ResolvedLine[],
  wholes: readonly WholeLine[],
  inPrice: ReadonlySet<number>,
): readonly StandingAdjustment[] {
  const byNumber = new Map(wholes.map((whole) => [whole.head.splitFrom ?? whole.head.lineNumber, whole]));
  const alive = new Set(
    lines.filter(({ rejection }) => rejection === null).map((line) => line.splitFrom ?? line.lineNumber),
  );
  const ofOrder = (ofLines: readonly number[]) => ({
    forSubtotalMinor: sumMinor(ofLines.map((one) => byNumber.get(one)?.amountMinor ?? 0)),
    ...(ofLines.length < alive.size && { forLines: ofLines }),
  });
  return given.map((one) => {
    const whole = one.lineNumber === null ? undefined : byNumber.get(one.lineNumber);
    return {
      indicator: 'allowance',
      code: one.code,
      description: `${one.promotionId} ${one.name}`.slice(0, 80),
      lineNumber: one.lineNumber,
      amountMinor: one.amountMinor,
      ...(whole ? { forQuantity: whole.quantity } : ofOrder(one.ofLines ?? [])),
      promotion: {
        id: one.promotionId,
        version: one.version,
        ...(one.lineNumber !== null && inPrice.has(one.lineNumber) && { inPrice: true }),
      },
    };
  });
}

/** Each line's decision with its promotions: what it was given, and what it was not and why. */
function told(
  lines: readonly ResolvedLine[],
  wholes: readonly WholeLine[],
  { applied: given, refused }: PromotionOutcome,
  inPrice: ReadonlySet<number>,
  net: ReadonlyMap<number, string | null>,
): readonly ResolvedLine[] {
  const concerned = new Set(wholes.map(({ head }) => head.lineNumber));
  const agreed = {
    agrees: true,
    stands: 'purchase-order',
    why: 'the order’s price has the promotions in it',
  };
  const givenTo = Map.groupBy(given, (one) => one.lineNumber);
  const refusedTo = Map.groupBy(refused, (one) => one.lineNumber);
  return lines.map((line) => {
    const number = line.splitFrom ?? line.lineNumber;
    // Of a line in parts the first one tells; the price is agreed of all of them.
    if (!concerned.has(line.lineNumber)) {
      if (!inPrice.has(number) || line.rejection !== null) return line;
      const netPrice = net.get(number) ?? null;
      return { ...line, priceDecision: { ...line.priceDecision, ...agreed, netPrice } };
    }
    const own = givenTo.get(number) ?? [];
    const others = refusedTo.get(number) ?? [];
    const unsettled = net.get(number) === null;
    if (own.length === 0 && others.length === 0 && !unsettled) return line;
    const promotions = {
      given: own.map(({ lineNumber: _line, code: _code, ...one }) => one),
      refused: unsettled
        ? [{ reason: 'a line whose price is not agreed has none' }]
        : others.map(({ lineNumber: _line, ...one }) => one),
    };
    if (!inPrice.has(number)) return { ...line, priceDecision: { ...line.priceDecision, promotions } };
    return {
      ...line,
      priceDecision: {
        ...line.priceDecision,
        promotions,
        ...agreed,
        netPrice: net.get(number) ?? null,
      },
      holds: line.holds.filter((hold: HoldRequest) => hold.type !== 'price'),
    };
  });
}
