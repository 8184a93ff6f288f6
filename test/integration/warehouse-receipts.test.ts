import { placeOrder } from '../../application/order/place-order';
import { announceTransfer, type Transfer } from '../../application/stock/announce-transfer';
import { readPositions } from '../../application/stock/stock-positions';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { line, NOW as PLACED, purchaseOrder } from '../support/company';
import { receipt, useDock } from '../support/dock';
import { NOW } from '../support/gateway-door';

const { db, arrive, send, work, lastState, onHand, exceptions, kinds } = useDock();

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
    await Promise.all(Array.from({ length: 6 }, () => work()));
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

  test('announced only after it was received, it is not expected once more', async () => {
    await supplies({ EAST: 'OUR-EAST' });
    const receipts = (number: string, bolts: number) => [
      `W17*F*20261122*${number}*TR77`,
      'N1*WH*East*91*EAST',
      `W07*${bolts}*EA**VN*BOLT`,
      `W14*${bolts}`,
    ];
    await send('944', receipts('R-9', 40));
    await send('944', receipts('R-10', 5));
    expect(await onHand('BOLT')).toBe(145);
    await send('943', notice(60, '20261128'));
    expect(await kinds()).toEqual([]);
    expect(await expected()).toEqual([
      { number: 'TR77', source: 'DOCK', expected_on: '2026-11-28', quantity: 60, received: 45 },
    ]);
    const positions = await readPositions(db(), ['BOLT'], { usage: 'P', now: NOW });
    expect(positions.find(({ nodeId }) => nodeId === 'EAST')).toMatchObject({
      inTransit: 15,
      inbound: [{ date: '2026-11-28', quantity: 15 }],
    });
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
