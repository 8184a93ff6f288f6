import type { ShipmentConfirmed, WarehouseReleaseWire } from '../../adapters/wms/contract';

/** What the pickers did not find: of a release or an item, this many units, this many times. */
export interface Shortage {
  readonly releaseNumber?: string;
  readonly itemId?: string;
  readonly shortBy: number;
  readonly reason: string;
  readonly times: number;
}

export interface PickedLine {
  readonly lineNumber: number;
  readonly shipped: number;
  readonly shortReason?: string;
}

/** Picks every line of a release; shortages that were met are counted down. */
export function pick(
  release: WarehouseReleaseWire,
  shortages: readonly Shortage[],
): { readonly lines: readonly PickedLine[]; readonly shortages: readonly Shortage[] } {
  let left = [...shortages];
  const lines = release.lines.map((line) => {
    const shortage = left.find((one) => appliesTo(one, release.releaseNumber, line.itemId));
    if (!shortage) return { lineNumber: line.lineNumber, shipped: line.quantity };
    left = left
      .map((one) => (one === shortage ? { ...one, times: one.times - 1 } : one))
      .filter((one) => one.times > 0);
    const shipped = Math.max(0, line.quantity - shortage.shortBy);
    return { lineNumber: line.lineNumber, shipped, shortReason: shortage.reason };
  });
  return { lines, shortages: left };
}

function appliesTo(shortage: Shortage, releaseNumber: string, itemId: string): boolean {
  const releaseFits = shortage.releaseNumber === undefined || shortage.releaseNumber === releaseNumber;
  const itemFits = shortage.itemId === undefined || shortage.itemId === itemId;
  return releaseFits && itemFits;
}

type Packages = ShipmentConfirmed['data']['packages'];

/**
 * The cartons that left: as the hub planned them, less what was short, taken from the last cartons; a carton that would
 * be empty is not sent. A release without planned cartons is packed into one of the warehouse's own.
 */
export function pack(
  release: WarehouseReleaseWire,
  lines: readonly PickedLine[],
  weightOf: (itemId: string) => number,
  ownSscc: () => string,
): Packages {
  const items = new Map(release.lines.map((line) => [line.lineNumber, line.itemId]));
  const left = new Map(lines.map((line) => [line.lineNumber, line.shipped]));
  const planned =
    release.packages.length > 0 ? release.packages : [{ sscc: ownSscc(), contents: release.lines }];
  const packages = planned.map((plan) => ({
    sscc: plan.sscc,
    ...('trackingNumber' in plan && plan.trackingNumber !== undefined
      ? { trackingNumber: plan.trackingNumber }
      : {}),
    contents: plan.contents
      .map(({ lineNumber, quantity }) => ({ lineNumber, quantity: take(left, lineNumber, quantity) }))
      .filter((content) => content.quantity > 0),
  }));
  const emptyCartonGrams = 350;
  return packages
    .filter((one) => one.contents.length > 0)
    .map((one) => {
      const goodsGrams = one.contents.reduce(
        (sum, content) => sum + content.quantity * weightOf(items.get(content.lineNumber) ?? ''),
        0,
      );
      return { ...one, weightGrams: emptyCartonGrams + goodsGrams };
    });
}

function take(left: Map<number, number>, lineNumber: number, wanted: number): number {
  const there = left.get(lineNumber) ?? 0;
  const taken = Math.min(there, wanted);
  left.set(lineNumber, there - taken);
  return taken;
}

/** An SSCC-18 with its GS1 mod-10 check digit. */
export function ssccOf(companyPrefix: string, serial: number): string {
  const digits = `0${companyPrefix}${String(serial).padStart(16 - companyPrefix.length, '0')}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
