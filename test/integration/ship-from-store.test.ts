import { switchNode } from '../../application/sourcing/close-node';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { keepStoreTasks } from '../../application/store/keep-store-tasks';
import {
  acceptTask,
  packTask,
  pickTask,
  rejectTask,
  shipTask,
} from '../../application/store/work-store-task';
import { addSeconds } from '../../domain/shared/dates';
import { line, NOW, purchaseOrder } from '../support/company';
import { StoreStand } from '../support/store-stand';

let stand: StoreStand;
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.close();
});
const bolts = (quantity: number) => purchaseOrder([line('BOLT', String(quantity), '10.00')]);
const nodesOf = (orderId: string) =>
  stand.db('shipment').where({ order_id: orderId }).orderBy('sequence').select('node_id', 'state');

describe('a shipment from a store', () => {
  test('is offered with a timer, accepted, picked, packed and shipped; its 856 and 810 go out as from a warehouse', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } } });
    const orderId = await stand.order(bolts(8));
    // Monday 9:00 in Chicago: an hour to accept.
    expect(await stand.task(orderId)).toMatchObject({
      node_id: 'STORE-A',
      state: 'offered',
      method: 'ship',
      accept_by: addSeconds(NOW, 3600),
    });
    await stand.acceptAndPick(orderId, { 1: 8 });
    await stand.packAndShip(orderId);
    expect(await stand.lines(orderId)).toEqual([
      { ordered: 8, cancelled: 0, reserved: 0, released: 0, shipped: 8 },
    ]);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 12, reserved: 0 });
    expect(await stand.sets(orderId)).toEqual(expect.arrayContaining(['855', '856', '810']));
    expect(await stand.invoices(orderId)).toEqual([8_000]);
  });

  test('that the store rejects goes to the next node, this store left out; the decision says so', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20, 'STORE-B': 20 } } });
    const orderId = await stand.order(bolts(8));
    const at = await stand.worker(orderId);
    await stand.does((tx) => rejectTask(tx, at, { reason: 'busy', note: 'sale day' }, NOW));
    await stand.keep(orderId);
    await stand.plan(orderId);
    expect(await nodesOf(orderId)).toEqual([
      { node_id: 'STORE-A', state: 'cancelled' },
      { node_id: 'STORE-B', state: 'released' },
    ]);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 20, reserved: 0 });
    expect(await stand.stock('STORE-B')).toEqual({ on_hand: 20, reserved: 8 });
    const decisions = await stand
      .db('decision')
      .where({ order_id: orderId, kind: 'allocation' })
      .orderBy('id');
    expect(JSON.stringify(decisions.at(-2)?.outcome)).toContain('it has declined a shipment of this order');
    expect(decisions.at(-1)).toMatchObject({
      rule: 'store-declined',
      inputs: { node: 'STORE-A', reason: 'busy' },
      outcome: { covered: 8, waiting: 0, cancelled: 0 },
    });
    // The second store declines as well: nobody is left, and the first is not asked again.
    const second = await stand.worker(orderId);
    expect(second.nodeId).toBe('STORE-B');
    await stand.does((tx) => rejectTask(tx, second, { reason: 'closing', note: null }, NOW));
    await stand.keep(orderId);
    expect(await stand.plan(orderId)).toEqual([]);
    expect(await stand.lines(orderId)).toMatchObject([{ reserved: 0, released: 0, cancelled: 0 }]);
    // The partner hears that it waits.
    expect((await stand.sets(orderId)).filter((set) => set === '855')).toHaveLength(2);
  });

  test('that its store has declined is promised by what other nodes get, and by none that is closed', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } } });
    const orderId = await stand.order(bolts(8));
    const at = await stand.worker(orderId);
    await stand.does((tx) => rejectTask(tx, at, { reason: 'busy', note: null }, NOW));
    await stand.keep(orderId);
    const promised = async () =>
      (await stand.db('order_line').where({ order_id: orderId }).first('promised_on')).promised_on;
    // Planning promises anew what still waits; it never goes back to the store that has declined.
    const look = async () => expect(await stand.plan(orderId)).toEqual([]);
    // Twenty lie in the store that will not ship them.
    expect(await promised()).toBeNull();
    const coming = (number: string, node_id: string, expected_on: string) =>
      stand.db('inbound_stock').insert({
        number,
        kind: 'purchase',
        source: 'S1',
        item_id: 'BOLT',
        node_id,
        usage: 'P',
        expected_on,
        quantity: 50,
        said_by: 'olga',
        said_at: NOW,
      });
    await coming('P1', 'STORE-A', '2026-03-05');
    await look();
    expect(await promised()).toBeNull();
    await coming('P2', 'STORE-B', '2026-03-20');
    await look();
    expect(await promised()).toBe('2026-03-20');
    const closing = { active: false, person: 'olga', reason: 'flood' };
    await stand.run((tx) => switchNode(tx, 'STORE-B', closing, NOW));
    await look();
    expect(await promised()).toBeNull();
    // Another order may have what lies there.
    const other = await stand.order(bolts(8));
    expect(await stand.task(other)).toMatchObject({ node_id: 'STORE-A', state: 'offered' });
  });

  test('that is not on the shelf lowers the level, so that no other order is sent to an empty shelf', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 8, 'STORE-B': 8 } } });
    const orderId = await stand.order(bolts(8));
    const at = await stand.worker(orderId);
    await stand.does((tx) => rejectTask(tx, at, { reason: 'not-found', note: null }, NOW));
    await stand.keep(orderId);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 0, reserved: 0 });
    expect(await stand.db('exception').where({ kind: 'short-pick', status: 'open' })).toHaveLength(1);
    expect((await stand.plan(orderId)).length).toBe(1);
  });

  test('that nobody accepts in time is sourced again, and accepting late is refused', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20, 'STORE-B': 20 } } });
    const orderId = await stand.order(bolts(8));
    const at = await stand.worker(orderId);
    stand.now = addSeconds(NOW, 3599);
    await stand.keep(orderId);
    expect((await stand.task(orderId)).state).toBe('offered');
    stand.now = addSeconds(NOW, 3600);
    // The timer has run out, whether its workflow has looked yet or not.
    expect(await stand.run((tx) => acceptTask(tx, at, stand.now))).toMatchObject({ code: 'too-late' });
    await stand.keep(orderId);
    await stand.plan(orderId);
    expect(await stand.told(orderId, 'store-timed-out')).toHaveLength(1);
    expect((await stand.task(orderId)).node_id).toBe('STORE-B');
    expect(await stand.run((tx) => acceptTask(tx, at, stand.now))).toMatchObject({ code: 'wrong-state' });
  });

  test('offered in the evening has until the store has been open for an hour the next day', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } } });
    stand.now = '2026-03-07T23:30:00.000Z';
    // Saturday 17:30 in Chicago; closed on Sunday, when clocks go forward; Monday 9:30 is 14:30 in UTC.
    const orderId = await stand.order(bolts(8));
    expect((await stand.task(orderId)).accept_by).toBe('2026-03-09T14:30:00.000Z');
  });

  test('picked short ships what there is; the rest comes from elsewhere', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 8, 'STORE-B': 8 } } });
    const orderId = await stand.order(bolts(8));
    await stand.acceptAndPick(orderId, { 1: 5 });
    await stand.packAndShip(orderId);
    expect(await stand.lines(orderId)).toMatchObject([{ shipped: 5, reserved: 3 }]);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 0, reserved: 0 });
    await stand.plan(orderId);
    expect((await stand.task(orderId)).node_id).toBe('STORE-B');
    expect(await stand.invoices(orderId)).toEqual([5_000]);
  });

  test('of which nothing is found leaves with nothing, and is sourced again', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 8, 'STORE-B': 8 } } });
    const orderId = await stand.order(bolts(8));
    const task = await stand.acceptAndPick(orderId, { 1: 0 });
    expect(task.state).toBe('nothing-found');
    await stand.takeIn(task);
    await stand.plan(orderId);
    expect((await stand.task(orderId)).node_id).toBe('STORE-B');
    expect(await stand.invoices(orderId)).toEqual([]);
  });

  test('takes no quantity that cannot be, and no step out of its turn', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } } });
    const orderId = await stand.order(bolts(8));
    const at = await stand.worker(orderId);
    expect(await stand.run((tx) => pickTask(tx, at, [], NOW))).toMatchObject({ code: 'wrong-state' });
    await stand.does((tx) => acceptTask(tx, at, NOW));
    const pick = (...picked: { lineNumber: number; quantity: number }[]) =>
      stand.run((tx) => pickTask(tx, at, picked, NOW));
    expect(await pick()).toMatchObject({ text: 'Say how many there are of line 1; 0 if none' });
    expect(await pick({ lineNumber: 1, quantity: 9 })).toMatchObject({ code: 'wrong-quantity' });
    expect(await pick({ lineNumber: 1, quantity: 8 }, { lineNumber: 1, quantity: 8 })).toMatchObject({
      text: 'Line 1 is named twice',
    });
    expect(await pick({ lineNumber: 2, quantity: 1 })).toMatchObject({ text: 'There is no line 2 in it' });
    expect(await pick({ lineNumber: 1, quantity: 8 })).toMatchObject({ kind: 'done' });
    expect(await stand.run((tx) => shipTask(tx, at, null, NOW))).toMatchObject({ code: 'wrong-state' });
    expect(await stand.run((tx) => packTask(tx, at, { '000000000000000000': 9 }, NOW))).toMatchObject({
      code: 'wrong-carton',
    });
    expect(await stand.run((tx) => acceptTask(tx, { ...at, nodeId: 'STORE-B' }, NOW))).toEqual({
      kind: 'unknown',
    });
  });
});

describe('of those who race for a task', () => {
  test('two people who accept at once, one has it', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 400 } } });
    for (let round = 0; round < 6; round++) {
      const orderId = await stand.order(bolts(2));
      const at = await stand.worker(orderId);
      const outcomes = await Promise.all(
        ['ann', 'ben'].map((person) => stand.run((tx) => acceptTask(tx, { ...at, person }, NOW))),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    }
  });

  test('the timer and the one who rejects or accepts: one of them counts, and the units have one node', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 400, 'STORE-B': 400 } } });
    for (let round = 0; round < 6; round++) {
      stand.now = NOW;
      const orderId = await stand.order(bolts(2));
      const at = await stand.worker(orderId);
      const late = addSeconds(NOW, 3600);
      // The person's clock is a moment before the timer's.
      const just = addSeconds(NOW, 3599);
      const [person] = await Promise.all([
        stand.run((tx) =>
          round % 2 === 0
            ? acceptTask(tx, at, just)
            : rejectTask(tx, at, { reason: 'busy', note: null }, just),
        ),
        stand.run((tx) => keepStoreTasks(tx, orderId, late)),
      ]);
      stand.now = late;
      await stand.keep(orderId);
      await stand.plan(orderId);
      const accepted = person.kind === 'done' && person.task.state === 'accepted';
      const live = (await nodesOf(orderId)).filter(({ state }) => state !== 'cancelled');
      expect(live).toEqual([{ node_id: accepted ? 'STORE-A' : 'STORE-B', state: 'released' }]);
      expect(await reconcileRecord(stand.db)).toEqual([]);
    }
  });

  test('a cancel and the carrier: either nothing leaves, or all of it is billed', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 400 } } });
    const ends = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const request = bolts(2);
      const orderId = await stand.order(request);
      await stand.acceptAndPick(orderId, { 1: 2 });
      const at = await stand.worker(orderId);
      await stand.does((tx) => packTask(tx, at, {}, NOW));
      const changeId = await stand.cancel(request, orderId);
      const ship = () => stand.run((tx) => shipTask(tx, at, null, NOW));
      const [shipped] =
        round % 3 === 0
          ? [await ship(), await stand.decide(changeId)]
          : await Promise.all([ship(), stand.decide(changeId)]);
      if (shipped.kind === 'done') await stand.takeIn(shipped.task);
      const [found] = await stand.lines(orderId);
      expect(found).toMatchObject(
        shipped.kind === 'done' ? { shipped: 2, cancelled: 0 } : { shipped: 0, cancelled: 2 },
      );
      ends.add(shipped.kind);
    }
    expect(ends).toContain('done');
  });
});
