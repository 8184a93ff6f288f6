import { tellMovedPromise } from '../../application/backorder/tell-moved-promise';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { recordRelease } from '../../application/fulfilment/release-shipment';
import { applyHold } from '../../application/hold/apply-hold';
import { keepCancelAfter } from '../../application/order/close-order';
import { readProgress } from '../../application/order/read-progress';
import {
  cancelExpected,
  type ExpectedStock,
  expectStock,
  wakeOverduePromises,
} from '../../application/stock/expect-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
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

const receive = (quantity: number) =>
  desk.db.transaction((tx) =>
    receiveCallback(
      tx,
      {
        counterparty: 'wms',
        eventId: `R-${quantity}`,
        kind: 'stock.received',
        body: { nodeId: 'EAST', lines: [{ itemId: 'BOLT', quantity }] },
      },
      NOW,
    ),
  );

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
  const jobs = await desk.db('graphile_worker.jobs').whereLike('key', 'tell-promise/%').pluck('run_at');
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

test('where reports were agreed the day of what waits is told by an 870, and the one that it moves to by one more', async () => {
  const [agreed] = await desk.db('document_agreement').where({ set_id: '855', direction: 'out' });
  const { id: _id, options: _options, ...ends } = agreed;
  await desk.db('document_agreement').insert({ ...ends, set_id: '870' });
  await expecting(10, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  await plan('PO1');
  await expecting(10, '2026-03-27');
  await plan('PO1');
  await plan('PO1');
  await expecting(10, null);
  await plan('PO1');
  const standing = (await desk.sent('870')).map((report) => report.filter((one) => /^(ISR|QTY)/.test(one)));
  const dated = (...day: readonly string[]) => [['ISR', 'BO', ...day].join('*'), 'QTY*01*8*EA'];
  // The four that are there are at the warehouse.
  const released = (at: readonly string[]) => at.slice(0, -2);
  expect(standing.map((report) => report.slice(-2))).toEqual([dated('20260327'), dated()]);
  expect(standing.map(released)).toEqual([
    ['ISR*IN', 'QTY*01*4*EA'],
    ['ISR*IN', 'QTY*01*4*EA'],
  ]);
  expect(await acks()).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA*068*20260320']]);
});

const moved = async (po: string, now = NOW) => {
  const { id } = await desk.order(po);
  await desk.db.transaction((tx) => tellMovedPromise(tx, id, now));
};

test('an order on hold hears of a promise that moves, once; that the goods are there it hears when they may leave', async () => {
  await expecting(10, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  const { id } = await desk.order('PO1');
  const wanted = { orderId: id, type: 'manual', lineNumber: null, shipmentId: null, person: 'clara' };
  const held = await desk.db.transaction((tx) =>
    applyHold(tx, { ...wanted, reason: 'the customer rang', roles: ['sales', 'operations'] }, NOW),
  );
  expect(held.kind).toBe('applied');
  await expecting(10, '2026-03-27');
  await moved('PO1');
  await moved('PO1');
  expect(await line('PO1')).toMatchObject({ promised_on: '2026-03-27', promise_told_on: '2026-03-27' });
  expect((await acks()).slice(1)).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA*068*20260327']]);
  // Its day passes: the sweep finds it although it is on hold, and does not find it for ever.
  const wake = (day: string) => desk.db.transaction((tx) => wakeOverduePromises(tx, `${day}T15:00:00.000Z`));
  expect(await wake('2026-03-28')).toBe(1);
  await moved('PO1', '2026-03-28T15:00:00.000Z');
  expect((await acks()).slice(2)).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA']]);
  expect(await wake('2026-03-29')).toBe(0);
  await desk.db('stock').where({ node_id: 'CENTRAL' }).update({ on_hand: 100 });
  await moved('PO1', '2026-03-28T15:00:00.000Z');
  expect(await acks()).toHaveLength(3);
});

test('an order that rests until its release hears of it too; one that may be planned is left to its planning', async () => {
  await expecting(10, '2026-03-20');
  await desk.send('PO', bolts('PO1', 12));
  await desk.answer('PO1');
  const { id } = await desk.order('PO1');
  await expecting(10, '2026-03-27');
  await moved('PO1');
  expect(await acks()).toHaveLength(1);
  await desk.db('orders').where({ id }).update({ release_at: '2026-03-05T15:00:00.000Z' });
  await moved('PO1');
  expect((await acks()).slice(1)).toEqual([['ACK*IA*4*EA', 'ACK*IB*8*EA*068*20260327']]);
});

test('what waits for stock beyond the last day of its line is cancelled; the rest of the order waits on', async () => {
  await expecting(30, '2026-04-15');
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*12*EA*10**BP*AC-BOLT',
    'DTM*001*20260310',
    'PO1*2*5*EA*10**BP*AC-BOLT',
    'CTT*2',
  ]);
  await desk.send('PO', bolts('PO2', 3));
  expect(await desk.holds('PO1')).toEqual([]);
  for (const po of ['PO1', 'PO2']) await desk.answer(po);
  const { id } = await desk.order('PO1');
  const lapse = (now: string) => desk.db.transaction((tx) => keepCancelAfter(tx, id, now));
  expect((await readProgress(desk.db, id)).cancelAfter).toBe('2026-03-11T05:00:00.000Z');
  await lapse('2026-03-11T04:59:00.000Z');
  expect(await acks()).toHaveLength(2);
  await lapse('2026-03-11T05:00:00.000Z');
  await lapse('2026-03-11T05:01:00.000Z');
  // The four that were set aside for the first line are free: the second line and those behind it wait for less.
  expect((await acks()).slice(2)).toEqual([['ACK*ID*12*EA', 'ACK*IB*5*EA*068*20260415']]);
  await receive(9);
  for (const po of ['PO1', 'PO2']) await plan(po);
  const lines = await desk.db('order_line').where({ order_id: id }).orderBy('line_number');
  expect(lines.map((row) => [row.cancelled, row.reserved + row.released])).toEqual([
    [12, 0],
    [0, 5],
  ]);
  expect(await line('PO2')).toMatchObject({ released: 3 });
  expect(await desk.order('PO1')).toMatchObject({ subtotal_minor: 5000 });
});

test('an order beyond its last day keeps what is at the warehouse; what waits is cancelled and no receipt finds it', async () => {
  await desk.send('PO', [...bolts('PO1', 12).slice(0, 1), 'DTM*001*20260310', ...bolts('PO1', 12).slice(1)]);
  await desk.answer('PO1');
  const { id } = await desk.order('PO1');
  const [shipmentId = ''] = await desk.db.transaction((tx) => planShipments(tx, id, NOW));
  await desk.db.transaction((tx) =>
    recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, NOW),
  );
  await desk.db.transaction((tx) => keepCancelAfter(tx, id, '2026-03-11T05:00:00.000Z'));
  expect((await acks()).slice(1)).toEqual([['ACK*IA*4*EA', 'ACK*ID*8*EA']]);
  await receive(20);
  await plan('PO1');
  expect(await line('PO1')).toMatchObject({ released: 4, reserved: 0, cancelled: 8 });
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
  const woken = (now: string) => desk.db.transaction((tx) => wakeOverduePromises(tx, now));
  // The day ends where the company is.
  expect(await woken('2026-03-21T04:59:00.000Z')).toBe(0);
  expect(await woken('2026-03-21T05:00:00.000Z')).toBe(1);
  await plan('PO1', '2026-03-21T15:00:00.000Z');
  expect(await line('PO1')).toMatchObject({ promised_on: null, promise_told_on: null });
  expect(await woken('2026-03-22T15:00:00.000Z')).toBe(0);
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

describe('what is there and may not come as it lies', () => {
  const plannedOn = async (...days: readonly string[]) => {
    for (const day of days) {
      const now = `${day}T15:00:00.000Z`;
      await desk.db.transaction((tx) => wakeOverduePromises(tx, now));
      await plan('PO1', now);
    }
  };

  test('has no known day, and its partner is not told another one each day', async () => {
    await desk
      .db('customer')
      .update({ policy: JSON.stringify({ singleNode: true, shipCompleteLines: true }) });
    await desk.db('stock').insert({ item_id: 'BOLT', node_id: 'EAST', on_hand: 6 });
    await desk.send('PO', bolts('PO1', 8));
    await desk.answer('PO1');
    expect(await acks()).toEqual([['ACK*IB*8*EA']]);
    await plannedOn('2026-03-02', '2026-03-03', '2026-03-04');
    expect(await line('PO1')).toMatchObject({ reserved: 0, promised_on: null });
    expect(await acks()).toHaveLength(1);
    // What comes in is told, and takes it along.
    await expecting(10, '2026-03-20');
    await receive(5);
    await plan('PO1', '2026-03-05T15:00:00.000Z');
    expect(await line('PO1')).toMatchObject({ released: 8 });
  });

  test('waits for the rest of an order that ships complete, and is promised with it', async () => {
    await desk.db('stock').insert({ item_id: 'NUT', node_id: 'CENTRAL', on_hand: 50 });
    await expecting(10, '2026-03-20');
    await desk.send('PO', [
      'BEG*00*SA*PO1**20260302',
      'CSH*SC',
      'N1*ST*Acme DC 1*92*DC1',
      'PO1*1*8*EA*10**BP*AC-BOLT',
      'PO1*2*5*EA*0.0425**VP*NUT',
      'CTT*2',
    ]);
    await desk.answer('PO1');
    expect(await acks()).toEqual([['ACK*IB*8*EA*068*20260320', 'ACK*IB*5*EA*068*20260320']]);
    await plannedOn('2026-03-02', '2026-03-03', '2026-03-04');
    expect(await acks()).toHaveLength(1);
  });
});
