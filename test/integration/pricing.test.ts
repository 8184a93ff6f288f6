import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { resolveHold } from '../../application/hold/resolve-hold';
import { type PlaceOrderResult, placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderChangeRequest, OrderRequest } from '../../domain/order/order-request';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
  await seedCompany(database.db, { policy: { groups: ['DEALERS'] } });
  await database
    .db('item')
    .whereIn('id', ['BOLT', 'NUT'])
    .update({ item_class: 'FASTENERS', price_group: 'M8' });
});
afterEach(async () => {
  expect(await reconcileRecord(database.db)).toEqual([]);
  await database.drop();
});

const place = (request: OrderRequest) => database.db.transaction((tx) => placeOrder(tx, request, NOW));
const placedId = (result: PlaceOrderResult) => {
  if (result.kind !== 'placed') throw new Error(`not placed: ${JSON.stringify(result)}`);
  return result.orderId;
};
const orderOf = (id: string) => database.db('orders').where({ id }).first();
const linesOf = (id: string) => database.db('order_line').where({ order_id: id }).orderBy('line_number');
const holdsOf = (id: string) =>
  database.db('hold').where({ order_id: id, status: 'open' }).orderBy('id').pluck('type');

async function promote(scope: string, body: Readonly<Record<string, unknown>>, version = 1): Promise<void> {
  await database.db('rule').insert({
    kind: 'promotion',
    scope,
    version,
    valid_from: '2026-01-01',
    body: JSON.stringify({ name: scope.toLowerCase(), validFrom: '2026-01-01', ...body }),
  });
}
const used = async (promotionId: string) => {
  const sums = await database.db.raw(
    `select coalesce(max(b.used_minor), 0)::bigint - coalesce((select sum(amount_minor) from promotion_give_back g where g.promotion_id = :id), 0)::bigint as minor,
       coalesce(max(b.used_count), 0)::int - coalesce((select sum(uses) from promotion_give_back g where g.promotion_id = :id), 0)::int as count
     from promotion_budget b where b.promotion_id = :id`,
    { id: promotionId },
  );
  return [sums.rows[0].minor, sums.rows[0].count];
};
async function change(order: OrderRequest, more: Partial<OrderChangeRequest>) {
  const received = await database.db.transaction((tx) => receiveOrderChange(tx, changeOf(order, more), NOW));
  if (received.kind !== 'recorded') throw new Error('there is no such order');
  return database.db.transaction((tx) => applyOrderChange(tx, received.changeId, NOW));
}

const policyOf = (policy: object) =>
  database
    .db('customer')
    .where({ id: 'ACME' })
    .update({ policy: JSON.stringify(policy) });
const oldPrice = { price_list_id: 'LIST', item_id: 'BOLT', unit: 'EA' };

describe('prices', () => {
  test('what was agreed with a customer without a contract of its own is in the customer’s currency', async () => {
    await database
      .db('price')
      .insert({ customer_id: 'ACME', item_id: 'BOLT', unit: 'EA', unit_price: '7.25' });
    const id = placedId(await place(purchaseOrder([line('BOLT', '10', '7.25')])));
    expect(await holdsOf(id)).toEqual([]);
    expect((await linesOf(id))[0].price_decision.resolution).toMatchObject({
      source: 'contract',
      unitPrice: '7.25',
    });
  });

  test('a purchase order dated long ago, or far ahead, is priced as of the day that it came', async () => {
    await database
      .db('price')
      .where({ price_list_id: 'LIST', item_id: 'BOLT', minimum_quantity: '1' })
      .update({ valid_from: '2026-02-01' });
    await database.db('price').insert([
      { ...oldPrice, unit_price: '5.00', valid_from: '2020-01-01', valid_to: '2026-01-31' },
      { ...oldPrice, unit_price: '4.00', valid_from: '2026-06-01' },
    ]);
    const dated = (day: string) => ({ ...purchaseOrder([line('BOLT', '10')]), purchaseOrderDate: day });
    const request = dated('2026-01-15');
    const old = placedId(await place(request));
    expect(await orderOf(old)).toMatchObject({ total_minor: 10_000, po_date: '2026-01-15' });
    expect((await linesOf(old))[0].price_decision.resolution.explanation).toContain(
      'as of 2026-03-02; the purchase order is dated 2026-01-15',
    );
    const [decision] = await database.db('decision').where({ order_id: old, kind: 'price' });
    expect(decision.inputs).toMatchObject({ date: '2026-03-02', purchaseOrderDate: '2026-01-15' });
    // What is added or changed later is of the same day.
    const more = { ...line('BOLT', '20'), buyerLineNumber: '1' };
    await change(request, { lines: [{ kinds: ['quantity'], changeCode: 'QI', line: more }] });
    expect(await orderOf(old)).toMatchObject({ total_minor: 20_000 });
    const ahead = placedId(await place(dated('2026-06-10')));
    expect(await orderOf(ahead)).toMatchObject({ total_minor: 10_000 });
    // Within the days that the company allows, the purchase order’s own day counts.
    const recent = placedId(await place(dated('2026-01-31')));
    expect(await orderOf(recent)).toMatchObject({ total_minor: 5000 });
  });

  test('where the company prices by the day of receipt, no date of a purchase order counts', async () => {
    await policyOf({ priceDate: { by: 'receipt-date' } });
    await database
      .db('price')
      .where({ price_list_id: 'LIST', item_id: 'BOLT', minimum_quantity: '1' })
      .update({ valid_from: '2026-03-02' });
    await database
      .db('price')
      .insert({ ...oldPrice, unit_price: '5.00', valid_from: '2020-01-01', valid_to: '2026-03-01' });
    const id = placedId(await place(purchaseOrder([line('BOLT', '10')])));
    expect(await orderOf(id)).toMatchObject({ total_minor: 10_000, po_date: '2026-03-01' });
  });

  test('a price in another currency is no price until a rate is stated, and the rate is kept with the line', async () => {
    await database.db('price_list').where({ id: 'LIST' }).update({ currency: 'EUR' });
    const without = placedId(await place(purchaseOrder([line('BOLT', '10')])));
    expect(await holdsOf(without)).toEqual(['price']);
    expect((await linesOf(without))[0].price_decision.resolution.candidates[0]).toMatchObject({
      currency: 'EUR',
      lost: 'is in EUR, and no rate to USD is stated for 2026-03-01',
    });
    await database.db('rule').insert({
      kind: 'exchange-rate',
      scope: 'EUR-USD',
      version: 1,
      valid_from: '2026-01-01',
      body: JSON.stringify({ rate: '1.0832', validFrom: '2026-03-01', source: 'ECB' }),
    });
    const converted = placedId(await place(purchaseOrder([line('BOLT', '10')])));
    const [row] = await linesOf(converted);
    expect([row.unit_price, row.amount_minor]).toEqual(['10.832000', 10_832]);
    expect(row.price_decision.resolution).toMatchObject({
      conversion: { from: 'EUR', unitPrice: '10', rate: '1.0832', source: 'ECB', version: 1 },
    });
  });

  test('a volume tier counts all lines of the order in the price group', async () => {
    await database.db('price').insert([
      {
        price_list_id: 'LIST',
        item_id: 'BOLT',
        unit: 'EA',
        minimum_quantity: 500,
        unit_price: '8',
        tier_over: 'group',
      },
    ]);
    const alone = placedId(await place(purchaseOrder([line('BOLT', '50'), line('WASHER', '12')])));
    expect((await linesOf(alone))[0].unit_price).toBe('10.000000');
    const together = placedId(await place(purchaseOrder([line('BOLT', '50'), line('NUT', '450')])));
    const [bolts] = await linesOf(together);
    expect(bolts.unit_price).toBe('8.000000');
    expect(bolts.price_decision.resolution.explanation).toContain(
      "over the order's lines of its price group",
    );
  });

  test('a yearly volume counts what was ordered before, without what was cancelled and without other years', async () => {
    await policyOf({ priceDate: { withinDays: 366 } });
    await database.db('price').insert({
      price_list_id: 'LIST',
      item_id: 'BOLT',
      unit: 'EA',
      minimum_quantity: 100,
      unit_price: '7.5',
      tier_over: 'item',
      tier_period: 'year',
    });
    const earlier = purchaseOrder([line('BOLT', '60')], { purchaseOrderDate: '2026-01-15' });
    placedId(await place(earlier));
    placedId(await place(purchaseOrder([line('BOLT', '90')], { purchaseOrderDate: '2025-12-31' })));
    const next = placedId(await place(purchaseOrder([line('BOLT', '40')])));
    expect((await linesOf(next))[0].unit_price).toBe('7.500000');
    await change(earlier, { purpose: 'cancel' });
    const later = placedId(await place(purchaseOrder([line('BOLT', '40')])));
    expect((await linesOf(later))[0].unit_price).toBe('10.000000');
  });

  test('contract prices hold from the contract’s minimum on and while it runs', async () => {
    await policyOf({ priceDate: { withinDays: 366 } });
    await database.db('price_contract').insert({
      id: 'C-1',
      customer_id: 'ACME',
      name: 'Frame 2026',
      currency: 'USD',
      valid_from: '2026-01-01',
      valid_to: '2026-12-31',
      minimum_order_quantity: 100,
    });
    for (const [item, price] of [
      ['BOLT', '7'],
      ['NUT', '0.03'],
    ])
      await database
        .db('price')
        .insert({ customer_id: 'ACME', contract_id: 'C-1', item_id: item, unit: 'EA', unit_price: price });
    const few = placedId(await place(purchaseOrder([line('BOLT', '50')])));
    const [below] = await linesOf(few);
    expect(below.unit_price).toBe('10.000000');
    expect(below.price_decision.resolution.candidates).toContainEqual(
      expect.objectContaining({
        from: 'contract C-1',
        lost: 'contract C-1 asks for at least 100 base units an order, this one has 50',
      }),
    );
    const enough = placedId(await place(purchaseOrder([line('BOLT', '50'), line('NUT', '50')])));
    expect((await linesOf(enough)).map((row) => row.unit_price)).toEqual(['7.000000', '0.030000']);
    const over = placedId(
      await place(purchaseOrder([line('BOLT', '100')], { purchaseOrderDate: '2027-01-01' })),
    );
    expect((await linesOf(over))[0].unit_price).toBe('9.000000');
  });
});

describe('promotions', () => {
  test('what is given is an allowance of the line, and the order costs that much less', async () => {
    await promote('SPRING', {
      itemClasses: ['FASTENERS'],
      customerGroups: ['DEALERS'],
      benefit: { kind: 'percent', percent: '10' },
    });
    const id = placedId(await place(purchaseOrder([line('BOLT', '10', '10.00'), line('WASHER', '12')])));
    const order = await orderOf(id);
    expect(order).toMatchObject({ subtotal_minor: 13_000, charges_minor: -1000, total_minor: 12_000 });
    expect(order.charges).toEqual([
      {
        indicator: 'allowance',
        code: 'F800',
        description: 'SPRING spring',
        amountMinor: 1000,
        lineNumber: 1,
      },
    ]);
    const [bolts] = await linesOf(id);
    expect(bolts.price_decision.promotions.given).toMatchObject([
      { promotionId: 'SPRING', version: 1, amountMinor: 1000, text: '10 percent off' },
    ]);
    expect(await database.db('decision').where({ order_id: id, kind: 'promotion' })).toHaveLength(1);
    expect(await database.db('promotion_budget')).toEqual([]);
  });

  test('a purchase order that states the price net of the promotion keeps it, and nothing is taken off twice', async () => {
    await promote('SPRING', {
      currency: 'USD',
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 5000,
    });
    const id = placedId(await place(purchaseOrder([line('BOLT', '10', '9.00')])));
    expect(await holdsOf(id)).toEqual([]);
    expect(await orderOf(id)).toMatchObject({ total_minor: 9000, charges_minor: 0 });
    expect((await linesOf(id))[0].price_decision).toMatchObject({ stands: 'purchase-order', netPrice: '9' });
    expect(await used('SPRING')).toEqual([1000, 1]);
    // A third price is neither ours nor net: it waits for a person, and takes nothing meanwhile.
    const other = placedId(await place(purchaseOrder([line('BOLT', '10', '8.00')])));
    expect(await holdsOf(other)).toEqual(['price']);
    expect(await used('SPRING')).toEqual([1000, 1]);
  });

  test('ten orders at once on a budget for three: three have it, to the cent, and the others pay in full', async () => {
    await promote('SPRING', {
      currency: 'USD',
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 3500,
    });
    const orders = Array.from({ length: 10 }, () => purchaseOrder([line('BOLT', '10')]));
    const ids = (await Promise.all(orders.map(place))).map(placedId);
    const totals = (await Promise.all(ids.map(orderOf))).map((order) => order.total_minor);
    expect(totals.filter((total) => total === 9000)).toHaveLength(3);
    expect(totals.filter((total) => total === 10_000)).toHaveLength(7);
    expect(await used('SPRING')).toEqual([3000, 3]);
    // What is cancelled comes back: in part with a part, and a new order may have it.
    const winner = orders[totals.indexOf(9000)] as OrderRequest;
    await change(winner, { purpose: 'cancel' });
    expect(await used('SPRING')).toEqual([2000, 2]);
    const next = placedId(await place(purchaseOrder([line('BOLT', '10')])));
    expect(await orderOf(next)).toMatchObject({ total_minor: 9000 });
    expect(await used('SPRING')).toEqual([3000, 3]);
    expect(await database.db('promotion_give_back')).toEqual([]);
  });

  test('a limit of uses a customer counts orders, and a rejected one has not used it', async () => {
    await promote('WELCOME', {
      currency: 'USD',
      benefit: { kind: 'amount', amountMinor: 500, per: 'order' },
      maximumUsesPerCustomer: 1,
    });
    const unknown = purchaseOrder([line('NOTHING', '10')]);
    const first = purchaseOrder([line('BOLT', '10')]);
    expect(await orderOf(placedId(await place(unknown)))).toMatchObject({ state: 'rejected' });
    expect(await orderOf(placedId(await place(first)))).toMatchObject({ total_minor: 9500 });
    const second = placedId(await place(purchaseOrder([line('BOLT', '10')])));
    expect(await orderOf(second)).toMatchObject({ total_minor: 10_000 });
    const [refusal] = await database.db('decision').where({ order_id: second, kind: 'promotion' });
    expect(refusal.outcome.refused[0].reason).toBe('has been used as often as it may be');
    await change(first, { purpose: 'cancel' });
    const third = placedId(await place(purchaseOrder([line('BOLT', '10')])));
    expect(await orderOf(third)).toMatchObject({ total_minor: 9500 });
  });
});

describe('changes', () => {
  test('a line that is reduced or deleted takes volume tiers and promotions of the other lines with it', async () => {
    await database.db('price').insert({
      price_list_id: 'LIST',
      item_id: 'BOLT',
      unit: 'EA',
      minimum_quantity: 500,
      unit_price: '8',
      tier_over: 'group',
    });
    await promote('SPRING', {
      currency: 'USD',
      priceGroups: ['M8'],
      minimumQuantity: 200,
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 100_000,
    });
    const request = purchaseOrder([line('BOLT', '50'), line('NUT', '450')]);
    const id = placedId(await place(request));
    // 50 x 8.00 + 450 x 0.0425 = 400.00 + 19.13, less a tenth of each line
    expect(await orderOf(id)).toMatchObject({ subtotal_minor: 41_913, charges_minor: -4191 });
    expect(await used('SPRING')).toEqual([4191, 1]);
    const reduced = await change(request, {
      lines: [
        { kinds: ['quantity'], changeCode: 'QD', line: { ...line('NUT', '200'), buyerLineNumber: '2' } },
      ],
    });
    expect(reduced.kind).toBe('applied');
    expect((await linesOf(id))[0]).toMatchObject({ unit_price: '10.000000', amount_minor: 50_000 });
    // 500.00 + 8.50, less 50.00 and 0.85
    expect(await orderOf(id)).toMatchObject({ subtotal_minor: 50_850, charges_minor: -5085 });
    expect(await used('SPRING')).toEqual([5085, 1]);
    await change(request, {
      lines: [{ kinds: ['delete'], changeCode: 'DI', line: { ...line('NUT', '0'), buyerLineNumber: '2' } }],
    });
    expect(await orderOf(id)).toMatchObject({
      subtotal_minor: 50_000,
      charges_minor: 0,
      total_minor: 50_000,
    });
    expect(await used('SPRING')).toEqual([0, 0]);
  });

  const releasePrice = (id: string) =>
    database.db.transaction(async (tx) => {
      const hold = await tx('hold').where({ order_id: id, type: 'price', status: 'open' }).first('id');
      return resolveHold(
        tx,
        { holdId: hold.id, action: 'release', person: 'sam', roles: ['sales'], reason: 'as agreed' },
        NOW,
      );
    });
  test('a line that a person lets through at our price has its promotions then, out of the same budget', async () => {
    await policyOf({ priceOnRelease: 'ours' });
    await promote('SPRING', {
      currency: 'USD',
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 2500,
    });
    const request = purchaseOrder([line('BOLT', '10', '8.00'), line('NUT', '100', '0.0425')]);
    const id = placedId(await place(request));
    expect(await orderOf(id)).toMatchObject({ total_minor: 8000 + 425 - 43 });
    expect(await releasePrice(id)).toMatchObject({ kind: 'resolved' });
    expect(await holdsOf(id)).toEqual([]);
    expect(await orderOf(id)).toMatchObject({ total_minor: 10_000 - 1000 + 425 - 43 });
    expect(await used('SPRING')).toEqual([1043, 1]);
    expect((await linesOf(id))[0].price_decision.promotions.given).toMatchObject([{ amountMinor: 1000 }]);
    // It stays so when another line changes, and no second hold opens.
    const less = { ...line('NUT', '50', '0.0425'), buyerLineNumber: '2' };
    const changed = await change(request, {
      lines: [{ kinds: ['quantity'], changeCode: 'QD', line: less }],
    });
    expect(changed.kind).toBe('applied');
    expect(await holdsOf(id)).toEqual([]);
    expect(await orderOf(id)).toMatchObject({ total_minor: 10_000 - 1000 + 213 - 21 });
    // 14.79 are left: an order for more than that has nothing of it, however it is released.
    const over = placedId(await place(purchaseOrder([line('BOLT', '15', '8.00')])));
    expect(await releasePrice(over)).toMatchObject({ kind: 'resolved' });
    expect(await orderOf(over)).toMatchObject({ total_minor: 15_000 });
    expect(await used('SPRING')).toEqual([1021, 1]);
  });

  test('the purchase order’s price that a person lets through has no promotion beside it, also after a change', async () => {
    await promote('SPRING', { benefit: { kind: 'percent', percent: '10' } });
    const request = purchaseOrder([line('BOLT', '10', '8.00'), line('NUT', '100')]);
    const id = placedId(await place(request));
    await releasePrice(id);
    expect(await orderOf(id)).toMatchObject({ total_minor: 8000 + 425 - 43 });
    const less = { ...line('NUT', '50'), buyerLineNumber: '2' };
    await change(request, { lines: [{ kinds: ['quantity'], changeCode: 'QD', line: less }] });
    expect(await orderOf(id)).toMatchObject({ total_minor: 8000 + 213 - 21 });
    expect(await holdsOf(id)).toEqual([]);
  });

  test('an order that our price makes larger than may go unapproved waits for its approval', async () => {
    await policyOf({ priceOnRelease: 'ours', approvalAboveMinor: 9000 });
    const id = placedId(await place(purchaseOrder([line('BOLT', '10', '8.00')])));
    expect(await holdsOf(id)).toEqual(['price']);
    await releasePrice(id);
    expect(await holdsOf(id)).toEqual(['approval']);
  });

  test('a line that was agreed net of a promotion stays so at another quantity', async () => {
    await promote('SPRING', {
      currency: 'USD',
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 100_000,
    });
    const request = purchaseOrder([line('BOLT', '10', '9.00')]);
    const id = placedId(await place(request));
    const more = await change(request, {
      lines: [
        {
          kinds: ['quantity'],
          changeCode: 'QI',
          line: { ...line('BOLT', '20', '9.00'), buyerLineNumber: '1' },
        },
      ],
    });
    expect(more.kind).toBe('applied');
    expect(await holdsOf(id)).toEqual([]);
    expect(await orderOf(id)).toMatchObject({ total_minor: 18_000, charges_minor: 0 });
    expect(await used('SPRING')).toEqual([2000, 1]);
  });
});

describe('prices set by people', () => {
  const rule = (kind: string, scope: string, body: object) => ({
    kind,
    scope,
    version: 1,
    valid_from: '2026-01-01',
    body: JSON.stringify(body),
  });
  const setPrice = (request: OrderRequest, unitPrice: string, roles = ['sales']) =>
    change(request, {
      lines: [
        {
          kinds: ['price'],
          changeCode: 'PC',
          lineNumber: 1,
          line: line('BOLT', '10', unitPrice),
          override: { unitPrice, reason: 'goodwill', note: 'late last time', person: 'sam', roles },
        },
      ],
    });
  beforeEach(async () => {
    await database
      .db('rule')
      .insert([
        rule('price-override', 'sales', { maximumPercent: '20', reasons: ['goodwill'] }),
        rule('price-override', 'sales-manager', { belowFloor: true }),
        rule('margin-floor', 'class:FASTENERS', { minimumPercent: '10' }),
      ]);
    await database
      .db('item_cost')
      .insert({ item_id: 'BOLT', entity_id: 'US01', currency: 'USD', unit_cost: '8.1' });
  });

  test('within the limits it stands alone, closes the price hold, and the partner hears of it', async () => {
    await promote('SPRING', { benefit: { kind: 'percent', percent: '10' } });
    const request = purchaseOrder([line('BOLT', '10', '7.00')]);
    const id = placedId(await place(request));
    expect(await holdsOf(id)).toEqual(['price']);
    expect((await setPrice(request, '9.00')).kind).toBe('applied');
    expect(await holdsOf(id)).toEqual([]);
    expect(await orderOf(id)).toMatchObject({ total_minor: 9000, charges_minor: 0 });
    const [row] = await linesOf(id);
    expect(row.price_decision).toMatchObject({
      stands: 'override',
      override: { person: 'sam', reason: 'goodwill', role: 'sales', version: 1, floor: 'above' },
    });
    expect(JSON.stringify(row.price_decision)).not.toContain('8.1');
    const [decision] = await database.db('decision').where({ order_id: id, rule: 'price-override:sales' });
    expect(decision).toMatchObject({ decided_by: 'sam', rule_version: 'v1, margin floor v1' });
    expect(await database.db('document_request').where({ order_id: id, set_id: '865' })).toHaveLength(1);
  });

  test.each([
    ['8.99', ['sales'], 'below the margin floor'],
    ['7.00', ['sales'], 'further from ours than your role may go'],
    ['9.50', ['finance'], 'None of your roles may set a price'],
  ])('a price of %s by %j is refused: %s', async (unitPrice, roles, why) => {
    const request = purchaseOrder([line('BOLT', '10')]);
    const id = placedId(await place(request));
    const outcome = await setPrice(request, unitPrice, roles);
    expect(outcome).toMatchObject({ kind: 'refused', text: expect.stringContaining(why) });
    expect(JSON.stringify(outcome)).not.toContain('8.1');
    expect(await orderOf(id)).toMatchObject({ total_minor: 10_000 });
    // Whoever may go below the floor sets it.
    expect((await setPrice(request, unitPrice, ['sales-manager'])).kind).toBe('applied');
  });

  test('a higher price is held against the credit limit like any growth of the order', async () => {
    await database.db('credit_account').update({ limit_minor: 10_500 });
    const request = purchaseOrder([line('BOLT', '10')]);
    const id = placedId(await place(request));
    expect(await holdsOf(id)).toEqual([]);
    const outcome = await setPrice(request, '11.00');
    expect(outcome).toMatchObject({ kind: 'held', text: expect.stringContaining('credit') });
    expect(await orderOf(id)).toMatchObject({ total_minor: 10_000 });
  });
});
