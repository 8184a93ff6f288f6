import type { Db } from '../../db/connection';
import type { LocalDate } from '../../domain/shared/dates';
import type { StoredRule } from '../rules/pricing';
import { scopesOf } from '../rules/whose';
import { type Bundle, ItemRelations } from '../sourcing/item-relations';
import type { ItemAvailability } from './show-availability';

export interface AgreedBundle {
  readonly itemId: string;
  readonly components: Bundle['components'];
  /** Components may lie at different nodes. */
  readonly apart: boolean;
}

/** Which of the items are bundles that a buyer has agreed to have the components of. */
export async function readAgreedBundles(
  db: Db,
  itemIds: readonly string[],
  customerId: string,
): Promise<readonly AgreedBundle[]> {
  const { rows } = await db.raw<{ rows: (StoredRule & { readonly itemClass: string | null })[] }>(
    `select r.kind, r.scope, r.version, r.body, i.item_class as "itemClass" from (
       select distinct on (kind, scope) * from rule
       where ((kind = 'bundle' and scope = any(:itemIds)) or (kind = 'supply-agreement' and scope = any(:whose))) and valid_from <= now()
       order by kind, scope, version desc) r
     left join item i on i.id = r.scope where not r.withdrawn`,
    { itemIds: [...itemIds], whose: [...scopesOf(customerId, null)] } as never,
  );
  const relations = new ItemRelations(rows, { customerId, partnerId: null });
  const apart = relations.agreement?.body.bundles?.components === 'separately';
  return rows.flatMap(({ kind, scope: itemId, itemClass }) => {
    const bundle = kind === 'bundle' ? relations.bundleOf({ itemId, itemClass }) : null;
    return bundle === null ? [] : [{ itemId, components: bundle.components, apart }];
  });
}

/**
 * A bundle is there as often as its scarcest component is: at each node of the company (suppliers ship no bundles), unless
 * its components may come from several.
 */
export function bundleDates(
  { components, apart }: AgreedBundle,
  shown: ReadonlyMap<string, ItemAvailability>,
): ItemAvailability['dates'] {
  const own = components.map(({ item, quantity }) => ({ shown: shown.get(item), quantity }));
  const days = [...new Set(own.flatMap((one) => one.shown?.dates.map(({ date }) => date) ?? []))].sort(byDay);
  const nodes = [...new Set(own.flatMap((one) => ownNodesOf(one.shown)))];
  const whole = (of: (one: ItemAvailability) => number) =>
    Math.min(
      ...own.map(({ shown: one, quantity }) => (one === undefined ? 0 : Math.floor(of(one) / quantity))),
    );
  return days.map((date) => ({
    date,
    available: apart
      ? whole((one) => upTo(one.dates, date))
      : nodes.reduce(
          (sum, nodeId) =>
            sum + whole((one) => upTo(one.nodes.find((node) => node.nodeId === nodeId)?.dates ?? [], date)),
          0,
        ),
  }));
}

const ownNodesOf = (shown: ItemAvailability | undefined): readonly string[] =>
  (shown?.nodes ?? []).flatMap(({ nodeId, supplier }) => (supplier === null ? [nodeId] : []));

const byDay = (a: LocalDate, b: LocalDate) => (a < b ? -1 : 1);

/** What is there on a day is what was there on the last day that something changed. */
const upTo = (
  dates: readonly { readonly date: LocalDate; readonly available: number }[],
  day: LocalDate,
): number => dates.reduce((last, { date, available }) => (date <= day ? available : last), 0);
