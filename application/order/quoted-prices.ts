import type { OrderRequest } from '../../domain/order/order-request';
import { lineAmountMinor } from '../../domain/shared/money';
import type { ResolvedLine } from './resolve-lines';

/** What was quoted stands for the order that comes of it, whatever the lists say by then. */
export function atQuotedPrices(
  request: Pick<OrderRequest, 'quote'>,
  lines: readonly ResolvedLine[],
  currency: string,
): readonly ResolvedLine[] {
  const { quote } = request;
  if (quote === undefined) return lines;
  return lines.map((line) => {
    const { unitPrice, quantity } = line.request;
    if (line.rejection || unitPrice === undefined) return line;
    return {
      ...line,
      unitPrice,
      priceBasis: 1,
      amountMinor: lineAmountMinor(quantity, unitPrice, currency, 1),
      priceDecision: { ...line.priceDecision, stands: 'quote', why: `the price of quote ${quote.number}` },
      holds: line.holds.filter((hold) => hold.type !== 'price'),
    };
  });
}
