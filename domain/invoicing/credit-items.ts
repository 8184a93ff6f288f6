import { cumulativeShareMinor } from '../shared/money';

/** So many base units of an item on an invoice, and what was billed for them: of a bundle each component by itself. */
export interface BilledItem {
  readonly itemId: string;
  readonly baseUnits: number;
  readonly amountMinor: number;
}

export interface ItemToCredit {
  readonly itemId: string;
  readonly baseUnits: number;
}

export type ItemsCredit =
  | { readonly kind: 'credited'; readonly items: readonly BilledItem[] }
  | { readonly kind: 'beyond'; readonly itemId: string; readonly left: number };

/**
 * What is given back for items of an invoice: their share of what was billed for them, as far as it goes. Cumulative, so
 * that credits of an item in any parts sum to what it was billed for, to the cent.
 * @param before base units credited already, by item
 */
export function creditItems(
  billed: readonly BilledItem[],
  before: ReadonlyMap<string, number>,
  wanted: readonly ItemToCredit[],
): ItemsCredit {
  const credited = new Map(before);
  const items: BilledItem[] = [];
  for (const { itemId, baseUnits } of wanted) {
    const own = billed.filter((line) => line.itemId === itemId);
    const from = credited.get(itemId) ?? 0;
    const whole = own.reduce((sum, line) => sum + line.baseUnits, 0);
    if (from + baseUnits > whole) return { kind: 'beyond', itemId, left: Math.max(0, whole - from) };
    const amountMinor = amountUpTo(own, from + baseUnits) - amountUpTo(own, from);
    credited.set(itemId, from + baseUnits);
    items.push({ itemId, baseUnits, amountMinor });
  }
  return { kind: 'credited', items };
}

/** What the first so many units came to, line by line. */
function amountUpTo(lines: readonly BilledItem[], units: number): number {
  let open = units;
  let amount = 0;
  for (const line of lines) {
    const now = Math.min(open, line.baseUnits);
    open -= now;
    if (now > 0) amount += cumulativeShareMinor(line.amountMinor, now, line.baseUnits);
  }
  return amount;
}
