import { setTimeout as pause } from 'node:timers/promises';
import { seededChance } from '../../bench/seeded-chance';
import type { Db } from '../../db/connection';
import { RunningHub } from '../support/running-hub';
import { group, interchange, transactionSet } from '../support/trading-partner';
import { seedAgreement, seed as seedMasterData } from '../workflow/seed';
import { makeKey } from './make-key';
import { shuffled } from './seeded';

const ORDERS = 10;
const QUANTITY = 7;
const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
const chance = seededChance(seed);

describe(`ten orders while processes are killed (FAULT_SEED=${seed})`, () => {
  let hub: RunningHub;
  let db: Db;
  beforeAll(async () => {
    hub = await RunningHub.start();
    db = hub.connectDatabase();
    await seedMasterData(db);
    await seedAgreement(db);
  }, 120_000);
  afterAll(async () => {
    await db?.destroy();
    await hub?.remove();
  }, 60_000);

  test('end once: one request per release, one invoice per shipment, stock to the unit', async () => {
    const key = await makeKey(db);
    const killed: string[] = [];
    const killing = killAtRandom(killed);
    const numbers = Array.from({ length: ORDERS }, (_, at) => at + 1);
    await Promise.all(
      numbers.map((n) => (n % 2 === 0 ? placeByApi(key, `PO-${n}`) : placeByEdi(key, `PO-${n}`, n))),
    );
    await killing;
    try {
      await untilAllPosted();
    } catch (error) {
      throw new Error(`${String(error)}\nkilled: ${killed.join(', ')}\n${hub.said}`);
    }
    await expectEachOnce();
  }, 240_000);

  /** Each of the four twice, in a drawn order, at drawn moments while orders are placed and on their way. */
  async function killAtRandom(killed: string[]): Promise<void> {
    const all = ['Worker', 'API', 'Temporal', 'PostgreSQL'];
    for (const victim of [...shuffled(all, chance), ...shuffled(all, chance)]) {
      const waitMs = 200 + Math.floor(chance() * 1500);
      await pause(waitMs);
      if (hub.kill(victim) !== null) killed.push(`${victim} after ${waitMs} ms`);
    }
  }

  /** As a careful caller does: the same again until an answer comes. */
  async function until201Or202(key: string, path: string, headers: Record<string, string>, body: string) {
    await pause(chance() * 6000);
    for (;;) {
      try {
        const response = await fetch(`${hub.url}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, ...headers },
          body,
          signal: AbortSignal.timeout(10_000),
        });
        const text = await response.text();
        if (response.status === 201 || response.status === 202) return;
        if (response.status < 500 && response.status !== 409) throw new Unexpected(text);
      } catch (error) {
        if (error instanceof Unexpected) throw error;
      }
      await pause(200);
    }
  }

  function placeByApi(key: string, purchaseOrderNumber: string): Promise<void> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `key-${purchaseOrderNumber}` };
    const lines = [{ item: 'BOLT', quantity: String(QUANTITY) }];
    return until201Or202(
      key,
      '/api/v1/orders',
      headers,
      JSON.stringify({ purchaseOrderNumber, shipTo: { id: 'S1' }, lines }),
    );
  }

  function placeByEdi(key: string, purchaseOrderNumber: string, controlNumber: number): Promise<void> {
    const set = transactionSet('850', '0001', [
      `BEG*00*SA*${purchaseOrderNumber}**20261120`,
      'N1*ST*Acme Store 1*92*S1',
      `PO1*1*${QUANTITY}*EA*1.50**VP*BOLT`,
      'CTT*1',
    ]);
    const body = interchange({ controlNumber, groups: [group('PO', controlNumber, [set])] });
    return until201Or202(key, '/edi', { 'content-type': 'application/edi-x12' }, body);
  }

  class Unexpected extends Error {}

  async function untilAllPosted(): Promise<void> {
    const deadline = Date.now() + 150_000;
    for (;;) {
      const rows = await openOrders().catch(() => null);
      const all = await db('orders')
        .count<{ n: number }[]>('* as n')
        .first()
        .catch(() => null);
      if (rows?.length === 0 && all?.n === ORDERS) return;
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

    await expectEachDocumentOnce();

    const [stock] = await db('stock').where({ item_id: 'BOLT', node_id: 'CHI' });
    expect(stock).toMatchObject({ on_hand: 1000 - ORDERS * QUANTITY, reserved: 0 });
    expect(await db('exception').where({ status: 'open' }).select('kind', 'text')).toEqual([]);
  }

  /** Every answer is in the mailbox once, and no control number was given twice. */
  async function expectEachDocumentOnce(): Promise<void> {
    const expected = ['810', '855', '856'].map((set_id) => ({ set_id, n: ORDERS }));
    for (const deadline = Date.now() + 30_000; ; await pause(250)) {
      const rows = await db('document')
        .where({ direction: 'out' })
        .whereIn('set_id', ['810', '855', '856'])
        .groupBy('set_id')
        .orderBy('set_id')
        .select('set_id')
        .count('* as n');
      if (Date.now() > deadline || rows.every((row) => row.n === ORDERS)) {
        expect(rows).toEqual(expected);
        break;
      }
    }
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select control_number from interchange where direction = 'out' group by control_number having count(*) > 1`,
    );
    expect(rows).toEqual([]);
  }
});
