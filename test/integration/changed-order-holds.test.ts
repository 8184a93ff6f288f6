import { planShipments } from '../../application/fulfilment/plan-shipments';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { ChangeDesk, poc } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { saveRuleNow } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);

beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const holdType = (type: string, body: object) =>
  saveRuleNow(db(), 'hold-type', type, { resolvedBy: ['sales'], role: 'sales', ...body });
const large = (fromMinor: number) => ({ triggers: [{ amount: { fromMinor, currency: 'USD' } }] });
const quantity = (to: string) => ({ lines: [poc('QI', ['quantity'], line('BOLT', to, '10.00'))] }) as const;
const ordered = async (orderId: string) =>
  (await db()('order_line').where({ order_id: orderId }).orderBy('line_number').pluck('ordered')) as number[];
const holds = async (orderId: string) =>
  (await desk.openHolds(orderId)).map((hold) => [hold.type, hold.line_number, hold.change_id !== null]);

test('an order that grows to what a rule holds waits with its change, and stays as confirmed until then', async () => {
  await holdType('large-order', large(20_000));
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  expect(await desk.change(request, quantity('19'))).toMatchObject({ kind: 'applied' });
  const changeId = await desk.asked(request, quantity('20'));
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
  expect(await ordered(orderId)).toEqual([19]);
  expect(await holds(orderId)).toEqual([['large-order', null, true]]);
  const [hold] = await desk.openHolds(orderId);
  await desk.resolve(hold?.id ?? '', 'release');
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([changeId]);
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  expect(await ordered(orderId)).toEqual([20]);
  expect(await holds(orderId)).toEqual([]);
});

test('what was let through stands for no larger an order; smaller, nobody is asked, larger again they are', async () => {
  await holdType('large-order', large(5000));
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const [first] = await desk.openHolds(orderId);
  await desk.resolve(first?.id ?? '', 'release');
  expect(await desk.change(request, quantity('8'))).toMatchObject({ kind: 'applied' });
  expect(await desk.change(request, quantity('10'))).toMatchObject({ kind: 'applied' });
  expect(await desk.change(request, quantity('11'))).toMatchObject({ kind: 'held' });
  const [again] = await desk.openHolds(orderId);
  await desk.resolve(again?.id ?? '', 'reject');
  expect(await ordered(orderId)).toEqual([10]);
});

test('agreeing to an amount agrees to no country, and to one country not to another', async () => {
  await db()('ship_to').update({ address: JSON.stringify({ lines: ['1'], country: 'US' }) });
  await db()('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code: 'MOSCOW',
    name: 'Moscow',
    address: JSON.stringify({ lines: ['2'], country: 'RU' }),
  });
  await holdType('compliance', {
    scopes: ['order'],
    triggers: [
      { amount: { fromMinor: 5000, currency: 'USD' } },
      { shipToCountries: ['US', 'RU'], channels: ['edi'] },
    ],
  });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const [first] = await desk.openHolds(orderId);
  expect(first?.reason.text).toMatch(/amount.*; .*US or RU/);
  await desk.resolve(first?.id ?? '', 'release');
  const moved = await desk.change(request, {
    parties: [{ role: 'ST', idQualifier: '92', id: 'MOSCOW' }],
    ...quantity('10'),
  } as never);
  expect(moved).toMatchObject({ kind: 'held' });
  const [again] = await desk.openHolds(orderId);
  expect(again?.reason.text).toContain('US or RU');
  expect(again?.reason.text).not.toContain('amount');
});

test('an added line of goods that a rule holds stops the change, whatever was agreed to of another line', async () => {
  await db()('item').where({ id: 'NUT' }).update({ item_class: 'hazardous' });
  await holdType('dangerous-goods', { triggers: [{ itemClasses: ['hazardous'] }] });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const added = {
    lines: [poc('AI', ['add'], line('NUT', '100', '0.0425', { buyerLineNumber: '2' }))],
  } as const;
  const changeId = await desk.asked(request, added);
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
  expect(await holds(orderId)).toEqual([['dangerous-goods', 2, true]]);
  expect(await db().transaction((tx) => planShipments(tx, orderId, NOW))).toEqual([]);
  const [hold] = await desk.openHolds(orderId);
  await desk.resolve(hold?.id ?? '', 'release');
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  expect(await ordered(orderId)).toEqual([10, 100]);
});

test('a rule that is newer than the order does not stop less of it, nor a cancellation', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  await holdType('everything', { triggers: [{ customers: ['ACME'] }] });
  expect(await desk.change(request, quantity('9'))).toMatchObject({ kind: 'applied' });
  expect(await desk.change(request, quantity('12'))).toMatchObject({ kind: 'held' });
  expect(await ordered(orderId)).toEqual([9]);
  expect(await desk.change(request, { purpose: 'cancel', lines: [] })).toMatchObject({ kind: 'applied' });
});

test('made smaller than its rule asks for, a held order is free; made larger, its hold tells all reasons', async () => {
  await holdType('large-order', {
    triggers: [
      { amount: { fromMinor: 10_000, currency: 'USD' } },
      { amount: { fromMinor: 20_000, currency: 'USD' }, channels: ['edi'] },
    ],
  });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  expect(await desk.change(request, quantity('20'))).toMatchObject({ kind: 'applied' });
  const [hold, ...others] = await desk.openHolds(orderId);
  expect(others).toEqual([]);
  expect(hold?.reason).toMatchObject({
    text: expect.stringContaining('it came by edi'),
    details: { totalMinor: 20_000 },
  });
  expect(await desk.change(request, quantity('5'))).toMatchObject({ kind: 'applied' });
  expect(await holds(orderId)).toEqual([]);
  expect(await db()('orders').where({ id: orderId }).first('state')).toEqual({ state: 'placed' });
});
