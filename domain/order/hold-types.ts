/** A kind of hold: what it stops, who owns it, how long it may wait. The defaults; a company's own rules replace them. */
export interface HoldType {
  readonly type: string;
  /** answer: the 855; release: to the warehouse. */
  readonly blocks: readonly ('answer' | 'release')[];
  /** Who owns it first. */
  readonly role: string;
  /** After this it is escalated, and an exception says so. */
  readonly dueInSeconds: number;
  /** After this it counts as refused; null waits for ever. */
  readonly expiresInSeconds: number | null;
}

const hours = (n: number) => n * 3600;
const days = (n: number) => n * 86400;
const both = ['answer', 'release'] as const;

export const defaultHoldTypes = [
  { type: 'credit', blocks: both, role: 'finance', dueInSeconds: hours(24), expiresInSeconds: days(14) },
  { type: 'price', blocks: both, role: 'sales', dueInSeconds: hours(8), expiresInSeconds: days(14) },
  {
    type: 'approval',
    blocks: both,
    role: 'sales-manager',
    dueInSeconds: hours(24),
    expiresInSeconds: days(14),
  },
  {
    type: 'duplicate-purchase-order',
    blocks: both,
    role: 'customer-service',
    dueInSeconds: hours(8),
    expiresInSeconds: days(14),
  },
  {
    type: 'ship-to',
    blocks: both,
    role: 'customer-service',
    dueInSeconds: hours(8),
    expiresInSeconds: days(14),
  },
  {
    type: 'item',
    blocks: both,
    role: 'customer-service',
    dueInSeconds: hours(8),
    expiresInSeconds: days(14),
  },
  {
    type: 'content',
    blocks: both,
    role: 'customer-service',
    dueInSeconds: hours(8),
    expiresInSeconds: days(14),
  },
] as const satisfies readonly HoldType[];

export type HoldTypeName = (typeof defaultHoldTypes)[number]['type'];

/** A hold that an assessment asks for; `lineNumber` null is the whole order. */
export interface HoldRequest {
  readonly type: HoldTypeName;
  readonly lineNumber: number | null;
  readonly reason: {
    readonly code: string;
    readonly text: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}
