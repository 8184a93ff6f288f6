/** What a buyer, a partner or the seller's own people may ask to have changed. */
export const modificationTypes = [
  'cancel',
  'quantity-up',
  'quantity-down',
  'price',
  'requested-date',
  'ship-not-before',
  'cancel-after',
  'ship-to',
  'routing',
  'add-line',
  'delete-line',
  'references',
  'notes',
  'hold',
  'unhold',
  'payment-terms',
] as const;
export type ModificationType = (typeof modificationTypes)[number];

/** header: of the whole order; line: of one line; schedule: of a line that comes in several deliveries or goes to several places. */
export const modificationLevels = ['header', 'line', 'schedule'] as const;
export type ModificationLevel = (typeof modificationLevels)[number];

/**
 * How far the order, or the line, is. released: something of it is planned or at a warehouse; shipped: something has
 * left, nothing is at a warehouse, something is still open; closed: nothing of it is open.
 */
export const modificationStatuses = ['placed', 'held', 'confirmed', 'released', 'shipped', 'closed'] as const;
export type ModificationStatus = (typeof modificationStatuses)[number];

/** allow: done; recall: done once warehouses have given back what they have; disallow: refused; ignore: passed over, the rest is done. */
export const verdicts = ['allow', 'recall', 'disallow', 'ignore'] as const;
export type Verdict = (typeof verdicts)[number];

type Row = Readonly<Record<ModificationStatus, Verdict>>;

const open = { placed: 'allow', held: 'allow', confirmed: 'allow' } as const;
const never = {
  placed: 'disallow',
  held: 'disallow',
  confirmed: 'disallow',
  released: 'disallow',
  shipped: 'disallow',
  closed: 'disallow',
} as const satisfies Row;
const beforeRelease = {
  ...open,
  released: 'disallow',
  shipped: 'disallow',
  closed: 'disallow',
} as const satisfies Row;
/** What is at a warehouse comes back first; of what has left nothing can be changed. */
const untilShipped = {
  ...open,
  released: 'recall',
  shipped: 'disallow',
  closed: 'disallow',
} as const satisfies Row;
/** The same, and the rest of what has left in part can be changed as well. */
const ofTheRest = {
  ...open,
  released: 'recall',
  shipped: 'recall',
  closed: 'disallow',
} as const satisfies Row;
/** Changes nothing that is under way. */
const whileOpen = { ...open, released: 'allow', shipped: 'allow', closed: 'disallow' } as const satisfies Row;

/** The default; a company's own rules (`kind = modification`) replace single cells of it. */
export const modificationMatrix = {
  cancel: { header: ofTheRest, line: ofTheRest, schedule: never },
  'quantity-up': { header: never, line: ofTheRest, schedule: never },
  'quantity-down': { header: never, line: ofTheRest, schedule: never },
  price: { header: never, line: untilShipped, schedule: never },
  'requested-date': { header: ofTheRest, line: ofTheRest, schedule: never },
  'ship-not-before': { header: ofTheRest, line: ofTheRest, schedule: never },
  'cancel-after': { header: whileOpen, line: whileOpen, schedule: never },
  'ship-to': { header: untilShipped, line: never, schedule: never },
  routing: { header: untilShipped, line: never, schedule: never },
  'add-line': { header: whileOpen, line: never, schedule: never },
  'delete-line': { header: never, line: untilShipped, schedule: untilShipped },
  references: { header: whileOpen, line: never, schedule: never },
  notes: { header: whileOpen, line: never, schedule: never },
  // What has left cannot be held; what is still here can, whatever of the order is under way.
  hold: { header: whileOpen, line: whileOpen, schedule: whileOpen },
  unhold: { header: whileOpen, line: whileOpen, schedule: whileOpen },
  'payment-terms': { header: beforeRelease, line: never, schedule: never },
} as const satisfies Readonly<Record<ModificationType, Readonly<Record<ModificationLevel, Row>>>>;

/** One cell, or a row of cells, that a company decides otherwise. */
export interface MatrixCells {
  readonly type: ModificationType;
  readonly level: ModificationLevel;
  readonly statuses: readonly ModificationStatus[];
  readonly verdict: Verdict;
}

export interface ScopedCells {
  readonly scope: string;
  readonly version: number;
  readonly cells: readonly MatrixCells[];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Whose rule: a scope with its version, or the default. */
  readonly rule: string;
}

/**
 * The verdict on one modification.
 * @param rules those that are for this order, the most specific first; each decides the cells it names
 */
export function judgeModification(
  rules: readonly ScopedCells[],
  type: ModificationType,
  level: ModificationLevel,
  status: ModificationStatus,
): Judgement {
  for (const { scope, version, cells } of rules) {
    const cell = cells.find(
      (one) => one.type === type && one.level === level && one.statuses.includes(status),
    );
    if (cell) return { verdict: cell.verdict, rule: `modification ${scope} v${version}` };
  }
  return { verdict: modificationMatrix[type][level][status], rule: 'modification default' };
}
