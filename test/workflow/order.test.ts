import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'the order of a partner', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const released = (orderId: string, count = 1) =>
    stage.until(
      orderId,
      'released',
      (p) => p.shipments.filter((s) => s.state === 'released').length === count,
    );

  test('goes from 855 over 856 to 810 with three calls to the outside', async () => {
    const orderId = await stage.order(10);
    const { shipments } = await released(orderId);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    const calls = stage.outside.callsFor(orderId);
    expect(calls.map((call) => call.operation)).toEqual(['label', 'release', 'invoice']);
    await stage.keepHistory(orderId, 'clean-order');
  });

  test('ships from two warehouses as two shipments with two invoices', async () => {
    await stage.db('stock').where({ node_id: 'DAL' }).update({ on_hand: 300 });
    await stage
      .db('stock')
      .where({ node_id: 'CHI' })
      .update({ on_hand: stage.db.raw('reserved + 100') });
    const orderId = await stage.order(400);
    const { shipments } = await released(orderId, 2);
    for (const { shipmentId } of shipments) await stage.confirm(shipmentId);
    await stage.ended(orderId);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810', '856', '810']);
    expect(stage.outside.callsFor(orderId).filter((call) => call.operation === 'invoice')).toHaveLength(2);
    await stage.keepHistory(orderId, 'two-shipments');
  });

  test('waits for stock and ships the backorder when it comes in', async () => {
    await stage.db('stock').update({ on_hand: stage.db.raw('reserved') });
    const orderId = await stage.order(30);
    await stage.until(orderId, 'confirmed', (p) => p.state === 'confirmed' && p.backordered);
    await stage.callback('stock.received', `receipt-${orderId}`, {
      nodeId: 'CHI',
      lines: [{ itemId: 'BOLT', quantity: 30 }],
    });
    const { shipments } = await released(orderId);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    await stage.keepHistory(orderId, 'backorder');
  });

  test('that is picked short ships the rest when stock comes in', async () => {
    await stage
      .db('stock')
      .where({ node_id: 'CHI' })
      .update({ on_hand: stage.db.raw('reserved + 10') });
    const orderId = await stage.order(10);
    const first = await released(orderId);
    await stage.confirm(first.shipments[0]?.shipmentId ?? '', 4);
    await stage.until(
      orderId,
      'invoiced in part',
      (p) => p.shipments[0]?.invoicePosted === true && p.backordered,
    );
    await stage.callback('stock.received', `receipt-${orderId}`, {
      nodeId: 'DAL',
      lines: [{ itemId: 'BOLT', quantity: 4 }],
    });
    const second = await released(orderId);
    await stage.confirm(second.shipments[1]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    await stage.db('stock').where({ node_id: 'CHI' }).update({ on_hand: 100_000 });
    await stage.keepHistory(orderId, 'short-pick');
  });

  test('is invoiced once although the ERP is down for a while', async () => {
    stage.outside.fail('invoice', 3);
    const orderId = await stage.order(5);
    const { shipments } = await released(orderId);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId, 20_000);
    const tries = stage.outside.callsFor(orderId).filter((call) => call.operation === 'invoice');
    expect(tries).toHaveLength(4);
    expect(new Set(tries.map((call) => call.key)).size).toBe(1);
    await stage.keepHistory(orderId, 'erp-down');
  });

  test('whose label cannot be bought has an exception with an owner, and goes on when it is woken', async () => {
    stage.outside.fail('label', 1, false);
    const orderId = await stage.order(5);
    const exceptions = () => stage.db('exception').where({ order_id: orderId, kind: 'outside-call' });
    await stage.until(orderId, 'planned', (p) => p.shipments.length === 1);
    while ((await exceptions().where({ status: 'open' })).length === 0)
      await new Promise((r) => setTimeout(r, 50));
    await stage.engine.signalOrder(orderId);
    const { shipments } = await released(orderId);
    expect((await exceptions())[0].status).toBe('resolved');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    await stage.keepHistory(orderId, 'label-failed');
  });

  test('that the warehouse refuses waits with an owner and is asked again under the next number', async () => {
    stage.outside.refusals.push('closed for stocktaking');
    const orderId = await stage.order(5);
    const refused = () =>
      stage.db('exception').where({ order_id: orderId, kind: 'warehouse-refused', status: 'open' });
    while ((await refused()).length === 0) await new Promise((r) => setTimeout(r, 50));
    await stage.engine.signalOrder(orderId);
    const { shipments } = await released(orderId);
    expect(await refused()).toEqual([]);
    const keys = stage.outside
      .callsFor(orderId)
      .filter((call) => call.operation === 'release')
      .map((call) => call.key);
    expect(keys.map((key) => key.slice(-2))).toEqual(['/1', '/2']);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    await stage.keepHistory(orderId, 'release-refused');
  });

  test('of a test partner without a test warehouse stops after its 855', async () => {
    const orderId = await stage.order(5, { usage: 'T' });
    await stage.ended(orderId);
    expect(await stage.documents(orderId)).toEqual(['855']);
    await stage.keepHistory(orderId, 'test-order');
  });
});
