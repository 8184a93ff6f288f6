import { receiveCallback } from '../../application/fulfilment/receive-callback';
import type { TrackingNews } from '../../application/store/store-tracking';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
let events = 0;
beforeEach(async () => {
  desk = await OrderDesk.open();
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*100*EA*9**BP*AC-BOLT',
    'CTT*1',
  ]);
  await desk.answer('PO1');
  await desk.ship('PO1');
  // Two cartons of fifty with a number each.
  const shipment = await shipmentOf();
  const packages = await desk.db('package').where({ shipment_id: shipment.id }).orderBy('sequence');
  for (const [place, one] of packages.entries())
    await desk
      .db('package')
      .where({ sscc: one.sscc })
      .update({ tracking_number: `T${place + 1}`, shipped: true });
});
afterEach(() => desk.close());

const shipmentOf = async () => {
  const { id } = await desk.order('PO1');
  return desk.db('shipment').where({ order_id: id }).first();
};
const tell = (trackingNumber: string, status: TrackingNews['status'], time: string, more: object = {}) =>
  desk.db.transaction((tx) =>
    receiveCallback(
      tx,
      {
        counterparty: 'UPSN',
        eventId: `e${++events}`,
        kind: 'tracking.updated',
        body: { trackingNumber, status, occurredAt: `2026-03-03T${time}:00Z`, ...more },
      },
      NOW,
    ),
  );
const stands = async () =>
  (await desk.db('package').orderBy('sequence').select('tracking_number', 'tracking_status')).map(
    (one) => `${one.tracking_number} ${one.tracking_status}`,
  );

test('a shipment is delivered when all of its packages are, whatever the order in which the news comes', async () => {
  await tell('T1', 'in-transit', '10:00', { estimatedDelivery: '2026-03-05' });
  await tell('T1', 'picked-up', '08:00');
  expect(await stands()).toEqual(['T1 in-transit', 'T2 null']);
  expect((await shipmentOf()).estimated_delivery).toBe('2026-03-05');
  await tell('T1', 'delivered', '15:00');
  await tell('T1', 'out-for-delivery', '16:00');
  expect((await shipmentOf()).delivered_at).toBeNull();
  await tell('T2', 'delivered', '14:00');
  expect(await stands()).toEqual(['T1 delivered', 'T2 delivered']);
  expect((await shipmentOf()).delivered_at).toBe('2026-03-03T15:00:00.000Z');
  await tell('T2', 'delivered', '14:00');
  const delivered = await desk.db('order_event').where({ kind: 'delivered' });
  expect(delivered).toHaveLength(1);
});

test('two packages that arrive at the same moment deliver the shipment once', async () => {
  await Promise.all([tell('T1', 'delivered', '15:00'), tell('T2', 'delivered', '15:01')]);
  expect((await shipmentOf()).delivered_at).toBe('2026-03-03T15:01:00.000Z');
  expect(await desk.db('order_event').where({ kind: 'delivered' })).toHaveLength(1);
});

test('trouble on the way gets an owner, and is closed when the package moves on', async () => {
  await tell('T2', 'exception', '11:00', { location: 'Memphis' });
  const open = await desk.db('exception').where({ kind: 'carrier-trouble', status: 'open' });
  expect(open).toMatchObject([{ owner_role: 'customer-service', subject_key: 'T2' }]);
  expect(open[0].text).toContain('in Memphis');
  // News from before the trouble changes nothing of it.
  await tell('T2', 'in-transit', '10:00');
  expect(await desk.db('exception').where({ kind: 'carrier-trouble', status: 'open' })).toHaveLength(1);
  await tell('T2', 'in-transit', '12:00');
  expect(await desk.db('exception').where({ kind: 'carrier-trouble', status: 'open' })).toHaveLength(0);
  expect(await tell('T9', 'in-transit', '12:00')).toMatchObject({ kind: 'unknown-subject' });
});
