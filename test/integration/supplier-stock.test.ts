import { planShipments } from '../../application/fulfilment/plan-shipments';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW } from '../support/company';
import { supplierAnswer } from '../support/supplier-documents';
import { agreeOnReports, type ReportDetails, report as said } from '../support/supplier-reports';
import { SupplierStand } from '../support/supplier-stand';

let stand: SupplierStand;
beforeEach(async () => {
  stand = await SupplierStand.open();
  await agreeOnReports(stand);
  await db()('customer')
    .where({ id: 'ACME' })
    .update({ policy: JSON.stringify({ backorder: true }) });
});
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.door.database.drop();
});
const db = () => stand.db;

const report = (number: string, day: string, quantity: number, details?: ReportDetails) =>
  said(stand, number, day, quantity, details);
const order = (quantity: number) => stand.placed([line('ANVIL', String(quantity), '12.00')]);
const reserved = async (orderId: string) => (await stand.quantities(orderId))[0]?.reserved;
const plan = (orderId: string) => db().transaction((tx) => planShipments(tx, orderId, NOW));

test('a supplier that has never said what it has is asked for as many as are wanted', async () => {
  expect(await reserved(await order(50))).toBe(50);
});

test('what a supplier says it has is all that is promised from it; what it says next wakes who waits', async () => {
  await report('R1', '20260302', 6);
  expect(await db()('supplier_stock').select('item_id', 'node_id', 'quantity')).toEqual([
    { item_id: 'ANVIL', node_id: 'FORGE-DS', quantity: 6 },
  ]);
  const first = await order(4);
  const second = await order(5);
  expect([await reserved(first), await reserved(second)]).toEqual([4, 2]);
  await stand.release(first);
  expect(await reserved(await order(1))).toBe(0);
  await report('R2', '20260303', 10);
  expect(await db()('graphile_worker.jobs').where({ key: `signal-order/${second}` })).toHaveLength(1);
  await plan(second);
  expect((await stand.quantities(second))[0]).toMatchObject({ reserved: 0, released: 5 });
});

test('what others wait for is not given to who comes later', async () => {
  await report('R1', '20260302', 4);
  const waiting = await order(10);
  await report('R2', '20260303', 5);
  expect(await reserved(await order(5))).toBe(0);
  await plan(waiting);
  expect((await stand.quantities(waiting))[0]).toMatchObject({ released: 5 });
});

test('what was ordered before a report the supplier has counted itself', async () => {
  const { orderId } = await stand.ordered('10');
  expect((await stand.quantities(orderId))[0]).toMatchObject({ released: 10 });
  await report('R1', '20260303', 7);
  expect(await reserved(await order(8))).toBe(7);
});

test('an older report changes nothing, one in another unit is a person’s, and what is not supplied is passed over', async () => {
  await report('R2', '20260303', 9);
  await report('R1', '20260302', 2);
  expect(await db()('supplier_stock').pluck('quantity')).toEqual([9]);
  expect(await stand.openExceptions()).toEqual([]);
  await report('R3', '20260304', 3, { unit: 'DZ' });
  expect(await db()('exception').where({ status: 'open' }).pluck('text')).toEqual([
    expect.stringContaining('line 1: 3 DZ of ANVIL is not said in EA, as it is sold'),
  ]);
  await report('R4', '20260304', 3, { item: 'F-TONGS' });
  expect(await db()('supplier_stock').pluck('quantity')).toEqual([9]);
});

test('many orders at once never have more of a supplier than it says', async () => {
  await report('R1', '20260302', 25);
  const orders = await Promise.all(Array.from({ length: 12 }, () => order(4)));
  const had = await Promise.all(orders.map(reserved));
  expect(had.reduce((sum, units) => (sum ?? 0) + (units ?? 0), 0)).toBe(25);
});

test('what it refuses it does not have, until it says anew what it has', async () => {
  await report('R1', '20260302', 12);
  const { number } = await stand.ordered('10');
  await stand.answer(number, ['ACK*IA*4*EA', 'ACK*IR*6*EA'], 'AD');
  // Of the twelve, four are ours and six it does not have.
  expect(await reserved(await order(5))).toBe(2);
  // Two of the six are reserved for who waits for three more.
  await report('R2', '20261123', 6);
  expect(await reserved(await order(9))).toBe(1);
});

test('what it refuses after a report that had counted the order comes off that report, once', async () => {
  const { number } = await stand.ordered('10');
  await report('R1', '20260303', 7);
  await Promise.all([
    stand.arrive('855', supplierAnswer(number, ['ACK*IA*5*EA', 'ACK*IR*5*EA'], { acknowledgment: 'AD' })),
    stand.arrive('855', supplierAnswer(number, ['ACK*IA*5*EA', 'ACK*IR*5*EA'], { acknowledgment: 'AD' })),
  ]);
  await Promise.all([stand.door.work('FORGE'), stand.door.work('FORGE')]);
  expect(await db()('supplier_order_line').select('cancelled', 'lacked')).toEqual([
    { cancelled: 5, lacked: 5 },
  ]);
  expect(await reserved(await order(7))).toBe(2);
});

test('what waits there on backorder it does not have, as long as it waits', async () => {
  const { number } = await stand.ordered('10');
  await report('R1', '20260303', 7);
  await stand.answer(number, ['ACK*IB*6*EA*068*20261201', 'ACK*IA*4*EA'], 'AC');
  await stand.answer(number, ['ACK*IB*6*EA*068*20261202', 'ACK*IA*4*EA'], 'AC');
  const first = await order(3);
  expect(await reserved(first)).toBe(1);
  await stand.answer(number, ['ACK*IA*10*EA*068*20261202'], 'AC');
  expect(await reserved(await order(9))).toBe(4);
});

test('an order that is placed while the supplier refuses has nothing of what it refuses', async () => {
  await report('R1', '20260302', 12);
  const { number } = await stand.ordered('10');
  await stand.arrive('855', supplierAnswer(number, ['ACK*IR*10*EA'], { acknowledgment: 'RD' }));
  const [, ...orders] = await Promise.all([stand.door.work('FORGE'), order(4), order(4), order(4)]);
  const had = await Promise.all(orders.map(reserved));
  expect(had.reduce((sum, units) => (sum ?? 0) + (units ?? 0), 0)).toBe(2);
});
