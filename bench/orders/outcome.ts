import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Db } from '../../db/connection';
import { firstIdAt } from '../../db/record-ids';
import { orderWorkflowId } from '../../workflows/contracts/order-workflow';
import type { SentOrder } from './purchase-orders';

const NOTHING_MOVES_MS = 60_000;
/** On a busy machine all orders go forward and none is over for long: their versions tell that from standing still. */
const LOOK_CLOSER_MS = 10_000;

export interface Watched {
  /** When the last of the orders was over: completed, its 810 rendered, its invoice posted. `performance.now()`. */
  readonly overAt: number;
  /** From the 850's sending until its 810 was seen in the mailbox's table, in ms. */
  readonly latenciesMs: readonly number[];
}

/**
 * What autovacuum does within a minute wherever a hub is used. Plans made over empty tables read all reservations there
 * are for each line of an order, and live until there are statistics: a benchmark that starts from nothing would
 * measure that minute.
 */
export async function likeInUse(db: Db): Promise<void> {
  await db.raw('analyze');
}

/** An id is made when a document is rendered; others see it when that is committed. */
const SEEN_WITHIN_MS = 10_000;

/** Purchase orders of the 810s since a look before: asked many times a second, it may cost next to nothing. */
async function invoicedSince(db: Db, first: string, lookedAt: number): Promise<readonly string[]> {
  return (await db('document')
    .where('id', '>=', firstIdAt(lookedAt - SEEN_WITHIN_MS))
    .andWhere({ set_id: '810', direction: 'out' })
    .andWhere('purchase_order_number', '>=', first)
    .pluck('purchase_order_number')) as string[];
}

async function countOver(db: Db, first: string): Promise<number> {
  const [row] = await db('orders')
    .where({ state: 'completed' })
    .andWhere('po_number', '>=', first)
    .whereRaw('not exists (select from invoice i where i.order_id = orders.id and i.posted_at is null)')
    .count<{ count: number }[]>('* as count');
  return Number(row?.count ?? 0);
}

/**
 * Watches the record until the orders are over. `sending` fills while it watches.
 * @param everyMs how often it looks, which is also how far a latency may be above what it was
 */
export async function watchOrders(
  db: Db,
  sending: Promise<readonly SentOrder[]>,
  expected: { readonly first: string; readonly count: number; readonly everyMs: number },
): Promise<Watched> {
  const seenAt = new Map<string, number>();
  let lookedAt = Date.now();
  let moved = { at: performance.now(), key: '', versions: 0 };
  for (;;) {
    const since = lookedAt;
    lookedAt = Date.now();
    const invoiced = await invoicedSince(db, expected.first, since);
    const at = performance.now();
    for (const number of invoiced) if (!seenAt.has(number)) seenAt.set(number, at);
    // What the benchmark asks is counted as the database's: the dearer question only when it can be the last one.
    const over = seenAt.size >= expected.count ? await countOver(db, expected.first) : 0;
    if (over >= expected.count && seenAt.size >= expected.count) break;
    const key = `${over}/${seenAt.size}`;
    if (key !== moved.key) moved = { ...moved, at, key };
    else if (at - moved.at > LOOK_CLOSER_MS) {
      const versions = await versionsSince(db, expected.first);
      if (versions !== moved.versions) moved = { at, key, versions };
    }
    if (at - moved.at > NOTHING_MOVES_MS) throw new Error(await stuck(db, expected.count, over, seenAt.size));
    await pause(expected.everyMs);
  }
  const overAt = performance.now();
  const sent = await sending;
  const latenciesMs = sent.map((one) => (seenAt.get(one.purchaseOrderNumber) ?? Number.NaN) - one.sentAt);
  return { overAt, latenciesMs };
}

/** Goes up with whatever is written about one of the orders. */
async function versionsSince(db: Db, first: string): Promise<number> {
  const [row] = await db('orders').where('po_number', '>=', first).sum<{ sum: string | null }[]>('version');
  return Number(row?.sum ?? 0);
}

async function stuck(db: Db, expected: number, over: number, rendered: number): Promise<string> {
  const states = (await db('orders')
    .groupBy('state')
    .select('state', db.raw('count(*) as count'))) as unknown;
  const exceptions = await db('exception').where({ status: 'open' }).limit(3).pluck('text');
  const jobs = await db.raw(
    `select task_identifier, count(*), min(last_error) as error from graphile_worker.jobs group by 1`,
  );
  return `nothing has moved for a minute: ${over} of ${expected} orders over, ${rendered} invoices rendered; states ${JSON.stringify(states)}, exceptions ${JSON.stringify(exceptions)}, jobs ${JSON.stringify(jobs.rows)}`;
}

/** Everything that must hold when all orders are over; what does not is told. */
export async function findFaults(
  db: Db,
  client: Client,
  expected: number,
  outside: { readonly erpUrl: string; readonly warehouseUrl: string },
): Promise<readonly string[]> {
  const faults: string[] = [];
  const none = async (what: string, sql: string) => {
    const { rows } = await db.raw<{ rows: unknown[] }>(`${sql} limit 3`);
    if (rows.length > 0) faults.push(`${what}: ${JSON.stringify(rows)}`);
  };
  const orders = (await db('orders').select('id')) as { id: string }[];
  if (orders.length !== expected) faults.push(`${orders.length} orders for ${expected} purchase orders`);
  await none('orders that are not completed', `select id, state from orders where state <> 'completed'`);
  for (const set of ['855', '856', '810']) {
    await none(
      `orders without exactly one ${set}`,
      `select o.id, count(d.id) from orders o left join document d on d.order_id = o.id and d.direction = 'out' and d.set_id = '${set}'
       group by o.id having count(d.id) <> 1`,
    );
  }
  await none(
    'orders without exactly one shipment',
    `select order_id, count(*) from shipment group by 1 having count(*) <> 1`,
  );
  await none(
    'levels that differ from their reservations',
    `select s.item_id, s.node_id, s.reserved, coalesce(sum(r.quantity), 0) as behind from stock s
     left join reservation r on r.item_id = s.item_id and r.node_id = s.node_id and r.usage = s.usage and r.status = 'active'
     group by s.item_id, s.node_id, s.usage, s.reserved having s.reserved <> coalesce(sum(r.quantity), 0)`,
  );
  await none('open exceptions', `select kind, text from exception where status = 'open'`);
  await none(
    'interchanges not answered',
    `select id, status from interchange where direction = 'in' and status <> 'judged'`,
  );
  faults.push(...(await workflowFaults(client, orders)), ...(await outsideFaults(outside, expected)));
  return faults;
}

async function workflowFaults(
  client: Client,
  orders: readonly { readonly id: string }[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { id } of orders) {
    const about = await client.workflow.getHandle(orderWorkflowId(id)).describe();
    const { firstRunId } = about.raw.workflowExecutionInfo as { firstRunId?: string };
    if (about.status.name !== 'COMPLETED') faults.push(`the workflow of ${id} is ${about.status.name}`);
    if (firstRunId && firstRunId !== about.runId) faults.push(`the workflow of ${id} ran more than once`);
  }
  return faults.slice(0, 5);
}

/** What the outside has counted for itself: one release a shipment, one posting an invoice. */
async function outsideFaults(
  { erpUrl, warehouseUrl }: { readonly erpUrl: string; readonly warehouseUrl: string },
  expected: number,
): Promise<readonly string[]> {
  const state = async <T>(url: string) => (await (await fetch(`${url}/admin/state`)).json()) as T;
  const { invoices } = await state<{ invoices: { documents: number }[] }>(erpUrl);
  const { releases } = await state<{ releases: { requests: number }[] }>(warehouseUrl);
  return [
    ...(invoices.length === expected
      ? []
      : [`the ERP has ${invoices.length} invoices for ${expected} orders`]),
    ...(invoices.some(({ documents }) => documents !== 1) ? ['the ERP has an invoice twice'] : []),
    ...(releases.length === expected ? [] : [`the warehouse has ${releases.length} releases`]),
    ...(releases.some(({ requests }) => requests !== 1) ? ['the warehouse was asked twice'] : []),
  ];
}
