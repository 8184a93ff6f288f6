import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/connection';
import { seed as seedMasterData } from '../workflow/seed';
import { RunningHub, type Victim } from './running-hub';
import { seededChance, shuffled } from './seeded';

const ORDERS = 10;
const QUANTITY = 7;
const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
const chance = seededChance(seed);

describe(`ten orders while processes are killed (FAULT_SEED=${seed})`, () => {
  let hub: RunningHub;
  let db: Db;
  beforeAll(async () => {
    hub = await RunningHub.start();
    db = hub.connect();
    await seedMasterData(db);
  }, 120_000);
  afterAll(async () => {
    await db?.destroy();
    await hub?.stop();
  }, 60_000);

  test('end once: one request per release, one invoice per shipment, stock to the unit', async () => {
    const key = await hub.makeKey(db);
    const killed: string[] = [];
    const killing = killAtRandom(killed);
    const placed = await Promise.all(Array.from({ length: ORDERS }, () => placeWithRetries(key)));
    await killing;
    expect(new Set(placed).size).toBe(ORDERS);
    try {
      await untilAllPosted();
    } catch (error) {
      throw new Error(`${String(error)}\nkilled: ${killed.join(', ')}\n${hub.said}`);
    }
    await expectEachOnce();
  }, 240_000);

  /** Each of the four twice, in a drawn order, at drawn moments while orders are placed and on their way. */
  async function killAtRandom(killed: string[]): Promise<void> {
    const all: readonly Victim[] = ['Worker', 'API', 'Temporal', 'PostgreSQL'];
    for (const victim of [...shuffled(all, chance), ...shuffled(all, chance)]) {
      const waitMs = 200 + Math.floor(chance() * 1500);
      await pause(waitMs);
      if (hub.kill(victim)) killed.push(`${victim} after ${waitMs} ms`);
    }
  }

  /** As a careful caller does: the same key until an answer comes. */
  async function placeWithRetries(key: string): Promise<string> {
    const idempotencyKey = randomUUID();
    const body = JSON.stringify({
      purchaseOrderNumber: `PO-${idempotencyKey.slice(0, 8)}`,
      shipTo: { id: 'S1' },
      lines: [{ item: 'BOLT', quantity: String(QUANTITY) }],
    });
    await pause(chance() * 6000);
    for (;;) {
      try {
        const response = await fetch(`${hub.url}/api/v1/orders`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            'idempotency-key': idempotencyKey,
          },
          body,
          signal: AbortSignal.timeout(10_000),
        });
        if (response.status === 201) return ((await response.json()) as { id: string }).id;
        if (response.status < 500 && response.status !== 409) throw new Unexpected(await response.text());
      } catch (error) {
        if (error instanceof Unexpected) throw error;
      }
      await pause(200);
    }
  }

  class Unexpected extends Error {}

  async function untilAllPosted(): Promise<void> {
    const deadline = Date.now() + 150_000;
    for (;;) {
      const rows = await openOrders().catch(() => null);
      if (rows?.length === 0) return;
      if (Date.now() > deadline) throw new Error(`not ended in time: ${JSON.stringify(rows)}`);
      await pause(250);
    }
  }

  async function openOrders(): Promise<readonly unknown[]> {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select o.id, o.state, s.state as shipment, i.invoice_number, i.posted_at from orders o
       left join shipment s on s.order_id = o.id left join invoice i on i.shipment_id = s.id
       where o.state <> 'completed' or i.posted_at is null`,
    );
    return rows;
  }

  async function expectEachOnce(): Promise<void> {
    expect(await db('orders').count('* as n').first()).toEqual({ n: ORDERS });
    expect(await db('shipment').count('* as n').first()).toEqual({ n: ORDERS });
    expect(await db('invoice').count('* as n').first()).toEqual({ n: ORDERS });

    const warehouse = (await hub.account('warehouse')) as {
      releases: { release: { releaseNumber: string }; requests: number; stage: string }[];
    };
    expect(warehouse.releases).toHaveLength(ORDERS);
    for (const release of warehouse.releases)
      expect(release).toMatchObject({ requests: 1, stage: 'shipped' });

    const documents = await db('document_request')
      .groupBy('set_id')
      .orderBy('set_id')
      .select('set_id')
      .count('* as n');
    expect(documents).toEqual(['810', '855', '856'].map((set_id) => ({ set_id, n: ORDERS })));

    const [stock] = await db('stock').where({ item_id: 'BOLT', node_id: 'CHI' });
    expect(stock).toMatchObject({ on_hand: 1000 - ORDERS * QUANTITY, reserved: 0 });
    expect(
      await db('exception')
        .where({ status: 'open' })
        .whereNot({ kind: 'document-unassigned' })
        .select('kind', 'text'),
    ).toEqual([]);
  }
});
