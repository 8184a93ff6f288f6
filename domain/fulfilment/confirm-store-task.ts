import type { ShipConfirm } from './warehouse-port';

interface PickedLine {
  readonly lineNumber: number;
  /** Base units that were asked for, and that were on the shelf. */
  readonly quantity: number;
  readonly picked: number;
  readonly shortReason?: string;
  /** Of one base unit. */
  readonly weightGrams: number;
}

interface PlannedCarton {
  readonly sscc: string;
  readonly trackingNumber: string | null;
  readonly weightGrams: number;
  readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
}

/**
 * What a store has picked, as a warehouse would confirm it: planned cartons are filled in their order, what is missing
 * is missing in the last ones, and an empty carton does not leave.
 * @param weighed weights by SSCC, where the store has weighed; else the planned weight less what is missing
 */
export function confirmOfStore(
  lines: readonly PickedLine[],
  cartons: readonly PlannedCarton[],
  weighed: Readonly<Record<string, number>>,
): Pick<ShipConfirm, 'lines' | 'packages'> {
  const left = new Map(lines.map((line) => [line.lineNumber, line.picked]));
  const weightOf = new Map(lines.map((line) => [line.lineNumber, line.weightGrams]));
  const packages = cartons.flatMap((carton) => {
    let missingGrams = 0;
    const contents = carton.contents.flatMap(({ lineNumber, quantity }) => {
      const filled = Math.min(quantity, left.get(lineNumber) ?? 0);
      left.set(lineNumber, (left.get(lineNumber) ?? 0) - filled);
      missingGrams += (quantity - filled) * (weightOf.get(lineNumber) ?? 0);
      return filled > 0 ? [{ lineNumber, quantity: filled }] : [];
    });
    if (contents.length === 0) return [];
    const weightGrams = weighed[carton.sscc] ?? Math.max(1, carton.weightGrams - missingGrams);
    const tracking = carton.trackingNumber === null ? {} : { trackingNumber: carton.trackingNumber };
    return [{ sscc: carton.sscc, ...tracking, weightGrams, contents }];
  });
  return {
    lines: lines.map(({ lineNumber, quantity, picked, shortReason }) => ({
      lineNumber,
      shipped: picked,
      ...(picked < quantity && { shortReason: shortReason ?? 'not found in the store' }),
    })),
    packages,
  };
}
