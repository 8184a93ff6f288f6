import { readOrderView } from '../../api/views/order-view';
import { readRemaining } from '../../application/order/call-off-blanket';
import { closeOrder } from '../../application/order/close-order';
import { placeOrder } from '../../application/order/place-order';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW, purchaseOrder } from '../support/company';
import { passLastDay } from '../support/last-day';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open();
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const blanket = (quantity = 1000, type = 'BK') => [
  `BEG*00*${type}*B1**20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  `PO1*1*${quantity}*EA*9**BP*AC-BOLT`,
  'CTT*1',
];
const release = (number: string, quantity: number, price = '*9') => [
  `BEG*00*RL*B1*${number}*20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  `PO1*1*${quantity}*EA${price}**BP*AC-BOLT`,
  'CTT*1',
];
const reservedUnits = async () =>
  Number(((await desk.db('stock').sum('reserved as n').first()) as { n: string }).n);
const acks = (document: readonly string[] | undefined) =>
  document
    ?.filter((segment) => /^(BAK|ACK)/.test(segment))
    .map((segment) => segment.split('*').slice(0, 4).join('*'));

test('a blanket order is accepted as it stands and takes neither stock nor credit; nothing of it is shipped', async () => {
  await desk.send('PO', blanket());
  expect(await desk.holds('B1')).toEqual([]);
  await desk.answer('B1');
  expect(acks((await desk.sent('855'))[0])).toEqual(['BAK*00*AD*B1', 'ACK*IA*1000*EA']);
  await desk.ship('B1');
  expect(await reservedUnits()).toBe(0);
  expect(await desk.sent('856')).toEqual([]);
  const { id, state } = await desk.order('B1');
  expect(state).toBe('confirmed');
  // Nor is it closed as if nothing more could come of it.
  expect(await readProgress(desk.db, id)).toMatchObject({ openBlanket: true, backordered: false });
  await desk.db.transaction((tx) => closeOrder(tx, id, NOW));
  expect((await desk.order('B1')).state).toBe('confirmed');
});

test('a release calls off, ships and is invoiced at the price of its blanket order, its number on every document', async () => {
  await desk.send('PO', blanket());
  await desk.answer('B1');
  // Ten would cost 10.00 each by the list: the blanket order's 9.00 stands.
  await desk.send('PO', release('R1', 10, '*'));
  expect(await desk.holds('B1', 'R1')).toEqual([]);
  await desk.answer('B1', 'R1');
  await desk.ship('B1', 'R1');
  expect((await desk.sent('855')).at(-1)?.[1]).toMatch(/^BAK\*00\*AD\*B1\*20260302\*R1\*/);
  expect((await desk.sent('856'))[0]).toContain('PRF*B1*R1**20260302');
  const [invoice = []] = await desk.sent('810');
  expect(invoice.filter((segment) => /^(BIG|IT1|TDS)/.test(segment))).toEqual([
    expect.stringMatching(/\*20260302\*B1\*R1$/),
    'IT1*1*10*EA*9**BP*AC-BOLT',
    'TDS*9000',
  ]);
});

test('what exceeds the remainder is held and calls off nothing; rejected, the remainder is whole again for the next', async () => {
  await desk.send('PO', blanket(100));
  await desk.answer('B1');
  await desk.send('PO', release('R1', 60));
  await desk.send('PO', release('R2', 60));
  expect(await desk.holds('B1', 'R2')).toEqual([
    'content: Line 1 calls off 60 EA, 40 of the blanket order remain: released, it ships beside it',
  ]);
  await desk.decide('B1', 'reject', 'R2');
  await desk.send('PO', release('R3', 40));
  expect(await desk.holds('B1', 'R3')).toEqual([]);
});

test('a line of it that nobody has agreed to yet is not called off at its price', async () => {
  const [beg = '', st = '', one = ''] = blanket(100);
  await desk.send('PO', [beg, st, one, 'PO1*2*100*EA*0.01**VP*NUT', 'CTT*2']);
  expect((await desk.holds('B1')).map((hold) => hold.split(':')[0])).toEqual(['price']);
  expect((await desk.order('B1')).state).not.toBe('held');
  const called = (number: string) => [
    `BEG*00*RL*B1*${number}*20260302`,
    st,
    'PO1*1*10*EA*9**BP*AC-BOLT',
    'PO1*2*10*EA*0.01**VP*NUT',
    'CTT*2',
  ];
  await desk.send('PO', called('R1'));
  expect(await desk.holds('B1', 'R1')).toEqual(
    expect.arrayContaining([
      'content: Line 2 of the blanket order B1 is on hold, nobody has agreed to it yet: released, it ships beside it',
      expect.stringContaining('price: '),
    ]),
  );
  await desk.decide('B1', 'release');
  await desk.send('PO', called('R2'));
  expect(await desk.holds('B1', 'R2')).toEqual([]);
});

test('of releases that come at the same time no two take the same remainder', async () => {
  await desk.send('PO', blanket(100));
  await desk.answer('B1');
  const { entity_id: entityId } = await desk.order('B1');
  expect(entityId).toBe('US01');
  await desk.race(Array.from({ length: 8 }, (_, i) => release(`R${i}`, 30)));
  const releases = await desk.db('orders').where({ type: 'release' }).select('state', 'id');
  expect(releases.filter(({ state }) => state === 'placed')).toHaveLength(3);
  expect(releases.filter(({ state }) => state === 'held')).toHaveLength(5);
});

test('a cancelled release gives back what it called off; a change cannot call off more than remains', async () => {
  await desk.send('PO', blanket(100));
  await desk.answer('B1');
  await desk.send('PO', release('R1', 60));
  await desk.send('PO', release('R2', 30));
  await desk.send('PC', ['BCH*04*RL*B1*R2**20260302', 'POC*1*QI*50*50*EA*9**BP*AC-BOLT', 'CTT*1']);
  expect((await desk.sent('865'))[0]).toContain(
    'MSG*line 1 would call off 20 more, 10 of the blanket order remain',
  );
  await desk.send('PC', ['BCH*01*RL*B1*R1**20260302', 'CTT*0']);
  await desk.send('PC', ['BCH*04*RL*B1*R2**20260302', 'POC*1*QI*50*50*EA*9**BP*AC-BOLT', 'CTT*1']);
  expect((await desk.sent('865')).at(-1)?.filter((segment) => segment.startsWith('ACK'))).toEqual([
    'ACK*IA*50*EA',
  ]);
});

test('a release whose blanket order never came, or is cancelled, is held and says so', async () => {
  await desk.send('PO', release('R1', 10));
  expect(await desk.holds('B1', 'R1')).toEqual([
    expect.stringMatching(/^price/),
    'content: There is no blanket order B1 to call this release off',
  ]);
  await desk.send('PO', blanket());
  await desk.send('PC', ['BCH*01*BK*B1***20260302', 'CTT*0']);
  await desk.send('PO', release('R2', 10));
  expect((await desk.holds('B1', 'R2'))[1]).toContain('The blanket order B1 is cancelled');
});

test('the same release number twice is a duplicate; another one is not', async () => {
  await desk.send('PO', blanket());
  await desk.send('PO', release('R1', 100));
  await desk.send('PO', release('R1', 100));
  expect(await desk.holds('B1', 'R1')).toEqual([
    'duplicate-purchase-order: Purchase order B1 is there already',
  ]);
  await desk.send('PO', release('R2', 100));
  expect(await desk.holds('B1', 'R2')).toEqual([]);
});

test('a change takes a blanket order down to what was called off, and no further; its cancellation keeps the releases', async () => {
  await desk.send('PO', blanket(1000));
  await desk.answer('B1');
  await desk.send('PO', release('R1', 300));
  const down = (quantity: number) => [
    'BCH*04*BK*B1***20260302',
    `POC*1*QD*${quantity}*${quantity}*EA*9**BP*AC-BOLT`,
    'CTT*1',
  ];
  await desk.send('PC', down(200));
  expect((await desk.sent('865'))[0]).toContain(
    'MSG*300 of line 1 are called off by releases, so it cannot become 200',
  );
  await desk.send('PC', down(500));
  await desk.send('PO', release('R2', 250));
  expect((await desk.holds('B1', 'R2'))[0]).toContain('calls off 250 EA, 200 of the blanket order remain');
  await desk.decide('B1', 'reject', 'R2');
  await desk.send('PC', ['BCH*01*BK*B1***20260302', 'CTT*0']);
  expect((await desk.sent('865')).at(-1)?.filter((segment) => segment.startsWith('ACK'))).toEqual([
    'ACK*ID*200*EA',
    'ACK*IA*300*EA',
  ]);
  await desk.answer('B1', 'R1');
  await desk.ship('B1', 'R1');
  expect((await desk.order('B1', 'R1')).state).toBe('completed');
});

test('a blanket order is completed when all of it has left with its releases', async () => {
  await desk.send('PO', blanket(100));
  await desk.answer('B1');
  await desk.send('PO', release('R1', 100));
  const { id } = await desk.order('B1');
  await desk.answer('B1', 'R1');
  expect(await readProgress(desk.db, id)).toMatchObject({ openBlanket: true });
  await desk.ship('B1', 'R1');
  // The end of a release wakes its blanket order, whose workflow then closes it.
  expect(await desk.db('graphile_worker.jobs' as never).pluck('key')).toContain(`signal-order/${id}`);
  expect(await readProgress(desk.db, id)).not.toHaveProperty('openBlanket');
  await desk.db.transaction((tx) => closeOrder(tx, id, NOW));
  expect((await desk.order('B1')).state).toBe('completed');
});

test('past its cancel-after a blanket order is cancelled down to what was called off, and the 855 says so', async () => {
  await desk.send('PO', blanket(100));
  await desk.answer('B1');
  await desk.send('PO', release('R1', 60));
  const { id } = await desk.order('B1');
  await desk.db.transaction((tx) => passLastDay(tx, id, NOW));
  expect(acks((await desk.sent('855')).at(-1))).toEqual(['BAK*00*AC*B1', 'ACK*IA*60*EA', 'ACK*ID*40*EA']);
  await desk.send('PO', release('R2', 1));
  expect((await desk.holds('B1', 'R2'))[0]).toContain('0 of the blanket order remain');
});

test('places that a blanket order foresees are kept with it; a release for several of them calls off as one line', async () => {
  await desk.db('ship_to').insert(
    ['0001', '0002'].map((code) => ({
      customer_id: 'ACME',
      qualifier: '92',
      code,
      name: code,
      address: JSON.stringify({
        lines: ['1 High Street'],
        city: 'Toledo',
        region: 'OH',
        postalCode: '43604',
      }),
    })),
  );
  const withoutShipTo = (segments: readonly string[], ...more: readonly string[]) => [
    ...segments.filter((segment) => !segment.startsWith('N1') && !segment.startsWith('CTT')),
    ...more,
    'CTT*1',
  ];
  await desk.send('PO', withoutShipTo(blanket(100), 'SDQ*EA*92*0001*60*0002*40'));
  expect(await desk.holds('B1')).toEqual([]);
  await desk.answer('B1');
  await desk.send('PO', withoutShipTo(release('R1', 90), 'SDQ*EA*92*0001*50*0002*40'));
  expect(await desk.holds('B1', 'R1')).toEqual([]);
  await desk.answer('B1', 'R1');
  await desk.ship('B1', 'R1');
  expect(await desk.sent('856')).toHaveLength(2);
  await desk.send('PO', release('R2', 20));
  expect((await desk.holds('B1', 'R2'))[0]).toContain('calls off 20 EA, 10 of the blanket order remain');
});

describe('a blanket order in periods', () => {
  /** NOW is the 2nd of March. */
  const planned = (...more: readonly string[]) => [
    'BEG*00*BK*B1**20260302',
    ...more,
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*100*EA*9**BP*AC-BOLT',
    'SCH*60*EA***002*20260301',
    'SCH*40*EA***002*20260401',
    'CTT*1',
  ];
  const wantedOn = (number: string, quantity: number, day: string) => [
    ...release(number, quantity).slice(0, 1),
    `DTM*002*${day}`,
    ...release(number, quantity).slice(1),
  ];
  const periods = async () => {
    const { id } = await desk.order('B1');
    const view = await readOrderView(desk.db, {}, id, { ownStaff: true });
    return view?.lines[0]?.periods;
  };

  test('is called off within the period that the goods are wanted in, not beyond', async () => {
    await desk.send('PO', planned());
    await desk.answer('B1');
    await desk.send('PO', wantedOn('R1', 50, '20260315'));
    await desk.send('PO', wantedOn('R2', 20, '20260320'));
    await desk.send('PO', wantedOn('R3', 20, '20260402'));
    expect(await desk.holds('B1', 'R1')).toEqual([]);
    expect(await desk.holds('B1', 'R2')).toEqual([
      'content: Line 1 calls off 20 EA for the period 2026-03-01 to 2026-03-31, 10 of the 60 agreed for it remain: released, it ships beside it',
    ]);
    expect(await desk.holds('B1', 'R3')).toEqual([]);
    expect(await periods()).toEqual([
      { from: '2026-03-01', to: '2026-03-31', maximum: 60, calledOff: 50, remaining: 10 },
      { from: '2026-04-01', to: null, maximum: 40, calledOff: 20, remaining: 20 },
    ]);
  });

  test('a change moves a call-off to another period only where that has room', async () => {
    await desk.send('PO', planned());
    await desk.answer('B1');
    await desk.send('PO', wantedOn('R1', 50, '20260315'));
    const grown = ['BCH*04*RL*B1*R1**20260302', 'POC*1*QI*61*61*EA*9**BP*AC-BOLT', 'CTT*1'];
    await desk.send('PC', grown);
    expect((await desk.sent('865'))[0]).toContain(
      'MSG*line 1 would call off 61 for the period 2026-03-01 to 2026-03-31, 60 of the 60 agreed for it remain',
    );
    await desk.send('PC', ['BCH*04*RL*B1*R1**20260302', 'POC*1*QD*45*45*EA*9**BP*AC-BOLT', 'CTT*1']);
    expect((await periods())?.[0]).toMatchObject({ calledOff: 45, remaining: 15 });
  });

  test('of releases that come at the same time no two take the same remainder of a period', async () => {
    await desk.send('PO', planned());
    await desk.answer('B1');
    await desk.race(Array.from({ length: 6 }, (_, i) => wantedOn(`R${i}`, 25, '20260310')));
    expect((await periods())?.[0]).toMatchObject({ calledOff: 50, remaining: 10 });
    const releases = await desk.db('orders').where({ type: 'release' }).select('state');
    expect(releases.filter(({ state }) => state === 'placed')).toHaveLength(2);
  });

  test('is not called off before it is valid nor afterwards; where that was agreed the line is refused', async () => {
    await desk.send('PO', planned('DTM*092*20260301', 'DTM*093*20260301'));
    expect(await desk.holds('B1')).toEqual([]);
    await desk.answer('B1');
    await desk.send('PO', wantedOn('R1', 5, '20260315'));
    expect(await desk.holds('B1', 'R1')).toEqual([
      'content: The blanket order B1 could be called off until 2026-03-01, which has passed: released, it ships beside it',
    ]);
    await desk
      .db('customer')
      .where({ id: 'ACME' })
      .update({ policy: JSON.stringify({ callOffBeyond: 'reject' }) });
    await desk.send('PO', wantedOn('R2', 5, '20260315'));
    expect(await desk.order('B1', 'R2')).toMatchObject({ state: 'rejected' });
    await desk.answer('B1', 'R2');
    const answer = (await desk.sent('855')).at(-1);
    expect(acks(answer)).toEqual(['BAK*00*RD*B1', 'ACK*IR*5*EA']);
    expect(answer?.some((segment) => segment.includes('could be called off until 2026-03-01'))).toBe(true);
  });
});

test('a thousand releases of one unit call off all of it and no more, whoever sends them at the same time', async () => {
  await desk.send('PO', blanket(1000));
  await desk.answer('B1');
  const { entity_id: entityId, id } = await desk.order('B1');
  const place = (number: string) => {
    const request = purchaseOrder([{ ...line('BOLT', '1', '9'), buyerLineNumber: '1' }], {
      entityId,
      type: 'release',
      channel: 'api',
      purchaseOrderNumber: 'B1',
      releaseNumber: number,
      purchaseOrderDate: '2026-03-02',
    });
    return desk.db.transaction((tx) => placeOrder(tx, request, NOW));
  };
  for (let sent = 0; sent < 1000; sent += 20)
    await Promise.all(Array.from({ length: 20 }, (_, i) => place(`R${sent + i}`)));
  const remaining = async () => [...(await desk.db.transaction((tx) => readRemaining(tx, id))).values()];
  expect(await remaining()).toEqual([0]);
  const held = () => desk.db('hold').where({ status: 'open' }).pluck('type');
  expect(await held()).toEqual([]);
  await place('BEYOND');
  const [beyond] = await desk.db('hold').where({ status: 'open' });
  expect(beyond.reason.text).toContain('calls off 1 EA, 0 of the blanket order remain');
  expect(await remaining()).toEqual([0]);
}, 240_000);
