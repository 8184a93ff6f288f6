/**
 * THE table of an order's states. The database check of `orders.state`, the API's enumeration and the timeline's words
 * come from it; nothing else may move an order.
 */
export const orderTransitions = {
  /** Written by place-order: valid, priced, within credit, reserved; its workflow is asked for. */
  placed: ['held', 'confirmed', 'rejected', 'cancelled'],
  /** At least one open hold blocks it. */
  held: ['placed', 'confirmed', 'fulfilling', 'completed', 'rejected', 'cancelled'],
  /** Answered (855), waiting for its release or for stock. */
  confirmed: ['held', 'fulfilling', 'completed', 'cancelled'],
  /** At least one shipment was released to a warehouse and lines are still open. */
  fulfilling: ['held', 'confirmed', 'completed', 'cancelled'],
  /** Every line is invoiced or cancelled, and something was invoiced. */
  completed: [],
  /** Refused as a whole: nothing was or will be delivered. */
  rejected: [],
  /** Every line was cancelled before anything left. */
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type OrderState = keyof typeof orderTransitions;
export const orderStates = Object.keys(orderTransitions) as OrderState[];

export const shipmentTransitions = {
  /** Cartons and node are decided, stock is reserved for it. */
  planned: ['released', 'cancelled'],
  /** The warehouse has it. */
  released: ['shipped', 'cancelled'],
  /** Goods have left; nothing can be undone from here. */
  shipped: ['invoiced'],
  invoiced: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type ShipmentState = keyof typeof shipmentTransitions;
export const shipmentStates = Object.keys(shipmentTransitions) as ShipmentState[];

export const holdTransitions = {
  open: ['released', 'rejected', 'expired', 'superseded'],
  /** A person or a rule let the order go on. */
  released: [],
  /** A person refused what the hold stands for. */
  rejected: [],
  /** Nobody decided in time. */
  expired: [],
  /** What it stood for is gone: changed, cancelled, or assessed again without it. */
  superseded: [],
} as const satisfies Record<string, readonly string[]>;

export type HoldStatus = keyof typeof holdTransitions;
export const holdStatuses = Object.keys(holdTransitions) as HoldStatus[];

export const changeTransitions = {
  /** Received, or agreed to: its order's workflow decides it, the oldest first. */
  pending: ['held', 'applied', 'partly-applied', 'refused', 'withdrawn'],
  /** Computed as a whole and on holds of its own; the order stands as it was confirmed meanwhile. */
  held: ['pending', 'refused', 'withdrawn'],
  applied: [],
  /** Part of it could no longer be done. */
  'partly-applied': [],
  /** Nothing of it was done: a rule, the state of things or a person said no. */
  refused: [],
  /** Whoever asked takes it back, or cancels the whole order instead. */
  withdrawn: [],
} as const satisfies Record<string, readonly string[]>;

export type ChangeStatus = keyof typeof changeTransitions;
export const changeStatuses = Object.keys(changeTransitions) as ChangeStatus[];

export class IllegalTransition extends Error {
  constructor(what: string, from: string, to: string) {
    super(`${what} cannot go from ${from} to ${to}`);
    this.name = 'IllegalTransition';
  }
}

export function assertOrderTransition(from: OrderState, to: OrderState): void {
  if (!(orderTransitions[from] as readonly string[]).includes(to))
    throw new IllegalTransition('an order', from, to);
}

export function assertShipmentTransition(from: ShipmentState, to: ShipmentState): void {
  if (!(shipmentTransitions[from] as readonly string[]).includes(to))
    throw new IllegalTransition('a shipment', from, to);
}

export function assertChangeTransition(from: ChangeStatus, to: ChangeStatus): void {
  if (!(changeTransitions[from] as readonly string[]).includes(to))
    throw new IllegalTransition('a change', from, to);
}

export const isFinal = (state: OrderState): boolean => orderTransitions[state].length === 0;
export const openOrderStates: readonly OrderState[] = orderStates.filter((state) => !isFinal(state));
