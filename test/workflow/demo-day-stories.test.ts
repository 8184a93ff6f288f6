import { Runtime } from '@temporalio/worker';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import type { OrderRequestLine } from '../../domain/order/order-request';
import { changeOf } from '../support/company';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';
import { orderRequest } from './seed';

/** Stories of the demo day that no other test here tells, so that the way each takes through the engine is recorded. */
describeWith('temporal', 'an order of the demo day', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({
      address: placeOf('temporal'),
      policy: { approvalAboveMinor: 50_000, priceOnRelease: 'ours' },
    });
    await stage.db('rule').insert({
      kind: 'authority',
      scope: 'head-of-sales',
      version: 1,
      body: JSON.stringify({ holdTypes: ['approval'], maximumMinor: null, secondPersonAboveMinor: null }),
    });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const line = (number: string, item: string, quantity: number, unitPrice?: string): OrderRequestLine => ({
    buyerLineNumber: number,
    productIds: [{ qualifier: 'VP', value: item }],
    quantity: String(quantity),
    unit: 'EA',
    dates: [],
    references: [],
    ...(unitPrice !== undefined && { unitPrice }),
  });
  async function shipped(orderId: string, nodeId = 'CHI'): Promise<void> {
    const isOpen = (one: { readonly nodeId: string; readonly state: string }) =>
      one.nodeId === nodeId && one.state === 'released';
    const { shipments } = await stage.until(orderId, `released at ${nodeId}`, (p) =>
      p.shipments.some(isOpen),
    );
    await stage.confirm(shipments.find(isOpen)?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
  }
  async function releasedBy(
    orderId: string,
    type: string,
    who: { readonly person: string; readonly roles: readonly string[]; readonly customerId?: string },
  ): Promise<void> {
    const { openHolds } = await stage.until(orderId, 'held', (p) => p.state === 'held');
    const hold = openHolds.find((one) => one.type === type);
    const answer = await stage.engine.resolveHold(orderId, {
      holdId: hold?.holdId ?? '',
      action: 'release',
      ...who,
      reason: 'as agreed',
    });
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'resolved', status: 'released' } });
  }

  test('at another price than ours is held, and goes at our price once sales has released it', async () => {
    const orderId = await stage.order(0, { lines: [line('1', 'BOLT', 10, '1.20')] });
    await releasedBy(orderId, 'price', { person: 'sam', roles: ['sales'] });
    await shipped(orderId);
    expect(await stage.db('orders').where({ id: orderId }).first('total_minor')).toEqual({
      total_minor: 1500,
    });
    await stage.keepHistory(orderId, 'price-mismatch');
  });

  test('above what goes without approval waits for the head of sales', async () => {
    const orderId = await stage.order(400);
    await releasedBy(orderId, 'approval', { person: 'paula', roles: ['head-of-sales'] });
    await shipped(orderId);
    await stage.keepHistory(orderId, 'approval-by-amount');
  });

  test('above a buyer’s own spending limit waits for an approver of the buyer’s company', async () => {
    const saved = { customer_id: 'ACME', saved_by: 'ida', saved_at: new Date().toISOString() };
    await stage.db('buyer_person').insert([
      { ...saved, person: 'ivan', limit_minor: 1000 },
      { ...saved, person: 'ida', limit_minor: null, may_approve: true },
    ]);
    const { partnerId: _, ...request } = orderRequest(10, { channel: 'api', placedBy: 'ivan' });
    const orderId = await stage.placed({ ...request, buyer: { person: 'ivan' } });
    await releasedBy(orderId, 'buyer-approval', { person: 'ida', roles: ['buyer'], customerId: 'ACME' });
    await shipped(orderId);
    await stage.keepHistory(orderId, 'approved-by-the-buyer');
  });

  test('with one line of an item that is not sold is answered so, and delivers the other', async () => {
    const orderId = await stage.order(0, { lines: [line('1', 'NO-SUCH', 3), line('2', 'BOLT', 5)] });
    await shipped(orderId);
    const lines = await stage.db('order_line').where({ order_id: orderId }).orderBy('line_number');
    expect(lines).toMatchObject([{ rejection_code: 'R2', shipped: 0 }, { shipped: 5 }]);
    await stage.keepHistory(orderId, 'unknown-item');
  });

  test('by API is not answered with an 855, and takes the same way', async () => {
    const { partnerId: _, ...request } = orderRequest(4, { channel: 'api' });
    const orderId = await stage.placed(request);
    await shipped(orderId);
    expect(await stage.documents(orderId)).toEqual([]);
    await stage.keepHistory(orderId, 'ordered-by-api');
  });

  test('that one warehouse finds too little of is completed by the other', async () => {
    await stage
      .db('stock')
      .where({ node_id: 'CHI' })
      .update({ on_hand: stage.db.raw('reserved + 5') });
    await stage
      .db('stock')
      .where({ node_id: 'DAL' })
      .update({ on_hand: stage.db.raw('reserved + 2') });
    const orderId = await stage.order(5);
    const released = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(released.shipments[0]?.shipmentId ?? '', 2);
    await shipped(orderId, 'DAL');
    expect(await stage.db('shipment').where({ order_id: orderId }).orderBy('id').pluck('node_id')).toEqual([
      'CHI',
      'DAL',
    ]);
    await stage.keepHistory(orderId, 'short-pick-elsewhere');
  });

  test('whose waiting line an 860 lowers ships what it has come to', async () => {
    await stage.db('stock').update({ on_hand: stage.db.raw('reserved') });
    const request = orderRequest(50);
    const orderId = await stage.placed(request);
    await stage.until(orderId, 'waiting', (p) => p.state === 'confirmed' && p.backordered);
    const now = new Date().toISOString();
    const received = await stage.db.transaction((tx) =>
      receiveOrderChange(
        tx,
        changeOf(request, {
          lines: [{ changeCode: 'QD', kinds: ['quantity'], line: line('1', 'BOLT', 30) }],
        }),
        now,
      ),
    );
    expect(received.kind).toBe('recorded');
    while (!(await stage.documents(orderId)).includes('865')) await new Promise((r) => setTimeout(r, 25));
    await stage.callback('stock.received', `receipt-${orderId}`, {
      nodeId: 'CHI',
      lines: [{ itemId: 'BOLT', quantity: 30 }],
    });
    await shipped(orderId);
    const [ordered] = await stage.db('order_line').where({ order_id: orderId }).pluck('shipped');
    expect(ordered).toBe(30);
    await stage.keepHistory(orderId, 'changed-by-860');
  });
});
