import { planShipments } from '../../application/fulfilment/plan-shipments';
import { recordRelease } from '../../application/fulfilment/release-shipment';
import { watchMilestones } from '../../application/monitoring/watch-milestones';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import { resolveException } from '../../application/record/raise-exception';
import { addSeconds } from '../../domain/shared/dates';
import { line, NOW, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';
import { shipOrder } from '../support/ship-order';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open();
});
afterEach(() => desk.close());

const hoursLater = (hours: number) => addSeconds(NOW, hours * 3600);
const rule = (scope: string, body: Readonly<Record<string, unknown>>) =>
  desk.db('rule').insert({
    kind: 'monitoring',
    scope,
    version: 1,
    valid_from: '2026-01-01',
    body: JSON.stringify({
      subject: 'order',
      milestone: 'answered',
      side: 'after',
      hours: 4,
      date: 'placed',
      ownerRole: 'operations',
      priority: 2,
      deadlineHours: 3,
      ...body,
    }),
  });
const place = async (more = {}, quantity = '10') => {
  const request = purchaseOrder([line('BOLT', quantity)], more);
  const placed = await desk.db.transaction((tx) => placeOrder(tx, request, NOW));
  if (placed.kind !== 'placed') throw new Error(placed.kind);
  return placed;
};
const watch = (hours: number) => watchMilestones(desk.db, hoursLater(hours));
const exceptions = (status = 'open') =>
  desk.db('exception').where({ kind: 'monitoring', status }).orderBy('id');

test('a milestone that is not reached in time gets an owner, a priority and a deadline, once; reached, it closes by itself', async () => {
  await rule('unanswered', { advice: 'Ask who decides.' });
  const { orderId, orderNumber } = await place();
  expect(await watch(3.9)).toEqual({ found: 0, closed: 0 });
  expect(await watch(4)).toEqual({ found: 1, closed: 0 });
  expect(await watch(5)).toEqual({ found: 0, closed: 0 });
  const [one, ...others] = await exceptions();
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    text: `Order ${orderNumber} is not answered 4 hours after it was placed (rule unanswered). Ask who decides.`,
    owner_role: 'operations',
    priority: 2,
    order_id: orderId,
    due_at: hoursLater(7),
    occurrences: 1,
    data: expect.objectContaining({ rule: 'unanswered', version: 1 }),
  });
  await desk.db.transaction((tx) => answerOrder(tx, orderId, 'final', hoursLater(5)));
  expect(await watch(6)).toEqual({ found: 0, closed: 1 });
  expect(await exceptions()).toEqual([]);
  expect(await exceptions('resolved')).toMatchObject([{ resolved_by: 'hub' }]);
});

test('what will be late is predicted before its day, and closes when the order ends', async () => {
  await rule('late-ship', {
    milestone: 'shipped',
    side: 'before',
    hours: 24,
    date: 'requested-delivery',
  });
  const { orderId } = await place({ dates: [{ qualifier: '002', date: '2026-03-05' }] });
  // The day ends on the 6th at 06:00 UTC where the order is sold from.
  expect((await watchMilestones(desk.db, '2026-03-05T05:59:00.000Z')).found).toBe(0);
  expect((await watchMilestones(desk.db, '2026-03-05T06:00:00.000Z')).found).toBe(1);
  expect((await exceptions())[0].text).toContain(
    'is predicted late: it is not shipped completely 24 hours before its requested delivery date',
  );
  await desk.db.transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
  await shipOrder(desk.db, orderId);
  expect((await watchMilestones(desk.db, '2026-03-05T06:05:00.000Z')).closed).toBe(1);
  expect(await exceptions()).toEqual([]);
});

test('orders of one customer and day are one exception that counts them; it closes with the last of them', async () => {
  await rule('unanswered', { consolidate: 'customer-day' });
  const first = await place();
  const second = await place();
  expect((await watch(4)).found).toBe(2);
  const third = await desk.db.transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', '1')]), hoursLater(1)),
  );
  if (third.kind !== 'placed') throw new Error(third.kind);
  expect((await watch(5)).found).toBe(1);
  const [one, ...others] = await exceptions();
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    occurrences: 3,
    order_id: null,
    text: `Order ${first.orderNumber} and 2 more are not answered 4 hours after they were placed (rule unanswered)`,
  });
  for (const { orderId } of [first, second]) {
    await desk.db.transaction((tx) => answerOrder(tx, orderId, 'final', hoursLater(5)));
    await watch(6);
  }
  expect(await exceptions()).toHaveLength(1);
  await desk.db.transaction((tx) => answerOrder(tx, third.orderId, 'final', hoursLater(5)));
  await watch(6);
  expect(await exceptions()).toEqual([]);
});

test('what stands together says how many of it are late still, and a new one does not wait for what a person has closed', async () => {
  await rule('unanswered', { consolidate: 'customer-day' });
  const orders = [await place(), await place(), await place()];
  await watch(4);
  const answered = async (at: number) => {
    const order = orders[at] as (typeof orders)[number];
    await desk.db.transaction((tx) => answerOrder(tx, order.orderId, 'final', hoursLater(5)));
  };
  await answered(0);
  expect((await watch(5)).closed).toBe(1);
  expect(await exceptions()).toMatchObject([
    {
      occurrences: 2,
      text: `Order ${orders[1]?.orderNumber} and 1 more are not answered 4 hours after they were placed (rule unanswered)`,
    },
  ]);
  await answered(1);
  await watch(5);
  const [one] = await exceptions();
  expect(one).toMatchObject({
    occurrences: 1,
    order_id: orders[2]?.orderId,
    text: `Order ${orders[2]?.orderNumber} is not answered 4 hours after it was placed (rule unanswered)`,
  });
  await resolveException(desk.db, one.id, 'olga', 'we wait for the buyer', hoursLater(5));
  const later = await desk.db.transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', '1')]), hoursLater(2)),
  );
  if (later.kind !== 'placed') throw new Error(later.kind);
  await watch(6);
  expect(await exceptions()).toMatchObject([{ occurrences: 1, order_id: later.orderId }]);
  await desk.db.transaction((tx) => answerOrder(tx, later.orderId, 'final', hoursLater(6)));
  await watch(7);
  expect(await exceptions()).toEqual([]);
});

test('the day of what stands together ends where the order is sold from', async () => {
  await rule('unanswered', { consolidate: 'customer-day', hours: 0 });
  // In Chicago it is the 2nd until 06:00 UTC of the 3rd.
  const at = async (instant: string) => {
    await desk.db.transaction((tx) => placeOrder(tx, purchaseOrder([line('BOLT', '1')]), instant));
    await watchMilestones(desk.db, instant);
    return (await exceptions()).map(({ occurrences }: { occurrences: number }) => occurrences);
  };
  expect(await at('2026-03-02T22:00:00.000Z')).toEqual([1]);
  expect(await at('2026-03-03T05:59:00.000Z')).toEqual([2]);
  expect(await at('2026-03-03T06:00:00.000Z')).toEqual([2, 1]);
});

test('a line is not released while its shipment is only planned, and is measured against its own last day', async () => {
  await rule('unreleased', { subject: 'line', milestone: 'released', hours: 1 });
  await rule('last-day', {
    subject: 'line',
    milestone: 'shipped',
    side: 'before',
    hours: 24,
    date: 'cancel-after',
  });
  const { orderId } = await place();
  await desk.db.transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
  const [shipmentId] = await desk.db.transaction((tx) => planShipments(tx, orderId, NOW));
  expect((await watch(2)).found).toBe(1);
  await desk.db.transaction((tx) =>
    recordRelease(tx, shipmentId ?? '', { kind: 'accepted', warehouseReference: 'W1' }, hoursLater(2)),
  );
  expect(await watch(3)).toEqual({ found: 0, closed: 1 });
  await desk
    .db('order_line')
    .where({ order_id: orderId })
    .update({ cancel_after: hoursLater(48) });
  expect((await watch(23)).found).toBe(0);
  expect((await watch(24)).found).toBe(1);
});

test('an order is released once all of it is, whatever it waits for otherwise', async () => {
  await rule('unreleased', { milestone: 'released', hours: 1 });
  const all = await place({}, '1');
  const some = await place({}, '1000000');
  for (const { orderId } of [some, all]) {
    await desk.db.transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    for (const shipmentId of await desk.db.transaction((tx) => planShipments(tx, orderId, NOW)))
      await desk.db.transaction((tx) =>
        recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: shipmentId }, NOW),
      );
  }
  // A question about what is left of one is no reason to think that nothing of it was released.
  await desk.db('orders').where({ id: all.orderId }).update({ state: 'held' });
  expect((await watch(2)).found).toBe(1);
  expect(await exceptions()).toMatchObject([
    { order_id: some.orderId, text: expect.stringContaining('is not released completely 1 hour after') },
  ]);
});

test('what its buyer came for is delivered, what a carrier took is not before the carrier says so', async () => {
  await rule('undelivered', { subject: 'shipment', milestone: 'delivered', hours: 1, date: 'shipped' });
  const [sent, fetched] = [await place({}, '1'), await place({}, '1')];
  for (const { orderId } of [sent, fetched]) {
    await desk.db.transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    await shipOrder(desk.db, orderId);
  }
  await desk.db('shipment').where({ order_id: fetched.orderId }).update({ method: 'pickup' });
  await watch(48);
  expect(await exceptions()).toMatchObject([{ order_id: sent.orderId }]);
});

test('what a person has closed is not opened again while it stays late, but when it is late anew', async () => {
  await rule('on-hold', { milestone: 'hold-resolved', hours: 1 });
  const { orderId } = await place({ dates: [{ qualifier: '999', date: '2026-03-09' }] });
  await watch(2);
  const [one] = await exceptions();
  await resolveException(desk.db, one.id, 'olga', 'we wait for the buyer', hoursLater(2));
  expect((await watch(3)).found).toBe(0);
  await desk.db('orders').where({ id: orderId }).update({ state: 'confirmed' });
  expect((await watch(4)).closed).toBe(1);
  await desk.db('orders').where({ id: orderId }).update({ state: 'held' });
  expect((await watch(5)).found).toBe(1);
  expect(await exceptions()).toHaveLength(1);
});

test('a rule for some customers and types leaves the others alone; withdrawn, what it found closes', async () => {
  await rule('rush-only', { types: ['rush'] });
  await rule('others', { customers: ['NOBODY'] });
  await place();
  const { orderId } = await place({ type: 'rush' });
  await place({ type: 'rush', usage: 'T' });
  expect((await watch(4)).found).toBe(1);
  expect((await exceptions())[0].order_id).toBe(orderId);
  await desk.db('rule').insert({
    kind: 'monitoring',
    scope: 'rush-only',
    version: 2,
    valid_from: '2026-01-02',
    body: '{}',
    withdrawn: true,
  });
  expect((await watch(5)).closed).toBe(1);
  expect((await exceptions('resolved'))[0].resolution).toBe('Its rule is no longer in force');
});

test('lines, shipments, holds and documents have milestones of their own', async () => {
  await rule('uncovered', { subject: 'line', milestone: 'reserved', hours: 1 });
  await rule('unshipped', { subject: 'shipment', milestone: 'shipped', hours: 1, date: 'planned' });
  await rule('undecided', { subject: 'hold', milestone: 'resolved', hours: 0, date: 'hold-due' });
  await rule('unacknowledged', { subject: 'document', milestone: 'acknowledged', hours: 1, date: 'written' });
  await place({}, '9999');
  await place({ dates: [{ qualifier: '999', date: '2026-03-09' }] });
  expect((await watch(9)).found).toBeGreaterThanOrEqual(2);
  const texts = (await exceptions()).map(({ text }: { text: string }) => text);
  expect(texts).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Line 1 of order SO\d+ is not covered by stock 1 hour after it was placed/),
      expect.stringMatching(/^The content hold of order SO\d+ is not resolved by its deadline/),
    ]),
  );
});

test('sweeps at the same time find everything once', async () => {
  await rule('unanswered', {});
  for (let i = 0; i < 5; i++) await place();
  const watched = await Promise.all([watch(4), watch(4), watch(4), watch(4)]);
  expect(watched.reduce((sum, { found }) => sum + found, 0)).toBe(5);
  expect(await exceptions()).toHaveLength(5);
});
