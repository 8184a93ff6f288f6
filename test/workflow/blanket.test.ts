import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'a blanket order and its releases', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  test('it waits, answered, while its releases ship, and ends with the last of them', async () => {
    const purchaseOrderNumber = `BL${Date.now()}`;
    const blanket = await stage.order(20, { type: 'blanket', purchaseOrderNumber });
    await stage.until(blanket, 'confirmed', (p) => p.state === 'confirmed');
    for (const [releaseNumber, quantity] of [
      ['R1', 15],
      ['R2', 5],
    ] as const) {
      const release = await stage.order(quantity, { type: 'release', purchaseOrderNumber, releaseNumber });
      const { shipments } = await stage.until(
        release,
        'released',
        (p) => p.shipments[0]?.state === 'released',
      );
      expect((await stage.progress(blanket)).state).toBe('confirmed');
      await stage.confirm(shipments[0]?.shipmentId ?? '');
      await stage.ended(release);
    }
    await stage.ended(blanket);
    expect((await stage.progress(blanket)).state).toBe('completed');
    expect(await stage.documents(blanket)).toEqual(['855']);
    expect(stage.outside.callsFor(blanket)).toEqual([]);
    await stage.keepHistory(blanket, 'blanket');
  });

  test('what leaves on another day waits in the workflow for it, while the rest is on its way', async () => {
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const line = (
      number: string,
      quantity: string,
      dates: readonly { qualifier: string; date: string }[],
    ) => ({
      buyerLineNumber: number,
      productIds: [{ qualifier: 'VP', value: 'BOLT' }],
      quantity,
      unit: 'EA',
      dates,
      references: [],
    });
    const orderId = await stage.order(0, {
      lines: [line('1', '3', []), line('2', '4', [{ qualifier: '037', date: tomorrow }])],
    });
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    const progress = await stage.until(orderId, 'invoiced', (p) => p.shipments[0]?.invoicePosted === true);
    expect(progress).toMatchObject({ state: 'fulfilling', unplannedReservation: true });
    expect(Date.parse(progress.releaseAt)).toBeGreaterThan(Date.now());
    expect(await stage.taken(orderId)).toBeUndefined();
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
  });
});
