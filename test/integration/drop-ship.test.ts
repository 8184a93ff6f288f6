import { createHash } from 'node:crypto';
import { watchMilestones } from '../../application/monitoring/watch-milestones';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { AwaitsAcknowledgement } from '../../gateway/outbound/edi-warehouse';
import { judged, readByOthers } from '../edi/mapping/write-document';
import { startApi } from '../support/api-ground';
import { line } from '../support/company';
import { supplierNotice } from '../support/supplier-documents';
import { SupplierStand } from '../support/supplier-stand';

let stand: SupplierStand;
const open = async (options: Parameters<typeof SupplierStand.open>[0] = {}) => {
  stand = await SupplierStand.open(options);
};
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.door.database.drop();
});
const db = () => stand.db;

describe('what a supplier ships', () => {
  test('is ordered there by one 850 with the customer’s address, our order number, costs and days', async () => {
    await open();
    const { number, orderId } = await stand.ordered('10', 'ANVIL', {
      dates: [{ qualifier: '002', date: '2026-03-10' }],
    });
    const order = await db()('orders').where({ id: orderId }).first('order_number', 'po_number');
    const [set = []] = await stand.mail();
    expect(set).toEqual([
      'ST*850*0001',
      `BEG*00*DS*${number}**20260302`,
      'CUR*BY*USD',
      `REF*CO*${order.order_number}`,
      `REF*PO*${order.po_number}`,
      'DTM*002*20260310',
      'N1*BY*Harbor Supply*91*US01',
      'N1*ST*Acme DC 1*92*DC1',
      'N3*1 Yard Street',
      'N4*Chicago*IL*60601*US',
      'PO1*1*10*EA*6.25**VN*F-ANVIL*BP*ANVIL',
      'PID*F****Anvil',
      'CTT*1',
      'SE*14*0001',
    ]);
    const { content } = await db()('interchange')
      .where({ direction: 'out', partner_id: 'FORGE' })
      .first('content');
    expect(judged(content)).toEqual({ ack: 'A', findings: [] });
    expect(await readByOthers(content)).toEqual(set.slice(1, -1));
    expect(await stand.openExceptions()).toEqual([]);
  });

  test('leaves the company’s own stock alone and buys no label', async () => {
    await open({ items: { BOLT: { sourcing: 'always' } } });
    const { orderId, shipmentId } = await stand.ordered('40', 'BOLT');
    expect(await db()('stock').where({ item_id: 'BOLT' }).first('on_hand', 'reserved')).toEqual({
      on_hand: 100,
      reserved: 0,
    });
    expect(await stand.quantities(orderId)).toMatchObject([{ ordered: 40, reserved: 0, released: 40 }]);
    expect(await db()('package').where({ shipment_id: shipmentId })).toEqual([]);
  });

  test('is asked of it only when the own stock is short, where that is agreed', async () => {
    await open({ items: { BOLT: { sourcing: 'when-short' } } });
    const orderId = await stand.placed([line('BOLT', '130', '9.00')]);
    await stand.release(orderId);
    expect(await db()('shipment').where({ order_id: orderId }).orderBy('node_id').pluck('node_id')).toEqual([
      'EAST',
      'FORGE-DS',
    ]);
    expect(await stand.supplierLine((await db()('supplier_order').first('number')).number)).toMatchObject({
      ordered: 30,
    });
  });

  test('by drop-ship orders alone comes from stock for every other order', async () => {
    await open({ items: { BOLT: { sourcing: 'drop-ship-orders' } } });
    const plain = await stand.placed([line('BOLT', '10', '10.00')]);
    await stand.release(plain);
    expect(await db()('supplier_order')).toEqual([]);
    const { orderId } = await stand.ordered('10', 'BOLT', { type: 'drop-ship' });
    expect(await db()('shipment').where({ order_id: orderId }).pluck('node_id')).toEqual(['FORGE-DS']);
  });

  test('of several lines to one place is one order, however often and at once it is asked for', async () => {
    await open({ items: { ANVIL: { sourcing: 'always' }, NUT: { sourcing: 'always' } } });
    const orderId = await stand.placed([
      line('ANVIL', '2', '12.00', { dates: [{ qualifier: '002', date: '2026-03-10' }] }),
      line('NUT', '100', '0.0425', { dates: [{ qualifier: '002', date: '2026-03-20' }] }),
    ]);
    const planned = await stand.release(orderId);
    const shipments = await db()('shipment')
      .where({ order_id: orderId })
      .select('shipment_number', 'node_id');
    await Promise.all(
      [...shipments, ...shipments, ...shipments].map(({ shipment_number, node_id }) =>
        stand.port.release({ releaseNumber: shipment_number, nodeId: node_id } as never),
      ),
    );
    expect(planned.length).toBeGreaterThan(0);
    expect(await db()('supplier_order')).toHaveLength(1);
    expect(await db()('supplier_order_line')).toHaveLength(2);
    expect((await stand.mail()).map(([st]) => st)).toEqual(['ST*850*0001']);
  });

  test('without an agreement for the 850 is refused with what is to be done', async () => {
    await open();
    await db()('document_agreement').where({ set_id: '850', direction: 'out' }).delete();
    const orderId = await stand.placed([line('ANVIL', '10', '12.00')]);
    await stand.release(orderId);
    const [one] = await db()('exception').where({ status: 'open' }).select('kind', 'text');
    expect(one).toMatchObject({
      kind: 'warehouse-refused',
      text: expect.stringContaining('there is no agreement with FORGE for an outbound 850: set it up'),
    });
  });
});

describe('a supplier’s ship notice', () => {
  test('becomes our shipment, 856 and invoice to the buyer; a part stays a part', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 4, { sscc: '006141411234567890' });
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toEqual([
      { ordered: 10, cancelled: 0, reserved: 0, released: 6, shipped: 4 },
    ]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'partly-shipped', shipped: 4 });
    expect((await db()('orders').where({ id: orderId }).first('state')).state).toBe('fulfilling');
    await stand.shipped(number, 'SN2', 6);
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ released: 0, shipped: 10 }]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'shipped', shipped: 10 });
    expect(await stand.told(orderId)).toEqual(['855', '856', '810', '856', '810']);
    const totals = await db()('invoice')
      .where({ order_id: orderId })
      .orderBy('issued_at')
      .pluck('subtotal_minor');
    expect(totals.map(Number).sort((a, b) => a - b)).toEqual([4800, 7200]);
    expect(await stand.openExceptions()).toEqual([]);
  });

  test('names the carton and its tracking number to the buyer', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 10, { sscc: '106141411234567897', tracking: '1Z77' });
    await stand.takeIn(orderId);
    const cartons = await db()('package').select('sscc', 'tracking_number');
    expect(cartons).toEqual([{ sscc: '106141411234567897', tracking_number: '1Z77' }]);
    const notice = await db()('document_request')
      .where({ order_id: orderId, set_id: '856' })
      .first('payload');
    expect(notice.payload).toMatchObject({ carrier: { scac: 'FAST', trackingNumber: '1Z77' } });
  });

  test('that is corrected counts where nothing was noted before, agrees where it says the same, and is a person’s otherwise', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    const corrected = (notice: string, units: number) =>
      stand.send(
        '856',
        supplierNotice(number, notice, units).map((segment) => segment.replace('BSN*00', 'BSN*05')),
      );
    await corrected('SN1', 4);
    await stand.takeIn(orderId);
    expect(await stand.supplierLine(number)).toMatchObject({ shipped: 4 });
    await corrected('SN1', 4);
    expect(await stand.supplierLine(number)).toMatchObject({ shipped: 4 });
    expect(await stand.openExceptions()).toEqual([]);
    await corrected('SN1', 6);
    await stand.takeIn(orderId);
    expect(await stand.supplierLine(number)).toMatchObject({ shipped: 4 });
    expect(await stand.openExceptions()).toEqual(['supplier-notice-differs']);
  });

  test('that comes twice counts once, and one that says otherwise under the same number is shown', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 4);
    await stand.shipped(number, 'SN1', 4);
    await stand.takeIn(orderId);
    expect(await stand.supplierLine(number)).toMatchObject({ shipped: 4 });
    expect(await stand.openExceptions()).toEqual([]);
    await stand.shipped(number, 'SN1', 5);
    expect(await stand.openExceptions()).toEqual(['supplier-notice-differs']);
    expect(await stand.supplierLine(number)).toMatchObject({ shipped: 4 });
  });

  test('that comes before the answer is safe, and the late answer takes nothing back', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 10);
    await stand.answer(number, ['ACK*IR*10*EA'], 'RD');
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 10, cancelled: 0 }]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'shipped' });
  });

  test('of more than was ordered counts what was ordered, and the rest has an owner', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 13);
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 10 }]);
    expect(await stand.openExceptions()).toEqual(['supplier-over-shipment']);
  });

  test('for an order that was never placed there is set aside', async () => {
    await open();
    await stand.shipped('NOBODY-D1', 'SN1', 1);
    expect(await stand.openExceptions()).toEqual(['supplier-document-without-order']);
  });
});

describe('a supplier’s answer', () => {
  test('that accepts everything keeps its day', async () => {
    await open();
    const { number } = await stand.ordered('10');
    await stand.answer(number, ['ACK*IA*10*EA*068*20260309']);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'acknowledged', cancelled: 0 });
    const row = await db()('supplier_order').first(
      'supplier_reference',
      db().raw('promised_on::text as day'),
    );
    expect(row).toEqual({ supplier_reference: 'F-77', day: '2026-03-09' });
  });

  test('that refuses a part has it shipped from own stock', async () => {
    await open({ items: { BOLT: { sourcing: 'always', supplier_item_id: 'F-ANVIL' } } });
    await db()('item_supplier').update({ sourcing: 'drop-ship-orders' });
    await db()('rule').insert({
      kind: 'sourcing',
      scope: 'live',
      version: 1,
      body: JSON.stringify({
        rules: [{ name: 'forge-first', when: {}, sequence: [['FORGE-DS'], ['EAST']] }],
      }),
    });
    const { orderId, number } = await stand.ordered('10', 'BOLT');
    await stand.answer(number, ['ACK*IA*6*EA', 'ACK*IR*4*EA']);
    expect(await stand.quantities(orderId)).toEqual([
      { ordered: 10, cancelled: 0, reserved: 4, released: 6, shipped: 0 },
    ]);
    expect(await db()('stock').where({ item_id: 'BOLT' }).first('reserved')).toEqual({ reserved: 4 });
    await stand.release(orderId);
    await stand.shipped(number, 'SN1', 6);
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ released: 4, shipped: 6 }]);
    expect(await stand.told(orderId)).toEqual(['855', '855', '856', '810']);
  });

  test('that refuses what nobody else has cancels it, and the buyer is told', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.answer(number, ['ACK*IR*10*EA'], 'RD');
    expect(await stand.quantities(orderId)).toMatchObject([{ cancelled: 10, released: 0 }]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'cancelled' });
    expect((await db()('orders').where({ id: orderId }).first('state')).state).toBe('cancelled');
    const last = await db()('document_request')
      .where({ order_id: orderId, set_id: '855' })
      .orderBy('id', 'desc')
      .first('payload');
    expect(last.payload.lines[0].statuses).toMatchObject([{ code: 'IR' }]);
  });

  test('that backorders waits there with its new day, or is looked for elsewhere as agreed', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10', 'ANVIL', {
      dates: [{ qualifier: '002', date: '2026-03-10' }],
    });
    await stand.answer(number, ['ACK*IB*10*EA*068*20260420']);
    expect(await stand.quantities(orderId)).toMatchObject([{ released: 10, cancelled: 0 }]);
    expect(await stand.openExceptions()).toEqual(['supplier-promises-late']);
    await db()('partner')
      .where({ id: 'FORGE' })
      .update({ policy: JSON.stringify({ supplier: { backorders: 're-source' } }) });
    const other = await stand.ordered('10');
    await stand.answer(other.number, ['ACK*IB*10*EA*068*20260421']);
    expect(await stand.quantities(other.orderId)).toMatchObject([{ cancelled: 10 }]);
  });

  test('for a later day is told to the buyer by itself, once, and again when it moves', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10', 'ANVIL', {
      dates: [{ qualifier: '002', date: '2026-03-10' }],
    });
    const acks = async () =>
      (await stand.answersSent()).map((set) => set.filter((segment) => segment.startsWith('ACK')));
    await stand.answer(number, ['ACK*IA*10*EA*068*20260309']);
    expect(await acks()).toEqual([['ACK*IA*10*EA']]);
    await stand.answer(number, ['ACK*IA*10*EA*068*20260320']);
    await stand.answer(number, ['ACK*IA*10*EA*068*20260320']);
    expect((await acks()).slice(1)).toEqual([['ACK*DR*10*EA*068*20260320']]);
    expect(await stand.openExceptions()).toEqual(['supplier-promises-late']);
    // What has left keeps its place; of the rest the day moves once more, and is in time again.
    await stand.shipped(number, 'SN1', 4);
    await stand.takeIn(orderId);
    await stand.answer(number, ['ACK*IA*6*EA*068*20260310']);
    expect((await acks()).slice(2)).toEqual([['ACK*IA*4*EA', 'ACK*DR*6*EA*068*20260310']]);
    expect(await stand.openExceptions()).toEqual([]);
    const told = await db()('order_event').where({ kind: 'promise-moved' }).orderBy('id').pluck('text');
    expect(told).toEqual([
      'Line 1: 10 of ANVIL promised for 2026-03-20, before for 2026-03-10',
      'Line 1: 6 of ANVIL promised for 2026-03-10, before for 2026-03-20',
    ]);
    await stand.shipped(number, 'SN2', 6);
    expect(await db()('order_line').where({ order_id: orderId }).first('rescheduled')).toEqual({
      rescheduled: null,
    });
  });

  test('with a later day of a part and no of the rest is told as one answer; by 870 where that is agreed', async () => {
    await open();
    const first = await stand.ordered('10');
    await stand.answer(first.number, ['ACK*IA*6*EA*068*20260401', 'ACK*IR*4*EA']);
    const [, second = []] = await stand.answersSent();
    expect(second.filter((segment) => segment.startsWith('ACK'))).toEqual([
      'ACK*DR*6*EA*068*20260401',
      'ACK*ID*4*EA',
    ]);
    expect(await stand.told(first.orderId)).toEqual(['855', '855']);
    await db()('document_agreement').insert({
      agreement_id: 'ACME-EDI-P',
      direction: 'out',
      set_id: '870',
      own_gs_id: 'HUBGS',
      partner_gs_id: 'ACME-EDIGS',
      version: '004010',
    });
    const next = await stand.ordered('10');
    // Later than the three days that it usually takes, where the buyer has named no day.
    await stand.answer(next.number, ['ACK*IA*10*EA*068*20260306']);
    expect(await stand.told(next.orderId)).toEqual(['855', '870']);
    const { payload } = await db()('document_request').where({ set_id: '870' }).first('payload');
    expect(payload.levels[0].levels[0].items[0].statuses).toMatchObject([
      { code: 'IN', date: '2026-03-06', quantities: [{ quantity: '10' }] },
    ]);
  });

  test('that comes twice changes nothing the second time', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.answer(number, ['ACK*IA*7*EA', 'ACK*IR*3*EA']);
    await stand.answer(number, ['ACK*IA*7*EA', 'ACK*IR*3*EA']);
    expect(await stand.supplierLine(number)).toMatchObject({ cancelled: 3 });
    expect(await stand.quantities(orderId)).toMatchObject([{ cancelled: 3, released: 7 }]);
  });
});

describe('a later answer that says all of a line again', () => {
  test('with another day refuses nothing a second time, in whatever order it says so', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.answer(number, ['ACK*IR*4*EA', 'ACK*IA*6*EA*068*20260309']);
    await stand.answer(number, ['ACK*IR*4*EA', 'ACK*IA*6*EA*068*20260311']);
    expect(await stand.supplierLine(number)).toMatchObject({ cancelled: 4 });
    expect(await stand.quantities(orderId)).toMatchObject([{ cancelled: 4, released: 6 }]);
    expect(await stand.openExceptions()).not.toContain('supplier-document-remark');
  });

  test('that lowers a line of which some has left counts what has left', async () => {
    await open();
    for (const [quantity, left] of [
      [8, 2],
      [6, 4],
    ] as const) {
      const { orderId, number } = await stand.ordered('10');
      await stand.shipped(number, `SN-${quantity}`, 4);
      await stand.takeIn(orderId);
      await stand.answer(number, [`ACK*IQ*${quantity}*EA`]);
      expect(await stand.supplierLine(number)).toMatchObject({ shipped: 4, cancelled: left });
      expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 4, cancelled: left }]);
    }
  });

  test('that ships a part and has the balance on backorder loses the balance alone to others', async () => {
    await open({ policy: { backorders: 're-source' } });
    const { orderId, number } = await stand.ordered('10');
    await stand.answer(number, ['ACK*BP*4*EA']);
    expect(await stand.quantities(orderId)).toMatchObject([{ released: 4, cancelled: 6 }]);
    const unclear = await stand.ordered('10');
    await stand.answer(unclear.number, ['ACK*BP*10*EA']);
    expect(await stand.quantities(unclear.orderId)).toMatchObject([{ released: 10, cancelled: 0 }]);
    expect(await stand.openExceptions()).toEqual(['supplier-document-remark']);
    const left = await stand.ordered('10');
    await stand.shipped(left.number, 'SN-LEFT', 6);
    await stand.takeIn(left.orderId);
    await stand.answer(left.number, ['ACK*BP*6*EA']);
    expect(await stand.quantities(left.orderId)).toMatchObject([{ shipped: 6, cancelled: 4 }]);
    const both = await stand.ordered('10');
    await stand.answer(both.number, ['ACK*BP*4*EA', 'ACK*IR*6*EA']);
    expect(await stand.quantities(both.orderId)).toMatchObject([{ released: 4, cancelled: 6 }]);
  });

  test('refuses the rest of what has left in part: that is looked for elsewhere and nobody waits for it', async () => {
    await open();
    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 6);
    await stand.takeIn(orderId);
    await stand.answer(number, ['ACK*IA*6*EA', 'ACK*IR*4*EA']);
    expect(await stand.supplierLine(number)).toMatchObject({ shipped: 6, cancelled: 4 });
    expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 6, cancelled: 4 }]);
  });
});

describe('a supplier’s invoice', () => {
  test('that bills what has left at the agreed cost is booked once', async () => {
    await open();
    const { number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 10);
    await stand.bill(number, 'INV1', 10);
    await stand.bill(number, 'INV1', 10);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'billed', billed: 10 });
    expect(await stand.openExceptions()).toEqual([]);
    await stand.bill(number, 'INV2', 10);
    expect(await stand.supplierLine(number)).toMatchObject({ billed: 10 });
    expect(await stand.openExceptions()).toEqual(['supplier-invoice-mismatch']);
  });

  test('that comes before the goods have left is matched when they have', async () => {
    await open();
    const { number } = await stand.ordered('10');
    await stand.bill(number, 'INV1', 4);
    const [one] = await db()('exception').where({ status: 'open' }).select('kind', 'owner_role', 'text');
    expect(one).toMatchObject({ kind: 'supplier-invoice-mismatch', owner_role: 'finance' });
    await stand.shipped(number, 'SN1', 4);
    expect(await stand.openExceptions()).toEqual([]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'partly-shipped', billed: 4 });
  });

  test('above the agreed cost is finance’s business unless it is within the tolerance', async () => {
    await open({ policy: { priceTolerancePercent: '2' } });
    const { number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 10);
    await stand.bill(number, 'INV1', 5, '6.375', 3188);
    expect(await stand.openExceptions()).toEqual([]);
    await stand.bill(number, 'INV2', 5, '6.50', 3250);
    expect(await stand.openExceptions()).toEqual(['supplier-invoice-mismatch']);
    expect(await stand.supplierLine(number)).toMatchObject({ billed: 5 });
  });
});

describe('a cancel', () => {
  test('before the 850 has left takes it back without asking', async () => {
    await open();
    const { shipmentId, orderId, number } = await stand.ordered('10');
    expect(await stand.recall(shipmentId)).toEqual({ kind: 'recalled' });
    expect(await stand.mail()).toEqual([]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'cancelled' });
    expect(await stand.quantities(orderId)).toMatchObject([{ reserved: 10, released: 0 }]);
  });

  test('asks the supplier by 860 and counts when its 865 has accepted it', async () => {
    await open();
    const { shipmentId, number, orderId } = await stand.ordered('10');
    await stand.mail();
    await expect(stand.recall(shipmentId)).rejects.toThrow(AwaitsAcknowledgement);
    await expect(stand.recall(shipmentId)).rejects.toThrow(AwaitsAcknowledgement);
    const sets = await stand.mail();
    expect(sets.map(([st]) => st?.slice(0, 6))).toEqual(['ST*850', 'ST*860']);
    expect(sets[1]).toEqual(
      expect.arrayContaining([
        `BCH*01*DS*${number}**1*20260302*****20260302`,
        'POC*1*DI*10*0*EA*6.25**VN*F-ANVIL*BP*ANVIL',
      ]),
    );
    await stand.send('865', [
      `BCA*01*AT*${number}**1*20260302`,
      'POC*1*DI*10*0*EA*6.25**VN*F-ANVIL',
      'ACK*ID*10*EA',
      'CTT*1',
    ]);
    expect(await stand.recall(shipmentId)).toEqual({ kind: 'recalled' });
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'cancelled', cancelled: 10 });
    expect(await stand.quantities(orderId)).toMatchObject([{ reserved: 10, released: 0 }]);
  });

  test('that the supplier refuses keeps the line', async () => {
    await open();
    const { shipmentId, number, orderId } = await stand.ordered('10');
    await stand.mail();
    await expect(stand.recall(shipmentId)).rejects.toThrow(AwaitsAcknowledgement);
    await stand.send('865', [`BCA*01*RJ*${number}**1*20260302`, 'CTT*0']);
    expect(await stand.recall(shipmentId)).toMatchObject({ kind: 'too-late' });
    await stand.shipped(number, 'SN1', 10);
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 10 }]);
  });

  test('that both accept: the notice that came first has won', async () => {
    await open();
    const { shipmentId, number, orderId } = await stand.ordered('10');
    await stand.mail();
    await expect(stand.recall(shipmentId)).rejects.toThrow(AwaitsAcknowledgement);
    await stand.shipped(number, 'SN1', 10);
    await stand.send('865', [`BCA*01*AT*${number}**1*20260302`, 'CTT*0']);
    expect(await stand.recall(shipmentId)).toMatchObject({ kind: 'too-late' });
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 10, reserved: 0 }]);
  });

  test('of what is left of a part shipment takes back the rest alone', async () => {
    await open();
    const { shipmentId, number, orderId } = await stand.ordered('10');
    await stand.mail();
    await stand.shipped(number, 'SN1', 4);
    await expect(stand.recall(shipmentId)).rejects.toThrow(AwaitsAcknowledgement);
    expect((await stand.mail()).at(-1)).toEqual(
      expect.arrayContaining(['POC*1*DI*6*0*EA*6.25**VN*F-ANVIL*BP*ANVIL']),
    );
    await stand.send('865', [`BCA*04*AT*${number}**1*20260302`, 'CTT*0']);
    expect(await stand.recall(shipmentId)).toEqual({ kind: 'recalled' });
    await stand.takeIn(orderId);
    expect(await stand.quantities(orderId)).toMatchObject([{ shipped: 4, reserved: 6, released: 0 }]);
    expect(await stand.supplierLine(number)).toMatchObject({ state: 'shipped', cancelled: 6 });
  });

  test('races the ship notice at the same moment: exactly one of them wins', async () => {
    await open();
    const winners = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const { shipmentId, number, orderId } = await stand.ordered('10');
      await stand.arrive('856', supplierNotice(number, `RACE${round}`, 10));
      const both = [() => stand.recall(shipmentId), () => stand.door.work('FORGE')] as const;
      const [first, second] = round % 2 === 0 ? both : ([both[1], both[0]] as const);
      const outcomes = await Promise.all([first(), second()]);
      const outcome = outcomes.find((one) => one !== undefined);
      await stand.takeIn(orderId);
      const [line] = await stand.quantities(orderId);
      winners.add(outcome?.kind ?? '');
      expect(line).toMatchObject(
        outcome?.kind === 'recalled' ? { shipped: 0, reserved: 10 } : { shipped: 10, reserved: 0 },
      );
    }
    expect([...winners].every((kind) => kind === 'recalled' || kind === 'too-late')).toBe(true);
    // Whatever left after it was taken back is on somebody's list.
    const gone = await db()('exception').where({ kind: 'supplier-over-shipment' });
    const cancelled = await db()('supplier_order').where({ state: 'cancelled' });
    expect(gone).toHaveLength(cancelled.length);
  });
});

describe('a supplier that is late', () => {
  test('with its answer or its goods is an exception, which closes by itself', async () => {
    await open({ policy: { answerHours: 4 } });
    const { number } = await stand.ordered('10');
    await watchMilestones(db(), '2026-03-02T18:00:00.000Z');
    expect(await stand.openExceptions()).toEqual([]);
    await watchMilestones(db(), '2026-03-02T19:30:00.000Z');
    const [late] = await db()('exception').where({ status: 'open' }).select('text', 'owner_role');
    expect(late).toMatchObject({
      owner_role: 'operations',
      text: expect.stringContaining(
        `Order ${number} at supplier FORGE is not answered by the supplier (855) by its deadline`,
      ),
    });
    await stand.answer(number, ['ACK*IA*10*EA*068*20260304']);
    await watchMilestones(db(), '2026-03-02T20:00:00.000Z');
    expect(await stand.openExceptions()).toEqual([]);
    await watchMilestones(db(), '2026-03-05T12:00:00.000Z');
    expect(await db()('exception').where({ status: 'open' }).pluck('text')).toEqual([
      expect.stringContaining('not shipped completely by the supplier (856)'),
    ]);
    await stand.shipped(number, 'SN1', 10);
    await watchMilestones(db(), '2026-03-05T12:05:00.000Z');
    expect(await stand.openExceptions()).toEqual([]);
  });

  test('with the answer to a cancel is one, too', async () => {
    await open();
    const { shipmentId, number } = await stand.ordered('10');
    await stand.mail();
    await stand.answer(number, ['ACK*IA*10*EA*068*20260401']);
    await expect(stand.recall(shipmentId)).rejects.toThrow(AwaitsAcknowledgement);
    await watchMilestones(db(), '2026-03-03T16:00:00.000Z');
    expect(await db()('exception').where({ status: 'open' }).pluck('text')).toEqual([
      expect.stringContaining(
        'is not answered as to its cancel (865) 24 hours after the cancel was asked for',
      ),
    ]);
  });
});

test('by API the seller’s own people set up a supplier, see its orders and settle its invoices; buyers see none of it', async () => {
  await open();
  const key = (secret: string, more: Readonly<Record<string, unknown>>) => ({
    name: secret,
    secret_hash: createHash('sha256').update(secret).digest('hex'),
    scopes: ['orders:read', 'prices:read', 'prices:write', 'partners:write', 'credit:read', 'documents:read'],
    ...more,
  });
  await db()('api_key').insert([
    key('fay', { person: 'fay', roles: ['finance'] }),
    key('olga', { person: 'olga', roles: ['operations'] }),
    key('acme', { customer_id: 'ACME' }),
  ]);
  const api = await startApi(db());
  try {
    const cost = {
      item: 'NUT',
      node: 'FORGE-DS',
      supplierItemId: 'F-NUT',
      unit: 'EA',
      unitCost: '0.02',
      currency: 'USD',
    };
    expect(await api.post('/api/v1/item-suppliers', cost, 'fay')).toMatchObject({
      status: 200,
      body: { unitCost: '0.02', version: 1, updatedBy: 'fay', sourcing: 'drop-ship-orders' },
    });
    expect(await api.post('/api/v1/item-suppliers', { ...cost, node: 'EAST' }, 'fay')).toMatchObject({
      status: 422,
    });
    expect((await api.post('/api/v1/item-suppliers', { ...cost, unitCost: '-1' }, 'fay')).status).toBe(400);
    expect((await api.post('/api/v1/item-suppliers', cost, 'acme')).status).toBe(403);
    const supplier = {
      partner: 'FORGE',
      node: 'FORGE-2',
      name: 'Forge 2',
      timeZone: 'America/Chicago',
      address: { lines: ['1 Hill'] },
    };
    expect((await api.post('/api/v1/suppliers', supplier, 'olga')).status).toBe(200);
    expect((await api.post('/api/v1/suppliers', { ...supplier, node: 'EAST' }, 'olga')).status).toBe(422);
    // What was agreed holds for all its places: of two who looked at the same, also at another place, one has saved it.
    const version = async (node: string): Promise<number> =>
      (await api.get('/api/v1/suppliers', 'olga')).body.items.find(
        (one: { node: string }) => one.node === node,
      ).version;
    const first = { ...supplier, node: 'FORGE-DS', name: 'Forge', answerHours: 6 };
    for (const [here, there] of [
      [first, supplier],
      [supplier, supplier],
    ] as const) {
      const seen = [await version(here.node), await version(there.node)];
      const answers = await Promise.all([
        api.post('/api/v1/suppliers', here, 'olga', { 'if-match': `"${seen[0]}"` }),
        api.post('/api/v1/suppliers', there, 'fay', { 'if-match': `"${seen[1]}"` }),
      ]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    }
    const unknown = { ...supplier, node: 'FORGE-3' };
    expect(await api.post('/api/v1/suppliers', unknown, 'olga', { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { title: 'It was removed meanwhile' },
    });

    // What is to be new changes nothing that is there, also where two enter it at the same moment.
    const onlyNew = { 'if-none-match': '*' };
    const before = await db()('node').where({ id: 'FORGE-DS' }).first();
    expect(
      await api.post('/api/v1/suppliers', { ...first, name: 'Other', answerHours: 1 }, 'olga', onlyNew),
    ).toMatchObject({
      status: 409,
      body: {
        title: 'It is there already',
        detail: expect.stringContaining('Node FORGE-DS is there already'),
      },
    });
    expect(await api.post('/api/v1/suppliers', { ...supplier, node: 'EAST' }, 'olga', onlyNew)).toMatchObject(
      { status: 409 },
    );
    // What is agreed holds for all its places: a new one does not change it.
    expect(
      await api.post('/api/v1/suppliers', { ...unknown, answerHours: 99 }, 'olga', onlyNew),
    ).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Enter the same') } });
    expect(await db()('node').where({ id: 'FORGE-DS' }).first()).toEqual(before);
    const agreed = (await db()('partner').where({ id: 'FORGE' }).first('policy')).policy.supplier;
    const made = await Promise.all([
      api.post('/api/v1/suppliers', { ...unknown, ...agreed }, 'olga', onlyNew),
      api.post('/api/v1/suppliers', { ...unknown, ...agreed, name: 'Forge 3b' }, 'fay', onlyNew),
    ]);
    expect(made.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const entries = await Promise.all(
      ['0.03', '0.04'].map((unitCost) =>
        api.post('/api/v1/item-suppliers', { ...cost, node: 'FORGE-2', unitCost }, 'fay', onlyNew),
      ),
    );
    expect(entries.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await api.post('/api/v1/item-suppliers', cost, 'fay', onlyNew)).toMatchObject({
      status: 409,
      body: { detail: 'NUT is entered for FORGE-DS already: change what is there' },
    });

    const { orderId, number } = await stand.ordered('10');
    await stand.shipped(number, 'SN1', 4);
    await stand.bill(number, 'INV1', 4, '7.00', 2800);
    const { body } = await api.get(`/api/v1/supplier-orders?order=${orderId}`, 'olga');
    expect(body).toMatchObject({
      items: [
        {
          number,
          state: 'partly-shipped',
          lines: [{ ordered: 10, shipped: 4, billed: 0, unitCost: '6.25' }],
          invoices: [{ number: 'INV1', state: 'mismatch', total: { amount: '28.00' } }],
        },
      ],
    });
    const [{ id }] = (body as { items: [{ id: string }] }).items;
    expect(await api.get(`/api/v1/supplier-orders/${id}`, 'olga')).toMatchObject({
      status: 200,
      body: { number },
    });
    expect((await api.get('/api/v1/supplier-orders', 'acme')).status).toBe(403);
    const decision = `/api/v1/supplier-orders/${id}/invoices/INV1/decision`;
    const accept = { action: 'accept', reason: 'the new price is agreed' };
    expect((await api.post(decision, accept, 'olga')).status).toBe(403);
    const both = await Promise.all([api.post(decision, accept, 'fay'), api.post(decision, accept, 'fay')]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(await stand.supplierLine(number)).toMatchObject({ billed: 4 });
    expect(await stand.openExceptions()).toEqual([]);
    const seen = JSON.stringify((await api.get(`/api/v1/orders/${orderId}/timeline`, 'acme')).body);
    expect(seen).not.toContain(number);
    expect(JSON.stringify((await api.get(`/api/v1/orders/${orderId}/timeline`, 'olga')).body)).toContain(
      number,
    );
  } finally {
    await api.close();
  }
});
