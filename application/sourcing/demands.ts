import type { BundleDemand, Demand } from '../../domain/allocation/allocate';
import type { LineSupply } from '../../domain/order/line-supply';
import type { OrderLineRow } from '../order/order-record';
import type { ResolvedLine } from '../order/resolve-lines';

/** What lines that are just being placed want of stock. */
export const demandsOf = (lines: readonly ResolvedLine[]): readonly Demand[] =>
  lines.flatMap((line) =>
    line.item === null
      ? []
      : [
          {
            lineNumber: line.lineNumber,
            itemId: line.item.itemId,
            quantity: line.baseUnits,
            multiple: line.unitFactor,
            ...wholeBundle(line.supply),
          },
        ],
  );

/** What a line of the record still wants. */
export const demandOf = (line: OrderLineRow, quantity: number): Demand => ({
  lineNumber: line.line_number,
  itemId: line.item_id as string,
  quantity,
  multiple: line.unit_factor,
  ...wholeBundle(line.supply),
});

function wholeBundle(supply: LineSupply | null): { readonly bundle?: BundleDemand } {
  if (supply?.kind !== 'component' || supply.apart) return {};
  const { key, bundle: item, weights, bundleFactor: factor } = supply;
  return { bundle: { key, item, components: weights.length, factor } };
}
