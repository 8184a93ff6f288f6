import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open();
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

let versions = 0;
const rule = (checks: readonly unknown[], scope = 'customer/ACME') =>
  desk.db('rule').insert({
    kind: 'validation',
    scope,
    version: ++versions,
    body: JSON.stringify({ checks }),
    valid_from: '2026-01-01',
  });
const order = (po: string, quantity: number | string = 10, item = 'VP*BOLT', price = '', unit = 'EA') => [
  `BEG*00*SA*${po}**20260302`,
  'DTM*002*20260310',
  'N1*ST*Acme DC 1*92*DC1',
  `PO1*1*${quantity}*${unit}*${price}**${item}`,
  'CTT*1',
];
const answerOf = async (po: string) => {
  await desk.answer(po);
  const sent = (await desk.sent('855')).at(-1) ?? [];
  return sent.filter((segment) => /^(BAK|PO1|ACK|MSG)/.test(segment));
};
const state = async (po: string) => (await desk.order(po)).state;
const events = async (po: string, kind: string) =>
  desk
    .db('order_event')
    .where({ order_id: (await desk.order(po)).id, kind })
    .pluck('text');

test('a line below the minimum quantity is refused, and the 855 says why', async () => {
  await rule([{ check: 'minimum-quantity', outcome: 'reject', minimum: '20', items: ['BOLT'] }]);
  await desk.send('PO', order('P1', 10));
  expect(await answerOf('P1')).toEqual([
    expect.stringMatching(/^BAK\*00\*RD\*P1/),
    expect.stringMatching(/^PO1\*1\*10\*EA/),
    'ACK*IR*10*EA',
    'MSG*10 EA of BOLT are ordered, it has to be at least 20',
  ]);
  await desk.send('PO', order('P2', 20));
  expect(await state('P2')).toBe('placed');
});

test('what only warns stops nothing: it stands on the timeline', async () => {
  await rule([{ check: 'maximum-quantity', outcome: 'warn', maximum: '5' }]);
  await desk.send('PO', order('P1', 10));
  expect(await state('P1')).toBe('placed');
  expect(await events('P1', 'validation-warning')).toEqual([
    'Line 1: 10 EA of BOLT are ordered, it may be at most 5: is it a typing mistake?',
  ]);
});

test('what is held is answered on hold, names its rule and version, and goes on once somebody has agreed', async () => {
  await rule([{ check: 'minimum-order-amount', outcome: 'hold', amountMinor: 20_000 }]);
  await desk.send('PO', order('P1', 10));
  expect(await desk.holds('P1')).toEqual(['validation: The order: it comes to less than an order has to']);
  const hold = await desk.db('hold').first();
  expect(hold.reason.details).toMatchObject({ rule: 'validation customer/ACME', version: versions });
  const decision = await desk.db('decision').where({ rule: 'validation' }).first();
  expect(decision.rule_version).toBe(`customer/ACME ${versions}`);
  expect(decision.outcome).toMatchObject([{ check: 'minimum-order-amount', outcome: 'hold' }]);
  await desk.db('rule').insert({
    kind: 'authority',
    scope: 'sales',
    version: 2,
    body: JSON.stringify({ holdTypes: ['validation'], maximumMinor: null, secondPersonAboveMinor: null }),
  });
  expect(await desk.decide('P1', 'release')).toEqual(['resolved']);
  expect(await state('P1')).toBe('placed');
});

test('a quantity is rounded up to whole packs only where that was agreed; the 855 says IQ with the new quantity', async () => {
  await rule([{ check: 'pack-multiple', outcome: 'reject', multiple: 12 }]);
  await desk.send('PO', order('P1', 95));
  expect(await answerOf('P1')).toContain(
    'MSG*95 EA of BOLT make no whole packs: it is sold in packs of 12 EA',
  );
  await rule([{ check: 'pack-multiple', outcome: 'reject', multiple: 12, roundUp: true }]);
  await desk.send('PO', order('P2', 97));
  // 108, so that the price of 100 and more counts.
  expect((await desk.order('P2')).total_minor).toBe(97_200);
  expect(await answerOf('P2')).toEqual([
    expect.stringMatching(/^BAK\*00\*AC\*P2/),
    expect.stringMatching(/^PO1\*1\*97\*EA/),
    'ACK*IQ*108*EA',
    'MSG*97 EA were ordered, 108 are whole packs: rounded up as agreed',
  ]);
  await desk.ship('P2');
  expect((await desk.sent('810'))[0]).toContain('TDS*97200');
});

test.each([
  [
    'an item outside the assortment',
    { check: 'assortment', outcome: 'reject', mode: 'only', items: ['NUT'] },
    'ACK*R1*10*EA',
    'MSG*BOLT is not among the items that were agreed',
  ],
  [
    'a unit that was not agreed',
    { check: 'allowed-units', outcome: 'reject', units: ['CA'] },
    'ACK*R3*10*EA',
    'MSG*BOLT may be ordered in CA, not in EA',
  ],
  [
    'a discontinued item',
    {
      check: 'discontinued',
      outcome: 'reject',
      items: [{ item: 'BOLT', from: '2026-03-01', replacedBy: 'NUT' }],
    },
    'ACK*IR*10*EA',
    'MSG*BOLT has been discontinued since 2026-03-01: order NUT instead',
  ],
  [
    'a ship-to that is not authorised for the item',
    { check: 'ship-to-items', outcome: 'reject', shipTos: [{ id: 'DC1', items: ['NUT'] }] },
    'ACK*IR*10*EA',
    'MSG*ship-to DC1 is not authorised for BOLT',
  ],
  [
    'a day that is too early',
    { check: 'lead-time', outcome: 'reject', minimumDays: 10 },
    'ACK*IR*10*EA',
    'MSG*BOLT is wanted on 2026-03-10, it takes 10 days: 2026-03-12 is the first day possible',
  ],
  [
    'a line of too little',
    { check: 'minimum-line-amount', outcome: 'reject', amountMinor: 10_001 },
    'ACK*IR*10*EA',
    'MSG*the line comes to less than a line has to',
  ],
])('%s is refused with its code and reason', async (_what, check, ack, message) => {
  await rule([check]);
  await desk.send('PO', order('P1'));
  const answer = await answerOf('P1');
  expect(answer).toContain(ack);
  expect(answer.join(' ')).toContain(message);
});

test('of each kind of check the most specific scope counts: partner, customer, everybody', async () => {
  await rule([{ check: 'maximum-quantity', outcome: 'reject', maximum: '1' }], '*');
  await rule([{ check: 'maximum-quantity', outcome: 'warn', maximum: '5' }], 'customer/ACME');
  await desk.send('PO', order('P1'));
  expect(await state('P1')).toBe('placed');
  await rule(
    [
      { check: 'maximum-quantity', outcome: 'hold', maximum: '9' },
      { check: 'lead-time', outcome: 'warn', minimumDays: 99 },
    ],
    'partner/ACME-EDI',
  );
  await desk.send('PO', order('P2'));
  expect(await state('P2')).toBe('held');
  const other = purchaseOrder([line('BOLT', '10')], { channel: 'api' });
  const { partnerId: _partner, ...direct } = other;
  const placed = await desk.db.transaction((tx) => placeOrder(tx, direct, NOW));
  expect(placed).toMatchObject({ state: 'placed' });
});

test('the same order is treated the same by every channel', async () => {
  await rule([
    { check: 'minimum-quantity', outcome: 'reject', minimum: '20', items: ['NUT'] },
    { check: 'maximum-quantity', outcome: 'hold', maximum: '9', items: ['BOLT'] },
    { check: 'pack-multiple', outcome: 'hold', roundUp: true, items: ['WASHER'] },
    { check: 'fraud-score', weights: { newShipTo: 50 }, warnAt: 50 },
  ]);
  const results = [];
  for (const channel of ['edi', 'api', 'portal', 'csv'] as const) {
    const request = purchaseOrder([line('BOLT', '10'), line('NUT', '10'), line('WASHER', '100')], {
      channel,
      usage: 'T',
    });
    await desk
      .db('stock')
      .insert({ item_id: 'WASHER', node_id: 'EAST', usage: 'T', on_hand: 1000 })
      .onConflict()
      .ignore();
    const placed = await desk.db.transaction((tx) => placeOrder(tx, request, NOW));
    if (placed.kind !== 'placed') throw new Error(JSON.stringify(placed));
    const { orderId } = placed;
    const lines = await desk
      .db('order_line')
      .where({ order_id: orderId })
      .orderBy('line_number')
      .select('quantity', 'rejection', 'rejection_code', 'requested_quantity', 'unit_price');
    const holds = await desk.db('hold').where({ order_id: orderId }).pluck('reason');
    results.push({ lines, holds: holds.map(({ text }: { text: string }) => text), state: placed.state });
  }
  const [first, ...others] = results;
  // The held line waits, what else stands goes on.
  expect(first).toMatchObject({
    state: 'placed',
    lines: [{ rejection_code: null }, { rejection_code: 'IR' }, { quantity: '120.000000' }],
    holds: ['Line 1: 10 EA of BOLT are ordered, it may be at most 9: is it a typing mistake?'],
  });
  for (const other of others) expect(other).toEqual(first);
});

test('the fraud score is the sum of its factors, each with its words; thresholds warn, hold and reject', async () => {
  const weights = {
    newShipTo: 30,
    largeFirstOrder: { aboveMinor: 5000, score: 40 },
    velocity: { orders: 2, hours: 24, score: 25 },
  };
  await rule([{ check: 'fraud-score', weights, warnAt: 20, holdAt: 60 }]);
  await desk.send('PO', order('P1'));
  expect(await desk.holds('P1')).toEqual([
    'fraud: The order: fraud score 70: nothing went to this place before (30), it is the first order of this customer, and a large one (40)',
  ]);
  const { details } = (await desk.db('hold').first()).reason;
  expect(details.factors).toHaveLength(2);
  await desk.send('PO', order('P2'));
  expect(await state('P2')).toBe('placed');
  expect(await events('P2', 'validation-warning')).toEqual([]);
  await desk.send('PO', order('P3'));
  expect(await events('P3', 'validation-warning')).toEqual([
    'The order: fraud score 25: it is order no. 3 within 24 hours (25)',
  ]);
  await rule([{ check: 'fraud-score', weights, rejectAt: 25 }]);
  await desk.send('PO', order('P4'));
  expect(await state('P4')).toBe('rejected');
});

test('a change is held against the same rules: refused with the reason, rounded up, or it waits', async () => {
  await rule([
    { check: 'minimum-quantity', outcome: 'reject', minimum: '5' },
    { check: 'maximum-quantity', outcome: 'hold', maximum: '500' },
    { check: 'pack-multiple', outcome: 'reject', multiple: 5, roundUp: true },
  ]);
  await desk.send('PO', order('P1', 10));
  await desk.answer('P1');
  const changed = async (quantity: number) => {
    await desk.send('PC', [
      'BCH*04*SA*P1***20260302',
      `POC*1*QI*${quantity}*${quantity}*EA***VP*BOLT`,
      'CTT*1',
    ]);
    return (await desk.sent('865')).at(-1)?.filter((segment) => /^(BCA|ACK|MSG)/.test(segment));
  };
  expect(await changed(12)).toEqual([expect.stringMatching(/^BCA\*04\*AC/), 'ACK*IQ*15*EA']);
  expect((await desk.order('P1')).total_minor).toBe(15_000);
  await changed(600);
  expect((await desk.order('P1')).total_minor).toBe(15_000);
  expect(await desk.holds('P1')).toEqual([
    expect.stringContaining('600 EA of BOLT are ordered, it may be at most 500'),
  ]);
});

test('a customer without rules costs no statement more, and a rule that is not in force yet counts for nothing', async () => {
  const statements: string[] = [];
  desk.db.client.on('query', ({ sql }: { sql: string }) => statements.push(sql));
  await desk.send('PO', order('P1'));
  // With the customer, in the one statement that reads it anyway.
  expect(statements.filter((sql) => sql.includes("kind = 'validation'"))).toHaveLength(1);
  await desk.db('rule').insert({
    kind: 'validation',
    scope: '*',
    version: 1,
    body: JSON.stringify({ checks: [{ check: 'maximum-quantity', outcome: 'reject', maximum: '1' }] }),
    valid_from: '2999-01-01',
  });
  await desk.send('PO', order('P2'));
  expect(await state('P2')).toBe('placed');
});

test('a line that nobody has a price for yet is a question of its price, not of what a line has to come to', async () => {
  await rule([{ check: 'minimum-line-amount', outcome: 'reject', amountMinor: 1000 }]);
  await desk.db('item').insert({ id: 'NEW', description: 'New', base_unit: 'EA' });
  await desk.send('PO', order('P1', 10, 'VP*NEW'));
  expect(await desk.holds('P1')).toEqual([expect.stringMatching(/^price: /)]);
});

describe('an order that a change makes larger', () => {
  const change = (po: string, quantity: number) => [
    `BCH*04*SA*${po}***20260302`,
    `POC*1*${quantity > 10 ? 'QI' : 'QD'}*${quantity}*${quantity}*EA***VP*BOLT`,
    'CTT*1',
  ];
  const weights = { newShipTo: 30, largeFirstOrder: { aboveMinor: 15_000, score: 40 } };
  const answers = async () =>
    (await desk.sent('865')).map((one) => one.filter((segment) => /^(BCA|POC|ACK)/.test(segment)));

  test('is scored again as the order that it would be: its change waits, the order stays as it was', async () => {
    await rule([{ check: 'fraud-score', weights, holdAt: 60 }]);
    await desk.send('PO', order('P1', 10));
    expect(await state('P1')).toBe('placed');
    await desk.answer('P1');
    await desk.send('PC', change('P1', 20));
    expect(await answers()).toEqual([
      [expect.stringMatching(/^BCA\*04\*AH\*P1/), 'POC*1*QI*20*20*EA*10**VP*BOLT', 'ACK*IH*20*EA'],
    ]);
    expect(await desk.holds('P1')).toEqual([
      'fraud: The order: fraud score 70: nothing went to this place before (30), it is the first order of this customer, and a large one (40)',
    ]);
    expect((await desk.order('P1')).total_minor).toBe(10_000);
    const [change1] = await desk.db('order_change');
    expect(change1.status).toBe('held');
  });

  test('that was looked at when it came is looked at again when it grows, not when it shrinks', async () => {
    await rule([{ check: 'fraud-score', weights, holdAt: 60 }]);
    await desk.db('rule').insert({
      kind: 'authority',
      scope: 'sales-manager',
      version: 7,
      valid_from: '2026-01-01',
      body: JSON.stringify({ holdTypes: ['fraud'], maximumMinor: 1e9, secondPersonAboveMinor: 1e9 }),
    });
    await desk.send('PO', order('P1', 20));
    expect(await desk.decide('P1', 'release')).toEqual(['resolved']);
    await desk.answer('P1');
    await desk.send('PC', change('P1', 16));
    expect((await desk.order('P1')).total_minor).toBe(16_000);
    await desk.send('PC', change('P1', 40));
    expect((await answers()).map((one) => one[0]?.slice(0, 10))).toEqual(['BCA*04*AD*', 'BCA*04*AH*']);
    expect((await desk.order('P1')).total_minor).toBe(16_000);
  });

  test('is warned of only where its score has risen', async () => {
    await rule([{ check: 'fraud-score', weights, warnAt: 30 }]);
    await desk.send('PO', order('P1', 10));
    await desk.answer('P1');
    await desk.send('PC', change('P1', 12));
    expect(await events('P1', 'validation-warning')).toHaveLength(1);
    await desk.send('PC', change('P1', 20));
    expect(await events('P1', 'validation-warning')).toEqual([
      expect.stringContaining('fraud score 30'),
      expect.stringContaining('fraud score 70'),
    ]);
  });

  test('has its lines held against the same checks', async () => {
    await rule([{ check: 'maximum-quantity', outcome: 'hold', maximum: '15' }]);
    await desk.send('PO', order('P1', 10));
    await desk.answer('P1');
    await desk.send('PC', change('P1', 20));
    expect(await desk.holds('P1')).toEqual([expect.stringMatching(/^validation: Line 1: .*15/)]);
    expect((await desk.order('P1')).total_minor).toBe(10_000);
  });
});
