import { type OrderView } from '../../api/contract/orders';
import { readOrderView } from '../../api/views/order-view';
import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { allowShipments } from '../../application/fulfilment/shipments-used-up';
import { assessOrder } from '../../application/order/assess-order';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { switchNode } from '../../application/sourcing/close-node';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function liveRules(rules: readonly unknown[]): Promise<void> {
  const of = { kind: 'sourcing', scope: 'live', body: { rules }, validFrom: null };
  const saved = await db().transaction((tx) =>
    saveRule(tx, { ...of, note: 'a test', person: 'olga', basedOn: null }),
  );
  expect(saved).toMatchObject({ kind: 'saved' });
}

async function place(lines: OrderRequest['lines'], more: Partial<OrderRequest> = {}): Promise<string> {
  const result = await db().transaction((tx) => placeOrder(tx, purchaseOrder(lines, more), NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  await db()('hold').where({ order_id: result.orderId }).update({ status: 'released' });
  return result.orderId;
}

/** Plans, and says what left: one text a shipment. */
async function leaving(orderId: string): Promise<readonly string[]> {
  const ids = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  const rows = (await db()('shipment_line as l')
    .join('shipment as s', 's.id', 'l.shipment_id')
    .whereIn('s.id', [...ids])
    .orderBy(['s.sequence', 'l.line_number'])
    .select('s.sequence', 's.node_id', 'l.item_id', 'l.quantity')) as {
    sequence: number;
    node_id: string;
    item_id: string;
    quantity: number;
  }[];
  return [...Map.groupBy(rows, (row) => row.sequence).values()].map(
    (of) => `${of[0]?.node_id}: ${of.map((row) => `${Number(row.quantity)} ${row.item_id}`).join(', ')}`,
  );
}

const hold = (orderId: string, lineNumber: number) =>
  db()('hold').insert({
    order_id: orderId,
    line_number: lineNumber,
    type: 'item',
    status: 'open',
    blocks: ['release'],
    reason: JSON.stringify({ code: 'test', text: 'a person looks at it', details: {} }),
    role: 'sales',
    due_at: '2026-03-09T15:00:00Z',
    opened_at: NOW,
  });
const freed = (orderId: string) => db()('hold').where({ order_id: orderId }).update({ status: 'released' });

const twoLines = [line('BOLT', '10', '10.00'), line('NUT', '10', '0.0425')];
const stock = { BOLT: { EAST: 100 }, NUT: { EAST: 100 } };
const ofOrder = { name: 'whole', when: { country: 'US' }, constraints: { shipComplete: 'order' } };

/** What asks for it: the one place that differs. */
const asking = {
  'a rule': { rules: [ofOrder], policy: {}, shipping: undefined },
  'the order': { rules: [], policy: {}, shipping: { shipComplete: 'order' as const } },
  'the customer': { rules: [], policy: { shipComplete: true }, shipping: undefined },
};

test.each(Object.entries(asking))(
  'of an order that ships complete nothing leaves while a line is on hold: asked by %s',
  async (_, { rules, policy, shipping }) => {
    await seedCompany(db(), { stock, policy });
    if (rules.length > 0) await liveRules(rules);
    const orderId = await place(twoLines, shipping && { shipping });
    await hold(orderId, 2);
    expect(await leaving(orderId)).toEqual([]);
    await freed(orderId);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT, 10 NUT']);
  },
);

test.each(Object.entries(asking))(
  'of an order that ships complete nothing leaves while some of it lies at a node that was closed: asked by %s',
  async (_, { rules, policy, shipping }) => {
    await seedCompany(db(), { stock: { BOLT: { EAST: 10 }, NUT: { WEST: 10 } }, policy });
    if (rules.length > 0) await liveRules(rules);
    const orderId = await place(twoLines, shipping && { shipping });
    const set = (active: boolean) =>
      db().transaction((tx) => switchNode(tx, 'WEST', { active, person: 'olga', reason: 'flood' }, NOW));
    await set(false);
    expect(await leaving(orderId)).toEqual([]);
    await set(true);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT', 'WEST: 10 NUT']);
    expect(await reconcileRecord(db())).toEqual([]);
  },
);

test('lines that ship together wait for the one of them that is on hold; the others leave', async () => {
  await seedCompany(db(), { stock: { ...stock, WASHER: { EAST: 24 } } });
  const kit = twoLines.map((one) => ({ ...one, shipTogether: 'kit' }));
  const orderId = await place([...kit, line('WASHER', '12', '2.50')]);
  await hold(orderId, 1);
  expect(await leaving(orderId)).toEqual(['EAST: 12 WASHER']);
  await freed(orderId);
  expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT, 10 NUT']);
});

test('lines that ship together leave in one shipment on the first of their days, and not before the last may leave', async () => {
  await seedCompany(db(), { stock });
  const orderId = await place(twoLines.map((one) => ({ ...one, shipTogether: 'kit' })));
  await db()('order_line').where({ order_id: orderId, line_number: 1 }).update({ deliver_by: '2026-03-20' });
  await db()('order_line')
    .where({ order_id: orderId, line_number: 2 })
    .update({ deliver_by: '2026-03-12', ship_not_before: '2026-03-09' });
  expect(await leaving(orderId)).toEqual([]);
  await db()('order_line').where({ order_id: orderId, line_number: 2 }).update({ ship_not_before: null });
  expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT, 10 NUT']);
  const [shipment] = (await db()('shipment').where({ order_id: orderId })) as { deliver_by: string }[];
  expect(shipment?.deliver_by).toBe('2026-03-12');
});

test('a line that ships complete by the rule of its class waits for what lies at a closed node; other lines leave', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 6, WEST: 6 }, NUT: { EAST: 100 } } });
  await db()('item').where({ id: 'BOLT' }).update({ item_class: 'sets' });
  await liveRules([{ name: 'sets', when: { itemClass: 'sets' }, constraints: { shipComplete: 'line' } }]);
  const orderId = await place(twoLines);
  await db()('node').where({ id: 'WEST' }).update({ active: false });
  expect(await leaving(orderId)).toEqual(['EAST: 10 NUT']);
  await db()('node').where({ id: 'WEST' }).update({ active: true });
  expect([...(await leaving(orderId))].sort()).toEqual(['EAST: 6 BOLT', 'WEST: 4 BOLT']);
});

test('an order that ships complete is not kept from leaving by a delivery that is asked for a later day', async () => {
  await seedCompany(db(), { stock, policy: { shipComplete: true } });
  const orderId = await place(twoLines);
  await db()('order_line')
    .where({ order_id: orderId, line_number: 2 })
    .update({ ship_not_before: '2026-03-20' });
  expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT']);
});

test('an order of which everything may leave reads no rules to be planned', async () => {
  await seedCompany(db(), { stock });
  await liveRules([ofOrder]);
  const orderId = await place(twoLines);
  const statements: string[] = [];
  const listen = ({ sql, bindings }: { sql: string; bindings?: unknown }) =>
    void statements.push(`${sql} ${JSON.stringify(bindings)}`);
  db().on('query', listen);
  expect(await leaving(orderId)).toHaveLength(1);
  db().removeListener('query', listen);
  expect(statements.filter((sql) => /freight-rates|from node|item_class/.test(sql))).toEqual([]);
});

describe('an order that may have only so many shipments', () => {
  const openExceptions = () =>
    db()('exception').where({ status: 'open' }).select('kind', 'owner_role', 'text') as Promise<
      { kind: string; owner_role: string; text: string }[]
    >;
  const comesIn = (item: string, node: string, quantity: number) =>
    db()('stock').where({ item_id: item, node_id: node, usage: 'P' }).increment('on_hand', quantity);

  test('keeps its last one for what is missing, and lets all of it leave in that when it is there', async () => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 6 }, NUT: { WEST: 10 } },
      policy: { maximumShipments: 2 },
    });
    const orderId = await place(twoLines);
    expect(await leaving(orderId)).toEqual(['WEST: 10 NUT']);
    expect(await leaving(orderId)).toEqual([]);
    expect(await db()('order_event').where({ kind: 'last-shipment-kept' }).pluck('text')).toEqual([
      '1 of 2 shipments is used; what is ready waits for the rest, to leave with it in the last one',
    ]);
    expect(await openExceptions()).toEqual([]);
    await comesIn('BOLT', 'EAST', 4);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT']);
    expect(await reconcileRecord(db())).toEqual([]);
  });

  test('leaves at once where nothing of it is missing, in as many as it may', async () => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 10 }, NUT: { WEST: 10 } },
      policy: { maximumShipments: 2 },
    });
    expect(await leaving(await place(twoLines))).toEqual(['EAST: 10 BOLT', 'WEST: 10 NUT']);
  });

  const threeLines = [...twoLines, line('WASHER', '12', '2.50')];
  const threeNodes = { BOLT: { EAST: 10 }, NUT: { WEST: 10 }, WASHER: { EAST: 12 } };
  const kept = () => db()('order_event').where({ kind: 'last-shipment-kept' }).pluck('text');

  test('lets leave what a line on hold would not be in: that keeps the one that it will be', async () => {
    await seedCompany(db(), { stock: threeNodes, policy: { maximumShipments: 2 } });
    const orderId = await place(threeLines);
    await hold(orderId, 1);
    // With the bolts the washers are one shipment, without them they would be a third.
    expect(await leaving(orderId)).toEqual(['WEST: 10 NUT']);
    expect(await leaving(orderId)).toEqual([]);
    expect(await kept()).toEqual([
      '1 of 2 shipments is used; what is ready waits for what is on hold, to leave with it in the last one',
    ]);
    await freed(orderId);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT, 12 WASHER']);
    expect(await reconcileRecord(db())).toEqual([]);
  });

  test('lets leave what a line on hold would be in, where there is one to spare', async () => {
    await seedCompany(db(), { stock: threeNodes, policy: { maximumShipments: 3 } });
    const orderId = await place(threeLines);
    await hold(orderId, 1);
    expect([...(await leaving(orderId))].sort()).toEqual(['EAST: 12 WASHER', 'WEST: 10 NUT']);
    expect(await kept()).toEqual([]);
    await freed(orderId);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT']);
  });

  test('of one that may only be one waits for its line on hold', async () => {
    await seedCompany(db(), { stock, policy: { maximumShipments: 1 } });
    const orderId = await place(twoLines);
    await hold(orderId, 2);
    expect(await leaving(orderId)).toEqual([]);
    expect(await kept()).toEqual([
      'The order may have one shipment; what is ready waits for what is on hold, to leave with it in that',
    ]);
    await freed(orderId);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT, 10 NUT']);
  });

  test('keeps one for a line on hold and one for what is missing', async () => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 10 }, NUT: { WEST: 10 }, WASHER: { EAST: 0 } },
      policy: { maximumShipments: 2 },
    });
    await db()('item').where({ id: 'WASHER' }).update({ backorderable: true });
    const orderId = await place(threeLines);
    await hold(orderId, 1);
    expect(await leaving(orderId)).toEqual([]);
    await comesIn('WASHER', 'EAST', 12);
    expect(await leaving(orderId)).toEqual(['WEST: 10 NUT']);
    await freed(orderId);
    expect(await leaving(orderId)).toEqual(['EAST: 10 BOLT, 12 WASHER']);
    expect(await reconcileRecord(db())).toEqual([]);
  });

  test('gives a line on hold nothing that comes in, and others what fits in what is left', async () => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 4 }, NUT: { WEST: 10 } },
      policy: { maximumShipments: 2 },
    });
    const orderId = await place(twoLines);
    await hold(orderId, 1);
    await comesIn('BOLT', 'EAST', 6);
    expect(await leaving(orderId)).toEqual([]);
    expect(await db()('stock').where({ item_id: 'BOLT' }).pluck('reserved')).toEqual([4]);
    await freed(orderId);
    expect([...(await leaving(orderId))].sort()).toEqual(['EAST: 10 BOLT', 'WEST: 10 NUT']);
    expect(await openExceptions()).toEqual([]);
  });

  test('asks a person where the rest could only come in one more: allowed, it leaves', async () => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 10, WEST: 0 }, NUT: { EAST: 0, WEST: 10 } },
      policy: { maximumShipments: 1 },
    });
    const orderId = await place(twoLines);
    const waiting = async () => {
      const { lines } = (await readOrderView(db(), {}, orderId, { ownStaff: true } as never)) as OrderView;
      return lines
        .filter(({ counts }) => counts.backordered > 0)
        .map(({ promisedOn, waitsForShipment }) => ({ promisedOn, waitsForShipment }));
    };
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await leaving(orderId)).toEqual([]);
    // It is there, but leaves on no day that anybody knows: so is told.
    expect(await waiting()).toEqual([{ promisedOn: null, waitsForShipment: true }]);
    expect(await openExceptions()).toEqual([
      {
        kind: 'shipments-used-up',
        owner_role: 'operations',
        text: expect.stringContaining('no shipment left for it (at most 1, asked for by the customer): line'),
      },
    ]);
    const allow = (maximumShipments: number) =>
      db().transaction((tx) =>
        allowShipments(tx, orderId, { maximumShipments, person: 'olga', reason: 'the buyer agrees' }, NOW),
      );
    expect(await allow(2)).toEqual({ kind: 'allowed', maximumShipments: 2 });
    expect([...(await leaving(orderId))].sort()).toEqual(['EAST: 10 BOLT', 'WEST: 10 NUT']);
    expect(await openExceptions()).toEqual([]);
    expect(await allow(1)).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('has 2 shipments already'),
    });
    expect(await reconcileRecord(db())).toEqual([]);
  });

  test('asks a person where the rest could only come in one more: given up, the others leave and nobody is asked any more', async () => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 10 }, NUT: { WEST: 10 } },
      policy: { maximumShipments: 1 },
    });
    const request = purchaseOrder(twoLines);
    const placed = await db().transaction((tx) => placeOrder(tx, request, NOW));
    if (placed.kind !== 'placed') throw new Error(JSON.stringify(placed));
    expect(await leaving(placed.orderId)).toEqual([]);
    const [waiting] = (await db()('order_line')
      .where({ order_id: placed.orderId, reserved: 0 })
      .select('line_number')) as { line_number: number }[];
    const given = twoLines[(waiting?.line_number ?? 0) - 1];
    const change = {
      changeCode: 'DI',
      kinds: ['delete' as const],
      line: { ...given, buyerLineNumber: String(waiting?.line_number) } as OrderRequest['lines'][number],
    };
    const received = await db().transaction((tx) =>
      receiveOrderChange(tx, changeOf(request, { lines: [change] }), NOW),
    );
    if (received.kind !== 'recorded') throw new Error('no order');
    expect((await db().transaction((tx) => applyOrderChange(tx, received.changeId, NOW))).kind).toBe(
      'applied',
    );
    expect(await openExceptions()).toEqual([]);
    expect(await leaving(placed.orderId)).toHaveLength(1);
    expect(await reconcileRecord(db())).toEqual([]);
  });
});
