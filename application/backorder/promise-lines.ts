import type { Tx } from '../../db/connection';
import { availableToPromise, datesOfChange } from '../../domain/allocation/available-to-promise';
import { promiseBackorders, type Supply } from '../../domain/allocation/promise-backorders';
import { localDateIn } from '../../domain/shared/dates';
import { readUsedUp } from '../fulfilment/shipments-used-up';
import { type OrderLineRow, type OrderRow, waitingUnits } from '../order/order-record';
import { lastDay } from '../order/ordered-lines';
import { recordEvents } from '../record/keep-history';
import { type ItemPosition, readPositions } from '../stock/stock-positions';
import { type QueueEntry, readQueues } from './backorder-queue';
import { type PlacedEntry, placeQueue } from './promised-units';

const FOR_EVER = '9999-12-31';
/** Before every day on which something comes in: what is in the house. */
const THERE = '0000-01-01';

type Promises = ReadonlyMap<string, string | null>;

/** The day by which each line that waits has everything, null where nothing known covers it. */
export function promisesOf(
  queued: readonly PlacedEntry[],
  known: readonly ItemPosition[],
  today: string,
): Promises {
  const promises = peggedTo(queued, known, today);
  return new Map([...promises].map(([lineId, day]) => [lineId, day === THERE ? today : day]));
}

/** The same with what could be had at once told apart from what comes in today. */
function peggedTo(queued: readonly PlacedEntry[], known: readonly ItemPosition[], today: string): Promises {
  const positions = Map.groupBy(known, (position) => position.itemId);
  const promises = new Map<string, string | null>();
  for (const [itemId, queue] of Map.groupBy(queued, (entry) => entry.itemId)) {
    const supplies = suppliesOf(positions.get(itemId) ?? [], today);
    const served = queue[0]?.by === 'fair-share' ? 'fair-share' : 'in-order';
    const pegged = promiseBackorders(queue.filter(waits), supplies, served);
    // What is kept for a line whole leaves with the next plan.
    for (const entry of queue)
      promises.set(entry.lineId, waits(entry) ? (pegged.get(entry.lineId) ?? null) : THERE);
  }
  return promises;
}

const waits = (entry: QueueEntry) => entry.quantity > 0;

/** What is there beyond safety stock and keeps, then what each day adds to it, by node. */
function suppliesOf(positions: readonly ItemPosition[], today: string): readonly Supply[] {
  const dates = [THERE, ...datesOfChange(positions, today, FOR_EVER)];
  const free = availableToPromise(positions, [], dates);
  return dates.map((date, at) => ({
    date,
    byNode: new Map(
      free.map((node) => [
        node.nodeId,
        (node.dates[at]?.available ?? 0) - (node.dates[at - 1]?.available ?? 0),
      ]),
    ),
  }));
}

/**
 * Writes the day by which each waiting line of an order is promised, as stock and inbound stand now. An order that
 * waits for nothing costs no statement. The caller holds the order's lock.
 * @returns the lines, with their days
 */
export async function promiseLines<Line extends OrderLineRow>(
  tx: Tx,
  order: OrderRow,
  lines: readonly Line[],
  now: string,
): Promise<readonly Line[]> {
  const open = lines.filter(
    (line) => line.rejection_code === null && line.item_id !== null && waitingUnits(line) > 0,
  );
  if (open.length === 0 || order.type === 'blanket') return lines;
  const items = [...new Set(open.map((line) => line.item_id as string))];
  const today = await todayOf(tx, order, now);
  const about = { usage: order.usage, now, orderId: order.id };
  const queue = await placeQueue(tx, await readQueues(tx, items, about));
  const pegged = peggedTo(queue, await readPositions(tx, items, about), today);
  const mayBePlanned = order.state !== 'held' && order.release_at <= now;
  const known = settled(open, pegged, mayBePlanned ? null : today);
  const promises = beyondShipments(open, together(open, known, today), await readUsedUp(tx, order.id), today);
  const changed = open.filter((line) => (promises.get(line.id) ?? null) !== line.promised_on);
  if (changed.length === 0) return lines;
  await tx.raw(
    `update order_line l set promised_on = p.day from jsonb_to_recordset(cast(? as jsonb)) as p(id uuid, day date) where l.id = p.id`,
    [JSON.stringify(changed.map((line) => ({ id: line.id, day: promises.get(line.id) ?? null })))],
  );
  return lines.map((line) =>
    changed.includes(line) ? { ...line, promised_on: promises.get(line.id) ?? null } : line,
  );
}

/**
 * What an order that may be planned could have at once and still waits for does not come by itself: its terms keep it
 * from what is there. It waits for what else the order waits for; where that has no later day, no known day changes it.
 * @param day of what is there, of an order that may not be planned yet
 */
function settled(open: readonly OrderLineRow[], promises: Promises, day: string | null): Promises {
  const isBundled = (line: OrderLineRow) => line.supply?.kind === 'component' && !line.supply.apart;
  const isThere = ({ id }: OrderLineRow) => promises.get(id) === THERE;
  const others = open.filter((line) => !isThere(line)).map(({ id }) => promises.get(id) ?? null);
  const rest = others.includes(null) ? null : lastDay(others);
  // Of a bundle it is its other components that are waited for: see `together`.
  const dayOf = (line: OrderLineRow) => day ?? (isBundled(line) ? THERE : rest);
  return new Map([...promises, ...open.filter(isThere).map((line) => [line.id, dayOf(line)] as const)]);
}

/**
 * A bundle leaves with its last component. Where all of them are there and it waits all the same, they do not lie
 * together: no known day changes that.
 */
function together(open: readonly OrderLineRow[], promises: Promises, today: string): Promises {
  const bundled = open.filter(({ supply }) => supply?.kind === 'component' && !supply.apart);
  if (bundled.length === 0) return promises;
  const settled = new Map(promises);
  const groups = Map.groupBy(bundled, ({ supply }) => (supply?.kind === 'component' ? supply.key : 0));
  for (const group of groups.values()) {
    const days = group.map(({ id }) => promises.get(id) ?? null);
    const last = days.includes(null) ? null : lastDay(days);
    for (const { id } of group) settled.set(id, last !== null && last > today ? last : null);
  }
  return settled;
}

/** What is there and waits for one more shipment than the order may have leaves on no known day: a person has to say so. */
function beyondShipments(
  open: readonly OrderLineRow[],
  promises: Promises,
  usedUp: ReadonlySet<number>,
  today: string,
): Promises {
  const stuck = new Set(open.filter((line) => usedUp.has(line.line_number)).map(({ id }) => id));
  if (stuck.size === 0) return promises;
  return new Map(
    [...promises].map(([id, day]) => [id, stuck.has(id) && day !== null && day <= today ? null : day]),
  );
}

/** The day that it is where the order's entity is. */
export async function todayOf(tx: Tx, order: OrderRow, now: string): Promise<string> {
  const row = (await tx('selling_entity').where({ id: order.entity_id }).first('time_zone')) as {
    time_zone: string;
  };
  return localDateIn(now, row.time_zone);
}

/** What an answer or report says now is what the partner was told: only another day is told again. */
export async function keepToldPromises(tx: Tx, orderId: string): Promise<void> {
  await tx('order_line')
    .where({ order_id: orderId })
    .whereRaw('promise_told_on is distinct from promised_on')
    .update({ promise_told_on: tx.ref('promised_on') });
}

/**
 * Whether a line that still waits is promised for another day than its buyer was told; the timeline says which.
 * The first answer tells by itself.
 */
export async function promiseMoved(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  now: string,
): Promise<boolean> {
  const moved = lines.filter(
    (line) =>
      line.rejection_code === null && waitingUnits(line) > 0 && line.promised_on !== line.promise_told_on,
  );
  if (moved.length === 0 || order.final_answer_at === null) return false;
  const said = (day: string | null) => day ?? 'no known day';
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'promise-moved',
      actor: 'hub',
      text: moved
        .map(
          (line) =>
            `Line ${line.line_number}: ${waitingUnits(line)} of ${line.item_id ?? ''} promised for ${said(line.promised_on)}, before for ${said(line.promise_told_on)}`,
        )
        .join('; '),
      data: {
        lines: moved.map((line) => ({
          line: line.line_number,
          from: line.promise_told_on,
          to: line.promised_on,
        })),
      },
    },
  ]);
  return true;
}
