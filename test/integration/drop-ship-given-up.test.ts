import { saveRule } from '../../application/rules/save-rule';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { giveUpSupplierOrder } from '../../application/supplier/give-up-supplier-order';
import { NOW } from '../support/company';
import { SupplierStand } from '../support/supplier-stand';

let stand: SupplierStand;
beforeEach(async () => {
  stand = await SupplierStand.open({
    items: { BOLT: { sourcing: 'drop-ship-orders', supplier_item_id: 'F-ANVIL' } },
  });
});
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.door.database.drop();
});
const db = () => stand.db;
const dropShip = (quantity: string) => stand.ordered(quantity, 'BOLT', { type: 'drop-ship' });
const giveUp = async (number: string) => {
  const { id } = (await db()('supplier_order').where({ number }).first('id')) as { id: string };
  const why = { person: 'olga', reason: 'no answer since Monday' };
  return db().transaction((tx) => giveUpSupplierOrder(tx, id, why, NOW));
};
const shipmentsOf = (orderId: string) =>
  db()('shipment').where({ order_id: orderId }).orderBy('sequence').select('node_id', 'state');

test('a drop ship that its supplier refuses comes from own stock, and the buyer is told', async () => {
  const { orderId, number } = await dropShip('10');
  await stand.answer(number, ['ACK*IR*10*EA'], 'RD');
  expect(await stand.quantities(orderId)).toMatchObject([{ cancelled: 0, reserved: 10, released: 0 }]);
  await stand.release(orderId);
  expect(await shipmentsOf(orderId)).toEqual([
    { node_id: 'FORGE-DS', state: 'cancelled' },
    { node_id: 'EAST', state: expect.stringMatching(/planned|released/) },
  ]);
  expect(await stand.told(orderId)).toEqual(['855', '855']);
});

test('what own stock does not have of a refused drop ship waits for it', async () => {
  await db()('stock').where({ item_id: 'BOLT' }).update({ on_hand: 4 });
  const { orderId, number } = await dropShip('10');
  await stand.answer(number, ['ACK*IR*10*EA'], 'RD');
  expect(await stand.quantities(orderId)).toMatchObject([{ ordered: 10, cancelled: 0, reserved: 4 }]);
});

test('a refused drop ship is cancelled where its rule allows suppliers alone', async () => {
  const rules = [{ name: 'suppliers', when: { orderType: 'drop-ship' }, kinds: ['supplier'] }];
  const of = { kind: 'sourcing', scope: 'live', body: { rules }, validFrom: null };
  await db().transaction((tx) => saveRule(tx, { ...of, note: 'a test', person: 'olga', basedOn: null }));
  const { orderId, number } = await dropShip('10');
  await stand.answer(number, ['ACK*IR*10*EA'], 'RD');
  expect(await stand.quantities(orderId)).toMatchObject([{ cancelled: 10, reserved: 0 }]);
});

test('a supplier that never answers is given up: own stock ships, and the supplier is asked to take it back', async () => {
  const { orderId, number } = await dropShip('10');
  await stand.mail();
  expect(await giveUp(number)).toEqual({ kind: 'given-up', units: 10 });
  expect(await stand.quantities(orderId)).toMatchObject([{ reserved: 10, released: 0, cancelled: 0 }]);
  expect(await stand.supplierLine(number)).toMatchObject({ state: 'cancelled', cancelled: 10 });
  expect((await stand.mail()).map(([st]) => st?.slice(0, 6))).toEqual(['ST*850', 'ST*860']);
  expect(await stand.told(orderId)).toEqual(['855', '855']);
  expect(
    await db()('order_event').where({ order_id: orderId, kind: 'supplier-refused' }).first('actor', 'text'),
  ).toEqual({
    actor: 'olga',
    text: expect.stringContaining('olga gives it up: no answer since Monday'),
  });
  expect(await giveUp(number)).toMatchObject({ kind: 'refused', code: 'nothing-open' });
});

test('an 850 that has not left is not sent any more when its order is given up', async () => {
  const { orderId, number } = await dropShip('10');
  expect(await giveUp(number)).toEqual({ kind: 'given-up', units: 10 });
  expect(await stand.mail()).toEqual([]);
  expect(await stand.quantities(orderId)).toMatchObject([{ reserved: 10 }]);
});

test('a supplier that ships what was given up, or refuses to take it back, is somebody’s business at once', async () => {
  const { orderId, number } = await dropShip('10');
  await stand.mail();
  await giveUp(number);
  await stand.send('865', [`BCA*01*RJ*${number}**1*20260302`, 'CTT*0']);
  expect(await stand.openExceptions()).toEqual(['supplier-ships-given-up']);
  await stand.shipped(number, 'SN1', 10);
  expect(await stand.openExceptions()).toEqual(['supplier-ships-given-up', 'supplier-over-shipment']);
  expect(await stand.quantities(orderId)).toMatchObject([{ reserved: 10, shipped: 0 }]);
});

test('of a ship notice and a person who gives up at the same moment one wins, and no unit is for two nodes', async () => {
  for (let round = 0; round < 4; round += 1) {
    const { orderId, number } = await dropShip('10');
    await stand.mail();
    const [given] = await Promise.all([giveUp(number), stand.shipped(number, `SN${round}`, 10)]);
    await stand.takeIn(orderId);
    const [line] = await stand.quantities(orderId);
    expect(line).toMatchObject(
      given.kind === 'given-up' ? { reserved: 10, shipped: 0 } : { reserved: 0, shipped: 10 },
    );
  }
});
