import { previewChange } from '../../application/change/preview-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { moveStock, type StockMove } from '../../application/stock/move-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { reserveCart } from '../../application/stock/reserve-cart';
import type { OrderChangeRequest, OrderRequest, OrderRequestLine } from '../../domain/order/order-request';
import { atOnce } from '../support/at-once';
import { changeOf, line, NOW, purchaseOrder, seedCompany, seedCustomer } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { grows as grownLine, SourcingDesk } from '../support/sourcing-desk';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 24 });
});
afterEach(() => database.drop());
const desk = new SourcingDesk(db);

/** Four customers with a credit account each, so that nothing but stock is between their orders; EAST goes before WEST. */
async function seed(stock: Readonly<Record<string, Readonly<Record<string, number>>>>, policy: object) {
  await seedCompany(db(), { stock, policy: policy as Record<string, unknown> });
  for (const id of ['BETA', 'GAMMA', 'DELTA']) await seedCustomer(db(), id);
  await desk.liveRules([{ name: 'east-first', when: {}, sequence: [['EAST'], ['WEST'], ['CENTRAL']] }]);
}
const bolts = (quantity: number) => line('BOLT', String(quantity), '10.00');
const nuts = (quantity: number) => line('NUT', String(quantity), '0.0425');
const orderOf = (customerId: string, lines: readonly OrderRequestLine[], more: Partial<OrderRequest> = {}) =>
  purchaseOrder(lines, { customerId, partnerId: `${customerId}-EDI`, ...more });
interface Placed {
  readonly request: OrderRequest;
  readonly orderId: string;
}
async function ordered(customerId: string, ...lines: readonly OrderRequestLine[]): Promise<Placed> {
  const request = orderOf(customerId, lines);
  return { request, orderId: await desk.placed(request) };
}

const grows = (number: number, of: OrderRequestLine): Partial<OrderChangeRequest> => ({
  lines: [grownLine(of, of.quantity, String(number))],
});
const cancels: Partial<OrderChangeRequest> = { purpose: 'cancel' };

/** Taken in already, to be decided: what each of the racers does. */
async function asked(
  { request }: Placed,
  change: Partial<OrderChangeRequest>,
): Promise<() => Promise<string>> {
  const changeId = await desk.asked(request, change);
  return async () => (await desk.decided(changeId)).kind;
}
const planned = (of: Placed) => async () =>
  `${(await db().transaction((tx) => planShipments(tx, of.orderId, NOW))).length} planned`;
const moved = (itemId: string, nodeId: string, quantity: number) => async () => {
  const one: StockMove = {
    itemId,
    nodeId,
    usage: 'P',
    quantity,
    reason: 'counted',
    reference: `${itemId} ${quantity}`,
  };
  return `${(await db().transaction((tx) => moveStock(tx, [one], NOW))).length} short`;
};
const basket = (customerId: string, lines: readonly { itemId: string; quantity: number }[]) => async () => {
  const cart = {
    customerId,
    usage: 'P',
    channel: 'api',
    reference: 'basket',
    minutes: 15,
    allOrNothing: false,
  } as const;
  return (await db().transaction((tx) => reserveCart(tx, { ...cart, lines }, NOW))).kind;
};

const reserved = ({ orderId }: Placed) => desk.reserved(orderId);
const nodesOf = async (of: Placed) =>
  [...new Set((await reserved(of)).map((one) => one.split(' ')[2] ?? ''))].sort();

/** Levels are their reservations, and nobody has taken what is kept for others. */
async function expectExact(): Promise<void> {
  expect(await reconcileRecord(db())).toEqual([]);
  const { rows } = (await db().raw(
    `select s.item_id, s.node_id, s.on_hand, s.reserved, k.kept from stock s
       join (select item_id, node_id, usage, sum(quantity) as kept from stock_keep group by 1, 2, 3) k using (item_id, node_id, usage)
     where s.reserved + k.kept > s.on_hand`,
  )) as { rows: unknown[] };
  expect(rows).toEqual([]);
}

const timesMoved = async () =>
  Number((await db()('order_event').where({ kind: 'sourced-again' }).count('id'))[0]?.['count']);

/** Each runs with its racers in another order: who comes first at a lock is first served. */
const turns = [0, 1, 2, 3];
const turned = <T>(all: readonly T[], by: number): readonly T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];

const atOneNode = { singleNode: true, infeasibleSourcing: 'reject' };

test('two changes of one order that both move it are done one after the other', async () => {
  await seed(
    { BOLT: { EAST: 10, WEST: 30, CENTRAL: 30 }, NUT: { EAST: 10, WEST: 10, CENTRAL: 30 } },
    atOneNode,
  );
  const order = await ordered('ACME', bolts(8), nuts(8));
  expect(await nodesOf(order)).toEqual(['EAST']);
  const [first, second] = [await asked(order, grows(1, bolts(20))), await asked(order, grows(2, nuts(25)))];
  // Whoever wakes for which of them, and however often.
  const heard = await atOnce(db(), [second, first, second, first]);
  expect(heard.filter((kind) => !['applied', 'waiting'].includes(kind))).toEqual([]);
  expect(await second()).toBe('applied');
  expect(await reserved(order)).toEqual(['20 BOLT CENTRAL', '25 NUT CENTRAL']);
  expect(await timesMoved()).toBe(2);
  await expectExact();
});

test.each(turns)(
  'an order that moves and new orders for the stock there: each unit once (%i)',
  async (turn) => {
    await seed(
      { BOLT: { EAST: 10, WEST: 24 }, NUT: { EAST: 40, WEST: 40 } },
      { ...atOneNode, backorder: false },
    );
    const order = await ordered('ACME', bolts(8), nuts(5));
    const change = await asked(order, grows(1, bolts(20)));
    const another = (customerId: string, lines: readonly OrderRequestLine[]) => async () =>
      (await desk.place(orderOf(customerId, lines, { channel: 'api' }))).kind;
    const heard = await atOnce(
      db(),
      turned(
        [
          async () => `change ${await change()}`,
          another('BETA', [bolts(6), nuts(2)]),
          another('GAMMA', [nuts(2), bolts(4)]),
          another('DELTA', [nuts(2), bolts(9)]),
        ],
        turn,
      ),
    );
    const isDone = heard.includes('change applied');
    expect(await reserved(order)).toEqual(
      isDone ? ['20 BOLT WEST', '5 NUT WEST'] : ['8 BOLT EAST', '5 NUT EAST'],
    );
    expect(await timesMoved()).toBe(isDone ? 1 : 0);
    await expectExact();
  },
);

test.each(turns)(
  'orders that move, by changes of other items of theirs, never deadlock (%i)',
  async (turn) => {
    await seed(
      { BOLT: { EAST: 12, WEST: 40, CENTRAL: 40 }, NUT: { EAST: 12, WEST: 40, CENTRAL: 40 } },
      atOneNode,
    );
    const orders = [
      await ordered('ACME', bolts(4), nuts(4)),
      await ordered('BETA', nuts(4), bolts(4)),
      await ordered('GAMMA', bolts(4), nuts(4)),
    ] as const;
    const heard = await atOnce(
      db(),
      turned(
        [
          await asked(orders[0], grows(1, bolts(20))),
          await asked(orders[1], grows(1, nuts(20))),
          await asked(orders[2], grows(2, nuts(20))),
          async () => (await desk.place(orderOf('DELTA', [nuts(3), bolts(3)]))).kind,
        ],
        turn,
      ),
    );
    expect(heard.toSorted()).toEqual(['applied', 'applied', 'applied', 'placed']);
    for (const order of orders) expect(await nodesOf(order)).toHaveLength(1);
    // The last of them may grow where it lies, into what the others have left.
    expect(await timesMoved()).toBeGreaterThanOrEqual(2);
    await expectExact();
  },
);

test.each(turns)(
  'an order moves while goods come in and go, others are cancelled or wait, and baskets are filled (%i)',
  async (turn) => {
    await seed(
      { BOLT: { EAST: 10, WEST: 18 }, NUT: { EAST: 40, WEST: 40 } },
      { maximumShipments: 1, infeasibleSourcing: 'backorder' },
    );
    const moving = await ordered('ACME', bolts(8), nuts(5));
    const leaving = await ordered('BETA', bolts(10), nuts(2));
    const waiting = await ordered('GAMMA', nuts(3), bolts(30));
    const grownTo = (quantity: number) => changeOf(moving.request, grows(1, bolts(quantity)));
    const racers = [
      await asked(moving, grows(1, bolts(15))),
      await asked(leaving, cancels),
      moved('BOLT', 'WEST', 6),
      moved('NUT', 'EAST', -30),
      planned(waiting),
      planned(moving),
      basket('DELTA', [
        { itemId: 'NUT', quantity: 30 },
        { itemId: 'BOLT', quantity: 2 },
      ]),
      async () => (await previewChange(db(), moving.orderId, grownTo(20), NOW)).kind,
    ];
    await atOnce(db(), turned(racers, 2 * turn));
    await expectExact();
    // What came in or free has woken those that wait: each looks again.
    await atOnce(db(), [planned(waiting), planned(moving)]);
    const shipments = (await db()('shipment')
      .whereNot({ state: 'cancelled' })
      .groupBy('order_id')
      .count('id')) as {
      count: string;
    }[];
    expect(shipments.filter(({ count }) => Number(count) > 1)).toEqual([]);
    await expectExact();
  },
);

test.each(turns)(
  'what is planned to leave stays, or moves before it is planned, never both (%i)',
  async (turn) => {
    await seed({ BOLT: { EAST: 10, WEST: 30 }, NUT: { EAST: 40, WEST: 40 } }, atOneNode);
    const order = await ordered('ACME', bolts(8), nuts(5));
    const change = await asked(order, grows(1, bolts(20)));
    const heard = await atOnce(db(), turned([change, planned(order), planned(order)], turn));
    // A shipment that no warehouse has heard of is taken back for the change.
    expect(heard.filter((kind) => kind === 'applied')).toHaveLength(1);
    expect(await reserved(order)).toEqual(['20 BOLT WEST', '5 NUT WEST']);
    await planned(order)();
    expect(await db()('shipment').whereNot({ state: 'cancelled' }).select('node_id')).toEqual([
      { node_id: 'WEST' },
    ]);
    await expectExact();
  },
);

test.each(turns)(
  'a node that has a limit of a day takes no more when orders move to it (%i)',
  async (turn) => {
    await seed({ BOLT: { EAST: 20, WEST: 90 }, NUT: { EAST: 90, WEST: 90 } }, atOneNode);
    for (const node of ['EAST', 'WEST'])
      await desk.rule('sourcing-node', node, { kind: 'warehouse', unitsPerDay: 40 });
    const orders = [
      await ordered('ACME', bolts(5), nuts(5)),
      await ordered('BETA', nuts(5), bolts(5)),
      await ordered('GAMMA', nuts(5), bolts(5)),
    ] as const;
    await atOnce(
      db(),
      turned(
        [
          await asked(orders[0], grows(1, bolts(18))),
          await asked(orders[1], grows(2, bolts(25))),
          await asked(orders[2], grows(1, nuts(30))),
        ],
        turn,
      ),
    );
    const { rows } = (await db().raw(
      `select node_id, ship_on, sum(quantity)::int as units from reservation where status = 'active' group by 1, 2`,
    )) as { rows: { units: number }[] };
    expect(rows.filter(({ units }) => units > 40)).toEqual([]);
    for (const order of orders) expect(await nodesOf(order)).toHaveLength(1);
    await expectExact();
  },
);
