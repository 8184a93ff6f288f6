import { reconcileRecord } from '../../application/stock/reconcile-record';
import { reserveCart } from '../../application/stock/reserve-cart';
import { availableToBuyer, showAvailability } from '../../application/stock/show-availability';
import { listStock, listStockedItems } from '../../db/repositories/stock-views';
import { line, NOW } from '../support/company';
import { agreeOnReports, report } from '../support/supplier-reports';
import { SupplierStand } from '../support/supplier-stand';

let stand: SupplierStand;
const db = () => stand.db;
const open = async (items: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => {
  stand = await SupplierStand.open({ items });
  await agreeOnReports(stand);
  await db()('customer')
    .where({ id: 'ACME' })
    .update({ policy: JSON.stringify({ backorder: true }) });
};
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.door.database.drop();
});

const acme = { customerId: 'ACME', channel: 'edi' };
const told = async (item: string) =>
  (await availableToBuyer(db(), [item], { usage: 'P', now: NOW, viewer: acme })).get(item);
const days = async (item: string, viewer: typeof acme | null = acme) => {
  const [shown] = await showAvailability(db(), [item], { usage: 'P', now: NOW, viewer });
  return shown?.dates;
};
const order = (item: string, quantity: number, more = {}) =>
  stand.placed([line(item, String(quantity), item === 'ANVIL' ? '12.00' : '10.00')], more);
const reserved = async (orderId: string) => (await stand.quantities(orderId))[0]?.reserved;
const promised = async (orderId: string) =>
  (await db()('order_line').where({ order_id: orderId }).orderBy('line_number').first('promised_on'))
    .promised_on;

test('a buyer is told what the supplier of an item has, less what it was asked for, and can order just that', async () => {
  await open({ ANVIL: { sourcing: 'always' } });
  expect(await told('ANVIL')).toBe(0);
  await report(stand, 'R1', '20260302', 20);
  expect(await told('ANVIL')).toBe(20);
  await stand.ordered('8');
  await order('ANVIL', 3);
  expect(await told('ANVIL')).toBe(9);
  expect(await reserved(await order('ANVIL', 12))).toBe(9);
  expect(await told('ANVIL')).toBe(0);
});

test('what orders wait for of a supplier is promised to nobody else', async () => {
  await open({ ANVIL: { sourcing: 'always' } });
  await report(stand, 'R1', '20260302', 4);
  await order('ANVIL', 10);
  await report(stand, 'R2', '20260303', 9);
  // Four are reserved and not ordered yet, six are waited for.
  expect(await told('ANVIL')).toBe(0);
  await report(stand, 'R3', '20260304', 12);
  expect(await told('ANVIL')).toBe(2);
});

test('what its report says will come counts from its day, also for the day that a waiting order is promised', async () => {
  await open({ ANVIL: { sourcing: 'always' } });
  const coming = ['SCH*10*EA***018*20260316', 'SCH*5*EA***018*20260309', 'SCH*3*EA***018*20260301'];
  await report(stand, 'R1', '20260302', 6, { coming });
  expect(await days('ANVIL')).toEqual([
    { date: '2026-03-02', available: 6 },
    { date: '2026-03-09', available: 11 },
    { date: '2026-03-16', available: 21 },
  ]);
  const waiting = await order('ANVIL', 9);
  expect([await reserved(waiting), await promised(waiting)]).toEqual([6, '2026-03-09']);
  const later = await order('ANVIL', 7);
  expect([await reserved(later), await promised(later)]).toEqual([0, '2026-03-16']);
  expect(await days('ANVIL')).toEqual([
    { date: '2026-03-02', available: 0 },
    { date: '2026-03-09', available: 0 },
    { date: '2026-03-16', available: 5 },
  ]);
});

test('what is on order there (63) with a day is what will come; a new report says it anew, an older one nothing', async () => {
  await open({ ANVIL: { sourcing: 'always' } });
  const onOrder = (units: number, day: string) => ({ coming: [`QTY*63*${units}*EA`, `DTM*018*${day}`] });
  await report(stand, 'R2', '20260302', 6, onOrder(4, '20260310'));
  await report(stand, 'R1', '20260301', 9, onOrder(50, '20260305'));
  expect(await days('ANVIL')).toEqual([
    { date: '2026-03-02', available: 6 },
    { date: '2026-03-10', available: 10 },
  ]);
  const waiting = await order('ANVIL', 8);
  expect(await promised(waiting)).toBe('2026-03-10');
  await report(stand, 'R3', '20260303', 0, onOrder(20, '20260320'));
  expect(await db()('graphile_worker.jobs').where({ key: `signal-order/${waiting}` })).toHaveLength(1);
  await report(stand, 'R4', '20260304', 0, { coming: ['QTY*63*2*DZ', 'DTM*018*20260320'] });
  expect(await db()('exception').where({ status: 'open' }).pluck('text')).toEqual([
    expect.stringContaining('2 DZ of ANVIL is not said in EA'),
  ]);
});

test('a buyer counts on a supplier only where its next order would: always, when short, not for drop-ship orders alone', async () => {
  await open({
    ANVIL: { sourcing: 'always' },
    BOLT: { sourcing: 'when-short' },
    NUT: { sourcing: 'drop-ship-orders' },
  });
  for (const [at, item] of ['ANVIL', 'BOLT', 'NUT'].entries())
    await report(stand, `R${at}`, '20260302', 30, { item: `F-${item}` });
  await db()('stock').insert({
    item_id: 'ANVIL',
    node_id: 'EAST',
    usage: 'P',
    on_hand: 7,
    reserved: 0,
    safety: 0,
  });
  // What the supplier always ships never comes from the company's own shelf.
  expect([await told('ANVIL'), await told('BOLT'), await told('NUT')]).toEqual([30, 130, 1000]);
  const [nut] = await showAvailability(db(), ['NUT'], { usage: 'P', now: NOW, viewer: null });
  expect(
    nut?.nodes.map(({ nodeId, supplier, dates }) => [nodeId, supplier !== null, dates[0]?.available]),
  ).toEqual([
    ['EAST', false, 1000],
    ['FORGE-DS', true, 30],
  ]);
});

test('whoever waits for the company’s own stock leaves a supplier’s units to those who may have them', async () => {
  await open({ NUT: { sourcing: 'drop-ship-orders' } });
  await report(stand, 'R1', '20260302', 30, { item: 'F-NUT' });
  const waiting = await order('NUT', 1040);
  expect((await stand.quantities(waiting))[0]).toMatchObject({ reserved: 1000 });
  const dropShip = await order('NUT', 25, { type: 'drop-ship' });
  expect(await reserved(dropShip)).toBe(25);
});

test('a supplier is promised from in the units that it sells, and no fewer than it sells', async () => {
  await open({ ANVIL: { sourcing: 'always', unit: 'BX', unit_factor: 4, minimum_quantity: 2 } });
  await report(stand, 'R1', '20260302', 5, { unit: 'BX', coming: ['SCH*1*BX***018*20260309'] });
  await order('ANVIL', 8);
  expect(await days('ANVIL')).toEqual([
    { date: '2026-03-02', available: 12 },
    { date: '2026-03-09', available: 16 },
  ]);
  await order('ANVIL', 8);
  // One box is left today, and it sells no single one.
  expect((await days('ANVIL'))?.map(({ available }) => available)).toEqual([0, 8]);
});

test('the company’s own people see whose word it is, line by line; a buyer learns of no supplier', async () => {
  await open({ ANVIL: { sourcing: 'always' } });
  await report(stand, 'R1', '20260302', 20, { coming: ['SCH*5*EA***018*20260309'] });
  await order('ANVIL', 3);
  const [own] = await showAvailability(db(), ['ANVIL'], { usage: 'P', now: NOW, viewer: null });
  expect(own?.nodes).toMatchObject([
    {
      nodeId: 'FORGE-DS',
      supplier: { reportedAt: '2026-03-02T12:00:00.000Z' },
      onHand: 20,
      reserved: 3,
      expected: [{ number: 'R1', kind: 'supplier', expectedOn: '2026-03-09', quantity: 5, overdue: false }],
      dates: [
        { onHand: 20, reserved: 3, inbound: 0, available: 17 },
        { onHand: 20, reserved: 3, inbound: 5, available: 22 },
      ],
    },
  ]);
  const { rows } = await listStock(db(), { usage: 'P', itemId: 'ANVIL' }, { limit: 5, after: null });
  expect(rows).toMatchObject([{ node_id: 'FORGE-DS', on_hand: 20, reserved: 3 }]);
  const listed = await listStockedItems(db(), { usage: 'P', itemId: 'ANVIL' }, { limit: 5, after: null });
  expect(listed.rows).toMatchObject([{ item_id: 'ANVIL' }]);
});

test('a basket sets nothing of the company’s own aside for what only its supplier ships', async () => {
  await open({ ANVIL: { sourcing: 'always' }, NUT: { sourcing: 'when-short' } });
  await db()('stock').insert({
    item_id: 'ANVIL',
    node_id: 'EAST',
    usage: 'P',
    on_hand: 7,
    reserved: 0,
    safety: 0,
  });
  const basket = {
    customerId: 'ACME',
    usage: 'P',
    channel: 'api',
    minutes: 15,
    allOrNothing: false,
  } as const;
  const cart = (reference: string, itemId: string) =>
    db().transaction((tx) =>
      reserveCart(tx, { ...basket, reference, lines: [{ itemId, quantity: 5 }] }, NOW),
    );
  expect(await cart('a', 'ANVIL')).toMatchObject({ lines: [], missing: [{ itemId: 'ANVIL', quantity: 5 }] });
  expect(await cart('b', 'NUT')).toMatchObject({ lines: [{ itemId: 'NUT', nodeId: 'EAST', quantity: 5 }] });
});
