import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { Usage } from '../../domain/order/order-request';
import { openOrderStates } from '../../domain/order/states';
import { addSeconds, type LocalDate } from '../../domain/shared/dates';

/** A day that moves and moves back within this time is told to nobody. */
const SETTLES_SECONDS = 60;

/** What is to come in at a node under a number: all of it, as it is known now. Quantities are base units. */
export interface ExpectedStock {
  readonly number: string;
  readonly nodeId: string;
  readonly usage: Usage;
  readonly kind: 'purchase' | 'transfer';
  /** Who sends it. */
  readonly source: string;
  readonly expectedOn: LocalDate | null;
  readonly lines: readonly {
    readonly itemId: string;
    readonly quantity: number;
    /** Where it is not that of the whole. */
    readonly expectedOn?: LocalDate;
  }[];
}

export type ExpectOutcome =
  | { readonly kind: 'expected'; readonly items: readonly string[] }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-node' | 'unknown-item' | 'unknown-inbound';
      readonly text: string;
    };

/**
 * Takes in what is expected under a number, in place of what was said under it before; an item that it names no more
 * is no longer expected. Orders that wait for one of the items are promised anew.
 */
export async function expectStock(
  tx: Tx,
  expected: ExpectedStock,
  by: string,
  now: string,
): Promise<ExpectOutcome> {
  const { nodeId, usage, number, kind, source } = expected;
  if (!(await tx('node').where({ id: nodeId }).first('id')))
    return { kind: 'refused', code: 'unknown-node', text: `There is no node ${nodeId}` };
  const lines = joinedLines(expected);
  const known = (await tx('item')
    .whereIn('id', [...lines.keys()])
    .pluck('id')) as string[];
  const unknown = [...lines.keys()].filter((id) => !known.includes(id));
  if (unknown.length > 0)
    return { kind: 'refused', code: 'unknown-item', text: `There is no item ${unknown.join(', ')}` };
  const { rows } = await tx.raw<{ rows: { item_id: string }[] }>(
    `with said as (select * from jsonb_to_recordset(cast(:lines as jsonb)) as l("itemId" text, quantity bigint, "expectedOn" date)),
     gone as (
       update inbound_stock i set quantity = i.received, said_by = :by, said_at = :now
       where i.node_id = :nodeId and i.usage = :usage and i.number = :number and i.quantity > i.received
         and i.item_id not in (select "itemId" from said) returning i.item_id),
     kept as (
       insert into inbound_stock as i (node_id, usage, number, item_id, kind, source, expected_on, quantity, said_by, said_at)
       select :nodeId, :usage, :number, "itemId", :kind, :source, "expectedOn", quantity, :by, cast(:now as timestamptz) from said order by 4
       on conflict (node_id, usage, number, item_id) do update set kind = excluded.kind, source = excluded.source,
         expected_on = excluded.expected_on, quantity = excluded.quantity, said_by = excluded.said_by, said_at = excluded.said_at
       where (i.expected_on, i.quantity, i.kind, i.source) is distinct from (excluded.expected_on, excluded.quantity, excluded.kind, excluded.source)
       returning i.item_id)
     select item_id from gone union select item_id from kept`,
    { lines: JSON.stringify([...lines.values()]), nodeId, usage, number, kind, source, by, now } as never,
  );
  const items = rows.map((row) => row.item_id);
  await wakeForPromises(tx, items, usage, now);
  return { kind: 'expected', items };
}

function joinedLines({ lines, expectedOn }: ExpectedStock) {
  const byItem = new Map<string, { itemId: string; quantity: number; expectedOn: LocalDate | null }>();
  for (const line of lines) {
    const before = byItem.get(line.itemId);
    const day = line.expectedOn ?? expectedOn;
    byItem.set(line.itemId, {
      itemId: line.itemId,
      quantity: line.quantity + (before?.quantity ?? 0),
      // Of an item in two lines the later day is the one by which all of it is there.
      expectedOn:
        before === undefined || before.expectedOn === null || day === null
          ? day
          : day > before.expectedOn
            ? day
            : before.expectedOn,
    });
  }
  return byItem;
}

/** Nothing more is expected under the number. */
export async function cancelExpected(
  tx: Tx,
  of: { readonly nodeId: string; readonly usage: Usage; readonly number: string },
  by: string,
  now: string,
): Promise<ExpectOutcome> {
  const key = { node_id: of.nodeId, usage: of.usage, number: of.number };
  if (!(await tx('inbound_stock').where(key).whereNot({ source: NOBODY_YET }).first('number')))
    return {
      kind: 'refused',
      code: 'unknown-inbound',
      text: `Nothing was announced under ${of.number} at ${of.nodeId}`,
    };
  const items = (await tx('inbound_stock')
    .where(key)
    .whereRaw('quantity > received')
    .update({ quantity: tx.ref('received'), said_by: by, said_at: now })
    .returning('item_id')) as { item_id: string }[];
  await wakeForPromises(
    tx,
    items.map((row) => row.item_id),
    of.usage,
    now,
  );
  return { kind: 'expected', items: items.map((row) => row.item_id) };
}

/** What came under a number before anybody had announced it has no source yet. */
export const NOBODY_YET = '';

/**
 * What came of what was expected under a number; the rest is expected still. It is kept of a number that nobody has
 * announced, too: an announcement that is later than the goods announces only what has not come.
 */
export async function receiveExpected(
  tx: Tx,
  of: { readonly nodeId: string; readonly usage: Usage; readonly number: string },
  came: ReadonlyMap<string, number>,
  by: string,
  now: string,
): Promise<void> {
  const lines = [...came].flatMap(([itemId, quantity]) => (quantity > 0 ? [{ itemId, quantity }] : []));
  await tx.raw(
    `insert into inbound_stock as i (node_id, usage, number, item_id, kind, source, quantity, received, said_by, said_at)
     select :nodeId, :usage, :number, "itemId", 'purchase', :source, 0, quantity, :by, cast(:now as timestamptz)
     from jsonb_to_recordset(cast(:lines as jsonb)) as l("itemId" text, quantity bigint) order by "itemId"
     on conflict (node_id, usage, number, item_id) do update set received = i.received + excluded.received`,
    { lines: JSON.stringify(lines), source: NOBODY_YET, by, now, ...of } as never,
  );
}

/** The orders that wait for an item look again once the new days have stood for a while; a later call takes the place of this one. */
export async function wakeForPromises(
  tx: Tx,
  itemIds: readonly string[],
  usage: Usage,
  now: string,
): Promise<void> {
  if (itemIds.length === 0) return;
  const waiting = (await tx('order_line')
    .join('orders', 'orders.id', 'order_line.order_id')
    .whereIn('order_line.item_id', [...itemIds])
    .andWhere('orders.usage', usage)
    .whereNot('orders.type', 'blanket')
    .whereIn('orders.state', [...openOrderStates])
    .whereRaw(
      'order_line.ordered > order_line.cancelled + order_line.reserved + order_line.released + order_line.shipped',
    )
    .distinct('orders.id')
    .orderBy('orders.id')) as { id: string }[];
  for (const { id } of waiting) {
    const runAt = addSeconds(now, SETTLES_SECONDS);
    await addJob(tx, 'tell-promise', { orderId: id }, { key: id, runAt });
  }
}

/** Days that have passed, where the order's entity is, while the goods did not come: their orders are promised anew. */
export async function wakeOverduePromises(tx: Tx, now: string): Promise<number> {
  const overdue = (await tx('order_line as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .join('selling_entity as e', 'e.id', 'o.entity_id')
    .whereRaw('l.promised_on < (cast(? as timestamptz) at time zone e.time_zone)::date', [now])
    .whereRaw('l.ordered > l.cancelled + l.reserved + l.released + l.shipped')
    .whereNull('l.rejection_code')
    .whereIn('o.state', [...openOrderStates])
    .distinct('o.id')
    .orderBy('o.id')
    .limit(1000)) as { id: string }[];
  for (const { id } of overdue) await addJob(tx, 'tell-promise', { orderId: id }, { key: id });
  return overdue.length;
}
