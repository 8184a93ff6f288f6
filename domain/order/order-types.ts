/** What a type of order does on its way; THE table that steps, API and portal ask instead of comparing names. */
export interface OrderTypeRule {
  /** An order of the record with a workflow of its own; the others are kept until they become one. */
  readonly placed: boolean;
  /** Reserves stock when it is placed. */
  readonly takesStock: boolean;
  /** Its amount counts against the account's limit. */
  readonly takesCredit: boolean;
  /** final: 855 line by line; price: with prices and how long they hold; none: nobody waits for an answer. */
  readonly answered: 'final' | 'price' | 'none';
  readonly ships: boolean;
  /** by-rule: as the sample rule says, a zero amount or nothing. */
  readonly invoiced: 'yes' | 'by-rule' | 'no';
  /** Which series its own number comes from. */
  readonly numbering: 'order' | 'draft' | 'quote';
  /** Its purchase order number is taken by it: the same one again is a duplicate. */
  readonly claimsPurchaseOrder: boolean;
  /** Its quantities are what a customer has bought, where prices ask for that. */
  readonly countsForTiers: boolean;
  /** Promotions are given with it; not with what is promised, nor with what is given for less anyway. */
  readonly promoted: boolean;
  /** What may be asked of it by a person or a partner. */
  readonly actions: readonly OrderAction[];
}

export type OrderAction = 'change' | 'cancel' | 'call-off' | 'return' | 'revise' | 'withdraw' | 'convert';

const placed = {
  placed: true,
  takesStock: true,
  takesCredit: true,
  answered: 'final',
  ships: true,
  invoiced: 'yes',
  numbering: 'order',
  claimsPurchaseOrder: true,
  countsForTiers: true,
  promoted: true,
  actions: ['change', 'cancel', 'return'],
} as const;

const unplaced = {
  placed: false,
  takesStock: false,
  takesCredit: false,
  ships: false,
  invoiced: 'no',
  claimsPurchaseOrder: false,
  countsForTiers: false,
} as const;

export const orderTypes = {
  standard: placed,
  rush: placed,
  'drop-ship': placed,
  /** Its amount is zero, or what the sample rule asks; that counts against the limit. */
  sample: { ...placed, invoiced: 'by-rule', countsForTiers: false, promoted: false },
  /** A frame: what is called off it takes stock and credit. */
  blanket: {
    ...placed,
    takesStock: false,
    takesCredit: false,
    ships: false,
    invoiced: 'no',
    countsForTiers: false,
    promoted: false,
    actions: ['change', 'cancel', 'call-off'],
  },
  release: placed,
  quote: {
    ...unplaced,
    promoted: false,
    answered: 'price',
    numbering: 'quote',
    actions: ['withdraw', 'convert'],
  },
  draft: {
    ...unplaced,
    promoted: true,
    answered: 'none',
    numbering: 'draft',
    actions: ['revise', 'withdraw', 'convert'],
  },
} as const satisfies Record<string, OrderTypeRule>;

export type AnyOrderType = keyof typeof orderTypes;
type TypesOf<Placed extends boolean> = {
  [T in AnyOrderType]: (typeof orderTypes)[T]['placed'] extends Placed ? T : never;
}[AnyOrderType];
/** Types of the orders of the record. */
export type OrderType = TypesOf<true>;
export type UnplacedType = TypesOf<false>;

export const ruleOfType = (type: string): OrderTypeRule =>
  (orderTypes as Readonly<Record<string, OrderTypeRule>>)[type] ?? placed;

/** A draft is its buyer's until it is converted; a quote waits for its prices, then for its buyer. */
export const unplacedTransitions = {
  /** A draft that its buyer still works on. */
  open: ['converted', 'expired', 'withdrawn'],
  /** A quote that a person has to price. */
  requested: ['answered', 'expired', 'withdrawn'],
  /** A quote with its prices: they hold until it expires. */
  answered: ['answered', 'converted', 'expired', 'withdrawn'],
  /** It became an order. */
  converted: [],
  /** Its last moment has passed: nothing can come of it any more. */
  expired: [],
  withdrawn: [],
} as const satisfies Record<string, readonly string[]>;
export type UnplacedState = keyof typeof unplacedTransitions;
export const unplacedStates = Object.keys(unplacedTransitions) as UnplacedState[];

/** States in which something can still come of it. */
export const unplacedAlive = unplacedStates.filter((state) => unplacedTransitions[state].length > 0);
