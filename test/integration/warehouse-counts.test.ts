import { confirmShipment } from '../../application/fulfilment/confirm-shipment';
import { takeInLoneConfirm } from '../../application/fulfilment/record-shipment';
import { placeOrder } from '../../application/order/place-order';
import type { Received } from '../../application/partner/received-content';
import { applyInventoryAdvice } from '../../application/stock/apply-inventory-advice';
import type { InventoryAdvice } from '../../domain/fulfilment/inventory-advice';
import { line, NOW as PLACED, purchaseOrder } from '../support/company';
import { type Released, receipt, useDock } from '../support/dock';

const { db, arrive, send, work, lastState, onHand, exceptions, kinds, released } = useDock();

const adjustment = (number: string, ...lines: readonly string[]) => [
  `W15*20261122*${number}*${number}`,
  'N1*WH*DOCK*91*EAST',
  ...lines,
];

describe('a 947', () => {
  test('moves levels by its signs and reasons, each line with a movement of its own', async () => {
    await send(
      '947',
      adjustment(
        'A1',
        'W19*AA*-3*EA**VN*BOLT',
        'W19*AA*4*EA**VN*NUT',
        'W19*07*2*EA**VN*NUT',
        'W19*05*1*CA**VN*WASHER',
        'W19*55*6*EA**VN*WASHER',
      ),
    );
    expect([await onHand('BOLT'), await onHand('NUT'), await onHand('WASHER')]).toEqual([97, 502, 234]);
    const moved = await db()('stock_movement').orderBy('reference').select('reason', 'quantity');
    expect(moved.map(({ reason, quantity }) => `${reason} ${quantity}`)).toEqual([
      'adjusted-AA -3',
      'adjusted-AA 4',
      'adjusted-07 -2',
      'adjusted-05 -12',
      'adjusted-55 6',
    ]);
  });

  test('sent twice counts once, by however many workers', async () => {
    for (let copy = 0; copy < 3; copy += 1) await arrive('947', adjustment('A1', 'W19*AA*-3*EA**VN*BOLT'));
    await Promise.all(Array.from({ length: 6 }, () => work()));
    expect(await onHand('BOLT')).toBe(97);
    expect(await kinds()).toEqual([]);
  });

  test('leaves what orders were promised, and says how much of it is said to be gone', async () => {
    await released();
    await send('947', adjustment('A1', 'W19*AA*-70*EA**VN*BOLT'));
    expect(await onHand('BOLT')).toBe(60);
    const [raised] = await exceptions();
    expect(raised).toMatchObject({
      kind: 'promised-stock-gone',
      text: expect.stringContaining('30 of BOLT'),
    });
  });

  test('follows what was agreed about a reason', async () => {
    await db()('partner')
      .where({ id: 'DOCK' })
      .update({ policy: JSON.stringify({ warehouse: { reasons: { AA: 'report', '05': 'signed' } } }) });
    await send('947', adjustment('A1', 'W19*AA*-3*EA**VN*BOLT', 'W19*05*5*EA**VN*NUT'));
    expect([await onHand('BOLT'), await onHand('NUT')]).toEqual([100, 505]);
  });

  test('races with orders and receipts: levels and movements always agree', async () => {
    const before = 100;
    const racing: Promise<unknown>[] = [];
    for (let n = 0; n < 8; n += 1) {
      await arrive('947', adjustment(`A${n}`, 'W19*AA*-1*EA**VN*BOLT', 'W19*AA*1*EA**VN*NUT'));
      await arrive('944', receipt(`R${n}`, '3'));
      racing.push(
        work(),
        db().transaction((tx) =>
          placeOrder(tx, purchaseOrder([line('NUT', '2', '0.0425'), line('BOLT', '2', '10.00')]), PLACED),
        ),
      );
    }
    await Promise.all(racing);
    await work();
    expect(await onHand('BOLT')).toBe(before - 8 + 24);
    const sum = await db()('stock_movement').where({ item_id: 'BOLT' }).sum('quantity as sum').first();
    expect(Number(sum?.['sum'])).toBe(16);
  });
});

const report = (number: string, time: string, ...items: readonly string[]) => [
  `BIA*00*DD*${number}*20261122*${time}`,
  'N1*WH*DOCK*91*EAST',
  ...items,
  `CTT*${items.filter((segment) => segment.startsWith('LIN*')).length}`,
];

describe('an 846 of a warehouse', () => {
  const bolts = (quantity: number, qualifier = '17') => ['LIN*1*VN*BOLT', `QTY*${qualifier}*${quantity}*EA`];

  test('is held against the record: a difference is told, and gone once a report agrees', async () => {
    await send('846', report('I1', '0600', ...bolts(90), 'LIN*2*VN*WASHER', 'QTY*17*20*CA'));
    const [raised] = await exceptions();
    expect(raised).toMatchObject({
      kind: 'stock-differs',
      text: expect.stringContaining('BOLT 90 (record: 100)'),
    });
    expect(await onHand('BOLT')).toBe(100);
    await send('846', report('I2', '0700', ...bolts(100)));
    expect(await kinds()).toEqual([]);
  });

  test('what is for sale is compared without what is reserved', async () => {
    await released();
    await send('846', report('I1', '0600', ...bolts(40, '33')));
    expect(await kinds()).toEqual([]);
  });

  test('sets the level where that was agreed, once, and never below what orders were promised', async () => {
    await db()('partner')
      .where({ id: 'DOCK' })
      .update({ policy: JSON.stringify({ warehouse: { inventory: 'set' } }) });
    await released();
    await arrive('846', report('I1', '0600', ...bolts(80)));
    await arrive('846', report('I1', '0600', ...bolts(80)));
    await Promise.all([work(), work()]);
    expect(await onHand('BOLT')).toBe(80);
    await send('846', report('I2', '0700', ...bolts(10)));
    expect(await onHand('BOLT')).toBe(60);
    expect(await kinds()).toEqual(['stock-differs']);
  });

  test('that is late says what no later one has said: of each item the newest counts', async () => {
    await db()('partner')
      .where({ id: 'DOCK' })
      .update({ policy: JSON.stringify({ warehouse: { inventory: 'set' } }) });
    const nuts = (quantity: number) => ['LIN*2*VN*NUT', `QTY*17*${quantity}*EA`];
    await send('846', report('I2', '0700', ...bolts(90)));
    await send('846', report('I1', '0600', ...bolts(80), ...nuts(400)));
    expect([await onHand('BOLT'), await onHand('NUT')]).toEqual([90, 400]);
    await send('846', report('I0', '0500', ...bolts(70), ...nuts(300)));
    expect([await onHand('BOLT'), await onHand('NUT')]).toEqual([90, 400]);
  });

  test('that is older than one before changes nothing', async () => {
    await db()('partner')
      .where({ id: 'DOCK' })
      .update({ policy: JSON.stringify({ warehouse: { inventory: 'set' } }) });
    await send('846', report('I2', '0700', ...bolts(80)));
    await send('846', report('I1', '0600', ...bolts(95)));
    expect(await lastState()).toBe('kept');
    expect(await onHand('BOLT')).toBe(80);
  });

  describe('by which the level is set', () => {
    beforeEach(async () => {
      await db()('partner')
        .where({ id: 'DOCK' })
        .update({ policy: JSON.stringify({ warehouse: { inventory: 'set' } }) });
    });
    /** What came in and was counted has been in the record since that moment. */
    const recordedAt = (at: string) => db()('stock_movement').update({ at });
    /** 60 bolts have left EAST, which was confirmed when the record has it. */
    const left = async (shippedAt: string) => leaves(await released(), shippedAt);
    async function leaves({ orderId, shipmentId }: Released, shippedAt: string): Promise<void> {
      const { shipment_number: releaseNumber } = await db()('shipment').where({ id: shipmentId }).first();
      await db().transaction(async (tx) => {
        const lines = [
          { lineNumber: 1, shipped: 60 },
          { lineNumber: 2, shipped: 24 },
        ];
        await confirmShipment(tx, {
          eventId: 'C1',
          releaseNumber,
          nodeId: 'EAST',
          shippedAt,
          packages: [],
          lines,
        } as never);
        await takeInLoneConfirm(tx, orderId, '2026-11-22T18:00:00.000Z');
      });
    }

    test('what came in after it was made stays, where it is late itself', async () => {
      await send('944', receipt('R1', '25'));
      await recordedAt('2026-11-22T13:30:00.000Z');
      await send('846', report('I1', '0700', ...bolts(90)));
      expect(await onHand('BOLT')).toBe(115);
      expect(await kinds()).toEqual([]);
    });

    test('what came in before it was made is in it', async () => {
      await send('944', receipt('R1', '25'));
      await recordedAt('2026-11-22T12:30:00.000Z');
      await send('846', report('I1', '0700', ...bolts(120)));
      expect(await onHand('BOLT')).toBe(120);
    });

    test('what has left since is not there again', async () => {
      await left('2026-11-22T16:00:00.000Z');
      expect(await onHand('BOLT')).toBe(40);
      await send('846', report('I1', '0700', ...bolts(98)));
      expect(await onHand('BOLT')).toBe(38);
    });

    test('races with the confirm of what leaves after it and with a receipt: the level is the same whichever is first', async () => {
      const shipment = await released();
      await arrive('846', report('I1', '0700', ...bolts(98)));
      await arrive('944', receipt('R1', '5'));
      await Promise.all([leaves(shipment, '2026-11-22T16:00:00.000Z'), work(), work()]);
      expect(await onHand('BOLT')).toBe(98 - 60 + 5);
    });

    test('what had left before, and was confirmed after, is not taken off twice', async () => {
      await left('2026-11-22T10:00:00.000Z');
      await send('846', report('I1', '0700', ...bolts(38)));
      expect(await onHand('BOLT')).toBe(38);
    });

    test('what is for sale was so without what has left since', async () => {
      await left('2026-11-22T16:00:00.000Z');
      await send('846', report('I1', '0700', ...bolts(41, '33')));
      expect(await onHand('BOLT')).toBe(41);
    });

    test('one that names no time stands for when it came, and of a day that is over for its end', async () => {
      await send('944', receipt('R1', '25'));
      await recordedAt('2026-11-22T13:30:00.000Z');
      const untimed = (number: string, day: string, quantity: number) => [
        `BIA*00*DD*${number}*${day}`,
        'N1*WH*DOCK*91*EAST',
        ...bolts(quantity),
        'CTT*1',
      ];
      await send('846', untimed('I1', '20261121', 90));
      expect(await onHand('BOLT')).toBe(115);
      await send('846', untimed('I2', '20261122', 121));
      expect(await onHand('BOLT')).toBe(121);
      await send('846', untimed('I2', '20261122', 121));
      expect(await kinds()).toEqual([]);
    });

    test('one that names no day counts once by its number; other figures under the same number are a person’s', async () => {
      await send('947', adjustment('A1', 'W19*AA*-1*EA**VN*BOLT'));
      const { id } = (await db()('document').orderBy('id').first('id')) as { id: string };
      const undated = (quantity: number, receivedAt: string) =>
        db().transaction((tx) =>
          applyInventoryAdvice(
            tx,
            {
              documentId: id,
              partnerId: 'DOCK',
              usage: 'P',
              set: '846',
              receivedAt,
              body: {
                kind: 'inventory-advice',
                purpose: '00',
                reportType: 'DD',
                reference: 'I9',
                dates: [],
                references: [],
                contacts: [],
                parties: [{ role: 'WH', name: 'DOCK', idQualifier: '91', id: 'EAST' }],
                items: [
                  {
                    productIds: [{ qualifier: 'VN', value: 'BOLT' }],
                    descriptions: [],
                    dates: [],
                    references: [],
                    quantities: [{ qualifier: '17', quantity: String(quantity), unit: 'EA' }],
                    parties: [],
                  },
                ],
              },
            } as unknown as Received<InventoryAdvice>,
            receivedAt,
          ),
        );
      expect(await undated(90, '2026-11-23T08:00:00.000Z')).toMatchObject({ kind: 'done' });
      expect(await onHand('BOLT')).toBe(90);
      await db()('stock').where({ item_id: 'BOLT' }).update({ on_hand: 70 });
      expect(await undated(90, '2026-11-24T08:00:00.000Z')).toMatchObject({
        note: 'report I9 was taken in before',
      });
      expect(await onHand('BOLT')).toBe(70);
      expect(await undated(80, '2026-11-25T08:00:00.000Z')).toMatchObject({ kind: 'set-aside' });
      expect(await onHand('BOLT')).toBe(70);
      await db()('stock').where({ item_id: 'BOLT' }).update({ on_hand: 90 });
    });

    test('one from the future is not taken: those that come after it would all be older', async () => {
      await send('846', ['BIA*00*DD*I1*20621122*0600', 'N1*WH*DOCK*91*EAST', ...bolts(10), 'CTT*1']);
      expect(await kinds()).toEqual(['stock-report-not-taken']);
      await send('846', report('I2', '0700', ...bolts(90)));
      expect(await onHand('BOLT')).toBe(90);
    });
  });
});
