import { isSscc } from './sscc';
import type { SupplierNoticeLevel, SupplierShipNotice } from './supplier-documents';
import { gramsOf } from './warehouse-codes';

/** What a supplier says has left on one of our purchase orders. Quantities are as it says them. */
export interface NoticedOrder {
  readonly number: string;
  readonly items: readonly NoticedItem[];
}

export interface NoticedItem {
  readonly lineNumber?: string;
  readonly productIds: readonly { readonly qualifier: string; readonly value: string }[];
  readonly quantity: string;
  readonly unit: string;
  /** Of `NoticedDeparture.packages`; null: it is in none that is named. */
  readonly packageIndex: number | null;
}

export interface NoticedPackage {
  /** null: its label is no SSCC-18. */
  readonly sscc: string | null;
  readonly trackingNumber: string | null;
  readonly weightGrams: number;
}

export interface NoticedDeparture {
  readonly scac: string | null;
  readonly trackingNumber: string | null;
  readonly billOfLading: string | null;
  readonly orders: readonly NoticedOrder[];
  readonly packages: readonly NoticedPackage[];
  readonly problems: readonly string[];
}

interface Walk {
  readonly order: string | null;
  readonly packageIndex: number | null;
  readonly tracking: string | null;
}

/** A supplier's 856, in whatever structure its levels are nested, as orders with items in cartons. Pure. */
export function readDeparture(notice: SupplierShipNotice): NoticedDeparture {
  const orders = new Map<string, NoticedItem[]>();
  const packages: NoticedPackage[] = [];
  const problems: string[] = [];
  const head = notice.levels.find(({ level }) => level === 'S');
  const visit = (level: SupplierNoticeLevel, above: Walk): void => {
    const tracking = trackingOf(level) ?? above.tracking;
    let within: Walk = { ...above, tracking, order: level.purchaseOrder?.number ?? above.order };
    if (level.level === 'P') {
      packages.push(packageOf(level, tracking));
      within = { ...within, packageIndex: packages.length - 1 };
    }
    if (level.level === 'I') addItem(level, within);
    else for (const under of level.levels) visit(under, within);
  };
  const addItem = (level: SupplierNoticeLevel, at: Walk): void => {
    if (level.shipped === undefined) {
      problems.push('an item says no quantity (SN1)');
      return;
    }
    if (at.order === null) {
      problems.push('an item stands under no purchase order (PRF)');
      return;
    }
    const packs = level.levels.filter((under) => under.level === 'P');
    for (const pack of packs) packages.push(packageOf(pack, trackingOf(pack) ?? at.tracking));
    const items = orders.get(at.order) ?? [];
    orders.set(at.order, items);
    const lineNumber = level.item?.lineNumber ?? level.purchaseOrder?.lineNumber;
    items.push({
      ...(lineNumber !== undefined && { lineNumber }),
      productIds: level.item?.productIds ?? [],
      quantity: level.shipped.quantity,
      unit: level.shipped.unit,
      // Of an item with several cartons under it nobody says how much is in each.
      packageIndex: packs.length === 0 ? at.packageIndex : packs.length === 1 ? packages.length - 1 : null,
    });
  };
  for (const level of notice.levels) visit(level, { order: null, packageIndex: null, tracking: null });
  return {
    scac: head?.carrier?.scac ?? null,
    trackingNumber: head === undefined ? null : trackingOf(head),
    billOfLading: head?.references.find(({ qualifier }) => qualifier === 'BM')?.value ?? null,
    orders: [...orders].map(([number, items]) => ({ number, items })),
    packages,
    problems,
  };
}

/** REF CN (carrier's number) or 2I (tracking), or MAN CP. */
function trackingOf(level: SupplierNoticeLevel): string | null {
  const mark = level.marks.find(({ qualifier }) => qualifier === 'CP');
  const reference = level.references.find(({ qualifier }) => qualifier === '2I' || qualifier === 'CN');
  return mark?.value ?? reference?.value ?? null;
}

function packageOf(level: SupplierNoticeLevel, trackingNumber: string | null): NoticedPackage {
  const label = level.marks.find(({ qualifier }) => qualifier === 'GM' || qualifier === 'AA')?.value;
  const bare = label?.length === 20 && label.startsWith('00') ? label.slice(2) : label;
  const [weight] = level.weights;
  return {
    sscc: bare !== undefined && isSscc(bare) ? bare : null,
    trackingNumber,
    weightGrams: weight?.weight === undefined ? 0 : (gramsOf(weight.weight, weight.unit ?? 'LB') ?? 0),
  };
}
