import { buildLabelRequest } from '../../application/fulfilment/build-label-request';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeAll(async () => {
  desk = await OrderDesk.open();
});
afterAll(() => desk.close());

const guide = (scope: string, version: number, name: string) => ({
  kind: 'routing-guide',
  scope,
  version,
  body: JSON.stringify({ routes: [{ name, when: { countries: ['US'] }, carriers: [{ scac: 'FDEG' }] }] }),
});

async function routingOf(po: string, ...more: readonly string[]) {
  await desk.send('PO', [
    `BEG*00*SA*${po}**20260302`,
    ...more,
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*10*EA*10**BP*AC-BOLT',
    'CTT*1',
  ]);
  expect(await desk.holds(po)).toEqual([]);
  await desk.answer(po);
  const { id } = await desk.order(po);
  const [shipmentId = ''] = await desk.db.transaction((tx) => planShipments(tx, id, NOW));
  return (await buildLabelRequest(desk.db, shipmentId)).routing;
}

test('a shipment goes by the customer’s own routing guide, else by everyone’s, and the order’s own wish comes first', async () => {
  expect(await routingOf('PO1')).toBeNull();
  await desk.db('rule').insert(guide('*', 1, 'everyone'));
  expect(await routingOf('PO2')).toMatchObject({
    source: '* v1',
    route: { name: 'everyone', choose: 'first' },
  });
  await desk.db('rule').insert([guide('customer:ACME', 1, 'old'), guide('customer:ACME', 2, 'of Acme')]);
  expect(await routingOf('PO3')).toMatchObject({ source: 'customer:ACME v2', route: { name: 'of Acme' } });
  expect(await routingOf('PO4', 'TD5*B*2*UPSN*M')).toMatchObject({
    source: 'order',
    route: { carriers: [{ scac: 'UPSN' }], otherwise: 'any' },
  });
});
