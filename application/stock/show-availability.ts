import type { Db } from '../../db/connection';
import {
  availableToPromise,
  datesOfChange,
  type NodePromise,
} from '../../domain/allocation/available-to-promise';
import type { PostalAddress, Usage } from '../../domain/order/order-request';
import { addDays, type LocalDate, localDateIn } from '../../domain/shared/dates';
import { type QueueEntry, readQueues } from '../backorder/backorder-queue';
import { nodesOfWaiting } from '../backorder/promised-units';
import { readSourcingFacts, type SourcingFacts } from '../sourcing/sourcing-facts';
import { mayHaveFrom, readAskers } from './asker';
import { bundleDates, readAgreedBundles } from './bundle-availability';
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
 * own nodes, and of suppliers that have said what they have. A buyer counts on the nodes alone that the rule of its next
 * order allows, and what is kept for it is available to it; a bundle that it has agreed to is there as often as its
 * components make one. Where it is not said to which of its ship-tos that order goes, a buyer is told what it can have
 * whichever it is: of each day the least.
 * @param about `date`: that day alone; otherwise today and each day on which something comes in
 */
export async function showAvailability(
  db: Db,
  itemIds: readonly string[],
  about: About,
): Promise<readonly ItemAvailability[]> {
  const { viewer, shipTo } = about;
  const bundles = viewer === null ? [] : await readAgreedBundles(db, itemIds, viewer.customerId);
  const components = [...new Set(bundles.flatMap((one) => one.components.map(({ item }) => item)))];
  const all = [...new Set([...itemIds, ...components])];
  const facts = await readSourcingFacts(db, all);
  const askers =
    viewer === null ? null : await readAskers(db, { ...viewer, ...(shipTo && { shipTo }) }, facts);
  const figures = await readFigures(db, all, about, facts);
  const shownTo = (mayHave: MayHave) => {
    const byItem = new Map(all.map((itemId) => [itemId, showItem(figures, itemId, about, mayHave)]));
    return itemIds.map((itemId) => {
      const one = byItem.get(itemId) as ItemAvailability;
      const bundle = bundles.find((each) => each.itemId === itemId);
      return bundle === undefined ? one : { ...one, dates: bundleDates(bundle, byItem), nodes: [] };
    });
  };
  if (askers === null) return shownTo(() => true);
  return leastOf(askers.map((asker) => shownTo(mayHaveFrom(asker, facts))));
}

/** Of each item and day the least that any of them says; the figures behind it are nobody's in particular. */
function leastOf(views: readonly (readonly ItemAvailability[])[]): readonly ItemAvailability[] {
  const [first = [], ...others] = views;
  if (others.length === 0) return first;
  return first.map((one, item) => ({
    ...one,
    nodes: [],
    dates: one.dates.map(({ date, available }, day) => ({
      date,
      available: Math.min(available, ...others.map((view) => view[item]?.dates[day]?.available ?? 0)),
    })),
  }));
}

type MayHave = ReturnType<typeof mayHaveFrom>;

interface About {
  readonly usage: Usage;
  readonly now: string;
  readonly viewer: Viewer;
  /** Of a buyer: where the order would go. */
  readonly shipTo?: PostalAddress;
  readonly date?: LocalDate;
  readonly nodeId?: string;
}

/** What is known of items, whoever asks. */
interface Figures {
  readonly known: ReadonlySet<string>;
  readonly positions: ReadonlyMap<string, readonly ItemPosition[]>;
  readonly queues: ReadonlyMap<string, readonly QueueEntry[]>;
  readonly today: LocalDate;
  readonly facts: SourcingFacts;
}

async function readFigures(
  db: Db,
  itemIds: readonly string[],
  about: About,
  facts: SourcingFacts,
): Promise<Figures> {
  return {
    known: new Set(
      (await db('item')
        .whereIn('id', [...itemIds])
        .pluck('id')) as string[],
    ),
    positions: Map.groupBy(await readPositions(db, itemIds, about), (one) => one.itemId),
    queues: Map.groupBy(await readQueues(db, itemIds, about), (entry) => entry.itemId),
    today: localDateIn(about.now, await companyZone(db)),
    facts,
  };
}

function showItem(
  { known, positions, queues, today, facts }: Figures,
  itemId: string,
  { date, nodeId }: About,
  mayHaveItem: MayHave,
): ItemAvailability {
  const own = positions.get(itemId) ?? [];
  const queued = queues.get(itemId) ?? [];
  const dates = date === undefined ? datesOfChange(own, today, addDays(today, HORIZON_DAYS)) : [date];
  // All nodes first: what is promised to those who wait lies at some of them, whichever is asked for.
  const queue = queued.map((entry) => ({
    quantity: entry.quantity,
    nodes: nodesOfWaiting(entry.line, entry, facts),
  }));
  const mayHave = (at: string) => mayHaveItem({ itemId, itemClass: own[0]?.itemClass ?? null }, at);
  const promises = availableToPromise(own, queue, dates, mayHave);
  const nodes = own
    .map((position, at) => ({ ...position, dates: promises[at]?.dates ?? [] }))
    .filter((node) => mayHave(node.nodeId) && (nodeId === undefined || node.nodeId === nodeId));
  return {
    itemId,
    known: known.has(itemId),
    waiting: queued.reduce((sum, entry) => sum + entry.quantity, 0),
    nodes,
    dates: dates.map((day, at) => ({
      date: day,
      available: nodes.reduce((sum, node) => sum + (node.dates[at]?.available ?? 0), 0),
    })),
  };
}

/**
 * What somebody can order today of items, over all nodes, by item: base units; of a buyer whichever of its ship-tos it goes
 * to. An item that is not known has none.
 */
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
