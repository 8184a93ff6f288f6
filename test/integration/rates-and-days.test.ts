import { readExposure } from '../../application/credit/read-exposure';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { setTemporaryLimit } from '../../application/credit/temporary-limit';
import { resolveHold } from '../../application/hold/resolve-hold';
import { foreseeOverride } from '../../application/pricing/override-line-price';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed, saveRuleNow, seedFamily } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** What counts on which day, where the selling entity is (Chicago), and in which money. */
let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 8 });
  await seedCompany(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

/** In Chicago it is still March 2, in London March 3. */
const EVENING = '2026-03-03T02:00:00.000Z';
const MORNING = '2026-03-03T14:00:00.000Z';

const rate = (rateText: string, validFrom: string, validTo: string | null = null) =>
  saveRuleNow(db(), 'exchange-rate', 'EUR-USD', { rate: rateText, validFrom, validTo, source: 'ECB' });
const withdrawRate = () =>
  db()('rule').insert({
    kind: 'exchange-rate',
    scope: 'EUR-USD',
    version: 9,
    body: '{}',
    withdrawn: true,
    valid_from: '2026-01-01T00:00:00Z',
  });

describe('the rate of tomorrow, saved today', () => {
  const groupOwes = async (at: string) => {
    const { chain } = await readExposure(db(), 'EU', 'P', null, at);
    return chain[1]?.missingRates.length === 0 ? chain[1].exposure.totalMinor : chain[1]?.missingRates;
  };

  test('leaves the one of today in force until it begins, and stands alone from then on', async () => {
    await seedFamily(db(), { id: 'GROUP', limitMinor: 100_000 }, [
      { id: 'EU', limitMinor: 100_000, currency: 'EUR' },
    ]);
    await rate('1.1', '2026-01-01');
    await placed(db(), purchaseOrder([line('BOLT', '10', '10.00')], { customerId: 'C-EU' }));
    await rate('2', '2026-03-03', '2026-03-03');
    expect(await groupOwes(EVENING)).toBe(11_000);
    expect(await groupOwes(MORNING)).toBe(20_000);
    // It was for one day, and what stood before does not come back.
    expect(await groupOwes('2026-03-04T14:00:00.000Z')).toEqual(['EUR-USD']);
    await withdrawRate();
    expect(await groupOwes(EVENING)).toEqual(['EUR-USD']);
  });

  test('leaves prices of orders of the days before to the rate of those days', async () => {
    await db()('price_list').where({ id: 'LIST' }).update({ currency: 'EUR' });
    await rate('1.1', '2026-03-01');
    await rate('2', '2026-04-01');
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '10')]));
    const [row] = (await db()('order_line').where({ order_id: orderId })) as [{ unit_price: string }];
    expect(row.unit_price).toBe('11.000000');
    const later = await placed(
      db(),
      purchaseOrder([line('BOLT', '10')], { purchaseOrderDate: '2026-04-01' }),
    );
    const [other] = (await db()('order_line').where({ order_id: later.orderId })) as [{ unit_price: string }];
    expect(other.unit_price).toBe('20.000000');
  });

  test('is not the one that a person’s limits are measured by today', async () => {
    await db()('customer').where({ id: 'ACME' }).update({ currency: 'EUR' });
    await db()('price_list').where({ id: 'LIST' }).update({ currency: 'EUR' });
    await db()('credit_account').update({ limit_minor: 0 });
    await saveRuleNow(db(), 'authority', 'finance', {
      holdTypes: ['credit'],
      maximumMinor: 15_000,
      secondPersonAboveMinor: null,
    });
    await rate('1.1', '2026-01-01');
    await rate('2', '2026-03-03');
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '10', '10.00')]));
    const hold = (await db()('hold').where({ order_id: orderId, type: 'credit' }).first('id')) as {
      id: string;
    };
    const decide = (at: string) =>
      db().transaction((tx) =>
        resolveHold(
          tx,
          { holdId: hold.id, action: 'release', person: 'fiona', roles: ['finance'], reason: 'known' },
          at,
        ),
      );
    expect(await decide(MORNING)).toMatchObject({ kind: 'refused', code: 'over-authority' });
    expect(await decide(EVENING)).toMatchObject({ kind: 'resolved' });
  });
});

describe('in the evening of America', () => {
  test('a payment announced for tomorrow is not there yet, though it is tomorrow in London; one that a person has booked is', async () => {
    await db()('credit_account').update({ limit_minor: 0 });
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '10', '10.00')]));
    const payment = { orderId, amountMinor: 10_000, currency: 'USD', reference: 'W-1', by: 'bank' };
    await db().transaction((tx) => bookPrepayment(tx, { ...payment, paidOn: '2026-03-03' }, EVENING));
    const prepaid = async (at: string) =>
      (await readExposure(db(), 'CA-ACME', 'P', orderId, at)).prepaidMinor;
    // Somebody has seen it: where they are, that day has begun.
    expect(await prepaid(EVENING)).toBe(10_000);
    // A remittance announces it.
    await db()('cash_entry').update({ recorded_by: null });
    expect([await prepaid(EVENING), await prepaid(MORNING)]).toEqual([0, 10_000]);
  });

  test('a temporary limit of today still counts among what its person has given', async () => {
    await saveRuleNow(db(), 'authority', 'finance', {
      holdTypes: ['credit'],
      maximumMinor: 10_000,
      secondPersonAboveMinor: null,
    });
    await db()('credit_account').update({ limit_minor: 0 });
    const by = { person: 'fiona', roles: ['finance'], reason: 'a good customer' };
    const limit = { creditAccountId: 'CA-ACME', amountMinor: 8_000, orderId: null, ...by };
    await db().transaction((tx) =>
      setTemporaryLimit(tx, { ...limit, validFrom: '2026-03-02', validTo: '2026-03-02' }, NOW),
    );
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '10', '10.00')]));
    const book = (at: string, reference: string) =>
      db().transaction((tx) =>
        bookPrepayment(
          tx,
          {
            orderId,
            amountMinor: 5_000,
            currency: 'USD',
            reference,
            paidOn: '2026-03-02',
            by: 'fiona',
            roles: ['finance'],
          },
          at,
        ),
      );
    expect(await book(EVENING, 'W-1')).toMatchObject({ kind: 'refused', code: 'over-authority' });
    expect(await book(MORNING, 'W-1')).toMatchObject({ kind: 'booked' });
  });
});

describe('how far a role may set prices', () => {
  const mayGive = async (currency: string, unitPrice: string, quantity = '10') => {
    await db()('customer').where({ id: 'ACME' }).update({ currency });
    await db()('price_list').where({ id: 'LIST' }).update({ currency });
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', quantity)]));
    const decision = await foreseeOverride(db(), orderId, 1, {
      unitPrice,
      reason: 'goodwill',
      note: 'late last time',
      person: 'sam',
      roles: ['sales'],
    });
    return decision?.kind;
  };

  test('is an amount in one currency: elsewhere it is what that comes to at the stated rate, and without one nothing', async () => {
    // 10.00 dollars, whatever the order is in.
    await saveRuleNow(db(), 'price-override', 'sales', { maximumMinor: 1_000 });
    expect(await mayGive('USD', '9.00')).toBe('allowed');
    expect(await mayGive('USD', '8.99')).toBe('refused');
    expect(await mayGive('KWD', '9.990')).toBe('refused');
    const stated = (scope: string, text: string) =>
      saveRuleNow(db(), 'exchange-rate', scope, { rate: text, validFrom: '2026-01-01', source: 'ECB' });
    await stated('KWD-USD', '3.25');
    await stated('JPY-USD', '0.0065');
    // 1.000 dinar is 3.25, 3.080 are 10.01; 100 yen are 0.65.
    expect(await mayGive('KWD', '9.900')).toBe('allowed');
    expect(await mayGive('KWD', '9.692')).toBe('refused');
    expect(await mayGive('JPY', '1', '190')).toBe('allowed');
    expect(await mayGive('JPY', '1', '200')).toBe('refused');
  });

  test('may be in a currency of its own', async () => {
    await saveRuleNow(db(), 'price-override', 'sales', { maximumMinor: 1_000, currency: 'EUR' });
    expect(await mayGive('EUR', '9.00')).toBe('allowed');
    expect(await mayGive('USD', '9.00')).toBe('refused');
  });
});
