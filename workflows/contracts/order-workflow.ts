export type { ChangeOutcome, HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';

import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ChangeOutcome, HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';
import type { OrderState } from '../../domain/order/states';

/** Everything of an order runs on one queue; a worker serves it with both its workflows and its activities. */
export const ORDERS_TASK_QUEUE = 'orders';

/**
 * The queue of a counterparty whose calls are limited. Only calls wait in it: another counterparty's are not held up.
 * @param counterparty `erp`, `carrier`, `warehouse` or `warehouse/<node>`
 */
export const counterpartyQueue = (ordersQueue: string, counterparty: string): string =>
  `${ordersQueue}/${counterparty}`;

/** The name under which the server knows the workflow: it outlives files and functions, so it is never renamed. */
export const ORDER_WORKFLOW = 'order';

const PREFIX = 'order/';

export const orderWorkflowId = (orderId: string): string => `${PREFIX}${orderId}`;

export function orderIdOf(workflowId: string): string | null {
  return workflowId.startsWith(PREFIX) ? workflowId.slice(PREFIX.length) : null;
}

/** What an order's workflow ends with. `stopped`: a test order without a test warehouse ends after its answer. */
export interface OrderEnd {
  readonly state: OrderState;
  readonly stopped: boolean;
}

export type OrderWorkflow = (orderId: string) => Promise<OrderEnd>;

/** Something about this order was written into the record: read it again. Carries nothing, because rows decide. */
export const wake = defineSignal('wake');

/** A person decides about a hold. Whether that person may is answered by the record. */
export const resolveHold = defineUpdate<HoldDecisionOutcome, [HoldDecision]>('resolveHold');

/** Decides a change or cancel that stands in the record; answers when it is decided, warehouses' recalls included. */
export const applyChange = defineUpdate<ChangeOutcome, [string]>('applyChange');
