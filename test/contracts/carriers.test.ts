import { createCarrierClient } from '../../adapters/carrier/client';
import { carrierCallback } from '../../adapters/carrier/contract';
import type { LabelRequest } from '../../domain/fulfilment/carrier-port';
import { endpoint, impatientMs, Outside, setFaults, stateOf, until } from './outside';

const place = {
  name: 'Somewhere',
  address: { lines: ['1 Street'], city: 'Chicago', region: 'IL', postalCode: '60601', country: 'US' },
};
const request: LabelRequest = {
  idempotencyKey: 'order/1/label/1',
  shipmentNumber: 'SH100001',
  from: place,
  to: place,
  packages: [
    { sscc: '095212340000000010', weightGrams: 1200 },
    { sscc: '095212340000000027', weightGrams: 700 },
  ],
  routing: null,
};
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

describe('the carriers', () => {
  let outside: Outside;
  let url: string;
  beforeEach(async () => {
    outside = new Outside();
    await outside.start();
    url = await outside.carriers();
  });
  afterEach(() => outside.stop());

  test('the cheapest carrier sells the label, with a tracking number for every carton and the reason', async () => {
    const label = await createCarrierClient(endpoint(url)).buyLabel(request);
    expect(label).toMatchObject({
      scac: 'SLOW',
      service: 'GROUND',
      amountMinor: 1100,
      reason: 'cheapest of 2 offers',
    });
    expect(Object.keys(label.trackingNumbers)).toEqual(['095212340000000010', '095212340000000027']);
    expect(label.considered).toHaveLength(2);
  });

  test('the wished-for day decides before the price', async () => {
    const label = await createCarrierClient(endpoint(url)).buyLabel({ ...request, deliverBy: tomorrow });
    expect(label).toMatchObject({ scac: 'FAST', reason: `cheapest that arrives by ${tomorrow} of 2 offers` });
  });

  test('a carrier that is down is left out; when all are, the call may be tried again', async () => {
    const carriers = createCarrierClient(endpoint(url));
    await setFaults(`${url}/SLOW`, { down: true });
    expect(await carriers.buyLabel(request)).toMatchObject({
      scac: 'FAST',
      reason: 'cheapest of 1 offer; no answer from SLOW',
    });
    await setFaults(`${url}/FAST`, { down: true });
    await expect(carriers.buyLabel({ ...request, shipmentNumber: 'SH100002' })).rejects.toMatchObject({
      slug: 'unreachable',
      retryable: true,
    });
  });

  test('a routing guide that allows no other carrier leaves the shipment to somebody when its own do not offer', async () => {
    const route = {
      name: 'r',
      when: {},
      carriers: [{ scac: 'FAST' }],
      choose: 'first',
      otherwise: 'none',
    } as const;
    const routing = { source: '* v1', route };
    const carriers = createCarrierClient(endpoint(url));
    expect(await carriers.buyLabel({ ...request, routing })).toMatchObject({ scac: 'FAST' });
    const elsewhere = { source: '* v1', route: { ...route, carriers: [{ scac: 'ODFL' }] } };
    const refused = carriers.buyLabel({ ...request, shipmentNumber: 'SH2', routing: elsewhere });
    await expect(refused).rejects.toMatchObject({ slug: 'refused', retryable: false });
    await setFaults(`${url}/FAST`, { down: true });
    const silent = carriers.buyLabel({ ...request, shipmentNumber: 'SH3', routing });
    await expect(silent).rejects.toMatchObject({ retryable: true });
  });

  test.each(['key', 'lookup'] as const)(
    'a label whose answer was lost is bought once, by %s',
    async (mode) => {
      const carriers = createCarrierClient(endpoint(url, mode));
      const ignoreIdempotencyKeys = mode === 'lookup';
      await setFaults(`${url}/SLOW`, { path: '/labels', loseAnswers: 1, ignoreIdempotencyKeys });
      const impatient = createCarrierClient(endpoint(url, mode, impatientMs));
      await expect(impatient.buyLabel(request)).rejects.toMatchObject({ slug: 'timed-out', retryable: true });
      const label = await carriers.buyLabel(request);
      expect(label.scac).toBe('SLOW');
      expect((await stateOf(`${url}/SLOW`)).labels).toMatchObject([{ sold: 1 }]);
    },
  );

  test('a voided label can be bought anew', async () => {
    const carriers = createCarrierClient(endpoint(url));
    const label = await carriers.buyLabel(request);
    await carriers.voidLabel({
      idempotencyKey: 'order/1/void/1',
      scac: label.scac,
      trackingNumbers: Object.values(label.trackingNumbers),
    });
    const again = await carriers.buyLabel({ ...request, idempotencyKey: 'order/1/label/2' });
    expect(Object.values(again.trackingNumbers)).not.toEqual(Object.values(label.trackingNumbers));
  });

  test('every package tells where it is, to the door', async () => {
    const moving = await outside.carriers(30);
    await createCarrierClient(endpoint(moving)).buyLabel(request);
    await until(() => outside.callbacks.length === 8);
    const events = outside.callbacks.map((one) => carrierCallback.parse(one.message).data);
    expect(new Set(outside.callbacks.map((one) => one.path))).toEqual(new Set(['/callbacks/carrier/SLOW']));
    expect(new Set(events.map((one) => one.status))).toEqual(
      new Set(['picked-up', 'in-transit', 'out-for-delivery', 'delivered']),
    );
  });
});
