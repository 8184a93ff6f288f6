import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { FulfilmentMethod, StoreTaskState } from '../../domain/fulfilment/store-task';
import { mayMoveTask } from '../../domain/fulfilment/store-task';
import { type Instant, localDateIn, localTimeIn, type TimeZone } from '../../domain/shared/dates';
import { recordEvents } from '../record/keep-history';

/** What the store has off the shelf, or the buyer in hand. Base units. */
export interface TaskQuantity {
  readonly lineNumber: number;
  readonly quantity: number;
}

/** The terms that held when the store was asked. */
export interface TaskTerms {
  readonly version: number;
  readonly timeZone: string;
  readonly acceptWithinMinutes: number;
  readonly pickupWindowDays: number;
  readonly remindDaysBefore: number;
  readonly bringOutWithinMinutes: number;
}

export interface StoreTaskRow {
  readonly id: string;
  readonly shipment_id: string;
  readonly order_id: string;
  readonly release_number: string;
  readonly node_id: string;
  readonly method: FulfilmentMethod;
  readonly state: StoreTaskState;
  readonly terms: TaskTerms;
  readonly offered_at: string;
  readonly accept_by: string | null;
  readonly accepted_by: string | null;
  /** `asked`: what the store was asked for, which a shipment no longer says once it is short. */
  readonly picked:
    | readonly (TaskQuantity & { readonly asked?: number; readonly shortReason?: string })[]
    | null;
  readonly reason: string | null;
  readonly next_at: string | null;
  readonly remind_at: string | null;
  readonly pickup_until: string | null;
  readonly code_hash: string | null;
  readonly code_failures: number;
  readonly arrived_at: string | null;
  readonly bring_out_by: string | null;
  /** Of what was packed: grams by SSCC. Of a pickup: who has it, by what. */
  readonly proof: { readonly weights?: Readonly<Record<string, number>> } | null;
}

/** Whose task it is to be: `nodeId` of people who work for one store alone. Others' tasks do not exist for them. */
export interface TaskPlace {
  readonly taskId: string;
  readonly nodeId: string | null;
}

export interface StoreWorker extends TaskPlace {
  readonly person: string;
}

export type StoreOutcome =
  | { readonly kind: 'done'; readonly task: StoreTaskRow }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'refused';
      readonly code:
        | 'wrong-state'
        | 'too-late'
        | 'wrong-quantity'
        | 'wrong-carton'
        | 'wrong-code'
        | 'code-locked'
        | 'not-labelled';
      readonly text: string;
    };

export const refused = (
  code: Extract<StoreOutcome, { kind: 'refused' }>['code'],
  text: string,
): StoreOutcome => ({ kind: 'refused', code, text });

/** One person of the store, a timer or a recall at a time: whoever has the row decides, the others see what was decided. */
export async function lockTask(tx: Tx, { taskId, nodeId }: TaskPlace): Promise<StoreTaskRow | undefined> {
  return (await tx('store_task')
    .where({ id: taskId, ...(nodeId !== null && { node_id: nodeId }) })
    .forUpdate()
    .first()) as StoreTaskRow | undefined;
}

/** Writes the next state of a locked task. */
export async function moveTask(
  tx: Tx,
  task: StoreTaskRow,
  to: StoreTaskState,
  patch: Readonly<Record<string, unknown>>,
): Promise<StoreTaskRow> {
  if (!mayMoveTask(task.state, to)) throw new Error(`a store task cannot go from ${task.state} to ${to}`);
  const [moved] = (await tx('store_task')
    .where({ id: task.id, state: task.state })
    .update({ ...patch, state: to })
    .returning('*')) as StoreTaskRow[];
  if (!moved) throw new Error(`store task ${task.id} was moved by another writer`);
  return moved;
}

/** An instant as the store's people read it. */
export const onClock = (at: Instant, zone: TimeZone): string => {
  const time = localTimeIn(at, zone);
  return `${localDateIn(at, zone)} ${time.slice(0, 2)}:${time.slice(2)}`;
};

/** Tells it on the order's timeline. */
export function tellTask(
  tx: Tx,
  task: StoreTaskRow,
  event: {
    readonly kind: string;
    readonly actor: string;
    readonly text: string;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly once?: string;
  },
  now: string,
): Promise<void> {
  return recordEvents(tx, [
    {
      ...event,
      orderId: task.order_id,
      at: now,
      data: { ...event.data, shipmentId: task.shipment_id, taskId: task.id, node: task.node_id },
    },
  ]);
}

/** The order's workflow reads the record again: there is a deadline to wait for, or something to do. */
export const wakeOrder = (tx: Tx, { order_id: orderId }: Pick<StoreTaskRow, 'order_id'>): Promise<void> =>
  addJob(tx, 'signal-order', { orderId }, { key: orderId });
