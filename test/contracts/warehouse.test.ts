import { createWarehouseClient } from '../../adapters/wms/client';
import { warehouseCallback } from '../../adapters/wms/contract';
import type { WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import { endpoint, folder, impatientMs, Outside, post, setFaults, stateOf, until } from './outside';

const release: WarehouseRelease = {
  idempotencyKey: 'order/1/release/1',
  releaseNumber: 'SH100001',
  nodeId: 'EAST',
  orderNumber: 'SO100001',
  purchaseOrderNumber: 'PO1',
  shipTo: {
    role: 'ST',
    name: 'Acme Store 42',
    idQualifier: '92',
    id: '0042',
    address: { lines: ['77 Lake Street'], city: 'Cleveland', region: 'OH', postalCode: '44113' },
  },
  carrier: { scac: 'SLOW', service: 'GROUND' },
  lines: [{ lineNumber: 1, itemId: 'L-6001', quantity: 3 }],
  packages: [
    { sscc: '095212340000000010', trackingNumber: 'T1', contents: [{ lineNumber: 1, quantity: 2 }] },
    { sscc: '095212340000000027', trackingNumber: 'T2', contents: [{ lineNumber: 1, quantity: 1 }] },
  ],
};

/** What only the warehouse over REST has; what every warehouse does stands in warehouse-port.test.ts. */
describe('the warehouse over REST', () => {
  let outside: Outside;
  let url: string;
  beforeEach(async () => {
    outside = new Outside();
    await outside.start();
    url = await outside.warehouse();
  });
  afterEach(() => outside.stop());

  test('a release is picked after a while, and the goods that left are confirmed with their cartons', async () => {
    const warehouse = createWarehouseClient(endpoint(url));
    expect(await warehouse.release(release)).toMatchObject({ kind: 'accepted' });
    await until(() => outside.callbacks.length > 0);
    expect(outside.callbacks[0]?.path).toBe('/callbacks/warehouse/wms');
    expect(warehouseCallback.parse(outside.callbacks[0]?.message)).toMatchObject({
      type: 'shipment.confirmed',
      data: {
        releaseNumber: 'SH100001',
        nodeId: 'EAST',
        trackingNumber: 'T1',
        lines: [{ lineNumber: 1, shipped: 3 }],
        packages: [
          { sscc: '095212340000000010', weightGrams: 1350 },
          { sscc: '095212340000000027', weightGrams: 850 },
        ],
      },
    });
  });

  test('a release sent twice is worked once, with keys and without', async () => {
    const warehouse = createWarehouseClient(endpoint(url));
    await setFaults(url, { loseAnswers: 1 });
    const impatient = createWarehouseClient(endpoint(url, 'key', impatientMs));
    await expect(impatient.release(release)).rejects.toMatchObject({ slug: 'timed-out', retryable: true });
    await warehouse.release(release);
    await setFaults(url, { ignoreIdempotencyKeys: true });
    await createWarehouseClient(endpoint(url, 'lookup')).release(release);
    expect((await stateOf(url)).releases).toMatchObject([{ requests: 1 }]);
    await until(() => outside.callbacks.length > 0);
    expect(outside.callbacks).toHaveLength(1);
  });

  test('a receipt is told, and told again until the hub takes it; a copy carries the same event id', async () => {
    outside.answers.push(503, 500);
    await setFaults(url, { duplicateCallbacks: 1 });
    await post(`${url}/admin/receive`, { nodeId: 'WEST', itemId: 'K-5001', quantity: 18 });
    await until(() => outside.callbacks.length === 2);
    expect(new Set(outside.callbacks.map((one) => one.eventId)).size).toBe(1);
    expect(warehouseCallback.parse(outside.callbacks[0]?.message)).toMatchObject({
      type: 'stock.received',
      data: { nodeId: 'WEST', lines: [{ itemId: 'K-5001', quantity: 18 }] },
    });
  });

  test('a warehouse that was restarted goes on with what it had accepted', async () => {
    const memory = folder();
    const first = await outside.warehouse(memory);
    await post(`${first}/admin/speed`, { paused: true });
    await createWarehouseClient(endpoint(first)).release(release);
    const second = await outside.warehouse(memory);
    await createWarehouseClient(endpoint(second)).release(release);
    await until(() => outside.callbacks.length > 0);
    expect((await stateOf(second)).releases).toMatchObject([{ requests: 1, stage: 'shipped' }]);
  });
});
