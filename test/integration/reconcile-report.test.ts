import { planShipments } from '../../application/fulfilment/plan-shipments';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import { findDifferences, reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';
import { shipOrder } from '../support/ship-order';

let desk: OrderDesk;
/** One that has left and is billed, one whose shipment is planned, one that waits with half of it there, one on hold. */
let orders: {
  readonly gone: string;
  readonly planned: string;
  readonly waiting: string;
  readonly held: string;
};

const place = async (quantity: string, more = {}) => {
  const request = purchaseOrder([line('BOLT', quantity)], more);
  const placed = await desk.db.transaction((tx) => placeOrder(tx, request, NOW));
  if (placed.kind !== 'placed') throw new Error(placed.kind);
  return placed.orderId;
};

beforeAll(async () => {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 100 } }, limitMinor: 100_000_000 });
  const gone = await place('10');
  const planned = await place('20');
  const waiting = await place('100');
  const held = await place('5', { dates: [{ qualifier: '999', date: '2026-03-09' }] });
  for (const id of [gone, planned]) await desk.db.transaction((tx) => answerOrder(tx, id, 'final', NOW));
  await shipOrder(desk.db, gone);
  await desk.db.transaction((tx) => planShipments(tx, planned, NOW));
  orders = { gone, planned, waiting, held };
});
afterAll(() => desk.close());

/** What the report tells of the record as a statement leaves it, which is taken back. */
async function found(sql: string): Promise<readonly string[]> {
  const tx = await desk.db.transaction();
  try {
    const named = Object.entries(orders).filter(([name]) => sql.includes(`:${name}`));
    const { rowCount } = await tx.raw(sql, Object.fromEntries(named) as never);
    expect(rowCount).toBeGreaterThan(0);
    return (await findDifferences(tx)).map(({ check }) => check);
  } finally {
    await tx.rollback();
  }
}

test('a sound record has no difference', async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
});

test.each([
  [
    'a level that says less is reserved',
    'update stock set reserved = reserved - 1 where reserved > 0',
    'the level’s reserved units',
  ],
  ['a level that is gone', `delete from stock where item_id = 'BOLT'`, 'the level’s reserved units'],
  [
    'a reservation that is gone',
    'delete from reservation where order_id = :waiting',
    'the level’s reserved units',
  ],
  [
    'a reservation that was ended by hand',
    `update reservation set status = 'released' where order_id = :waiting`,
    'what a line has reserved or released',
  ],
  [
    'a reservation of another item',
    `with moved as (update reservation set item_id = 'NUT' where order_id = :waiting returning quantity)
     , less as (update stock set reserved = reserved - (select quantity from moved) where item_id = 'BOLT' and reserved > 0)
     insert into stock (item_id, node_id, usage, on_hand, reserved) select 'NUT', 'CENTRAL', 'P', quantity, quantity from moved
     on conflict (item_id, node_id, usage) do update set on_hand = stock.on_hand + excluded.on_hand, reserved = stock.reserved + excluded.reserved`,
    'what is reserved is of its line’s item',
  ],
  [
    'units that are said to be released and are not',
    'update order_line set released = reserved, reserved = 0 where order_id = :waiting',
    'what a line has released',
  ],
  [
    'a line that waits for what it has',
    'update order_line set reserved = reserved - 1 where order_id = :waiting',
    'what a line has reserved or released',
  ],
  [
    'a shipment that has left and is planned again',
    `update shipment set state = 'planned' where order_id = :gone`,
    'a shipment that has not left',
  ],
  [
    'a shipment that has not left and is said to have',
    `update shipment set state = 'shipped' where order_id = :planned`,
    'a shipment that has not left',
  ],
  [
    'more shipped than left',
    'update shipment_line set shipped = shipped - 1 where shipped > 0',
    'what a line has shipped',
  ],
  [
    'shipped and not invoiced',
    'update order_line set invoiced = 0 where invoiced > 0',
    'what a line has invoiced',
  ],
  [
    'an order that comes to more',
    'update orders set total_minor = total_minor + 1 where id = :planned',
    'what an order comes to',
  ],
  [
    'goods that cost less than their lines',
    'update orders set subtotal_minor = subtotal_minor - 1, total_minor = total_minor - 1 where id = :planned',
    'an order’s goods',
  ],
  [
    'an order that has invoiced less',
    'update orders set invoiced_minor = 0 where id = :gone',
    'what an order has invoiced',
  ],
  [
    'an invoice whose line was changed',
    `update invoice set lines = jsonb_set(lines, '{0,amountMinor}', '1')`,
    'an invoice’s goods',
  ],
  ['an invoice that comes to more', 'update invoice set total_minor = total_minor + 1', 'an invoice’s total'],
  [
    'an invoice that is paid by nothing',
    'update invoice set paid_minor = 1',
    'what an invoice has been paid',
  ],
  ['an invoice that is gone', 'delete from invoice', 'a shipment that has left has one invoice'],
  [
    'an order that is finished while it waits',
    `update orders set state = 'completed' where id = :waiting`,
    'of a finished order nothing is open',
  ],
  [
    'an order that is finished and has stock',
    `update orders set state = 'cancelled' where id = :planned`,
    'a finished order keeps no stock',
  ],
  [
    'a finished order that is asked about',
    `update orders set state = 'cancelled' where id = :held`,
    'a finished order waits for no decision',
  ],
  [
    'an order on hold without a hold',
    `update orders set state = 'held' where id = :waiting`,
    'an order on hold',
  ],
])('%s is found', async (_what, sql, check) => {
  expect(await found(sql)).toContainEqual(expect.stringContaining(check));
});
