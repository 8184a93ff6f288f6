import { planShipments } from '../../application/fulfilment/plan-shipments';
import { placeOrder } from '../../application/order/place-order';
import { moveStock } from '../../application/stock/move-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { FillTerms } from '../../domain/allocation/fill-terms';
import { line, NOW, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
async function open(stock: number, policy: object = {}): Promise<void> {
  desk = await OrderDesk.open({
    stock: { BOLT: { CENTRAL: stock }, NUT: { CENTRAL: 100 } },
    policy: { ...policy },
  });
}
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const bolts = (po: string, requirement: string | null, ...lines: readonly string[]) => [
  `BEG*00*SA*${po}**20260302`,
  ...(requirement === null ? [] : [`CSH*${requirement}`]),
  'N1*ST*Acme DC 1*92*DC1',
  ...lines,
  `CTT*${lines.length}`,
];
const bolt = (quantity: number) => `PO1*1*${quantity}*EA*10**BP*AC-BOLT`;
const nut = (quantity: number) => `PO1*2*${quantity}*EA*0.0425**VP*NUT`;
async function answered(po: string): Promise<readonly string[]> {
  await desk.answer(po);
  return ((await desk.sent('855')).at(-1) ?? []).filter((segment) => /^(BAK|ACK)/.test(segment));
}
const bakOf = (answer: readonly string[]) => answer[0]?.split('*')[2];

test.each(['N', 'SP'])(
  'CSH %s: what is not there at once is cancelled and answered IQ and IR',
  async (code) => {
    await open(6);
    await desk.send('PO', bolts('PO1', code, bolt(10)));
    expect(await desk.holds('PO1')).toEqual([]);
    const answer = await answered('PO1');
    expect(answer.slice(1)).toEqual(['ACK*IQ*6*EA', 'ACK*IR*4*EA']);
    expect(bakOf(answer)).toBe('AC');
    // The order is for what goes: credit, invoice and totals.
    expect(await desk.order('PO1')).toMatchObject({ total_minor: 6_000 });
    await desk.ship('PO1');
    expect(await desk.order('PO1')).toMatchObject({ state: 'completed', invoiced_minor: 6_000 });
  },
);

test('where nothing of it is there the line is rejected, and the order with its last line', async () => {
  await open(0);
  await desk.send('PO', bolts('PO1', 'N', bolt(10)));
  const answer = await answered('PO1');
  expect(answer.slice(1)).toEqual(['ACK*IR*10*EA']);
  expect(bakOf(answer)).toBe('RD');
  expect(await desk.order('PO1')).toMatchObject({ state: 'rejected', total_minor: 0 });
});

test.each(['Y', 'O', 'BK'])('CSH %s: what is not there waits', async (code) => {
  await open(6);
  await desk.send('PO', bolts('PO1', code, bolt(10)));
  expect((await answered('PO1')).slice(1)).toEqual(['ACK*IA*6*EA', 'ACK*IB*4*EA']);
});

test('CSH SC: the order waits until all of it is there', async () => {
  await open(6);
  await desk.send('PO', bolts('PO1', 'SC', bolt(10), nut(5)));
  expect((await answered('PO1')).slice(1)).toEqual(['ACK*IB*10*EA', 'ACK*IB*5*EA']);
  const { id } = await desk.order('PO1');
  const plan = () => desk.db.transaction((tx) => planShipments(tx, id, NOW));
  expect(await plan()).toEqual([]);
  await receive(4);
  expect(await plan()).toHaveLength(1);
});

test('a requirement that the hub has no rule for is read by a person', async () => {
  await open(6);
  await desk.send('PO', bolts('PO1', 'SU', bolt(2)));
  expect(await desk.holds('PO1')).toEqual([
    'content: CSH at segment 3: CSH: sales requirements SU is not handled',
  ]);
});

async function receive(quantity: number): Promise<void> {
  const move = { itemId: 'BOLT', nodeId: 'CENTRAL', usage: 'P' as const, quantity, reason: 'received' };
  await desk.db.transaction((tx) => moveStock(tx, [{ ...move, reference: `R${quantity}` }], NOW));
}
async function place(fill: Partial<FillTerms>, quantity: number, nuts?: number) {
  const lines = [
    line('BOLT', String(quantity), '10.00'),
    ...(nuts === undefined ? [] : [line('NUT', String(nuts), '0.0425')]),
  ];
  const terms = { shipComplete: false, minimum: null, rest: 'backorder', ...fill } as FillTerms;
  const result = await desk.db.transaction((tx) =>
    placeOrder(tx, purchaseOrder(lines, { channel: 'api', fill: terms }), NOW),
  );
  if (result.kind !== 'placed') throw new Error(result.kind);
  return result;
}
const counts = async (orderId: string) =>
  (await desk
    .db('order_line')
    .where({ order_id: orderId })
    .orderBy('line_number')
    .select('ordered', 'cancelled', 'reserved', 'released')) as unknown;

test('fill or kill of the order: unless all of it is there, all of it is cancelled', async () => {
  await open(6);
  const killed = await place({ minimum: { of: 'order', percent: 100 }, rest: 'cancel' }, 10, 5);
  expect(killed.state).toBe('rejected');
  const filled = await place({ minimum: { of: 'order', percent: 100 }, rest: 'cancel' }, 6, 5);
  expect(await counts(filled.orderId)).toMatchObject([{ reserved: 6 }, { reserved: 5 }]);
});

test('fill or kill of the line: the line that is short goes, the others stay', async () => {
  await open(6);
  const { orderId, state } = await place({ minimum: { of: 'line', percent: 100 }, rest: 'cancel' }, 10, 5);
  expect(state).toBe('placed');
  expect(await counts(orderId)).toEqual([
    { ordered: 0, cancelled: 0, reserved: 0, released: 0 },
    { ordered: 5, cancelled: 0, reserved: 5, released: 0 },
  ]);
});

test('below its minimum a line takes nothing and waits; a receipt that reaches it is taken, the rest follows', async () => {
  await open(4);
  const { orderId } = await place({ minimum: { of: 'line', percent: 50 } }, 10);
  const plan = () => desk.db.transaction((tx) => planShipments(tx, orderId, NOW));
  expect(await counts(orderId)).toMatchObject([{ reserved: 0 }]);
  await plan();
  expect(await counts(orderId)).toMatchObject([{ reserved: 0, released: 0 }]);
  await receive(2);
  await plan();
  expect(await counts(orderId)).toMatchObject([{ released: 6 }]);
  await receive(1);
  await plan();
  expect(await counts(orderId)).toMatchObject([{ released: 7 }]);
});

test('a customer’s policy holds where the order says nothing', async () => {
  await open(6, { fill: { minimum: { of: 'line', percent: 70 }, rest: 'cancel' } });
  await desk.send('PO', bolts('PO1', null, bolt(10)), bolts('PO2', 'Y', bolt(10)));
  expect((await answered('PO1')).slice(1)).toEqual(['ACK*IR*10*EA']);
  expect((await answered('PO2')).slice(1)).toEqual(['ACK*IA*6*EA', 'ACK*IB*4*EA']);
});
