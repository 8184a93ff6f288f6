import type { Instant } from '../shared/dates';

/**
 * THE table of a store's tasks: what a shipment or a pickup is while the store's people work it. The database check
 * and the API's enumeration come from it. The order itself follows in its own workflow.
 */
export const storeTaskTransitions = {
  /** The store is asked; nobody there has said anything yet. */
  offered: ['accepted', 'rejected', 'timed-out', 'recalled'],
  /** The store will do it. */
  accepted: ['picked', 'ready', 'nothing-found', 'recalled'],
  /** Off the shelf, for the carrier. */
  picked: ['packed', 'recalled'],
  packed: ['shipped', 'recalled'],
  /** Off the shelf, for the buyer, who was told. */
  ready: ['handed-over', 'no-show', 'recalled'],
  /** The carrier has it. */
  shipped: [],
  /** The buyer has it. */
  'handed-over': [],
  /** The store will not do it: another node is asked. */
  rejected: [],
  /** Nobody accepted it in time: another node is asked. */
  'timed-out': [],
  /** None of it was on the shelf. */
  'nothing-found': [],
  /** The buyer did not come within the pickup window. */
  'no-show': [],
  /** Taken back by a change or cancel of the order: what was picked goes back on the shelf. */
  recalled: [],
} as const satisfies Record<string, readonly string[]>;

export type StoreTaskState = keyof typeof storeTaskTransitions;
export const storeTaskStates = Object.keys(storeTaskTransitions) as StoreTaskState[];

export const isOpenTask = (state: StoreTaskState): boolean => storeTaskTransitions[state].length > 0;
export const openTaskStates: readonly StoreTaskState[] = storeTaskStates.filter(isOpenTask);

export const mayMoveTask = (from: StoreTaskState, to: StoreTaskState): boolean =>
  (storeTaskTransitions[from] as readonly string[]).includes(to);

export type FulfilmentMethod = 'ship' | 'pickup';

/** Why a store does not do it. Goods that are not there, or cannot be sold, leave the level with it. */
export const rejectReasons = {
  'not-found': { text: 'the goods are not on the shelf', lowersLevel: true },
  damaged: { text: 'the goods cannot be sold', lowersLevel: true },
  busy: { text: 'nobody has the time', lowersLevel: false },
  closing: { text: 'the store closes', lowersLevel: false },
  other: { text: 'another reason', lowersLevel: false },
} as const satisfies Record<string, { readonly text: string; readonly lowersLevel: boolean }>;
export type RejectReason = keyof typeof rejectReasons;
export const rejectReasonNames = Object.keys(rejectReasons) as RejectReason[];

/** Instants at which somebody has to look at a task again, as far as they still lie ahead of it. */
export interface PickupTimes {
  readonly remindAt: Instant | null;
  readonly pickupUntil: Instant | null;
  readonly bringOutBy: Instant | null;
}

/** The first of them; null: nothing is due any more. */
export function nextLook({ remindAt, pickupUntil, bringOutBy }: PickupTimes): Instant | null {
  return [remindAt, pickupUntil, bringOutBy].filter((at) => at !== null).sort()[0] ?? null;
}
