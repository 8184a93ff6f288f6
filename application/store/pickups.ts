import { randomInt, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Tx } from '../../db/connection';
import { isOpenTask, nextLook } from '../../domain/fulfilment/store-task';
import { addSeconds, type Instant } from '../../domain/shared/dates';
import { confirmShipment } from '../fulfilment/confirm-shipment';
import { clearException } from '../record/raise-exception';
import {
  lockTask,
  moveTask,
  refused,
  type StoreOutcome,
  type StoreTaskRow,
  type StoreWorker,
  tellTask,
  wakeOrder,
} from './store-tasks';
import {
  headOf,
  type PickedQuantity,
  readTaskLines,
  type TaskLine,
  whyNot,
  wrongState,
} from './work-store-task';

/** After so many wrong codes the buyer has to ask for another one: eight digits are not to be guessed at the counter. */
const MOST_WRONG_CODES = 5;

// A code is short, so that it can be told: what is kept must be dear to try.
const hashOf = (task: StoreTaskRow, code: string) => scryptSync(code, task.id, 32).toString('hex');

/** The pickup that a buyer speaks of: a shipment of an order of theirs. */
export async function lockPickup(tx: Tx, shipmentId: string): Promise<StoreTaskRow | undefined> {
  return (await tx('store_task').where({ shipment_id: shipmentId, method: 'pickup' }).forUpdate().first()) as
    | StoreTaskRow
    | undefined;
}

export type CodeOutcome =
  | { readonly kind: 'issued'; readonly code: string }
  | Exclude<StoreOutcome, { kind: 'done' }>;

/** A new code to show at the store. It is told this once; the one before it no longer opens anything. */
export async function issuePickupCode(
  tx: Tx,
  shipmentId: string,
  person: string,
  now: Instant,
): Promise<CodeOutcome> {
  const task = await lockPickup(tx, shipmentId);
  if (!task) return { kind: 'unknown' };
  if (!isOpenTask(task.state))
    return wrongState(task, 'picked up') as Exclude<StoreOutcome, { kind: 'done' }>;
  const code = String(randomInt(100_000_000)).padStart(8, '0');
  await tx('store_task')
    .where({ id: task.id })
    .update({ code_hash: hashOf(task, code), code_failures: 0 });
  const text = `${person} has a new code for the pickup of ${task.release_number}`;
  await tellTask(tx, task, { kind: 'pickup-code', actor: person, text }, now);
  return { kind: 'issued', code };
}

/** "I am here": the store has its minutes to bring the goods out. Said again it changes where, not how long. */
export async function arriveForPickup(
  tx: Tx,
  shipmentId: string,
  { person, where }: { readonly person: string; readonly where: string | null },
  now: Instant,
): Promise<StoreOutcome> {
  const task = await lockPickup(tx, shipmentId);
  if (!task) return { kind: 'unknown' };
  if (task.state !== 'ready') return wrongState(task, 'picked up');
  const bringOutBy =
    task.arrived_at === null ? addSeconds(now, task.terms.bringOutWithinMinutes * 60) : task.bring_out_by;
  const next = nextLook({ remindAt: null, pickupUntil: task.pickup_until, bringOutBy });
  const [arrived] = (await tx('store_task')
    .where({ id: task.id })
    .update({
      arrived_at: task.arrived_at ?? now,
      arrival: where,
      bring_out_by: bringOutBy,
      // Who is here need not be reminded.
      remind_at: null,
      next_at: hearsOfShortage(task) ? task.next_at : next,
    })
    .returning('*')) as StoreTaskRow[];
  const text = `${person} is at ${task.node_id} for ${task.release_number}${where === null ? '' : `: ${where}`}`;
  await tellTask(tx, task, { kind: 'buyer-arrived', actor: person, text, data: { where } }, now);
  await wakeOrder(tx, task);
  return { kind: 'done', task: arrived as StoreTaskRow };
}

/** Due beside the times of the pickup itself: what was missing is not taken into the order yet. */
const hearsOfShortage = ({ next_at: nextAt, remind_at: remindAt, ...task }: StoreTaskRow): boolean =>
  nextAt !== null &&
  nextAt !== nextLook({ remindAt, pickupUntil: task.pickup_until, bringOutBy: task.bring_out_by });

export type PickupProof =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'signature'; readonly receivedBy: string; readonly signatureReference: string };

export interface HandOver {
  readonly proof: PickupProof;
  /** What is taken, every line named; undefined: all that was picked. */
  readonly taken?: readonly PickedQuantity[];
  /** What becomes of what is left: it is fetched another time, or not wanted any more. */
  readonly rest: 'later' | 'cancel';
}

/**
 * The buyer has it, with proof. What is not taken stays in the store: kept for later, or given up and for sale again.
 * A refusal may have been counted: commit it, too.
 */
export async function handOver(
  tx: Tx,
  at: StoreWorker,
  { proof, taken, rest }: HandOver,
  now: Instant,
): Promise<StoreOutcome> {
  const task = await lockTask(tx, at);
  if (!task) return { kind: 'unknown' };
  if (task.method !== 'pickup' || task.state !== 'ready') return wrongState(task, 'handed over');
  const lines = await readTaskLines(tx, task);
  const picked = (task.picked ?? []).map(({ lineNumber, quantity }) => ({ lineNumber, quantity }));
  // A line of which nothing was on the shelf may have left the shipment by now.
  const handed = (taken ?? picked).filter(
    ({ lineNumber, quantity }) => quantity > 0 || lines.some((line) => line.lineNumber === lineNumber),
  );
  const fault = whyNot(lines, handed) ?? beyondPicked(picked, handed);
  if (fault !== null) return refused('wrong-quantity', fault);
  const wrong = await proveIt(tx, task, proof);
  if (wrong !== null) return wrong;
  const kept = proof.kind === 'code' ? { kind: 'code' } : proof;
  const closed = {
    closed_at: now,
    closed_by: at.person,
    next_at: null,
    code_hash: null,
    proof: JSON.stringify({ ...kept, at: now, by: at.person }),
  };
  const done = await moveTask(tx, task, 'handed-over', closed);
  await confirmShipment(tx, { ...headOf(task, now), ...confirmOfPickup(lines, picked, handed, rest) });
  await clearException(tx, 'curbside-waiting', task.id, 'It was handed over', now);
  const how = proof.kind === 'code' ? 'by code' : `to ${proof.receivedBy} (${proof.signatureReference})`;
  const text = `${at.person} has handed over ${task.release_number} at ${task.node_id} ${how}`;
  await tellTask(tx, task, { kind: 'handed-over', actor: at.person, text }, now);
  return { kind: 'done', task: done };
}

function beyondPicked(picked: readonly PickedQuantity[], handed: readonly PickedQuantity[]): string | null {
  if (handed.every(({ quantity }) => quantity === 0))
    return 'Nothing is handed over: leave it ready, or have it cancelled';
  const over = handed.find(
    (line) => line.quantity > (picked.find((one) => one.lineNumber === line.lineNumber)?.quantity ?? 0),
  );
  return over === undefined ? null : `Of line ${over.lineNumber} so many were not picked`;
}

/** null: it is proved. */
async function proveIt(tx: Tx, task: StoreTaskRow, proof: PickupProof): Promise<StoreOutcome | null> {
  if (proof.kind === 'signature') return null;
  if (task.code_hash === null)
    return refused(
      'code-locked',
      'There is no code that works: the buyer asks for a new one on the order page, or signs',
    );
  const [given, wanted] = [hashOf(task, proof.code), task.code_hash].map((hex) => Buffer.from(hex, 'hex'));
  if (timingSafeEqual(given as Buffer, wanted as Buffer)) return null;
  const failures = task.code_failures + 1;
  const locks = failures >= MOST_WRONG_CODES;
  await tx('store_task')
    .where({ id: task.id })
    .update({ code_failures: failures, ...(locks && { code_hash: null }) });
  return locks
    ? refused('code-locked', `That is the ${failures}th wrong code: the buyer asks for a new one`)
    : refused('wrong-code', 'That is not the code of this pickup');
}

/** What was not picked is short; what was picked and not taken is no shortage, and does not leave the level. */
function confirmOfPickup(
  lines: readonly TaskLine[],
  picked: readonly PickedQuantity[],
  handed: readonly PickedQuantity[],
  rest: 'later' | 'cancel',
) {
  const of = (named: readonly PickedQuantity[], lineNumber: number) =>
    named.find((one) => one.lineNumber === lineNumber)?.quantity ?? 0;
  return {
    lines: lines.map(({ lineNumber }) => ({ lineNumber, shipped: of(handed, lineNumber) })),
    packages: [],
    notTaken: {
      rest,
      lines: lines
        .map(({ lineNumber }) => ({
          lineNumber,
          quantity: of(picked, lineNumber) - of(handed, lineNumber),
        }))
        .filter(({ quantity }) => quantity > 0),
    },
  };
}
