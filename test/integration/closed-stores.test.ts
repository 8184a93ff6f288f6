import { leaveClosedNodes, leaveClosedStores, switchNode } from '../../application/sourcing/close-node';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { acceptTask, pickTask } from '../../application/store/work-store-task';
import { line, NOW, purchaseOrder } from '../support/company';
import { StoreStand } from '../support/store-stand';

let stand: StoreStand;
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.close();
});
const bolts = (quantity: number) => purchaseOrder([line('BOLT', String(quantity), '10.00')]);
const close = (nodeId = 'STORE-A') =>
  stand.run((tx) => switchNode(tx, nodeId, { active: false, person: 'olga', reason: 'flood' }, NOW));
const shipmentsOf = (orderId: string) =>
  stand.db('shipment').where({ order_id: orderId }).orderBy('sequence').select('node_id', 'state');
const exceptions = () => stand.db('exception').where({ status: 'open' }).pluck('text') as Promise<string[]>;

test('what a closed store was asked to ship is sourced again at once, and nobody has to settle it', async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20, 'STORE-B': 20 } } });
  const orderId = await stand.order(bolts(8));
  expect(await close()).toEqual({ kind: 'switched', active: false, ordersToSource: 1 });
  expect(await exceptions()).toEqual([]);
  expect(await leaveClosedStores(stand.db, NOW)).toBe(1);
  expect(await leaveClosedStores(stand.db, NOW)).toBe(0);
  await stand.plan(orderId);
  expect(await shipmentsOf(orderId)).toEqual([
    { node_id: 'STORE-A', state: 'cancelled' },
    { node_id: 'STORE-B', state: 'released' },
  ]);
  expect(await stand.stock('STORE-A')).toEqual({ on_hand: 20, reserved: 0 });
  const told = await stand
    .db('order_event')
    .where({ order_id: orderId, kind: 'store-rejected' })
    .pluck('text');
  expect(told).toEqual([expect.stringMatching(/^STORE-A is closed: .* is sourced elsewhere$/)]);
});

test('a store that opens again before it is served may be asked again: it did not decline', async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } } });
  const orderId = await stand.order(bolts(8));
  await close();
  await leaveClosedStores(stand.db, NOW);
  expect(await stand.lines(orderId)).toMatchObject([{ ordered: 8, cancelled: 0, reserved: 0, released: 0 }]);
  await stand.run((tx) =>
    switchNode(tx, 'STORE-A', { active: true, person: 'olga', reason: 'dry again' }, NOW),
  );
  await stand.plan(orderId);
  expect((await shipmentsOf(orderId)).at(-1)).toEqual({ node_id: 'STORE-A', state: 'released' });
});

test('what is accepted at a closed store and still on its shelf goes elsewhere; what is picked, and pickups, stay with a person', async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20, 'STORE-B': 4 } } });
  const [picked, accepted] = [await stand.order(bolts(3)), await stand.order(bolts(4))];
  for (const orderId of [picked, accepted]) {
    const at = await stand.worker(orderId);
    await stand.does((tx) => acceptTask(tx, at, NOW));
  }
  const at = await stand.worker(picked);
  await stand.does((tx) => pickTask(tx, at, [{ lineNumber: 1, quantity: 3 }], NOW));
  await stand.order({ ...bolts(5), pickupAt: 'STORE-A' });
  await close();
  expect(await leaveClosedStores(stand.db, NOW)).toBe(1);
  await stand.plan(accepted);
  expect(await shipmentsOf(accepted)).toEqual([
    { node_id: 'STORE-A', state: 'cancelled' },
    { node_id: 'STORE-B', state: 'released' },
  ]);
  expect(await shipmentsOf(picked)).toEqual([{ node_id: 'STORE-A', state: 'released' }]);
  expect(await exceptions()).toEqual([expect.stringContaining('2 shipments on their way through it')]);
});

test('of somebody in the store who picks and the closing at the same moment one wins', async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 40, 'STORE-B': 40 } } });
  const orders = await Promise.all(Array.from({ length: 6 }, () => stand.order(bolts(4))));
  const workers = await Promise.all(orders.map((orderId) => stand.worker(orderId)));
  for (const at of workers.slice(0, 4)) await stand.does((tx) => acceptTask(tx, at, NOW));
  await close();
  const [worked] = await Promise.all([
    Promise.all(
      workers.map((at, n) =>
        stand.run((tx) =>
          n < 4 ? pickTask(tx, at, [{ lineNumber: 1, quantity: 4 }], NOW) : acceptTask(tx, at, NOW),
        ),
      ),
    ),
    leaveClosedStores(stand.db, NOW),
    leaveClosedNodes(stand.db, NOW),
  ]);
  // Who has accepted in that moment is found by the next sweep.
  await leaveClosedStores(stand.db, NOW);
  for (const [n, orderId] of orders.entries()) {
    const isTheirs = n < 4 && worked[n]?.kind === 'done';
    const [shipment] = await shipmentsOf(orderId);
    expect(shipment).toEqual({ node_id: 'STORE-A', state: isTheirs ? 'released' : 'cancelled' });
    expect(await stand.lines(orderId)).toMatchObject([
      isTheirs ? { released: 4, reserved: 0 } : { released: 0, reserved: 4 },
    ]);
  }
});
