import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { createEdiWarehouse } from '../../gateway/outbound/edi-warehouse';
import { EdiWarehouse } from '../../simulators/warehouse/edi-warehouse';
import { warehouseOfNode } from '../../worker/outside';
import { dock, mailOf, setUpDock } from '../support/edi-warehouse-stand';
import { describeWith, placeOf } from '../support/needs';
import { askChange } from './ask-change';
import { OrderStage, quietRuntime } from './order-stage';
import { seedAgreement } from './seed';

describeWith('temporal', 'an order whose stock a trading partner keeps', () => {
  let stage: OrderStage;
  let warehouse: EdiWarehouse;
  let reading: Promise<void>;
  let closed = false;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal'), policy: { changeWindowSeconds: 0 } });
    await seedAgreement(stage.db);
    await setUpDock(stage.db, 'CHI', { release: 'acknowledged' });
    const overEdi = createEdiWarehouse(stage.db);
    const rest = stage.outside.warehouse;
    Object.assign(stage.outside, {
      warehouse: warehouseOfNode(stage.db, { rest, edi: overEdi, store: rest, supplier: rest }),
    });
    warehouse = new EdiWarehouse({ identity: dock, mail: mailOf(stage.db), folder: null, weights: {} });
    // Its mail is read by itself, one round after another.
    reading = (async () => {
      while (!closed) {
        await warehouse.readMail();
        await pause(50);
      }
    })();
  }, 60_000);
  afterAll(async () => {
    closed = true;
    await reading;
    await stage.close();
    await Runtime.instance().shutdown();
  });
  const released = (orderId: string) =>
    stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');

  test('goes by 940 and 945 from its 855 to its 810, with the jobs that a hub runs', async () => {
    const orderId = await stage.order(10);
    await released(orderId);
    await warehouse.ship();
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await stage.documents(orderId)).toEqual(['855', '940', '856', '810']);
    expect(warehouse.problems).toEqual([]);
    expect(await stage.db('exception').where({ status: 'open' }).pluck('kind')).toEqual([]);
    const advice = await stage.db('document').where({ set_id: '945' }).first('order_id', 'note');
    expect(advice).toMatchObject({ order_id: orderId, note: expect.stringMatching(/^confirms shipment/) });
  });

  test('that is cancelled is taken back by a cancelling 940 once the partner has acknowledged it', async () => {
    const orderId = await stage.order(10);
    await released(orderId);
    const changeId = await askChange(stage, orderId, { purpose: 'cancel' });
    const answer = await stage.engine.applyChange(orderId, changeId);
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'applied' } });
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('cancelled');
    const { shipment_number } = await stage
      .db('shipment')
      .where({ order_id: orderId })
      .first('shipment_number');
    expect(warehouse.orders.get(shipment_number)?.stage).toBe('recalled');
    await warehouse.ship();
    expect(await stage.db('document').where({ set_id: '945' }).count().first()).toEqual({ count: 1 });
  });
});
