import { customerPolicySchema } from '../../application/customer/customer-policy';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { buildRelease } from '../../application/fulfilment/release-shipment';
import { lockOrder, readLines } from '../../application/order/order-record';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { leaveClosedNodes, switchNode } from '../../application/sourcing/close-node';
import { orderToSource } from '../../application/sourcing/order-to-source';
import { promoteShadow, trySourcing } from '../../application/sourcing/try-sourcing';
import { keepStock } from '../../application/stock/keep-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
});
afterEach(() => database.drop());

async function rule(kind: string, scope: string, body: unknown): Promise<void> {
  const saved = await db().transaction((tx) =>
    saveRule(tx, { kind, scope, body, validFrom: null, note: 'a test', person: 'olga', basedOn: null }),
  );
  expect(saved).toMatchObject({ kind: 'saved' });
}

async function place(lines: OrderRequest['lines'], more: Partial<OrderRequest> = {}) {
  const result = await db().transaction((tx) => placeOrder(tx, purchaseOrder(lines, more), NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return result;
}

const reserved = async (orderId: string) =>
  (
    (await db()('reservation')
      .where({ order_id: orderId, status: 'active' })
      .orderBy(['item_id', 'node_id'])
      .select('item_id', 'node_id', 'quantity', 'ship_on')) as {
      item_id: string;
      node_id: string;
      quantity: string;
    }[]
  ).map((row) => `${Number(row.quantity)} ${row.item_id} ${row.node_id}`);

const decisionOf = async (orderId: string) =>
  (await db()('decision').where({ order_id: orderId, kind: 'allocation' }).orderBy('id', 'desc').first()) as {
    rule: string;
    rule_version: string;
    // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
    outcome: any;
  };

const west = {
  name: 'west-first',
  when: { country: 'US', state: 'IL' },
  sequence: [['WEST'], ['east-group']],
};

test('the most specific rule chooses the nodes, step by step, and the decision keeps the rule, its version and why each node lost', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 100, EAST: 100, WEST: 8 } } });
  await rule('sourcing-node', 'EAST', { groups: ['east-group'] });
  await rule('sourcing', 'live', {
    rules: [west, { name: 'us', when: { country: 'US' }, sequence: [['CENTRAL']] }],
  });
  const { orderId } = await place([line('BOLT', '10', '10.00')]);
  expect(await reserved(orderId)).toEqual(['2 BOLT EAST', '8 BOLT WEST']);
  const decision = await decisionOf(orderId);
  expect(decision).toMatchObject({ rule: 'sourcing/west-first', rule_version: '1' });
  expect(decision.outcome.considered).toContainEqual(
    expect.objectContaining({
      nodeId: 'CENTRAL',
      taken: false,
      code: 'not-in-sequence',
      reason: 'rule "west-first" does not name it',
    }),
  );
  expect(decision.outcome.sourcing).toMatchObject({ version: 1, rule: 'west-first' });
});

test('freight decides: the tariff of each node to the ship-to, and what the other would have cost', async () => {
  await seedCompany(db());
  const rates = (base: number) => ({
    zones: [
      { country: 'US', transitDays: 2, breaks: [{ upToGrams: null, baseMinor: base, perKilogramMinor: 10 }] },
    ],
  });
  await rule('freight-rates', '*', rates(2000));
  await rule('freight-rates', 'EAST', rates(700));
  await rule('sourcing', 'live', {
    rules: [{ name: 'cheapest', when: {}, objective: { kind: 'lexicographic', order: ['freight'] } }],
  });
  const { orderId } = await place([line('BOLT', '10', '10.00')]);
  expect(await reserved(orderId)).toEqual(['10 BOLT EAST']);
  const { outcome } = await decisionOf(orderId);
  expect(outcome.sourcing.terms).toMatchObject({ freight: 710, shipments: 1, days: 2 });
  expect(outcome.considered).toContainEqual(
    expect.objectContaining({ nodeId: 'CENTRAL', difference: expect.objectContaining({ freight: 1300 }) }),
  );
});

test.each([
  ['backorder', 'placed', undefined],
  ['hold', 'held', 'sourcing'],
  ['reject', 'rejected', undefined],
] as const)(
  'stock that one node alone does not have, for a customer that wants one node: %s',
  async (infeasibleSourcing, state, hold) => {
    await seedCompany(db(), {
      stock: { BOLT: { CENTRAL: 6, EAST: 6 }, NUT: { CENTRAL: 0 } },
      policy: { singleNode: true, shipCompleteLines: true, infeasibleSourcing },
    });
    const placed = await place([line('BOLT', '10', '10.00')]);
    expect(placed.state).toBe(state);
    expect(await reserved(placed.orderId)).toEqual([]);
    const { outcome } = await decisionOf(placed.orderId);
    if (infeasibleSourcing !== 'reject')
      expect(outcome.shortages).toEqual([
        { lineNumber: 1, itemId: 'BOLT', quantity: 10, reason: 'single-node' },
      ]);
    const holds = (await db()('hold').where({ order_id: placed.orderId }).select('type', 'reason')) as {
      type: string;
      reason: { text: string };
    }[];
    expect(holds.map((one) => one.type)).toEqual(hold ? [hold] : []);
    if (hold)
      expect(holds[0]?.reason.text).toBe('Line 1: all is to come from one node, and no node has it all');
    const [row] = await readLines(db(), placed.orderId);
    if (infeasibleSourcing === 'reject')
      expect(row?.rejection).toBe(
        'short of 10 base units of BOLT: all is to come from one node, and no node has it all',
      );
    expect(await reconcileRecord(db())).toEqual([]);
  },
);

test('goods that may not be mixed leave one node in two shipments', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 100 }, NUT: { EAST: 100 }, WASHER: { EAST: 24 } } });
  await db()('item').where({ id: 'BOLT' }).update({ item_class: 'paint' });
  await db()('item').where({ id: 'NUT' }).update({ item_class: 'food' });
  await rule('sourcing', 'live', {
    rules: [{ name: 'apart', when: {}, constraints: { doNotMix: ['food', 'paint'] } }],
  });
  const { orderId } = await place([
    line('BOLT', '5', '10.00'),
    line('NUT', '5', '0.0425'),
    line('WASHER', '1', '30.00', { unit: 'CA' }),
  ]);
  expect((await decisionOf(orderId)).outcome.sourcing.terms.shipments).toBe(2);
  await db()('hold').where({ order_id: orderId }).update({ status: 'released' });
  const planned = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  expect(planned).toHaveLength(2);
  const apart = (await db()('shipment_line').whereIn('item_id', ['BOLT', 'NUT']).select('shipment_id')) as {
    shipment_id: string;
  }[];
  expect(new Set(apart.map((row) => row.shipment_id)).size).toBe(2);
});

test('a node that would ship too late is passed over; where all are too late the window is the reason', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 100, EAST: 100 } } });
  await rule('work-calendar', 'weekdays', { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-03-03'] });
  await rule('sourcing-node', 'CENTRAL', { leadDays: 2, cutOff: '0830', calendar: 'weekdays' });
  const until = (date: string) => ({ dates: [{ qualifier: '038', date }] });
  // 2 March is a Monday, and 09:00 in Chicago: past the cut-off, the 3rd is a holiday, two days from the 4th is Friday.
  const early = await place([line('BOLT', '10', '10.00')], until('2026-03-05'));
  expect(early.state).toBe('placed');
  expect(await reserved(early.orderId)).toEqual(['10 BOLT EAST']);
  expect((await decisionOf(early.orderId)).outcome.considered).toContainEqual(
    expect.objectContaining({
      nodeId: 'CENTRAL',
      code: 'ship-window',
      reason: 'it can ship on 2026-03-06 at the earliest, and nothing may leave after 2026-03-05',
    }),
  );
  await rule('sourcing-node', 'EAST', { leadDays: 5 });
  const late = await place([line('BOLT', '10', '10.00')], until('2026-03-05'));
  expect((await decisionOf(late.orderId)).outcome.shortages).toMatchObject([
    { quantity: 10, reason: 'ship-window' },
  ]);
});

test('a node ships no more units a day than it says, however many orders come at once', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 1000 } } });
  await rule('sourcing-node', 'EAST', { unitsPerDay: 50 });
  await Promise.all(Array.from({ length: 12 }, () => place([line('BOLT', '20', '10.00')])));
  const days = (await db()('reservation').groupBy('ship_on').select('ship_on').sum('quantity as units')) as {
    units: string;
  }[];
  expect(days.length).toBeGreaterThanOrEqual(5);
  expect(days.every(({ units }) => Number(units) <= 50)).toBe(true);
  expect(days.reduce((sum, { units }) => sum + Number(units), 0)).toBe(240);
});

test('what may not leave before a day takes room of that day, and arrives after it', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 1000 } } });
  await rule('sourcing-node', 'EAST', { unitsPerDay: 50 });
  const onDay = async (more: Partial<OrderRequest>) => {
    const { orderId } = await place([line('BOLT', '40', '10.00')], more);
    return ((await db()('reservation').where({ order_id: orderId }).first('ship_on')) as { ship_on: string })
      .ship_on;
  };
  const from = (date: string) => ({ dates: [{ qualifier: '037', date }] });
  expect(await onDay(from('2026-03-20'))).toBe('2026-03-20');
  expect(await onDay(from('2026-03-20'))).toBe('2026-03-21');
  expect(await onDay({})).toBe('2026-03-02');
  expect(await onDay(from('2026-02-20'))).toBe('2026-03-03');
  // From a day on, and no later than a day before it: nothing can leave at all.
  const never = await place([line('BOLT', '4', '10.00')], {
    dates: [...from('2026-03-20').dates, { qualifier: '038', date: '2026-03-19' }],
  });
  expect((await decisionOf(never.orderId)).outcome.shortages).toMatchObject([{ reason: 'ship-window' }]);
});

test('a warehouse west of the company is told the day that the buyer named', async () => {
  await seedCompany(db(), { stock: { BOLT: { WEST: 100 } } });
  await db()('node').where({ id: 'WEST' }).update({ time_zone: 'America/Los_Angeles' });
  const { orderId } = await place([line('BOLT', '4', '10.00')], {
    dates: [{ qualifier: '037', date: '2026-03-20' }],
  });
  const [shipmentId = ''] = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  expect((await buildRelease(db(), shipmentId)).shipNotBefore).toBe('2026-03-20');
});

test('a node takes no more orders a day than it says, however many come at once and whatever they have; what is given back is free again', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 1000 }, NUT: { EAST: 1000 } } });
  await rule('sourcing-node', 'EAST', { ordersPerDay: 3 });
  const both = [line('BOLT', '2', '10.00'), line('NUT', '2', '0.0425')];
  const orders = await Promise.all(
    Array.from({ length: 14 }, (_, n) =>
      place(n % 2 === 0 ? both : both.toReversed().slice(n % 4 === 1 ? 1 : 0)),
    ),
  );
  const perDay = async () =>
    (
      (await db()('reservation')
        .where({ status: 'active' })
        .groupBy('ship_on')
        .orderBy('ship_on')
        .select(db().raw('count(distinct order_id)::int as orders'))) as { orders: number }[]
    ).map((row) => row.orders);
  expect(await perDay()).toEqual([3, 3, 3, 3, 2]);
  // One of the first day gives its place back; of those that come at once one takes it, the others go on behind.
  const first = (await db()('reservation').orderBy(['ship_on', 'id']).first('order_id')) as {
    order_id: string;
  };
  expect(orders.map(({ orderId }) => orderId)).toContain(first.order_id);
  await db()('reservation').where({ order_id: first.order_id }).update({ status: 'released' });
  await Promise.all(Array.from({ length: 5 }, () => place(both)));
  expect(await perDay()).toEqual([3, 3, 3, 3, 3, 3]);
});

test('a set on trial is run on real orders, compared, and made the live one in one step', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 100, WEST: 100 } } });
  const quiet = await place([line('BOLT', '1', '10.00')]);
  expect(await db()('sourcing_trial').where({ order_id: quiet.orderId })).toEqual([]);
  await rule('sourcing', 'shadow', { rules: [{ name: 'west', when: {}, sequence: [['WEST']] }] });
  const { orderId } = await place([line('BOLT', '10', '10.00')]);
  expect(await reserved(orderId)).toEqual(['10 BOLT CENTRAL']);
  expect(await trySourcing(db(), NOW)).toBe(1);
  expect(await trySourcing(db(), NOW)).toBe(0);
  const trial = (await db()('sourcing_trial').where({ order_id: orderId }).first()) as Record<
    string,
    unknown
  >;
  expect(trial).toMatchObject({
    shadow_version: 1,
    live_version: 0,
    live: { nodes: ['CENTRAL'], short: 0 },
    shadow: { nodes: ['WEST'], short: 0, rule: 'west' },
  });
  const promote = (version: number) =>
    db().transaction((tx) => promoteShadow(tx, { version, person: 'olga', note: 'it is right' }));
  expect(await promote(7)).toEqual({ kind: 'changed-meanwhile', version: 1 });
  expect(await promote(1)).toEqual({ kind: 'saved', version: 1 });
  expect(await promote(1)).toMatchObject({ kind: 'refused' });
  const after = await place([line('BOLT', '10', '10.00')]);
  expect(await reserved(after.orderId)).toEqual(['10 BOLT WEST']);
  expect(await db()('sourcing_trial').where({ order_id: after.orderId })).toEqual([]);
});

test.each([
  ['a minimum that is not reached', { minimum: { of: 'order', percent: 90 }, rest: 'backorder' }],
  ['what is missing cancelled', { minimum: null, rest: 'cancel' }],
  ['fill or kill', { minimum: { of: 'line', percent: 100 }, rest: 'cancel' }],
])('a set on trial that is the live one differs in nothing: %s', async (_, fill) => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 6, WEST: 2 }, NUT: { WEST: 20 } } });
  const rules = [{ name: 'two-steps', when: {}, sequence: [['CENTRAL'], ['WEST']] }];
  await rule('sourcing', 'live', { rules });
  await rule('sourcing', 'shadow', { rules });
  const { orderId } = await place([line('BOLT', '12', '10.00'), line('NUT', '5', '0.0425')], {
    fill: { shipComplete: false, ...fill } as never,
    channel: 'edi',
  });
  expect(await trySourcing(db(), NOW)).toBe(1);
  const trial = await db()('sourcing_trial').where({ order_id: orderId }).first();
  expect(trial.shadow).toEqual(trial.live);
  expect(trial.live).toMatchObject({ short: 4, nodes: ['CENTRAL', 'WEST'] });
});

test('lines that ship together wait together, and come from one node', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 10, WEST: 10 }, NUT: { WEST: 10 } } });
  const kit = (item: string, quantity: string, price: string) => ({
    ...line(item, quantity, price),
    shipTogether: 'kit',
  });
  const one = await place([kit('BOLT', '8', '10.00'), kit('NUT', '8', '0.0425')]);
  expect(await reserved(one.orderId)).toEqual(['8 BOLT WEST', '8 NUT WEST']);
  const two = await place([kit('BOLT', '8', '10.00'), kit('NUT', '8', '0.0425')]);
  expect(await reserved(two.orderId)).toEqual([]);
  expect((await decisionOf(two.orderId)).outcome.shortages).toMatchObject([
    { lineNumber: 1, reason: 'ship-together' },
    { lineNumber: 2, reason: 'ship-together' },
  ]);
  const again = await db().transaction(async (tx) => {
    const order = await lockOrder(tx, two.orderId);
    return orderToSource(order, customerPolicySchema.parse({}), await readLines(tx, two.orderId));
  });
  expect([...again.lines.values()].map((facts) => facts.together)).toEqual(['kit', 'kit']);
});

test('an order without rules costs no more statements than before: nodes and rules are read in one', async () => {
  await seedCompany(db());
  await place([line('BOLT', '1', '10.00')]);
  const statements: string[] = [];
  const listen = ({ sql }: { sql: string }) => void statements.push(sql);
  db().on('query', listen);
  await place([line('BOLT', '1', '10.00')]);
  db().removeListener('query', listen);
  const about = statements.filter((sql) =>
    /from node|from "node"|from rule|from "rule"|sourcing_trial/.test(sql),
  );
  expect(about.filter((sql) => sql.includes('withdrawn') && sql.includes('from node'))).toHaveLength(1);
  expect(about.filter((sql) => /from node|from "node"/.test(sql))).toHaveLength(1);
  expect(statements.some((sql) => sql.includes('sourcing_trial') || sql.includes('node-capacity'))).toBe(
    false,
  );
});

test('a node that is closed while orders come in: what was reserved there is sourced again, and nothing leaves from it', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { CENTRAL: 60, EAST: 100, WEST: 10 }, NUT: { CENTRAL: 500, WEST: 40 } },
  });
  const ids = await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      if (n === 5)
        await db().transaction((tx) =>
          switchNode(tx, 'CENTRAL', { active: false, person: 'olga', reason: 'flood' }, NOW),
        );
      const lines = [line('BOLT', '8', '10.00'), line('NUT', '5', '0.0425')];
      return (await place(n % 2 === 0 ? lines : lines.toReversed())).orderId;
    }),
  );
  // Jobs and newcomers at once, twice: one lock order, and a second run finds nothing to do.
  await Promise.all([
    leaveClosedNodes(db(), NOW),
    leaveClosedNodes(db(), NOW),
    ...ids.map(() => place([line('BOLT', '1', '10.00')])),
  ]);
  expect(await leaveClosedNodes(db(), NOW)).toBe(0);
  const left = (await db()('reservation').where({ node_id: 'CENTRAL', status: 'active' })) as unknown[];
  expect(left).toEqual([]);
  expect(await reconcileRecord(db())).toEqual([]);
  for (const id of ids) await db().transaction((tx) => planShipments(tx, id, NOW));
  expect(await db()('shipment').where({ node_id: 'CENTRAL' })).toEqual([]);
  // 108 are wanted, 110 are at the nodes that are open: nobody waits.
  const taken = (await db()('stock').where({ item_id: 'BOLT' }).sum('reserved as n').first()) as {
    n: string;
  };
  expect(Number(taken.n)).toBe(108);
});

test('nobody jumps the queue: what a line waits for at the nodes its rule allows is left there by newcomers, by those behind it and by keeps', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 0, WEST: 30 } } });
  await rule('sourcing', 'live', {
    rules: [{ name: 'central-only', when: { channel: 'api' }, sequence: [['CENTRAL']] }],
  });
  const first = await place([line('BOLT', '10', '10.00')], { channel: 'api' });
  const second = await place([line('BOLT', '4', '10.00')], { channel: 'api' });
  await db()('stock').where({ item_id: 'BOLT', node_id: 'CENTRAL' }).update({ on_hand: 13 });

  // CENTRAL is where everybody would rather have it from. 13 are there, and 14 are waited for.
  const newcomer = await place([line('BOLT', '8', '10.00')]);
  expect(await reserved(newcomer.orderId)).toEqual(['8 BOLT WEST']);
  const kept = await db().transaction((tx) =>
    keepStock(
      tx,
      {
        for: { kind: 'customer', customerId: 'ACME' },
        itemId: 'BOLT',
        nodeId: 'CENTRAL',
        usage: 'P',
        quantity: 1,
        until: null,
        reason: 'season',
        person: 'olga',
      },
      NOW,
    ),
  );
  expect(kept).toMatchObject({
    kind: 'refused',
    text: '0 of BOLT at CENTRAL are free to be kept, 1 are wanted',
  });

  await db().transaction((tx) => planShipments(tx, second.orderId, NOW));
  expect(await reserved(second.orderId)).toEqual(['3 BOLT CENTRAL']);
  await db().transaction((tx) => planShipments(tx, first.orderId, NOW));
  expect(await reserved(first.orderId)).toEqual(['10 BOLT CENTRAL']);
  expect(await reconcileRecord(db())).toEqual([]);
});

test('what waits for a node that has nothing keeps nobody from the stock of others', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 0, WEST: 10 } } });
  await rule('sourcing', 'live', {
    rules: [{ name: 'central-only', when: { channel: 'api' }, sequence: [['CENTRAL']] }],
  });
  await place([line('BOLT', '10', '10.00')], { channel: 'api' });
  const newcomer = await place([line('BOLT', '10', '10.00')]);
  expect(await reserved(newcomer.orderId)).toEqual(['10 BOLT WEST']);
});
