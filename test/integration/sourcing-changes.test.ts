import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { adds, grows, SourcingDesk } from '../support/sourcing-desk';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const desk = new SourcingDesk(db);

const bolts = line('BOLT', '8', '10.00');
const sets = { name: 'sets', when: { itemClass: 'sets' }, constraints: { singleNode: true } };

test('a line that grows joins the shipments that its order has, and opens none beyond what it allows', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 10, WEST: 9 } },
    policy: { maximumShipments: 1, infeasibleSourcing: 'reject' },
  });
  const request = purchaseOrder([bolts]);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST']);
  expect(await desk.changed(request, grows(bolts, '15'))).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('it would take more shipments than are allowed'),
  });
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST']);
  expect((await desk.changed(request, grows(bolts, '10'))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
});

test('goods that may not be mixed with what is reserved are another shipment, also at the same node', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 10 }, NUT: { EAST: 100 } },
    policy: { maximumShipments: 1, doNotMix: ['food', 'paint'], infeasibleSourcing: 'reject' },
  });
  await db()('item').where({ id: 'BOLT' }).update({ item_class: 'paint' });
  await db()('item').where({ id: 'NUT' }).update({ item_class: 'food' });
  const request = purchaseOrder([bolts]);
  const orderId = await desk.placed(request);
  expect(await desk.changed(request, adds(line('NUT', '5', '0.0425')))).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('it would take more shipments than are allowed'),
  });
  await db()('item').where({ id: 'NUT' }).update({ item_class: 'paint' });
  expect((await desk.changed(request, adds(line('NUT', '5', '0.0425')))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST', '5 NUT EAST']);
});

test('a line that is to come from one node grows there or nowhere', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 10, WEST: 9 } },
    policy: { infeasibleSourcing: 'reject' },
  });
  await db()('item').where({ id: 'BOLT' }).update({ item_class: 'sets' });
  await desk.liveRules([sets]);
  const request = purchaseOrder([bolts]);
  const orderId = await desk.placed(request);
  expect(await desk.changed(request, grows(bolts, '12'))).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('all is to come from one node, and no node has it all'),
  });
  expect((await desk.changed(request, grows(bolts, '10'))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
});

test('lines that ship together grow where the others of them lie', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 20, WEST: 10 }, NUT: { WEST: 10 } },
    policy: { infeasibleSourcing: 'reject' },
  });
  const kit = [bolts, line('NUT', '5', '0.0425')].map((one) => ({ ...one, shipTogether: 'kit' }));
  const request = purchaseOrder(kit);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT WEST', '5 NUT WEST']);
  expect(await desk.changed(request, grows(bolts, '12'))).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('the lines that ship together are nowhere in one place'),
  });
  expect((await desk.changed(request, grows(bolts, '10'))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['10 BOLT WEST', '5 NUT WEST']);
});

test('a line added to an order that ships complete and waits takes nothing before the others', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 4 }, NUT: { EAST: 100 } },
    policy: { shipComplete: true },
  });
  const request = purchaseOrder([bolts]);
  const orderId = await desk.placed(request);
  expect((await desk.changed(request, adds(line('NUT', '5', '0.0425')))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual([]);
});

test.each([
  ['one node', { singleNode: true, shipCompleteLines: true }, [], 'single-node', 'no node has it all'],
  [
    'what the rule forbids',
    {},
    [{ name: 'east', when: {}, sequence: [['EAST']] }],
    'no-eligible-node',
    'the sourcing rule lets it come from no node that has it',
  ],
  ['more than there is', { maximumShipments: 5 }, [], null, 'base units of BOLT are missing'],
] as const)(
  'an order that cannot be supplied is refused with the reason, and nothing is written: %s',
  async (what, policy, rules, reason, words) => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 6, WEST: 6 } },
      policy: { ...policy, backorder: false },
    });
    if (rules.length > 0) await desk.liveRules(rules);
    const wanted = what === 'more than there is' ? '40' : '10';
    const answer = await desk.place(purchaseOrder([line('BOLT', wanted, '10.00')], { channel: 'api' }));
    expect(answer).toMatchObject({
      kind: 'short',
      lines: [{ line: 1, reason, text: expect.stringContaining(words) }],
    });
    expect(await db()('orders').select('id')).toEqual([]);
    const byEdi = await desk.placed(purchaseOrder([line('BOLT', wanted, '10.00')]));
    const [row] = (await db()('order_line').where({ order_id: byEdi })) as { rejection: string }[];
    expect(row?.rejection).toContain(reason === null ? 'and it may not be backordered' : words);
  },
);

test('what is reserved moves where the order as it is changed can come as it has to', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 10, WEST: 30 }, NUT: { EAST: 50, WEST: 50 } },
    policy: { maximumShipments: 1, infeasibleSourcing: 'reject' },
  });
  await desk.liveRules([{ name: 'east-first', when: {}, sequence: [['EAST'], ['WEST']] }]);
  const nuts = line('NUT', '5', '0.0425');
  const request = purchaseOrder([bolts, nuts]);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST', '5 NUT EAST']);
  expect((await desk.changed(request, grows(bolts, '20'))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['20 BOLT WEST', '5 NUT WEST']);
  const stock = (await db()('stock').orderBy(['item_id', 'node_id']).select('node_id', 'reserved')) as {
    node_id: string;
    reserved: number;
  }[];
  expect(stock.filter((one) => one.node_id === 'EAST').every((one) => one.reserved === 0)).toBe(true);
  // More than any node has is refused, and nothing has moved.
  expect(await desk.changed(request, grows(bolts, '35'))).toMatchObject({ kind: 'refused' });
  expect(await desk.reserved(orderId)).toEqual(['20 BOLT WEST', '5 NUT WEST']);
});

test('a line that a change adds has the others move to where all of them are', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 10, WEST: 10 }, NUT: { WEST: 50 } },
    policy: { singleNode: true, infeasibleSourcing: 'reject' },
  });
  await desk.liveRules([{ name: 'east-first', when: {}, sequence: [['EAST'], ['WEST']] }]);
  const request = purchaseOrder([bolts]);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST']);
  expect((await desk.changed(request, adds(line('NUT', '5', '0.0425')))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT WEST', '5 NUT WEST']);
});
