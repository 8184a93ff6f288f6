import type { Tx } from '../../db/connection';
import { confirmOfStore } from '../../domain/fulfilment/confirm-store-task';
import { nextLook, type RejectReason, rejectReasons } from '../../domain/fulfilment/store-task';
import { beOf, countOf } from '../../domain/shared/count';
import { addDays, endOfLocalDay, type Instant, instantOf, localDateIn } from '../../domain/shared/dates';
import { confirmShipment } from '../fulfilment/confirm-shipment';
import { clearException } from '../record/raise-exception';
import {
  lockTask,
  moveTask,
  onClock,
  refused,
  type StoreOutcome,
  type StoreTaskRow,
  type StoreWorker,
  tellTask,
  wakeOrder,
} from './store-tasks';
import { tellPickup } from './tell-pickup';

const isAfter = (a: Instant, b: Instant) => Date.parse(a) > Date.parse(b);
export const wrongState = (task: StoreTaskRow, wish: string): StoreOutcome =>
  refused(
    'wrong-state',
    `${task.release_number} is ${task.state}: it cannot be ${wish} any more, or not yet`,
  );

/** The store will do it. Who comes second, or after the time, is told so: another node may have it by now. */
export async function acceptTask(tx: Tx, at: StoreWorker, now: Instant): Promise<StoreOutcome> {
  const task = await lockTask(tx, at);
  if (!task) return { kind: 'unknown' };
  if (task.state !== 'offered')
    return task.accepted_by === null
      ? wrongState(task, 'accepted')
      : refused('wrong-state', `${task.accepted_by} has accepted ${task.release_number} already`);
  if (task.method === 'ship' && task.accept_by !== null && !isAfter(task.accept_by, now))
    return refused(
      'too-late',
      `${task.release_number} was to be accepted by ${onClock(task.accept_by, task.terms.timeZone)}`,
    );
  const patch = { accepted_at: now, accepted_by: at.person, next_at: null };
  const accepted = await moveTask(tx, task, 'accepted', patch);
  await clearException(tx, 'pickup-not-accepted', task.id, `${at.person} has accepted it`, now);
  const text = `${at.person} accepts ${task.release_number} for ${task.node_id}`;
  await tellTask(tx, task, { kind: 'store-accepted', actor: at.person, text }, now);
  return { kind: 'done', task: accepted };
}

/** The store will not do it: its order's workflow asks the next node, this store left out. */
export async function rejectTask(
  tx: Tx,
  at: StoreWorker,
  { reason, note }: { readonly reason: RejectReason; readonly note: string | null },
  now: Instant,
): Promise<StoreOutcome> {
  const task = await lockTask(tx, at);
  if (!task) return { kind: 'unknown' };
  if (task.state !== 'offered') return wrongState(task, 'rejected');
  const closed = { closed_at: now, closed_by: at.person, reason, note, left_out: true, next_at: now };
  const rejected = await moveTask(tx, task, 'rejected', closed);
  await clearException(tx, 'pickup-not-accepted', task.id, `${at.person} has rejected it`, now);
  const why = `${rejectReasons[reason].text}${note === null ? '' : ` (${note})`}`;
  const text = `${at.person} rejects ${task.release_number} for ${task.node_id}: ${why}`;
  await tellTask(tx, task, { kind: 'store-rejected', actor: at.person, text, data: { reason } }, now);
  await wakeOrder(tx, task);
  return { kind: 'done', task: rejected };
}

export interface PickedQuantity {
  readonly lineNumber: number;
  readonly quantity: number;
  readonly shortReason?: string;
}

/** What was on the shelf, every line named. What is missing is a short pick, as in a warehouse. */
export async function pickTask(
  tx: Tx,
  at: StoreWorker,
  picked: readonly PickedQuantity[],
  now: Instant,
): Promise<StoreOutcome> {
  const task = await lockTask(tx, at);
  if (!task) return { kind: 'unknown' };
  if (task.state !== 'accepted') return wrongState(task, 'picked');
  const lines = await readTaskLines(tx, task);
  const fault = whyNot(lines, picked);
  if (fault !== null) return refused('wrong-quantity', fault);
  const asked = (lineNumber: number) => lines.find((line) => line.lineNumber === lineNumber)?.quantity;
  const kept = picked.map((line) => ({ ...line, asked: asked(line.lineNumber) }));
  const patch = { picked_at: now, picked: JSON.stringify(kept) };
  const units = picked.reduce((sum, line) => sum + line.quantity, 0);
  const wanted = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (units === 0) return nothingFound(tx, task, at, patch, lines, now);
  const short = units < wanted ? `, ${wanted - units} ${beOf(wanted - units)} missing` : '';
  if (task.method === 'ship') {
    const moved = await moveTask(tx, task, 'picked', patch);
    const text = `${at.person} has picked ${units} of ${task.release_number}${short}`;
    await tellTask(tx, task, { kind: 'store-picked', actor: at.person, text }, now);
    return { kind: 'done', task: moved };
  }
  const { lastDay, ...times } = pickupTimes(task, now);
  const next = nextLook({ remindAt: times.remind_at, pickupUntil: times.pickup_until, bringOutBy: null });
  // What is missing is taken into the order at once, by whoever keeps what is due of it.
  const nextAt = short === '' ? next : now;
  const ready = await moveTask(tx, task, 'ready', { ...patch, ...times, next_at: nextAt });
  const many = short === '' ? countOf(units, 'unit') : `${units} of ${countOf(wanted, 'unit')}`;
  const text = `${many} ${beOf(units)} ready to be picked up at ${task.node_id} until the end of ${lastDay}${short}`;
  const data = { pickupUntil: times.pickup_until, ready: units, asked: wanted };
  await tellPickup(
    tx,
    ready,
    'pickup.ready',
    `${many} of your order ${beOf(units)} ready to be picked up.`,
    now,
  );
  await tellTask(tx, task, { kind: 'ready-for-pickup', actor: at.person, text, data }, now);
  await wakeOrder(tx, task);
  return { kind: 'done', task: ready };
}

/** Kept until the end of the last day of the window, on the store's clock; reminded in the morning of a day before. */
function pickupTimes({ terms }: StoreTaskRow, now: Instant) {
  const lastDay = addDays(localDateIn(now, terms.timeZone), terms.pickupWindowDays);
  const remindAt = instantOf(addDays(lastDay, -terms.remindDaysBefore), '0900', terms.timeZone);
  return {
    remind_at: isAfter(remindAt, now) ? remindAt : null,
    pickup_until: endOfLocalDay(lastDay, terms.timeZone),
    lastDay,
  };
}

/** Nothing leaves: the order hears a confirm of nothing, and has it sourced again. */
async function nothingFound(
  tx: Tx,
  task: StoreTaskRow,
  { person }: StoreWorker,
  patch: Readonly<Record<string, unknown>>,
  lines: readonly TaskLine[],
  now: Instant,
): Promise<StoreOutcome> {
  const closed = { ...patch, closed_at: now, closed_by: person, left_out: true, next_at: null };
  const moved = await moveTask(tx, task, 'nothing-found', closed);
  const none = lines.map((line) => ({ ...line, picked: 0 }));
  await confirmShipment(tx, { ...headOf(task, now), ...confirmOfStore(none, [], {}) });
  if (task.method === 'pickup')
    await tellPickup(tx, moved, 'pickup.short', 'Nothing of your pickup was on the shelf of the store.', now);
  const text = `${person} has found nothing of ${task.release_number} in ${task.node_id}`;
  await tellTask(tx, task, { kind: 'store-picked', actor: person, text }, now);
  return { kind: 'done', task: moved };
}

/** In its cartons, with their labels on. @param weights grams by SSCC, where the store has a scale */
export async function packTask(
  tx: Tx,
  at: StoreWorker,
  weights: Readonly<Record<string, number>>,
  now: Instant,
): Promise<StoreOutcome> {
  const task = await lockTask(tx, at);
  if (!task) return { kind: 'unknown' };
  if (task.state !== 'picked') return wrongState(task, 'packed');
  const cartons = await readCartons(tx, task);
  const unknown = Object.keys(weights).find((sscc) => !cartons.some((carton) => carton.sscc === sscc));
  if (unknown !== undefined)
    return refused('wrong-carton', `${task.release_number} has no carton ${unknown}`);
  for (const [sscc, grams] of Object.entries(weights))
    await tx('package').where({ sscc, shipment_id: task.shipment_id }).update({ weight_grams: grams });
  const packed = await moveTask(tx, task, 'packed', { proof: JSON.stringify({ weights }) });
  const text = `${at.person} has packed ${task.release_number}`;
  await tellTask(tx, task, { kind: 'store-packed', actor: at.person, text }, now);
  return { kind: 'done', task: packed };
}

/** The carrier has it: the order takes it in as the ship confirm of any warehouse. */
export async function shipTask(
  tx: Tx,
  at: StoreWorker,
  trackingNumber: string | null,
  now: Instant,
): Promise<StoreOutcome> {
  const task = await lockTask(tx, at);
  if (!task) return { kind: 'unknown' };
  if (task.state !== 'packed') return wrongState(task, 'shipped');
  const lines = (await readTaskLines(tx, task)).map((line) => ({ ...line, ...pickedOf(task, line) }));
  const weights = task.proof?.weights ?? {};
  const short = lines.some((line) => line.picked < line.quantity);
  const closed = { closed_at: now, closed_by: at.person, next_at: null, left_out: short };
  const shipped = await moveTask(tx, task, 'shipped', closed);
  const confirm = confirmOfStore(lines, await readCartons(tx, task), weights);
  const tracking = trackingNumber === null ? {} : { trackingNumber };
  await confirmShipment(tx, { ...headOf(task, now), ...tracking, ...confirm });
  const text = `${at.person} has given ${task.release_number} to the carrier`;
  await tellTask(tx, task, { kind: 'store-shipped', actor: at.person, text }, now);
  return { kind: 'done', task: shipped };
}

export const headOf = (task: StoreTaskRow, now: Instant) => ({
  eventId: `store/${task.id}`,
  releaseNumber: task.release_number,
  nodeId: task.node_id,
  shippedAt: now,
});

const pickedOf = ({ picked }: StoreTaskRow, { lineNumber }: TaskLine) => {
  const found = picked?.find((line) => line.lineNumber === lineNumber);
  return {
    picked: found?.quantity ?? 0,
    ...(found?.shortReason !== undefined && { shortReason: found.shortReason }),
  };
};

export interface TaskLine {
  readonly lineNumber: number;
  readonly itemId: string;
  /** Base units. */
  readonly quantity: number;
  readonly unitFactor: number;
  readonly weightGrams: number;
}

export async function readTaskLines(tx: Tx, task: StoreTaskRow): Promise<readonly TaskLine[]> {
  const { rows } = await tx.raw<{ rows: TaskLine[] }>(
    `select l.line_number as "lineNumber", l.item_id as "itemId", l.quantity, o.unit_factor as "unitFactor", i.weight_grams as "weightGrams"
     from shipment_line l join order_line o on o.id = l.order_line_id join item i on i.id = l.item_id
     where l.shipment_id = ? order by l.line_number`,
    [task.shipment_id],
  );
  return rows;
}

/** What is wrong with quantities that somebody names for lines; each line once, whole units of the order. */
export function whyNot(lines: readonly TaskLine[], named: readonly PickedQuantity[]): string | null {
  for (const { lineNumber, quantity } of named) {
    const line = lines.find((one) => one.lineNumber === lineNumber);
    if (!line) return `There is no line ${lineNumber} in it`;
    if (named.filter((one) => one.lineNumber === lineNumber).length > 1)
      return `Line ${lineNumber} is named twice`;
    if (quantity > line.quantity)
      return `Line ${lineNumber} is for ${line.quantity} of ${line.itemId}, not for ${quantity}`;
    if (quantity % line.unitFactor !== 0)
      return `Line ${lineNumber} is ordered in units of ${line.unitFactor}: ${quantity} is not a whole number of them`;
  }
  const missing = lines.find((line) => !named.some((one) => one.lineNumber === line.lineNumber));
  return missing === undefined ? null : `Say how many there are of line ${missing.lineNumber}; 0 if none`;
}

interface CartonRow {
  readonly sscc: string;
  readonly trackingNumber: string | null;
  readonly weightGrams: number;
  readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
}

const readCartons = (tx: Tx, task: StoreTaskRow): Promise<readonly CartonRow[]> =>
  tx('package').where({ shipment_id: task.shipment_id }).orderBy('sequence').select({
    sscc: 'sscc',
    trackingNumber: 'tracking_number',
    weightGrams: 'weight_grams',
    contents: 'contents',
  });
