import { comparePrice, priceBasisDivisor } from '../../domain/pricing/compare-price';
import { compareDecimals, lineAmountMinor, scaleDecimal } from '../../domain/shared/money';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { OrderLineRow } from '../order/order-record';
import type { ResolvedLine } from '../order/resolve-lines';
import { differenceHold, priceHold } from './price-line';

export interface BlanketPriceTerms {
  readonly currency: string;
  readonly policy: Pick<CustomerPolicy, 'priceTolerance'>;
}

/**
 * What was agreed with the blanket order stands for its releases, in whichever unit and basis they name, whatever the
 * lists say by then. A release that says another price is held against it as any other order against the lists.
 */
export function atBlanketPrice<Line extends ResolvedLine>(
  line: Line,
  of: OrderLineRow,
  { currency, policy }: BlanketPriceTerms,
): Line {
  const { quantity, unit, unitPrice: asked, priceBasisCode } = line.request;
  const isReadable = asked === undefined || priceBasisDivisor(priceBasisCode) !== undefined;
  if (of.unit_price === null || !isReadable) return line;
  const priceBasis = asked === undefined ? of.price_basis : line.priceBasis;
  const others = line.holds.filter((hold) => hold.type !== 'price');
  const priced = (unitPrice: string, more: Readonly<Record<string, unknown>>, holds = others): Line => ({
    ...line,
    unitPrice,
    priceBasis,
    amountMinor: lineAmountMinor(quantity, unitPrice, currency, priceBasis),
    priceDecision: { ...line.priceDecision, ...more },
    holds,
  });
  const ours = converted(of, line, priceBasis);
  if (ours === null) {
    const text = `${plain(of.unit_price)} per ${of.unit} of the blanket order does not convert exactly to a price per ${unit}`;
    return {
      ...line,
      unitPrice: asked ?? null,
      amountMinor: asked === undefined ? 0 : line.amountMinor,
      priceDecision: { ...line.priceDecision, blanketPrice: null, stands: 'undecided' },
      holds: [...others, priceHold(line.lineNumber, 'not-exact', text)],
    };
  }
  const agreed = { blanketPrice: ours, stands: 'blanket', why: 'the price of the blanket order' };
  if (asked === undefined) return priced(ours, agreed);
  const comparison = comparePrice(asked, ours, 1, policy.priceTolerance);
  if (comparison.agrees) return priced(asked, { ...comparison, ...agreed });
  const hold = differenceHold(line.lineNumber, asked, comparison, 'the price of the blanket order');
  return priced(asked, { ...comparison, blanketPrice: ours, stands: 'undecided' }, [...others, hold]);
}

/** The blanket order's price in the unit of a line, for so many of them; null where it is not exact in 6 places. */
function converted(of: OrderLineRow, line: ResolvedLine, priceBasis: number): string | null {
  const [to, from] = [line.unitFactor * priceBasis, of.unit_factor * of.price_basis];
  const price = of.unit_price ?? '0';
  const exact = scaleDecimal(price, to, from, 6);
  return compareDecimals(exact, scaleDecimal(price, to, from, 18)) === 0 ? exact : null;
}

/** "10.500000" as "10.5". */
const plain = (price: string) => scaleDecimal(price, 1, 1, 6);
