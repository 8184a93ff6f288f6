import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

/** Slow enough to be told from a busy machine. */
const PER_SECOND = 0.5;
const ORDERS = 4;

describeWith('temporal', 'an ERP that takes a call every two seconds', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    const callLimits = [{ counterparty: 'erp', perSecond: PER_SECOND }];
    stage = await OrderStage.open({ address: placeOf('temporal'), callLimits });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  test('gets no more, and holds up neither carriers nor warehouses', async () => {
    const orderIds = await Promise.all(Array.from({ length: ORDERS }, () => stage.order(10)));
    for (const orderId of orderIds) {
      const { shipments } = await stage.until(
        orderId,
        'released',
        (p) => p.shipments[0]?.state === 'released',
      );
      await stage.confirm(shipments[0]?.shipmentId ?? '');
    }
    for (const orderId of orderIds)
      await stage.until(orderId, 'shipped', (p) => p.shipments[0]?.invoiceId !== null);
    // Invoices wait for the ERP; the next order goes to carrier and warehouse all the same.
    const late = await stage.order(10);
    await stage.until(late, 'released', (p) => p.shipments[0]?.state === 'released');
    for (const orderId of orderIds) await stage.ended(orderId, 50_000);
    await stage.keepHistory(orderIds[0] ?? '', 'limited-erp');
    const postings = stage.outside.calls.filter((call) => call.operation === 'invoice');
    expect(postings).toHaveLength(ORDERS);
    const [first = 0, ...others] = postings.map((call) => call.atMs);
    const last = others.at(-1) ?? 0;
    // A token bucket lets one through at once; a clock's tick less than the rest is still within the limit.
    expect(last - first).toBeGreaterThanOrEqual(((ORDERS - 2) * 1000) / PER_SECOND - 200);
  }, 120_000);
});
