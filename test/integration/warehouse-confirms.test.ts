import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { recordRecall } from '../../application/fulfilment/release-shipment';
import type { ShipNotice } from '../../domain/order/answers';
import { replayDocument } from '../../gateway/intake/replay';
import { type Released, useDock } from '../support/dock';
import { NOW } from '../support/gateway-door';

const { db, arrive, send, work, lastState, onHand, exceptions, kinds, released } = useDock();

const take = ({ shipmentId }: Released) => db().transaction((tx) => applyShipConfirm(tx, shipmentId, NOW));

/** Bolts in two cartons with their labels, washers in a third. */
const advice = ({ number, labels }: Released, bolts: readonly [number, number] = [50, 10], washers = '2') => [
  `W06*F*${number}*20261122*DK-1`,
  'N1*WH*DOCK*91*EAST',
  'N9*BM*BOL77',
  'G62*11*20261122*8*1045',
  'W27*M*OTHR*OTHER CARRIER',
  ...bolts.flatMap((quantity, at) => [
    `LX*${at + 1}`,
    `MAN*GM*00${labels[at] ?? ''}`,
    `MAN*CP*1Z${at}`,
    `W12*CC*${quantity}*${quantity}*0*EA**VN*BOLT**LOT${at}*${at + 3}*G*K`.replace('**LOT', '*LOT'),
    'N9*LI*1',
  ]),
  'LX*3',
  `W12*CC*2*${washers}*0*CA**VN*WASHER`,
  'N9*LI*2',
  'W03*62',
];

describe('a 945', () => {
  test('is the ship confirm of the shipment it names: cartons, labels, lots, carrier, tracking, local time', async () => {
    const shipment = await released();
    await send('945', advice(shipment));
    expect(await lastState()).toBe('done');
    const { confirm } = await db()('shipment').where({ id: shipment.shipmentId }).first('confirm');
    expect(confirm).toMatchObject({
      releaseNumber: shipment.number,
      shippedAt: '2026-11-22T16:45:00.000Z',
      billOfLading: 'BOL77',
      lines: [
        { lineNumber: 1, shipped: 60 },
        { lineNumber: 2, shipped: 24 },
      ],
      lots: [
        { lineNumber: 1, lot: 'LOT0', quantity: 50 },
        { lineNumber: 1, lot: 'LOT1', quantity: 10 },
      ],
      packages: [
        { sscc: shipment.labels[0], trackingNumber: '1Z0', weightGrams: 3000 },
        { sscc: shipment.labels[1], trackingNumber: '1Z1', weightGrams: 4000 },
        { sscc: shipment.labels[2], contents: [{ lineNumber: 2, quantity: 24 }] },
      ],
    });
    const jobs = await db()('graphile_worker.jobs' as never).pluck('key');
    expect(jobs).toContain(`signal-order/${shipment.orderId}`);
    expect((await take(shipment)).invoiceId).not.toBeNull();
    expect([await onHand('BOLT'), await onHand('WASHER')]).toEqual([40, 216]);
    const [notice] = (await db()('document_request')
      .where({ set_id: '856' })
      .pluck('payload')) as ShipNotice[];
    expect(notice).toMatchObject({ carrier: { scac: 'OTHR' }, billOfLading: 'BOL77' });
    expect(notice?.packages.map(({ sscc }) => sscc)).toEqual(shipment.labels);
    const document = await db()('document').where({ set_id: '945' }).first('order_id');
    expect(document.order_id).toBe(shipment.orderId);
  });

  test('of goods that left with another carrier leaves the label that was bought to somebody: nobody pays for it unused', async () => {
    const shipment = await released();
    const label = { scac: 'UPSN', service: 'GROUND', trackingNumbers: { [shipment.labels[0] ?? '']: '1Z9' } };
    await db()('shipment')
      .where({ id: shipment.shipmentId })
      .update({ label: JSON.stringify(label), carrier: JSON.stringify({ scac: 'UPSN', service: 'GROUND' }) });
    await send('945', advice(shipment));
    await send('945', advice(shipment));
    const [raised, ...others] = await exceptions();
    expect(others).toEqual([]);
    expect(raised).toMatchObject({ kind: 'label-not-used', text: expect.stringContaining('1Z9') });
  });

  test('that says less is a short pick; the carton that did not leave is not on the 856', async () => {
    const shipment = await released();
    await send('945', advice(shipment, [50, 0], '1'));
    await take(shipment);
    expect([await onHand('BOLT'), await onHand('WASHER')]).toEqual([40, 216]);
    const shipped = await db()('shipment_line').orderBy('line_number').pluck('shipped');
    expect(shipped).toEqual([50, 12]);
    const [notice] = (await db()('document_request')
      .where({ set_id: '856' })
      .pluck('payload')) as ShipNotice[];
    expect(notice?.packages.map(({ sscc }) => sscc)).toEqual([shipment.labels[0], shipment.labels[2]]);
    expect(await kinds()).toContain('short-pick');
  });

  test('sent again changes nothing; one that says otherwise is shown to a person, and the first stands', async () => {
    const shipment = await released();
    await send('945', advice(shipment));
    await send('945', advice(shipment));
    expect(await lastState()).toBe('done');
    await take(shipment);
    await send('945', advice(shipment, [50, 5]));
    expect(await lastState()).toBe('set-aside');
    expect(await kinds()).toContain('ship-confirm-differs');
    expect((await take(shipment)).invoiceId).not.toBeNull();
    expect(await onHand('BOLT')).toBe(40);
    expect(await db()('invoice').count().first()).toEqual({ count: 1 });
  });

  test('after a recall, for no shipment, or from a partner who does not keep it, is an exception and moves no stock', async () => {
    const shipment = await released();
    await db().transaction((tx) => recordRecall(tx, shipment.shipmentId, { kind: 'recalled' }, NOW));
    await send('945', advice(shipment));
    await send('945', advice({ ...shipment, number: 'SH999' }));
    await db()('node').where({ id: 'EAST' }).update({ warehouse_partner: null });
    const other = await released();
    await send('945', advice(other));
    expect(await kinds()).toEqual(Array(3).fill('unexpected-ship-confirm'));
    expect([await onHand('BOLT'), await onHand('WASHER')]).toEqual([100, 240]);
    expect(await db()('shipment').whereNotNull('confirm').count().first()).toEqual({ count: 0 });
  });

  test('racing the recall of its shipment: either it is confirmed or it is recalled, never both', async () => {
    for (let round = 0; round < 6; round += 1) {
      const shipment = await released();
      await arrive('945', advice(shipment));
      await Promise.all([
        work(),
        db().transaction((tx) => recordRecall(tx, shipment.shipmentId, { kind: 'recalled' }, NOW)),
      ]);
      const { state, confirm } = await db()('shipment')
        .where({ id: shipment.shipmentId })
        .first('state', 'confirm');
      expect([state, confirm !== null]).toEqual(
        state === 'cancelled' ? ['cancelled', false] : ['released', true],
      );
      // Stock is back, so that the next round has enough.
      if (state === 'released') {
        await take(shipment);
        await db()('stock')
          .where({ node_id: 'EAST' })
          .update({ on_hand: db().raw('reserved + 300') });
      }
    }
  });

  test('with an item, a unit or a quantity that nobody can read is not taken at all, until it is mended and replayed', async () => {
    const shipment = await released();
    const segments = advice(shipment).map((segment) => segment.replace('VN*WASHER', 'VN*WASHER-NEW'));
    await send('945', segments);
    expect(await lastState()).toBe('set-aside');
    const [raised] = await exceptions();
    expect(raised).toMatchObject({
      kind: 'shipping-advice-unclear',
      text: expect.stringContaining('there is no item VN WASHER-NEW'),
    });
    await db()('item_cross_reference').insert({ qualifier: 'VN', value: 'WASHER-NEW', item_id: 'WASHER' });
    const { document_id: id } = await db()('received_content').first('document_id');
    await replayDocument(db(), id, { confirmed: false, now: NOW });
    await work();
    expect(await lastState()).toBe('done');
    expect(await kinds()).toEqual([]);
    await take(shipment);
    expect(await onHand('WASHER')).toBe(216);
  });
});
