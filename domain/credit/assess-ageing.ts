import { addDays, type LocalDate } from '../shared/dates';
import { sumMinor } from '../shared/money';

/** When past-due invoices stop new deliveries: data that finance edits, per account or risk class. */
export interface AgeingRule {
  /** Days after its due date during which an invoice still counts as in time. */
  readonly graceDays: number;
  /** Past-due money up to this amount, in minor units of the account's currency, holds nothing. */
  readonly floorMinor: number;
}

export const disputeReasons = [
  'price',
  'quantity',
  'quality',
  'not-delivered',
  'duplicate',
  'other',
] as const;
export type DisputeReason = (typeof disputeReasons)[number];

export interface OpenItem {
  readonly number: string;
  readonly openMinor: number;
  readonly dueDate: LocalDate | null;
  /** Somebody contests it: it stays in the exposure, but its age holds nothing. */
  readonly disputed: boolean;
}

export interface AgedItem extends OpenItem {
  /** Days past its due date; negative while it is not due; null where nobody says when it is due. */
  readonly daysPastDue: number | null;
}

export const ageingBuckets = [
  'not-due',
  '1-30',
  '31-60',
  '61-90',
  'over-90',
  'disputed',
  'without-due-date',
] as const;
export type AgeingBucket = (typeof ageingBuckets)[number];

export interface Ageing {
  readonly buckets: readonly { readonly bucket: AgeingBucket; readonly amountMinor: number }[];
  readonly items: readonly AgedItem[];
}

const DAY_MS = 86_400_000;
const daysBetween = (from: LocalDate, to: LocalDate) =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

export function bucketOf({ daysPastDue, disputed }: AgedItem): AgeingBucket {
  if (disputed) return 'disputed';
  if (daysPastDue === null) return 'without-due-date';
  if (daysPastDue <= 0) return 'not-due';
  if (daysPastDue <= 30) return '1-30';
  if (daysPastDue <= 60) return '31-60';
  return daysPastDue <= 90 ? '61-90' : 'over-90';
}

/** What is open by age, oldest first. Settled items and credits have no age. */
export function ageOpenItems(items: readonly OpenItem[], today: LocalDate): Ageing {
  const aged = items
    .filter(({ openMinor }) => openMinor > 0)
    .map((item) => ({
      ...item,
      daysPastDue: item.dueDate === null ? null : daysBetween(item.dueDate, today),
    }))
    .toSorted(
      (a, b) => (b.daysPastDue ?? -Infinity) - (a.daysPastDue ?? -Infinity) || (a.number < b.number ? -1 : 1),
    );
  return {
    items: aged,
    buckets: ageingBuckets.map((bucket) => ({
      bucket,
      amountMinor: sumMinor(
        aged.filter((item) => bucketOf(item) === bucket).map(({ openMinor }) => openMinor),
      ),
    })),
  };
}

export interface PastDue {
  readonly amountMinor: number;
  readonly items: readonly AgedItem[];
}

/** The invoices that hold orders; null while they come to no more than the floor. */
export function findPastDue(items: readonly OpenItem[], rule: AgeingRule, today: LocalDate): PastDue | null {
  const late = ageOpenItems(items, today).items.filter(
    ({ dueDate, disputed }) => !disputed && dueDate !== null && addDays(dueDate, rule.graceDays) < today,
  );
  const amountMinor = sumMinor(late.map(({ openMinor }) => openMinor));
  return amountMinor > rule.floorMinor ? { amountMinor, items: late } : null;
}
