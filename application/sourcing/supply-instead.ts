import type { HoldRequest } from '../../domain/order/hold-types';
import type { InsteadSupply } from '../../domain/order/line-supply';
import type { Volumes } from '../../domain/pricing/resolve-price';
import { compareDecimals, lineAmountMinor, scaleDecimal } from '../../domain/shared/money';
import type { ItemFacts, LineFacts, LineTerms, ResolvedLine } from '../order/resolve-lines';
import { type PricedLine, priceLine } from '../pricing/price-line';
import type { StandIn } from './item-relations';

/**
 * A line with what is supplied instead of its item. Its ordered unit stays; one of it is now so many base units of what
 * is supplied. @returns null where nobody sells that
 */
export function supplyInstead(line: ResolvedLine, standIn: StandIn, facts: LineFacts): ResolvedLine | null {
  const item = facts.items.get(standIn.itemId);
  if (line.item === null || !item?.active) return null;
  const supply: InsteadSupply = {
    kind: 'instead',
    of: line.item.itemId,
    because: standIn.because,
    rule: standIn.rule,
    version: standIn.version,
    agreement: facts.relations.agreement?.name ?? '',
    price: standIn.price,
    ratio: standIn.ratio,
    maximumIncreasePercent: standIn.maximumIncreasePercent,
    documents: standIn.documents,
    ids: facts.relations.idsOf(item.itemId),
    baseUnit: item.baseUnit,
  };
  return {
    ...line,
    item,
    unitFactor: line.unitFactor * standIn.ratio,
    baseUnits: line.baseUnits * standIn.ratio,
    supply,
  };
}

/**
 * The price of a line of which something else is supplied, by the rule's word: that of what was ordered, that of what is
 * supplied, or the lower one. Where the latter is dearer than the buyer has agreed to, a person decides; until then the
 * ordered item's price stands.
 */
export function priceSupplied(
  line: ResolvedLine,
  supply: InsteadSupply,
  facts: LineFacts,
  terms: LineTerms,
  volumesOf: (item: ItemFacts) => Volumes,
): PricedLine {
  const asOrdered = facts.items.get(supply.of);
  const common = { ...terms, rates: facts.rates };
  const ordered = priceLine(line.request, line.lineNumber, {
    ...common,
    factors: asOrdered?.factors ?? {},
    rows: facts.prices.get(supply.of) ?? [],
    volumes: volumesOf(asOrdered ?? (line.item as ItemFacts)),
  });
  if (supply.price === 'ordered' || line.item === null) return told(ordered, supply, 'ordered', null);
  const { unitPrice: _asked, ...unpriced } = line.request;
  const supplied = priceLine(unpriced, line.lineNumber, {
    ...common,
    // One ordered unit, in base units of what is supplied.
    factors: { ...line.item.factors, [line.request.unit]: line.unitFactor },
    rows: facts.prices.get(line.item.itemId) ?? [],
    volumes: volumesOf(line.item),
  });
  return weigh(line, supply, ordered, supplied, terms.currency);
}

function weigh(
  line: ResolvedLine,
  supply: InsteadSupply,
  ordered: PricedLine,
  supplied: PricedLine,
  currency: string,
): PricedLine {
  if (supplied.unitPrice === null)
    return supply.price === 'lower' && ordered.price?.kind === 'priced'
      ? told(ordered, supply, 'ordered', null)
      : told(supplied, supply, 'supplied', null);
  // What the ordered item would cost: an old number may have no price any more.
  const reference = line.request.unitPrice ?? ordered.unitPrice;
  if (reference === null) return told(supplied, supply, 'supplied', null);
  const dearer = compareDecimals(supplied.unitPrice, reference) > 0;
  if (supply.price === 'lower' && dearer) return told(ordered, supply, 'ordered', supplied.unitPrice);
  const allowed = increased(reference, supply.maximumIncreasePercent);
  if (compareDecimals(supplied.unitPrice, allowed) <= 0) return told(supplied, supply, 'supplied', reference);
  const basis = { quantity: line.request.quantity, priceBasis: supplied.priceBasis };
  const hold: HoldRequest = {
    type: 'price',
    lineNumber: line.lineNumber,
    reason: {
      code: 'supplied-dearer',
      text: `Line ${line.lineNumber}: ${line.item?.itemId ?? ''} costs ${supplied.unitPrice} instead of ${reference} for ${supply.of}; up to ${allowed} (${supply.maximumIncreasePercent} percent more) is agreed`,
      details: { ourPrice: supplied.unitPrice, purchaseOrderPrice: reference, allowed },
    },
  };
  return {
    ...told(supplied, supply, 'supplied', reference),
    unitPrice: reference,
    amountMinor: lineAmountMinor(basis.quantity, reference, currency, basis.priceBasis),
    priceDecision: {
      ...told(supplied, supply, 'supplied', reference).priceDecision,
      ourPrice: supplied.unitPrice,
      stands: 'undecided',
    },
    holds: [hold],
  };
}

const increased = (price: string, percent: string): string => {
  const [whole = '0', fraction = ''] = percent.split('.');
  const scale = 10 ** fraction.length;
  return scaleDecimal(price, 100 * scale + Number(whole + fraction), 100 * scale);
};

function told(
  priced: PricedLine,
  supply: InsteadSupply,
  whose: 'ordered' | 'supplied',
  other: string | null,
): PricedLine {
  const supplied = { rule: supply.price, taken: whose, other, of: supply.of };
  return { ...priced, priceDecision: { ...priced.priceDecision, supplied } };
}
