import { createWarehouseClient } from '../../adapters/wms/client';
import { warehouseCallback } from '../../adapters/wms/contract';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { buildRelease } from '../../application/fulfilment/release-shipment';
import { placeOrder } from '../../application/order/place-order';
import { createStoreWarehouse } from '../../application/store/store-warehouse';
import { acceptTask, packTask, pickTask, shipTask } from '../../application/store/work-store-task';
import type { ShipConfirm, WarehousePort, WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import { AwaitsAcknowledgement, createEdiWarehouse } from '../../gateway/outbound/edi-warehouse';
import { warehouseOfNode } from '../../worker/outside';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase } from '../support/database';
import { EdiWarehouseStand } from '../support/edi-warehouse-stand';
import { endpoint, Outside, post, stateOf, until } from './outside';

/** A warehouse, whatever way it is spoken to, and what a test does behind its back. */
interface Stand {
  readonly port: WarehousePort;
  release(): Promise<WarehouseRelease>;
  /** Nothing is picked until `letShip`. */
  letShip(): Promise<void>;
  /** How often the release was given to be worked. */
  timesWorked(releaseNumber: string): Promise<number>;
  /** What the warehouse itself says of the release: nothing was ever asked, it is in work, or it was taken back. */
  standsAt(releaseNumber: string): Promise<'unknown' | 'in-work' | 'recalled'>;
  /** How often the warehouse was asked to take it back, in documents that left; null where none are sent. */
  cancelsSent(): Promise<number | null>;
  missing(itemId: string, units: number): Promise<void>;
  refuseNext(release: WarehouseRelease): Promise<void>;
  confirms(): Promise<readonly ShipConfirm[]>;
  stop(): Promise<void>;
}

async function overRest(): Promise<Stand> {
  const outside = new Outside();
  await outside.start();
  const url = await outside.warehouse();
  await post(`${url}/admin/speed`, { paused: true });
  return {
    port: createWarehouseClient(endpoint(url)),
    release: async () => ({
      idempotencyKey: 'order/1/release/1',
      releaseNumber: 'SH100001',
      nodeId: 'EAST',
      orderNumber: 'SO100001',
      purchaseOrderNumber: 'PO1',
      shipTo: { role: 'ST', name: 'Acme Store 42', idQualifier: '92', id: '0042' },
      carrier: { scac: 'SLOW', service: 'GROUND' },
      lines: [{ lineNumber: 1, itemId: 'BOLT', quantity: 60 }],
      packages: [
        { sscc: '095212340000000010', contents: [{ lineNumber: 1, quantity: 50 }] },
        { sscc: '095212340000000027', contents: [{ lineNumber: 1, quantity: 10 }] },
      ],
    }),
    letShip: async () => {
      await post(`${url}/admin/speed`, { paused: false });
      const open = async () =>
        (await stateOf(url)).releases.every(
          ({ stage }: { stage: string }) => stage !== 'released' && stage !== 'picked',
        );
      await until(open);
      const shipped = (await stateOf(url)).releases.filter(
        ({ stage }: { stage: string }) => stage === 'shipped',
      );
      await until(() => outside.callbacks.length >= shipped.length);
    },
    timesWorked: async (number) => {
      const { releases } = await stateOf(url);
      return (
        releases.find(({ release }: { release: WarehouseRelease }) => release.releaseNumber === number)
          ?.requests ?? 0
      );
    },
    standsAt: async (number) => {
      const { releases } = await stateOf(url);
      const found = releases.find(
        ({ release }: { release: WarehouseRelease }) => release.releaseNumber === number,
      );
      return found === undefined ? 'unknown' : found.stage === 'recalled' ? 'recalled' : 'in-work';
    },
    cancelsSent: async () => null,
    missing: (itemId, units) => post(`${url}/admin/shortages`, { itemId, shortBy: units }) as Promise<never>,
    refuseNext: ({ lines }) =>
      post(`${url}/admin/refusals`, { itemId: lines[0]?.itemId, reason: 'not kept here' }) as Promise<never>,
    confirms: async () =>
      outside.callbacks.map(({ message }) => warehouseCallback.parse(message).data as unknown as ShipConfirm),
    stop: async () => outside.stop(),
  };
}

async function overEdi(policy: Readonly<Record<string, unknown>>): Promise<Stand> {
  const stand = await EdiWarehouseStand.open(policy);
  const { db } = stand.door;
  const port = createEdiWarehouse(db);
  /** As its activity does: again, as long as the warehouse has not acknowledged. */
  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let round = 0; ; round += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof AwaitsAcknowledgement) || round > 5) throw error;
        await stand.carry();
      }
    }
  };
  return {
    port: {
      release: (release) => patiently(() => port.release(release)),
      recall: (request) => patiently(() => port.recall(request)),
    },
    release: async () => (await stand.planned()).release,
    letShip: async () => {
      await stand.carry();
      await stand.warehouse.ship();
    },
    timesWorked: async (number) => {
      await stand.carry();
      return stand.warehouse.orders.get(number)?.requests ?? 0;
    },
    standsAt: async (number) => {
      await stand.carry();
      const stage = stand.warehouse.orders.get(number)?.stage;
      return stage === undefined ? 'unknown' : stage === 'recalled' ? 'recalled' : 'in-work';
    },
    cancelsSent: async () => {
      const contents = (await db('interchange').where({ direction: 'out' }).pluck('content')) as Buffer[];
      const texts = contents.map((content) => content.toString('latin1'));
      // W0501 F: the shipping order is cancelled.
      return texts.reduce((count, text) => count + (text.match(/W05\*F\*/g) ?? []).length, 0);
    },
    missing: async (itemId, shortBy) => {
      stand.warehouse.shortages = [{ itemId, shortBy, reason: 'not on the shelf', times: 1 }];
    },
    refuseNext: async () => {
      stand.warehouse.rejects = 1;
    },
    confirms: () =>
      db('shipment').whereNotNull('confirm').orderBy('shipment_number').pluck('confirm') as Promise<
        ShipConfirm[]
      >,
    stop: async () => {
      expect(stand.warehouse.problems).toEqual([]);
      await stand.door.database.drop();
    },
  };
}

async function store(): Promise<Stand> {
  const { db, drop } = await createTestDatabase();
  await seedCompany(db, { stock: { BOLT: { EAST: 1000 } } });
  const isStore = {
    kind: 'sourcing-node',
    scope: 'EAST',
    version: 1,
    body: JSON.stringify({ kind: 'store' }),
  };
  await db('rule').insert({ ...isStore, valid_from: '2000-01-01' });
  const absent = async (): Promise<never> => {
    throw new Error('it is a store');
  };
  const other = { release: absent, recall: absent };
  let missing = 0;
  const now = () => new Date().toISOString();
  return {
    // As the worker chooses it.
    port: warehouseOfNode(db, {
      rest: other,
      edi: other,
      store: createStoreWarehouse(db),
      supplier: other,
    }),
    release: async () => {
      const request = purchaseOrder([line('BOLT', '60', '10.00')]);
      return db.transaction(async (tx) => {
        const placed = await placeOrder(tx, request, NOW);
        if (placed.kind !== 'placed') throw new Error(placed.kind);
        const [shipmentId] = await planShipments(tx, placed.orderId, NOW);
        return buildRelease(tx, shipmentId ?? '');
      });
    },
    letShip: async () => {
      for (const id of await db('store_task').where({ state: 'offered' }).pluck('id')) {
        const at = { taskId: id, nodeId: 'EAST', person: 'ann' };
        const picked = [{ lineNumber: 1, quantity: 60 - missing }];
        await db.transaction(async (tx) => {
          await acceptTask(tx, at, now());
          await pickTask(tx, at, picked, now());
          await packTask(tx, at, {}, now());
          await shipTask(tx, at, null, now());
        });
      }
    },
    timesWorked: async (number) => (await db('store_task').where({ release_number: number })).length,
    standsAt: async (number) => {
      const task = await db('store_task').where({ release_number: number }).first('state');
      return task === undefined ? 'unknown' : task.state === 'recalled' ? 'recalled' : 'in-work';
    },
    cancelsSent: async () => null,
    missing: async (_, units) => {
      missing = units;
    },
    refuseNext: async () => undefined,
    confirms: () => db('shipment').whereNotNull('confirm').pluck('confirm') as Promise<ShipConfirm[]>,
    stop: drop,
  };
}

describe.each<[string, () => Promise<Stand>]>([
  ['over REST', overRest],
  ['by 940 and 945, taken at its word', () => overEdi({ release: 'at-once' })],
  ['by 940 and 945, acknowledged', () => overEdi({ release: 'acknowledged' })],
  ['that is a store, worked by its people', store],
])('a warehouse %s', (name, open) => {
  let stand: Stand;
  let release: WarehouseRelease;
  beforeEach(async () => {
    stand = await open();
    release = await stand.release();
  });
  afterEach(() => stand.stop());
  const recallOf = () => ({
    idempotencyKey: `recall/${release.releaseNumber}/1`,
    releaseNumber: release.releaseNumber,
    nodeId: release.nodeId,
  });

  test('takes a release, and confirms the goods that left with their cartons', async () => {
    expect(await stand.port.release(release)).toMatchObject({ kind: 'accepted' });
    await stand.letShip();
    const [confirm, ...more] = await stand.confirms();
    expect(more).toEqual([]);
    expect(confirm).toMatchObject({
      releaseNumber: release.releaseNumber,
      nodeId: 'EAST',
      lines: [{ lineNumber: 1, shipped: 60 }],
      packages: release.packages.map(({ sscc, contents }) => ({ sscc, contents })),
    });
    expect(confirm?.packages.every(({ weightGrams }) => weightGrams > 0)).toBe(true);
    expect(Math.abs(Date.parse(confirm?.shippedAt ?? '') - Date.now())).toBeLessThan(120_000);
  });

  test('works a release once that it is asked for twice', async () => {
    await stand.port.release(release);
    await stand.port.release(release);
    expect(await stand.timesWorked(release.releaseNumber)).toBe(1);
    await stand.letShip();
    expect(await stand.confirms()).toHaveLength(1);
  });

  test('confirms as short what is not on the shelf, and its carton does not leave', async () => {
    await stand.missing('BOLT', 10);
    await stand.port.release(release);
    await stand.letShip();
    const [confirm] = await stand.confirms();
    expect(confirm?.lines).toMatchObject([{ lineNumber: 1, shipped: 50 }]);
    expect(confirm?.lines[0]?.shortReason).toBeDefined();
    expect(confirm?.packages.map(({ sscc }) => sscc)).toEqual([release.packages[0]?.sscc]);
  });

  test('stops the work when it is recalled before the pick, however often it is asked', async () => {
    await stand.port.release(release);
    expect(await stand.port.recall(recallOf())).toEqual({ kind: 'recalled' });
    expect(await stand.port.recall(recallOf())).toEqual({ kind: 'recalled' });
    await stand.letShip();
    expect(await stand.confirms()).toEqual([]);
  });

  test('that works a release already is told once to take it back, and has', async () => {
    await stand.port.release(release);
    expect(await stand.timesWorked(release.releaseNumber)).toBe(1);
    expect(await stand.standsAt(release.releaseNumber)).toBe('in-work');
    expect(await stand.port.recall(recallOf())).toEqual({ kind: 'recalled' });
    expect(await stand.port.recall(recallOf())).toEqual({ kind: 'recalled' });
    expect(await stand.standsAt(release.releaseNumber)).toBe('recalled');
    expect(await stand.cancelsSent()).toBe(name.includes('940') ? 1 : null);
    await stand.letShip();
    expect(await stand.confirms()).toEqual([]);
  });

  test('cannot take back what has left', async () => {
    await stand.port.release(release);
    await stand.letShip();
    expect(await stand.port.recall(recallOf())).toMatchObject({ kind: 'too-late' });
    expect(await stand.confirms()).toHaveLength(1);
  });

  // Taken at its word, a 940 that is rejected afterwards becomes an exception of the document instead.
  // A store takes every offer and rejects it later: the order is sourced again then (ship-from-store).
  if (!name.includes('at its word') && !name.includes('store')) {
    test('refuses with an answer, not a fault; asked anew when that is settled, it takes it', async () => {
      await stand.refuseNext(release);
      expect(await stand.port.release(release)).toMatchObject({ kind: 'refused' });
      if (name === 'over REST') return;
      expect(
        await stand.port.release({ ...release, idempotencyKey: `${release.idempotencyKey}/2` }),
      ).toMatchObject({
        kind: 'accepted',
      });
    });
  }
});
