import type { Db } from '../db/connection';
import {
  availableToPromise,
  datesOfChange,
  type NodePromise,
} from '../domain/allocation/available-to-promise';
import type { Usage } from '../domain/order/order-request';
import { addDays, type LocalDate, localDateIn } from '../domain/shared/dates';
import { mayHaveFrom, readAsker } from './asker';
import { readQueues } from './backorder-queue';
import { bundleDates, readAgreedBundles } from './bundle-availability';
import { nodesOfWaiting } from './promised-units';
import { readSourcingFacts, type SourcingFacts } from './sourcing-facts';
import { type ItemPosition, readPositions, type Viewer } from './stock-positions';

/** A purchase expected in three years is on no chart. */
const HORIZON_DAYS = 366;

export interface ItemAvailability {
  readonly itemId: string;
  readonly known: boolean;
  /** Over all nodes that were asked for. */
  readonly dates: readonly { readonly date: LocalDate; readonly available: number }[];
  readonly waiting: number;
  readonly nodes: readonly (ItemPosition & Pick<NodePromise, 'dates'>)[];
}

/**
 * Available-to-promise of items by node and date, for somebody who comes now, with every figure behind it: of the company's
 * own nodes, and of suppliers that have said what they have. A buyer counts
 * on the nodes alone that the rule of its next order allows, and what is kept for it is available to it; a bundle that they have agreed to is there as often as its components make one.
 * @param about `date`: that day alone; otherwise today and each day on which something comes in
 */
export async function showAvailability(
  db: Db,
  itemIds: readonly string[],
  about: About,
): Promise<readonly ItemAvailability[]> {
  const { viewer } = about;
  const bundles = viewer === null ? [] : await readAgreedBundles(db, itemIds, viewer.customerId);
  const components = [...new Set(bundles.flatMap((one) => one.components.map(({ item }) => item)))];
  const facts = await readSourcingFacts(db, [...new Set([...itemIds, ...components])]);
  const mayHave = viewer === null ? () => true : mayHaveFrom(await readAsker(db, viewer), facts);
  const asking = { ...about, facts, mayHave };
  const shown = await showItems(db, itemIds, asking);
  if (bundles.length === 0) return shown;
  const byItem = new Map((await showItems(db, components, asking)).map((one) => [one.itemId, one]));
  return shown.map((one) => {
    const bundle = bundles.find(({ itemId }) => itemId === one.itemId);
    return bundle === undefined ? one : { ...one, dates: bundleDates(bundle, byItem), nodes: [] };
  });
}

interface Asking extends About {
  readonly facts: SourcingFacts;
  readonly mayHave: ReturnType<typeof mayHaveFrom>;
}

interface About {
  readonly usage: Usage;
  readonly now: string;
  readonly viewer: Viewer;
  readonly date?: LocalDate;
  readonly nodeId?: string;
}

async function showItems(
  db: Db,
  itemIds: readonly string[],
  about: Asking,
): Promise<readonly ItemAvailability[]> {
  const known = new Set(
    (await db('item')
      .whereIn('id', [...itemIds])
      .pluck('id')) as string[],
  );
  const positions = Map.groupBy(await readPositions(db, itemIds, about), (one) => one.itemId);
  const queues = Map.groupBy(await readQueues(db, itemIds, about), (entry) => entry.itemId);
  const today = localDateIn(about.now, await companyZone(db));
  return itemIds.map((itemId) => {
    const own = positions.get(itemId) ?? [];
    const waiting = (queues.get(itemId) ?? []).reduce((sum, entry) => sum + entry.quantity, 0);
    const dates =
      about.date === undefined ? datesOfChange(own, today, addDays(today, HORIZON_DAYS)) : [about.date];
    // All nodes first: what is promised to those who wait lies at some of them, whichever is asked for.
    const queue = (queues.get(itemId) ?? []).map((entry) => ({
      quantity: entry.quantity,
      nodes: nodesOfWaiting(entry.line, entry, about.facts),
    }));
    const mayHave = (nodeId: string) =>
      about.mayHave({ itemId, itemClass: own[0]?.itemClass ?? null }, nodeId);
    const promises = availableToPromise(own, queue, dates, mayHave);
    const nodes = own
      .map((position, at) => ({ ...position, dates: promises[at]?.dates ?? [] }))
      .filter(({ nodeId }) => mayHave(nodeId) && (about.nodeId === undefined || nodeId === about.nodeId));
    return {
      itemId,
      known: known.has(itemId),
      waiting,
      nodes,
      dates: dates.map((date, at) => ({
        date,
        available: nodes.reduce((sum, node) => sum + (node.dates[at]?.available ?? 0), 0),
      })),
    };
  });
}

/** What somebody can order today of items, over all nodes, by item: base units. An item that is not known has none. */
export async function availableToBuyer(
  db: Db,
  itemIds: readonly string[],
  about: { readonly usage: Usage; readonly now: string; readonly viewer: Viewer },
): Promise<ReadonlyMap<string, number>> {
  const date = localDateIn(about.now, await companyZone(db));
  const shown = await showAvailability(db, itemIds, { ...about, date });
  return new Map(shown.map(({ itemId, dates }) => [itemId, dates[0]?.available ?? 0]));
}

/** One installation serves one company; where its entities lie in several zones, days are those of the first. */
async function companyZone(db: Db): Promise<string> {
  const row = (await db('selling_entity').orderBy('id').first('time_zone')) as
    | { time_zone: string }
    | undefined;
  return row?.time_zone ?? 'UTC';
}
