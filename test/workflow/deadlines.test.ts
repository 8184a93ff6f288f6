import { describeWith } from '../support/needs';
import { askChange } from './ask-change';
import { openSkipped } from './time-skipping';

describeWith('time-skipping-server', 'an order that waits', () => {
  let skipped: Awaited<ReturnType<typeof openSkipped>>;
  let time: typeof skipped.time;
  let stage: typeof skipped.stage;
  beforeAll(async () => {
    skipped = await openSkipped({
      limitMinor: 10_000,
      policy: {
        answerWithinSeconds: 3600,
        changeWindowSeconds: 7200,
        receivablesMaximumAgeSeconds: 90 * 86_400,
      },
    });
    ({ stage, time } = skipped);
  }, 120_000);
  afterAll(async () => {
    await skipped?.close();
  });

  const payloads = async (orderId: string) => {
    const rows = await stage
      .db('document_request')
      .where({ order_id: orderId })
      .orderBy('id')
      .select('payload');
    return rows.map((row: { payload: { acknowledgment?: string } }) => row.payload.acknowledgment);
  };

  test('on hold is answered AH in time, escalated when it is due, and rejected when nobody decides', async () => {
    const orderId = await stage.order(100);
    await stage.until(orderId, 'held', (p) => p.state === 'held');
    await stage.taken(orderId);

    await time.sleep('59 minutes');
    await stage.until(orderId, 'answered "on hold"', (p) => p.answer.holdAnswerAt === null);
    expect(await payloads(orderId)).toEqual(['AH']);

    await time.sleep('25 hours');
    await stage.until(orderId, 'escalated', (p) => p.openHolds[0]?.escalated === true);
    expect(await stage.db('exception').where({ order_id: orderId, kind: 'hold-overdue' })).toHaveLength(1);

    await time.sleep('14 days');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('rejected');
    expect(await payloads(orderId)).toEqual(['AH', 'RD']);
    await stage.keepHistory(orderId, 'hold-expired');
  });

  test('is released when its change window is over, and not before', async () => {
    const orderId = await stage.order(10);
    await stage.until(orderId, 'confirmed', (p) => p.state === 'confirmed');
    await time.sleep('1 hour');
    expect((await stage.progress(orderId)).shipments).toEqual([]);
    await time.sleep('61 minutes');
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    await stage.keepHistory(orderId, 'change-window');
  });

  test('with a change that nobody agrees to in time refuses the change and ships what was confirmed', async () => {
    const orderId = await stage.order(10);
    await stage.until(orderId, 'confirmed', (p) => p.state === 'confirmed');
    const bolts = { productIds: [{ qualifier: 'VP', value: 'BOLT' }], quantity: '100', unit: 'EA' };
    const line = { ...bolts, dates: [], references: [] };
    const changeId = await askChange(
      stage,
      orderId,
      { lines: [{ kinds: ['quantity'], changeCode: 'QI', lineNumber: 1, line }] },
      new Date(await time.currentTimeMs()).toISOString(),
    );
    expect(await stage.engine.applyChange(orderId, changeId)).toMatchObject({
      outcome: { kind: 'held' },
    });
    await time.sleep('15 days');
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    expect(await stage.db('order_change').where({ id: changeId }).first()).toMatchObject({
      status: 'refused',
    });
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect(await payloads(orderId)).toEqual(['AD', 'AH', 'RD', undefined, undefined]);
    expect(await stage.db('order_line').where({ order_id: orderId }).first()).toMatchObject({ shipped: 10 });
    await stage.keepHistory(orderId, 'change-expired');
  });

  test('for stock beyond its cancel-after is cancelled and the partner hears it', async () => {
    await stage.db('stock').update({ on_hand: stage.db.raw('reserved') });
    const day = new Date((await time.currentTimeMs()) + 3 * 86_400_000).toISOString().slice(0, 10);
    const orderId = await stage.order(10, { dates: [{ qualifier: '001', date: day }] });
    await stage.until(orderId, 'backordered', (p) => p.state === 'confirmed' && p.backordered);
    await time.sleep('5 days');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('cancelled');
    expect(await stage.documents(orderId)).toEqual(['855', '855']);
    await stage.keepHistory(orderId, 'cancel-after');
  });
});
