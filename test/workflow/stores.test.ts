import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'an order for many stores', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  test('has twenty shipments under way side by side, in one workflow, and ends with the last', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `9${String(i).padStart(3, '0')}`);
    const address = {
      lines: ['1 High Street'],
      city: 'Toledo',
      region: 'OH',
      postalCode: '43604',
      country: 'US',
    };
    await stage.db('ship_to').insert(
      ids.map((code) => ({
        customer_id: 'ACME',
        qualifier: '92',
        code,
        name: code,
        address: JSON.stringify(address),
      })),
    );
    const at = { segment: 1, segmentId: 'SDQ' };
    const destinations = ids.map((id) => ({ idQualifier: '92', id, quantity: '2', at }));
    const lines = [
      {
        buyerLineNumber: '1',
        productIds: [{ qualifier: 'VP', value: 'BOLT' }],
        quantity: '40',
        unit: 'EA',
        dates: [],
        references: [],
        destinations,
      },
    ];
    const orderId = await stage.order(0, { parties: [], lines });
    const { shipments } = await stage.until(
      orderId,
      'released',
      (p) => p.shipments.filter((s) => s.state === 'released').length === 20,
      50_000,
    );
    await Promise.all(shipments.map(({ shipmentId }) => stage.confirm(shipmentId)));
    await stage.ended(orderId, 50_000);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect((await stage.documents(orderId)).filter((set) => set === '810')).toHaveLength(20);
  });
});
