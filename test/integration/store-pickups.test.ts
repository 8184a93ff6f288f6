import { lockCreditAccount } from '../../application/credit/check-credit';
import { readExposure } from '../../application/credit/read-exposure';
import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { arriveForPickup, handOver, issuePickupCode } from '../../application/store/pickups';
import { acceptTask, rejectTask } from '../../application/store/work-store-task';
import type { OrderRequest } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { line, NOW, purchaseOrder } from '../support/company';
import { StoreStand } from '../support/store-stand';

let stand: StoreStand;
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.close();
});
const pickup = (quantity: number, more: Partial<OrderRequest> = {}) =>
  purchaseOrder([line('BOLT', String(quantity), '10.00')], { pickupAt: 'STORE-A', ...more });
const open = async (onHand = 20, terms = {}) => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': onHand, 'STORE-B': 100 } }, terms });
};
const signed = { kind: 'signature', receivedBy: 'Bo Buyer', signatureReference: 'SIG-1' } as const;
const exposureOf = async () =>
  (await readExposure(stand.db, 'CA-ACME', 'P', null, stand.now)).chain[0].exposure.totalMinor;

describe('a pickup', () => {
  test('is reserved at its store alone, ready when it is picked, and handed over for a code; 810, no 856', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 20, reserved: 8 });
    expect(await stand.stock('STORE-B')).toEqual({ on_hand: 100, reserved: 0 });
    expect(await stand.db('package')).toEqual([]);
    const ready = await stand.acceptAndPick(orderId, { 1: 8 });
    // Ready on Monday, kept until the end of Saturday in Chicago; reminded on Thursday morning.
    expect(ready).toMatchObject({
      state: 'ready',
      pickup_until: '2026-03-08T06:00:00.000Z',
      remind_at: '2026-03-05T15:00:00.000Z',
    });
    expect(await stand.told(orderId, 'ready-for-pickup')).toEqual([
      '8 units are ready to be picked up at STORE-A until the end of 2026-03-07',
    ]);
    const issued = await stand.run((tx) => issuePickupCode(tx, ready.shipment_id, 'bo', NOW));
    if (issued.kind !== 'issued') throw new Error(issued.kind);
    expect(issued.code).toMatch(/^\d{8}$/);
    const kept = JSON.stringify([
      await stand.db('store_task'),
      await stand.db('order_event').where({ order_id: orderId }),
    ]);
    expect(kept).not.toContain(issued.code);
    await stand.handOver(orderId, { proof: { kind: 'code', code: issued.code } });
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 12, reserved: 0 });
    expect(await stand.invoices(orderId)).toEqual([8_000]);
    expect(await stand.sets(orderId)).toEqual(['855', '810']);
    expect((await stand.task(orderId)).state).toBe('handed-over');
  });

  test('is announced by 856 where the partner wants that', async () => {
    stand = await StoreStand.open({
      stock: { BOLT: { 'STORE-A': 20 } },
      policy: { pickupShipNotice: true },
    });
    const orderId = await stand.order(pickup(8));
    await stand.acceptAndPick(orderId, { 1: 8 });
    await stand.handOver(orderId);
    expect(await stand.sets(orderId)).toEqual(['855', '856', '810']);
  });

  test('is not handed over for wrong codes: after five the buyer needs a new one', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    const ready = await stand.acceptAndPick(orderId, { 1: 8 });
    const at = await stand.worker(orderId);
    const show = (code: string) =>
      stand.run((tx) => handOver(tx, at, { proof: { kind: 'code', code }, rest: 'cancel' }, NOW));
    expect(await show('00000000')).toMatchObject({ code: 'code-locked' });
    const first = await stand.run((tx) => issuePickupCode(tx, ready.shipment_id, 'bo', NOW));
    if (first.kind !== 'issued') throw new Error(first.kind);
    const wrong = first.code === '11111111' ? '22222222' : '11111111';
    for (let i = 0; i < 4; i++) expect(await show(wrong)).toMatchObject({ code: 'wrong-code' });
    expect(await show(wrong)).toMatchObject({ code: 'code-locked' });
    expect(await show(first.code)).toMatchObject({ code: 'code-locked' });
    const second = await stand.run((tx) => issuePickupCode(tx, ready.shipment_id, 'bo', NOW));
    if (second.kind !== 'issued') throw new Error(second.kind);
    expect(await show(second.code)).toMatchObject({ kind: 'done' });
    await stand.takeIn(await stand.task(orderId));
  });

  test('taken in part leaves the rest in the store: for another time, or given up', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    await stand.acceptAndPick(orderId, { 1: 8 });
    await stand.handOver(orderId, { taken: { 1: 5 }, rest: 'later' });
    expect(await stand.lines(orderId)).toEqual([
      { ordered: 8, cancelled: 0, reserved: 3, released: 0, shipped: 5 },
    ]);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 15, reserved: 3 });
    expect(await stand.plan(orderId)).toHaveLength(1);
    await stand.acceptAndPick(orderId, { 1: 3 });
    await stand.handOver(orderId, { taken: { 1: 1 }, rest: 'cancel' });
    expect(await stand.lines(orderId)).toEqual([
      { ordered: 8, cancelled: 2, reserved: 0, released: 0, shipped: 6 },
    ]);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 14, reserved: 0 });
    expect(await stand.invoices(orderId)).toEqual([5_000, 1_000]);
    // Nothing left the level as a short pick: the goods were there.
    expect(await stand.db('stock_movement').where({ reason: 'short-pick' })).toEqual([]);
  });

  test('taken in part waits for the account before it has any stock, as everything else does', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    await stand.acceptAndPick(orderId, { 1: 8 });
    const at = await stand.worker(orderId);
    const signature = { proof: signed, rest: 'later', taken: [{ lineNumber: 1, quantity: 5 }] } as const;
    await stand.run((tx) => handOver(tx, at, signature, stand.now));
    const task = await stand.task(orderId);
    let taking: Promise<unknown> = Promise.resolve();
    await stand.db.transaction(async (other) => {
      await lockCreditAccount(other, 'CA-ACME');
      taking = stand.takeIn(task);
      await new Promise((resolve) => setTimeout(resolve, 300));
      // Nobody who has the account waits here for a level that whoever waits for the account has.
      await other.raw(`select from stock where item_id = 'BOLT' for update nowait`);
    });
    await taking;
    expect(await stand.lines(orderId)).toMatchObject([{ reserved: 3, shipped: 5 }]);
  });

  test('of which not all is on the shelf is told at once: what is ready, and what becomes of the rest', async () => {
    await open(8);
    const orderId = await stand.order(pickup(8));
    const task = await stand.acceptAndPick(orderId, { 1: 5 });
    expect(await stand.told(orderId, 'ready-for-pickup')).toEqual([
      '5 of 8 units are ready to be picked up at STORE-A until the end of 2026-03-07, 3 are missing',
    ]);
    // The workflow, or the sweep where Temporal is away: due at once, and done once.
    expect(task.next_at).toBe(NOW);
    await stand.keep(orderId);
    await stand.keep(orderId);
    expect(await stand.told(orderId, 'short-pick')).toEqual([
      `3 units of ${task.release_number} were not on the shelf of STORE-A: 3 wait until the store has them`,
    ]);
    expect(await stand.lines(orderId)).toEqual([
      { ordered: 8, cancelled: 0, reserved: 0, released: 5, shipped: 0 },
    ]);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 5, reserved: 5 });
    expect((await stand.sets(orderId)).filter((set) => set === '855')).toHaveLength(2);
    expect(await stand.db('exception').where({ kind: 'short-pick', status: 'open' })).toHaveLength(1);
    // The window goes on as it was set when the goods were ready.
    expect((await stand.task(orderId)).next_at).toBe('2026-03-05T15:00:00.000Z');
    await stand.handOver(orderId);
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 0, reserved: 0 });
    expect(await stand.invoices(orderId)).toEqual([5_000]);
    const gone = await stand.db('stock_movement').where({ node_id: 'STORE-A' }).pluck('quantity');
    expect(gone.map(Number).sort((a, b) => b - a)).toEqual([-3, -5]);
  });

  test('short for a buyer who takes no backorders is cancelled for what is missing, and its credit is free', async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } }, policy: { backorder: false } });
    const before = await exposureOf();
    const request = purchaseOrder([line('BOLT', '4', '10.00'), line('NUT', '100', '0.0425')], {
      pickupAt: 'STORE-A',
    });
    await stand.db('stock').insert({ item_id: 'NUT', node_id: 'STORE-A', on_hand: 100 });
    const orderId = await stand.order(request);
    await stand.acceptAndPick(orderId, { 1: 4, 2: 0 });
    const ready = await exposureOf();
    await stand.keep(orderId);
    expect(await stand.lines(orderId)).toEqual([
      { ordered: 4, cancelled: 0, reserved: 0, released: 4, shipped: 0 },
      { ordered: 100, cancelled: 100, reserved: 0, released: 0, shipped: 0 },
    ]);
    expect(await exposureOf()).toBeLessThan(ready);
    expect(await exposureOf()).toBeGreaterThan(before);
    await stand.handOver(orderId, { taken: { 1: 4, 2: 0 } });
    expect(await stand.state(orderId)).not.toBe('cancelled');
    expect(await stand.invoices(orderId)).toEqual([4_000]);
  });

  test('short, with the buyer at the counter before the order has heard of it: it is taken in once', async () => {
    await open(400);
    for (let round = 0; round < 4; round++) {
      const orderId = await stand.order(pickup(4));
      await stand.acceptAndPick(orderId, { 1: 3 });
      const at = await stand.worker(orderId);
      const { shipment_id: shipmentId } = await stand.task(orderId);
      const [given] = await Promise.all([
        stand.run((tx) => handOver(tx, at, { proof: signed, rest: 'cancel' }, NOW)),
        stand.keep(orderId),
        ...(round % 2 === 0
          ? []
          : [stand.run((tx) => arriveForPickup(tx, shipmentId, { person: 'bo', where: null }, NOW))]),
      ]);
      if (given.kind !== 'done') throw new Error(JSON.stringify(given));
      await stand.takeIn(given.task);
      await stand.keep(orderId);
      const [found] = await stand.lines(orderId);
      expect(found).toMatchObject({ ordered: 4, shipped: 3, cancelled: 0, released: 0, reserved: 1 });
      const short = stand.db('stock_movement').where({ reason: 'short-pick' });
      expect(
        await short.where('reference', 'like', `${given.task.release_number}/%`).pluck('quantity'),
      ).toEqual([-1]);
      expect(await reconcileRecord(stand.db)).toEqual([]);
    }
  });

  test('that nobody fetches is reminded of once, then cancelled: stock and credit are free, and it is told', async () => {
    await open();
    const before = await exposureOf();
    const orderId = await stand.order(pickup(8));
    expect(await exposureOf()).toBe(before + 8_000);
    await stand.acceptAndPick(orderId, { 1: 8 });
    stand.now = '2026-03-05T15:00:00.000Z';
    await stand.keep(orderId);
    await stand.keep(orderId);
    expect(await stand.told(orderId, 'pickup-reminder')).toHaveLength(1);
    stand.now = '2026-03-08T05:59:59.000Z';
    await stand.keep(orderId);
    expect((await stand.task(orderId)).state).toBe('ready');
    stand.now = '2026-03-08T06:00:00.000Z';
    await stand.keep(orderId);
    await stand.keep(orderId);
    expect((await stand.task(orderId)).state).toBe('no-show');
    expect(await stand.state(orderId)).toBe('cancelled');
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 20, reserved: 0 });
    expect(await exposureOf()).toBe(before);
    expect(await stand.told(orderId, 'pickup-cancelled')).toHaveLength(1);
    expect((await stand.sets(orderId)).filter((set) => set === '855')).toHaveLength(2);
    const at = await stand.worker(orderId);
    expect(
      await stand.run((tx) => handOver(tx, at, { proof: signed, rest: 'cancel' }, stand.now)),
    ).toMatchObject({
      code: 'wrong-state',
    });
  });

  test('has a buyer outside who is brought the goods in time, or somebody hears of it', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    const offered = await stand.task(orderId);
    const arrive = (where: string | null) =>
      stand.run((tx) => arriveForPickup(tx, offered.shipment_id, { person: 'bo', where }, stand.now));
    expect(await arrive('bay 3')).toMatchObject({ code: 'wrong-state' });
    await stand.acceptAndPick(orderId, { 1: 8 });
    // Twenty minutes before the end of the window.
    stand.now = '2026-03-08T05:40:00.000Z';
    expect(await arrive('bay 3')).toMatchObject({
      kind: 'done',
      task: { bring_out_by: '2026-03-08T05:50:00.000Z', next_at: '2026-03-08T05:50:00.000Z' },
    });
    stand.now = '2026-03-08T05:45:00.000Z';
    expect(await arrive('bay 4')).toMatchObject({ task: { bring_out_by: '2026-03-08T05:50:00.000Z' } });
    stand.now = '2026-03-08T05:50:00.000Z';
    await stand.keep(orderId);
    const waiting = () => stand.db('exception').where({ kind: 'curbside-waiting', status: 'open' });
    expect(await waiting()).toHaveLength(1);
    // Who waits outside is not turned away at the end of the window.
    stand.now = '2026-03-08T06:10:00.000Z';
    await stand.keep(orderId);
    expect((await stand.task(orderId)).state).toBe('ready');
    await stand.handOver(orderId);
    expect(await waiting()).toEqual([]);
  });

  test('that its store cannot do is cancelled and told; one that nobody accepts is a person’s business', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    stand.now = addSeconds(NOW, 3600);
    await stand.keep(orderId);
    expect((await stand.task(orderId)).state).toBe('offered');
    expect(await stand.db('exception').where({ kind: 'pickup-not-accepted', status: 'open' })).toHaveLength(
      1,
    );
    const at = await stand.worker(orderId);
    await stand.does((tx) => rejectTask(tx, at, { reason: 'damaged', note: null }, stand.now));
    await stand.keep(orderId);
    expect(await stand.state(orderId)).toBe('cancelled');
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 12, reserved: 0 });
    expect(await stand.stock('STORE-B')).toEqual({ on_hand: 100, reserved: 0 });
    expect(await stand.db('exception').where({ kind: 'pickup-not-accepted', status: 'open' })).toEqual([]);
  });

  test('of one line leaves the others to be shipped', async () => {
    await open();
    const request = purchaseOrder([
      line('BOLT', '4', '10.00', { pickupAt: 'STORE-A' }),
      line('BOLT', '6', '10.00'),
    ]);
    const orderId = await stand.order(request);
    const shipments = await stand
      .db('shipment')
      .where({ order_id: orderId })
      .orderBy('method')
      .select('method');
    expect(shipments.map(({ method }) => method)).toEqual(['pickup', 'ship']);
  });

  test('is only where a store hands out orders', async () => {
    await open();
    const place = (request: OrderRequest) => stand.run((tx) => placeOrder(tx, request, NOW));
    expect(await place(pickup(1, { pickupAt: 'CENTRAL' }))).toMatchObject({
      kind: 'refused',
      problems: [{ line: 1, text: 'CENTRAL is not a store at which orders are picked up' }],
    });
    expect(await place(pickup(1, { pickupAt: 'NOWHERE' }))).toMatchObject({ kind: 'refused' });
  });

  test('of more than its store has waits for that store alone', async () => {
    await open(5);
    const orderId = await stand.order(pickup(8));
    expect(await stand.lines(orderId)).toMatchObject([{ ordered: 8, released: 5, reserved: 0 }]);
    expect(await stand.stock('STORE-B')).toEqual({ on_hand: 100, reserved: 0 });
  });

  test('raced by a cancel, a no-show or a second hand-over has one end', async () => {
    await open(400);
    for (let round = 0; round < 6; round++) {
      stand.now = NOW;
      const request = pickup(2);
      const orderId = await stand.order(request);
      await stand.acceptAndPick(orderId, { 1: 2 });
      const at = await stand.worker(orderId);
      const end = '2026-03-08T06:00:00.000Z';
      const give = () => stand.run((tx) => handOver(tx, at, { proof: signed, rest: 'cancel' }, end));
      const changeId = round % 3 === 0 ? await stand.cancel(request, orderId) : null;
      stand.now = end;
      const rival = () =>
        changeId !== null ? stand.decide(changeId) : round % 3 === 1 ? stand.keep(orderId) : give();
      const [given, other] = await Promise.all([give(), rival()]);
      const done = [given, other].filter(
        (one): one is Extract<typeof given, { kind: 'done' }> =>
          typeof one === 'object' && 'kind' in one && one.kind === 'done',
      );
      expect(done.length).toBeLessThanOrEqual(1);
      for (const { task } of done) await stand.takeIn(task);
      const [found] = await stand.lines(orderId);
      expect(found).toMatchObject(
        done.length === 1 ? { shipped: 2, cancelled: 0 } : { shipped: 0, cancelled: 2 },
      );
      expect(await reconcileRecord(stand.db)).toEqual([]);
    }
  });

  test('is accepted late as well as in time', async () => {
    await open();
    const orderId = await stand.order(pickup(8));
    const at = await stand.worker(orderId);
    const late = addSeconds(NOW, 90_000);
    expect(await stand.run((tx) => acceptTask(tx, at, late))).toMatchObject({ kind: 'done' });
  });
});
