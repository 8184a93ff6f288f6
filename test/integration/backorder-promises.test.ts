import {
  cancelExpected,
  type ExpectedStock,
  expectStock,
  wakeOverduePromises,
} from '../../application/expect-stock';
import { planShipments } from '../../application/plan-shipments';
import { receiveCallback } from '../../application/receive-callback';
import { reconcileRecord } from '../../application/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 4 } } });
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const bolts = (po: string, quantity: number) => [
  `BEG*00*SA*${po}**20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  `PO1*1*${quantity}*EA*10**BP*AC-BOLT`,
  'CTT*1',
];
const expecting = (quantity: number, expectedOn: string | null, more: Partial<ExpectedStock> = {}) =>
  desk.db.transaction((tx) =>
    expectStock(
      tx,
      {
        number: 'PUR1',
        nodeId: 'EAST',
        usage: 'P',
        kind: 'purchase',
        source: 'Mill',
        expectedOn,
        lines: [{ itemId: 'BOLT', quantity }],
        ...more,
      },
      'olga',
      NOW,
    ),
  );
const acks = async () =>
  (await desk.sent('855')).map((answer) => answer.filter((segment) => segment.startsWith('ACK')));
async function plan(po: string, now = NOW): Promise<void> {
  const { id } = await desk.order(po);
  await desk.db.transaction((tx) => planShipments(tx, id, now));
}
async function line(po: string) {
  const { id } = await desk.order(po);
  return (await desk.db('order_line').where({ order_id: id }).first()) as Record<string, unknown>;
}

test('the first answer says for which day what waits is promised, by its place in the queue', async () => {
  await expecting(10, '2026-03-20');
  await expecting(10, '2026-04-15', { number: 'PUR2' });
  await desk.send('PO', bolts('PO1', 12), bolts('PO2', 6), bolts('PO3', 9));
  for (const po of ['PO3', 'PO1', 'PO2']) await desk.answer(po);
  expect(await acks()).toEqual([
    // Nothing that is known of covers the last one whole.
    ['ACK*IB*9*EA'],
    ['ACK*IA*4*EA', 'ACK*IB*8*EA*068*20260320'],
    ['ACK*IB*6*EA*068*20260415'],
  ]);
  await desk.db('orders').update({ workflow_started_at: NOW });
});

test('a promise that moves is told once; one that stays, or moves and moves back, is not', async () => {
  await expecting(10, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  await plan('PO1');
  await expecting(10, '2026-03-27');
  const jobs = await desk.db('graphile_worker.jobs').whereLike('key', '%/promise').pluck('run_at');
  expect(jobs).toEqual(['2026-03-02T15:01:00.000Z']);
  await expecting(10, '2026-03-20');
  await plan('PO1');
  expect(await acks()).toHaveLength(1);
  await expecting(10, '2026-03-27');
  await expecting(12, '2026-03-27');
  await plan('PO1');
  await plan('PO1');
  expect((await acks()).slice(1)).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA*068*20260327']]);
  const told = await desk.db('order_event').where({ kind: 'promise-moved' }).pluck('text');
  expect(told).toEqual(['Line 1: 8 of BOLT promised for 2026-03-27, before for 2026-03-20']);
});

test('where nothing is expected any more the partner hears that no day is known', async () => {
  await expecting(10, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  await plan('PO1');
  const cancelled = await desk.db.transaction((tx) =>
    cancelExpected(tx, { nodeId: 'EAST', usage: 'P', number: 'PUR1' }, 'olga', NOW),
  );
  expect(cancelled).toEqual({ kind: 'expected', items: ['BOLT'] });
  await plan('PO1');
  expect((await acks()).slice(1)).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA']]);
});

test('a day that passes without the goods counts for nothing: its orders are woken and promised anew', async () => {
  await expecting(10, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  await plan('PO1');
  expect(await desk.db.transaction((tx) => wakeOverduePromises(tx, '2026-03-20'))).toBe(0);
  expect(await desk.db.transaction((tx) => wakeOverduePromises(tx, '2026-03-21'))).toBe(1);
  await plan('PO1', '2026-03-21T15:00:00.000Z');
  expect(await line('PO1')).toMatchObject({ promised_on: null, promise_told_on: null });
  expect(await desk.db.transaction((tx) => wakeOverduePromises(tx, '2026-03-22'))).toBe(0);
});

test('a receipt that names the number takes it off what is expected; what then waits is promised by the rest', async () => {
  await expecting(20, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12), bolts('PO2', 6));
  for (const po of ['PO1', 'PO2']) await desk.answer(po);
  const receipt = {
    counterparty: 'wms',
    eventId: 'R1',
    kind: 'stock.received',
    body: { nodeId: 'EAST', inboundNumber: 'PUR1', lines: [{ itemId: 'BOLT', quantity: 9 }] },
  };
  await desk.db.transaction((tx) => receiveCallback(tx, receipt, NOW));
  for (const po of ['PO2', 'PO1']) await plan(po);
  expect(await line('PO1')).toMatchObject({ reserved: 0, released: 12 });
  expect(await line('PO2')).toMatchObject({ released: 1, promised_on: '2026-03-20' });
  expect(await desk.db('inbound_stock').first('quantity', 'received')).toEqual({ quantity: 20, received: 9 });
});

test('goods of which nobody knows when they come are promised to nobody', async () => {
  await expecting(100, null);
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  expect(await acks()).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA']]);
});
