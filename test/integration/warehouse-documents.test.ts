import { announceTransfer, type Transfer } from '../../application/announce-transfer';
import { answerOrder } from '../../application/answer-order';
import { placeOrder } from '../../application/place-order';
import { planShipments } from '../../application/plan-shipments';
import { reconcileRecord } from '../../application/reconcile-record';
import { applyShipConfirm } from '../../application/record-shipment';
import { recordRecall, recordRelease } from '../../application/release-shipment';
import type { ShipNotice } from '../../domain/order/answers';
import { replayDocument } from '../../gateway/intake/replay';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { line, NOW as PLACED, purchaseOrder, seedCompany } from '../support/company';
import { GatewayDoor, NOW } from '../support/gateway-door';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
const db = () => door.db;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await seedCompany(db(), { stock: { BOLT: { EAST: 100 }, NUT: { EAST: 500 }, WASHER: { EAST: 240 } } });
  await setUpPartner(db(), { partnerId: 'DOCK', alsoSends: ['943', '945', '944', '947', '846'] });
  await db()('node').where({ id: 'EAST' }).update({ warehouse_partner: 'DOCK' });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await door.database.drop();
});

const groupIds: Readonly<Record<string, string>> = {
  '943': 'AR',
  '945': 'SW',
  '944': 'RE',
  '947': 'AW',
  '846': 'IB',
};
let controlNumber = 0;

/** A document of the warehouse, in an interchange of its own; received and judged. */
async function arrive(set: string, segments: readonly string[]): Promise<void> {
  controlNumber += 1;
  await door.send(
    interchange({
      controlNumber,
      sender: 'DOCK',
      groups: [group(groupIds[set] ?? '', controlNumber, [transactionSet(set, '0001', segments)], 'DOCK')],
    }),
  );
}
async function send(set: string, segments: readonly string[]): Promise<void> {
  await arrive(set, segments);
  await door.work('DOCK');
}
const lastState = async () => {
  const row = await db()('received_content').orderBy('id', 'desc').first('state', 'note');
  return row?.state as string;
};
const onHand = async (itemId: string, nodeId = 'EAST') =>
  (await db()('stock').where({ item_id: itemId, node_id: nodeId, usage: 'P' }).first('on_hand'))?.on_hand ??
  0;
const exceptions = () => db()('exception').where({ status: 'open' }).orderBy('id').select('kind', 'text');
const kinds = async () => (await exceptions()).map(({ kind }) => kind as string);

interface Released {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly number: string;
  readonly labels: readonly string[];
}

/** An order of 60 bolts (two cartons) and 24 washers, released to EAST. */
async function released(): Promise<Released> {
  const request = purchaseOrder([line('BOLT', '60', '10.00'), line('WASHER', '2', '30.00', { unit: 'CA' })]);
  const result = await db().transaction((tx) => placeOrder(tx, request, PLACED));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  await db().transaction((tx) => answerOrder(tx, result.orderId, 'final', PLACED));
  const [shipmentId = ''] = await db().transaction((tx) => planShipments(tx, result.orderId, PLACED));
  await db().transaction((tx) =>
    recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: '940' }, PLACED),
  );
  const shipment = await db()('shipment').where({ id: shipmentId }).first('shipment_number');
  const labels = await db()('package').where({ shipment_id: shipmentId }).orderBy('sequence').pluck('sscc');
  return { orderId: result.orderId, shipmentId, number: shipment.shipment_number, labels };
}
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
        door.work('DOCK'),
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
    await door.work('DOCK');
    expect(await lastState()).toBe('done');
    expect(await kinds()).toEqual([]);
    await take(shipment);
    expect(await onHand('WASHER')).toBe(216);
  });
});

const receipt = (number: string, quantity = '10') => [
  `W17*F*20261122*${number}*ASN1`,
  'N1*WH*DOCK*91*EAST',
  `W07*${quantity}*EA**VN*BOLT`,
  'W07*2*CA**VN*WASHER',
  'W14*12',
];

describe('a 944', () => {
  test('brings stock up in base units and wakes the orders that wait for it', async () => {
    const waiting = await db().transaction((tx) =>
      placeOrder(tx, purchaseOrder([line('BOLT', '105', '9.00')]), PLACED),
    );
    await db().raw('delete from graphile_worker._private_jobs');
    await send('944', receipt('R1'));
    expect([await onHand('BOLT'), await onHand('WASHER')]).toEqual([110, 264]);
    const jobs = await db()('graphile_worker.jobs' as never).pluck('key');
    expect(jobs).toContain(`signal-order/${waiting.kind === 'placed' ? waiting.orderId : ''}`);
    expect(await db()('stock_movement').where({ reason: 'received' }).sum('quantity as sum').first()).toEqual(
      { sum: '34' },
    );
  });

  test('sent twice, at the same moment and by several workers, counts once', async () => {
    await arrive('944', receipt('R1'));
    await arrive('944', receipt('R1'));
    await arrive('944', receipt('R2', '5'));
    await Promise.all(Array.from({ length: 6 }, () => door.work('DOCK')));
    expect([await onHand('BOLT'), await onHand('WASHER')]).toEqual([115, 288]);
    expect(await db()('received_content').orderBy('id').pluck('state')).toEqual(['done', 'done', 'done']);
    expect(await kinds()).toEqual([]);
  });

  test('with a number that came before and other content is shown to a person', async () => {
    await send('944', receipt('R1'));
    await send('944', receipt('R1', '11'));
    expect(await lastState()).toBe('set-aside');
    expect(await kinds()).toEqual(['receipt-differs']);
    expect(await onHand('BOLT')).toBe(110);
  });

  test('with damaged goods keeps them from sale and says so; what is short is only told', async () => {
    await send('944', [
      'W17*F*20261122*R1',
      'N1*WH*DOCK*91*EAST',
      'W07*10*EA**VN*BOLT',
      'W13*3*EA*01**CD',
      'W13*2*EA*02',
      'W14*10',
    ]);
    expect(await onHand('BOLT')).toBe(107);
    const [raised] = await exceptions();
    expect(raised).toMatchObject({
      kind: 'receipt-not-as-sent',
      text: expect.stringContaining('3 EA of BOLT damaged; 2 EA of BOLT short'),
    });
  });

  test('names the place as was agreed, where the partner has names of its own for them', async () => {
    await db()('node').where({ id: 'WEST' }).update({ warehouse_partner: 'DOCK' });
    const nodes = { WEST: { qualifier: '92', code: 'Q9' } };
    await db()('partner')
      .where({ id: 'DOCK' })
      .update({ policy: JSON.stringify({ warehouse: { nodes } }) });
    await send(
      '944',
      receipt('R1').map((segment) => segment.replace('*91*EAST', '*92*Q9')),
    );
    expect([await onHand('BOLT', 'WEST'), await onHand('BOLT', 'EAST')]).toEqual([10, 100]);
  });

  test('for a node that the partner does not keep is not taken', async () => {
    await db()('node').where({ id: 'WEST' }).update({ warehouse_partner: 'DOCK' });
    await send(
      '944',
      receipt('R1').map((segment) => segment.replace('EAST', 'CENTRAL')),
    );
    expect(await kinds()).toEqual(['receipt-not-taken']);
    expect(await db()('stock_movement').count().first()).toEqual({ count: 0 });
  });
});

describe('stock that a supplier announces by 943', () => {
  const notice = (bolts: number, day: string | null, number = 'TR77') => [
    `W06*F*${number}*20261120*SHIP1`,
    'N1*ST*East*92*OUR-EAST',
    ...(day === null ? [] : [`G62*17*${day}`]),
    'W27*M*ABCD',
    `W04*${bolts}*EA**VN*BOLT`,
    `W03*${bolts}`,
  ];
  const supplies = (nodes: object) =>
    db()('partner')
      .where({ id: 'DOCK' })
      .update({ policy: JSON.stringify({ supply: { nodes } }) });
  const expected = () =>
    db()('inbound_stock').orderBy('number').select('number', 'source', 'expected_on', 'quantity', 'received');

  test('is counted on from its day, replaced when it is said again, and received under its number', async () => {
    await supplies({ EAST: 'OUR-EAST' });
    await send('943', notice(60, '20261128'));
    expect(await expected()).toEqual([
      { number: 'TR77', source: 'DOCK', expected_on: '2026-11-28', quantity: 60, received: 0 },
    ]);
    expect(await kinds()).toEqual([]);
    await send('943', notice(40, '20261201'));
    expect(await expected()).toMatchObject([{ expected_on: '2026-12-01', quantity: 40 }]);
    await send('944', ['W17*F*20261130*R-9*TR77', 'N1*WH*East*91*EAST', 'W07*40*EA**VN*BOLT', 'W14*40']);
    expect(await onHand('BOLT')).toBe(140);
    expect(await expected()).toMatchObject([{ quantity: 40, received: 40 }]);
  });

  test('without a day it is promised to nobody; what was not agreed, or is somebody else’s number, has an owner', async () => {
    await send('943', notice(60, '20261128'));
    expect(await kinds()).toEqual(['transfer-not-taken']);
    await supplies({ WEST: 'OUR-WEST' });
    await send('943', notice(60, '20261128', 'TR78'));
    await supplies({ EAST: 'OUR-EAST' });
    await db()('inbound_stock').insert({
      node_id: 'EAST',
      usage: 'P',
      number: 'PUR1',
      item_id: 'BOLT',
      kind: 'purchase',
      source: 'Mill',
      quantity: 5,
      said_by: 'olga',
      said_at: NOW,
    });
    await send('943', notice(60, '20261128', 'PUR1'));
    expect(await kinds()).toEqual(Array(3).fill('transfer-not-taken'));
    await send('943', notice(60, null, 'TR79'));
    expect(await expected()).toMatchObject([
      { number: 'PUR1', quantity: 5, source: 'Mill' },
      { number: 'TR79', expected_on: null, quantity: 60 },
    ]);
  });
});

describe('stock that is on its way to a warehouse', () => {
  const transfer = {
    number: 'ASN1',
    nodeId: 'EAST',
    shippedOn: '2026-11-20',
    expectedOn: '2026-11-22',
    from: { name: 'Mill' },
    lines: [
      { itemId: 'BOLT', quantity: 12, lotNumber: 'L7' },
      { itemId: 'WASHER', quantity: 24 },
    ],
  };
  beforeEach(async () => {
    await db()('document_agreement').insert({
      agreement_id: 'DOCK-P',
      direction: 'out',
      set_id: '943',
      own_gs_id: 'HUBGS',
      partner_gs_id: 'DOCKGS',
      version: '004010',
    });
  });
  const announce = (more: Partial<Transfer> = {}) =>
    db().transaction((tx) => announceTransfer(tx, { ...transfer, ...more }, NOW));

  test('is announced by 943, once', async () => {
    expect(await announce()).toEqual({ kind: 'announced', partnerId: 'DOCK' });
    expect(await announce()).toMatchObject({ kind: 'refused', code: 'already-announced' });
    await renderDocuments(db(), 'DOCK-P', () => NOW);
    const [content] = await db()('interchange').where({ direction: 'out' }).pluck('content');
    expect((content as Buffer).toString('latin1').split('~').slice(3, -4)).toEqual([
      'W06*F*ASN1*20261120',
      'N1*SF*Mill',
      'N1*ST*EAST*91*EAST',
      'G62*11*20261120',
      'G62*17*20261122',
      'W27*M**AS ARRANGED',
      'W04*12*EA**VN*BOLT',
      'G69*Bolt',
      'N9*LT*L7',
      'W04*24*EA**VN*WASHER',
      'G69*Washer',
      'W03*36',
    ]);
  });

  test('is compared with what the 944 says came', async () => {
    await announce();
    await send('944', receipt('R1'));
    const [raised] = await exceptions();
    expect(raised).toMatchObject({
      kind: 'receipt-not-as-sent',
      text: expect.stringContaining('10 of BOLT came, 12 were announced'),
    });
    expect([await onHand('BOLT'), await onHand('WASHER')]).toEqual([110, 264]);
  });

  test('is not announced where nobody would read it', async () => {
    expect(await announce({ nodeId: 'WEST' })).toMatchObject({ code: 'no-warehouse-partner' });
    expect(await announce({ nodeId: 'MOON' })).toMatchObject({ code: 'unknown-node' });
    expect(await announce({ lines: [{ itemId: 'GOLD', quantity: 1 }] })).toMatchObject({
      code: 'unknown-item',
    });
  });
});

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
    await Promise.all(Array.from({ length: 6 }, () => door.work('DOCK')));
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
    const work: Promise<unknown>[] = [];
    for (let n = 0; n < 8; n += 1) {
      await arrive('947', adjustment(`A${n}`, 'W19*AA*-1*EA**VN*BOLT', 'W19*AA*1*EA**VN*NUT'));
      await arrive('944', receipt(`R${n}`, '3'));
      work.push(
        door.work('DOCK'),
        db().transaction((tx) =>
          placeOrder(tx, purchaseOrder([line('NUT', '2', '0.0425'), line('BOLT', '2', '10.00')]), PLACED),
        ),
      );
    }
    await Promise.all(work);
    await door.work('DOCK');
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
    await Promise.all([door.work('DOCK'), door.work('DOCK')]);
    expect(await onHand('BOLT')).toBe(80);
    await send('846', report('I2', '0700', ...bolts(10)));
    expect(await onHand('BOLT')).toBe(60);
    expect(await kinds()).toEqual(['stock-differs']);
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
});
