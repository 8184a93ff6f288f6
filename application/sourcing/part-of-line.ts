import { shareOfBundle } from '../../domain/order/line-supply';
import { lineAmountMinor } from '../../domain/shared/money';
import { fromBaseUnits } from '../../domain/shared/quantity';
import type { ResolvedLine } from '../order/resolve-lines';

/** So much of a line, at the line's own price: of a bundle's component its share of so many bundles. */
export function partOfLine(line: ResolvedLine, baseUnits: number, currency: string): ResolvedLine {
  const { unit } = line.request;
  const quantity = fromBaseUnits(baseUnits, unit, { [unit]: line.unitFactor });
  const amountMinor =
    line.unitPrice === null ? 0 : lineAmountMinor(quantity, line.unitPrice, currency, line.priceBasis);
  return {
    ...line,
    request: { ...line.request, quantity },
    baseUnits,
    amountMinor: shareOfBundle(line.supply, amountMinor),
    ...(line.bundled !== undefined &&
      line.supply?.kind === 'component' && {
        bundled: {
          ...line.bundled,
          baseUnits: (baseUnits / line.unitFactor) * line.supply.bundleFactor,
        },
      }),
  };
}
