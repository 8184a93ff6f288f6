import type { HoldTrigger } from './hold-triggers';

/** Where a hold may sit: the whole order, one of its lines, one of its shipments. */
export const holdScopes = ['order', 'line', 'shipment'] as const;
export type HoldScope = (typeof holdScopes)[number];

/** answer: the 855; release: planning and the warehouse; ship: label and hand-over to the warehouse; invoice: its posting. */
export const holdSteps = ['answer', 'release', 'ship', 'invoice'] as const;
export type HoldStep = (typeof holdSteps)[number];

/** What comes of a hold that nobody decided until it expired. `stays`: it goes on holding, and somebody is told. */
export const expiryOutcomes = ['reject', 'release', 'stays'] as const;
export type ExpiryOutcome = (typeof expiryOutcomes)[number];

/** A kind of hold: what it stops, who owns it, how long it may wait. The defaults; a company's own rules replace them. */
export interface HoldType {
  readonly type: string;
  readonly scopes: readonly HoldScope[];
  readonly blocks: readonly HoldStep[];
  /** Who owns it first. */
  readonly role: string;
  /** Roles whose people may put it on by hand; [] only rules do. */
  readonly appliedBy: readonly string[];
  /** Roles that may resolve it; null: whoever has authority over the type. A role named here without authority of its own has no limit. */
  readonly resolvedBy: readonly string[] | null;
  /** Not released while one of these is open on the same order. */
  readonly resolvedAfter: readonly string[];
  /** Opens by itself on the order, line or shipment of which one of these was released: a second look. */
  readonly opensAfter: readonly string[];
  /** After this it is escalated, and an exception says so. */
  readonly dueInSeconds: number;
  /** To whom, one after the other; `againAfterSeconds` lies between two of them. */
  readonly escalation: { readonly to: readonly string[]; readonly againAfterSeconds: number };
  /** After this nobody is waited for any more; null waits for ever. */
  readonly expiresInSeconds: number | null;
  readonly onExpiry: ExpiryOutcome;
  /** One that holds is enough. */
  readonly triggers: readonly HoldTrigger[];
}

const hours = (n: number) => n * 3600;
const days = (n: number) => n * 86400;

/** What a type has where neither its default nor its rule says otherwise. */
export const plainHoldType = {
  scopes: ['order', 'line'],
  blocks: ['answer', 'release'],
  role: 'customer-service',
  appliedBy: [],
  resolvedBy: null,
  resolvedAfter: [],
  opensAfter: [],
  dueInSeconds: hours(8),
  escalation: { to: [], againAfterSeconds: hours(24) },
  expiresInSeconds: days(14),
  onExpiry: 'reject',
  triggers: [],
} as const satisfies Omit<HoldType, 'type'>;

export const defaultHoldTypes = [
  { ...plainHoldType, type: 'credit', scopes: ['order'], role: 'finance', dueInSeconds: hours(24) },
  { ...plainHoldType, type: 'price', role: 'sales' },
  { ...plainHoldType, type: 'approval', scopes: ['order'], role: 'sales-manager', dueInSeconds: hours(24) },
  { ...plainHoldType, type: 'duplicate-purchase-order' },
  { ...plainHoldType, type: 'ship-to' },
  { ...plainHoldType, type: 'item' },
  { ...plainHoldType, type: 'content' },
  /** Above a limit or budget of the buyer's own company, whose approvers alone decide it. */
  {
    ...plainHoldType,
    type: 'buyer-approval',
    scopes: ['order'],
    role: 'buyer-approver',
    dueInSeconds: hours(24),
  },
  /** Put on by a person who has a reason that no rule knows. */
  {
    ...plainHoldType,
    type: 'manual',
    scopes: ['order', 'line', 'shipment'],
    blocks: ['answer', 'release', 'ship'],
    appliedBy: ['customer-service', 'operations', 'sales', 'sales-manager', 'finance', 'finance-manager'],
    resolvedBy: ['customer-service', 'operations', 'sales', 'sales-manager', 'finance', 'finance-manager'],
    expiresInSeconds: null,
  },
  { ...plainHoldType, type: 'validation' },
  { ...plainHoldType, type: 'fraud', scopes: ['order'], role: 'finance' },
  // Its lines cannot be had as they are asked for: released, they wait until they can.
  { ...plainHoldType, type: 'sourcing' },
] as const satisfies readonly HoldType[];

/** Types that rules of the hub itself ask for; a company adds types of its own by rule. */
export type HoldTypeName = (typeof defaultHoldTypes)[number]['type'];

/** A hold that an assessment asks for; `lineNumber` null is the whole order. */
export interface HoldRequest {
  readonly type: string;
  readonly lineNumber: number | null;
  /** Of one shipment only. */
  readonly shipmentId?: string;
  /** The person who put it on; absent where a rule did. */
  readonly appliedBy?: string;
  readonly reason: {
    readonly code: string;
    readonly text: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}
