import { buildLabelRequest } from '../../application/fulfilment/build-label-request';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { buildRelease } from '../../application/fulfilment/release-shipment';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open();
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const order = (...lines: readonly string[]) => [
  'BEG*00*SA*PO1**20260302',
  'N1*ST*Acme DC 1*92*DC1',
  ...lines,
  `CTT*${lines.filter((line) => line.startsWith('PO1')).length}`,
];
const bolts = (number: number, quantity: number) => `PO1*${number}*${quantity}*EA*10**BP*AC-BOLT`;
const shippedQuantities = async () =>
  (await desk.sent('856')).map(
    (notice) => notice.find((segment) => segment.startsWith('SN1'))?.split('*')[2],
  );

test('a line in three deliveries ships each when its day has come; the 855 says so, the invoices sum to the order', async () => {
  await desk.send(
    'PO',
    order(bolts(1, 60), 'SCH*10*EA***010*20260302', 'SCH*20*EA***010*20260401', 'SCH*30*EA***002*20260510'),
  );
  expect(await desk.holds('PO1')).toEqual([]);
  await desk.answer('PO1');
  const [answer = []] = await desk.sent('855');
  // The last one is wanted on May 10th and leaves a week before.
  expect(answer.filter((segment) => /^(PO1|ACK)/.test(segment))).toEqual([
    'PO1*1*60*EA*10**BP*AC-BOLT',
    'ACK*IA*10*EA*068*20260302',
    'ACK*IA*20*EA*068*20260401',
    'ACK*IA*30*EA*068*20260503',
  ]);
  const { id } = await desk.order('PO1');
  await desk.ship('PO1');
  expect(await shippedQuantities()).toEqual(['10']);
  // Midnight in Chicago, whose summer time has begun by then: the workflow waits for these.
  expect(await readProgress(desk.db, id)).toMatchObject({
    unplannedReservation: true,
    releaseAt: '2026-04-01T05:00:00.000Z',
    laterReleases: ['2026-05-03T05:00:00.000Z'],
  });
  await desk.ship('PO1', null, { now: '2026-04-01T06:00:00Z' });
  expect(await shippedQuantities()).toEqual(['10', '20']);
  await desk.ship('PO1', null, { now: '2026-05-04T06:00:00Z' });
  expect(await shippedQuantities()).toEqual(['10', '20', '30']);
  expect(await desk.order('PO1')).toMatchObject({ state: 'completed', invoiced_minor: 60_000 });
});

test('lines that are wanted on other days go in shipments of their own, each labelled for its day', async () => {
  await desk.send(
    'PO',
    order(
      bolts(1, 10),
      'DTM*002*20260310',
      bolts(2, 20),
      'DTM*002*20260320',
      bolts(3, 30),
      'DTM*002*20260310',
    ),
  );
  expect(await desk.holds('PO1')).toEqual([]);
  await desk.answer('PO1');
  await desk.ship('PO1');
  const { id } = await desk.order('PO1');
  const shipments = (await desk.db('shipment').where({ order_id: id }).orderBy('sequence')) as {
    id: string;
  }[];
  const labels = await Promise.all(shipments.map((shipment) => buildLabelRequest(desk.db, shipment.id)));
  expect(new Set(labels.map(({ deliverBy }) => deliverBy))).toEqual(new Set(['2026-03-10', '2026-03-20']));
  expect(labels).toHaveLength(2);
});

test('a line that may not leave yet waits while the rest ships', async () => {
  await desk.send('PO', order(bolts(1, 10), bolts(2, 20), 'DTM*037*20260601'));
  await desk.answer('PO1');
  await desk.ship('PO1');
  expect(await shippedQuantities()).toEqual(['10']);
  const { id } = await desk.order('PO1');
  expect(await readProgress(desk.db, id)).toMatchObject({ releaseAt: '2026-06-01T05:00:00.000Z' });
});

test.each([
  ['west', 'America/Los_Angeles'],
  ['east', 'America/New_York'],
])('a warehouse to the %s is told the day before which a line may not leave', async (_where, zone) => {
  await desk.db('node').update({ time_zone: zone });
  await desk.send('PO', order(bolts(1, 10), bolts(2, 20), 'DTM*037*20260601'));
  await desk.answer('PO1');
  const { id } = await desk.order('PO1');
  const plannedAt = (now: string) => desk.db.transaction((tx) => planShipments(tx, id, now));
  const [first] = await plannedAt('2026-03-02T15:00:00.000Z');
  expect((await buildRelease(desk.db, first ?? '')).shipNotBefore).toBeUndefined();
  // The day of where the order is sold from has begun; further west it is the evening before.
  expect(await plannedAt('2026-06-01T04:59:00.000Z')).toEqual([]);
  const [second] = await plannedAt('2026-06-01T05:00:00.000Z');
  expect((await buildRelease(desk.db, second ?? '')).shipNotBefore).toBe('2026-06-01');
});

test('a delivery that is wanted within the days it takes leaves today: no 855 promises a day that has passed', async () => {
  await desk.send('PO', order(bolts(1, 30), 'SCH*10*EA***002*20260305', 'SCH*20*EA***010*20260227'));
  await desk.answer('PO1');
  const [answer = []] = await desk.sent('855');
  expect(answer.filter((segment) => segment.startsWith('ACK'))).toEqual(['ACK*IA*30*EA*068*20260302']);
});

test.each([
  ['cancel after', 'DTM*001*20260301', 'the last day 001 (2026-03-01) had passed when the order came'],
  ['cancel if not delivered by', 'DTM*061*20260228', 'the last day 061 (2026-02-28) had passed'],
  ['do not deliver after', 'DTM*063*20260301', 'the last day 063 (2026-03-01) had passed'],
])(
  'an order whose day of "%s" had passed when it came is not shipped before a person has looked',
  async (_, date, text) => {
    const segments = order(bolts(1, 10));
    await desk.send('PO', [...segments.slice(0, 1), date, ...segments.slice(1)]);
    expect((await desk.holds('PO1')).join()).toContain(text);
    const { id } = await desk.order('PO1');
    // The clock does not cancel it either: the buyer is asked.
    expect(await readProgress(desk.db, id)).toMatchObject({ cancelAfter: null });
  },
);

test('a day of "cancel after" that is today still holds', async () => {
  const segments = order(bolts(1, 10));
  await desk.send('PO', [...segments.slice(0, 1), 'DTM*001*20260302', ...segments.slice(1)]);
  expect(await desk.holds('PO1')).toEqual([]);
  const { id } = await desk.order('PO1');
  expect(await readProgress(desk.db, id)).toMatchObject({ cancelAfter: '2026-03-03T06:00:00.000Z' });
});

test.each([
  [
    'do not sum to the line',
    ['SCH*10*EA***010*20260310', 'SCH*20*EA***010*20260401'],
    'its schedules (SCH) sum to 30, ordered are 60',
  ],
  [
    'name a day without a rule',
    ['SCH*30*EA***010*20260310', 'SCH*30*EA***038*20260401'],
    'SCH: line schedule 30 EA 038 20260401 is not handled',
  ],
  [
    'are in another unit',
    ['SCH*60*CA***010*20260310'],
    'SCH: line schedule 60 CA 010 20260310 is not handled',
  ],
  [
    'come with several places',
    ['SDQ*EA*92*DC1*60', 'SCH*60*EA***010*20260310'],
    'several days (SCH) and several places (SDQ)',
  ],
])('deliveries that %s hold the order, and the line stays whole', async (_, segments, text) => {
  await desk.send('PO', order(bolts(1, 60), ...segments));
  expect((await desk.holds('PO1')).join()).toContain(text);
});
