import { reconcileRecord } from '../../application/stock/reconcile-record';
import { ChangeDesk, poc } from '../support/change-desk';
import { type CompanyOptions, line, purchaseOrder, seedCompany } from '../support/company';
import { placed, saveRuleNow, stateOf } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** An order that becomes larger otherwise than by a change of its quantities is held against the same rules. */
let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
async function company(options: CompanyOptions): Promise<void> {
  database = await createTestDatabase();
  await seedCompany(db(), options);
}
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});
const openTypes = async (orderId: string) => (await desk.openHolds(orderId)).map(({ type }) => type);
const totalOf = async (orderId: string) =>
  ((await db()('orders').where({ id: orderId }).first()) as { total_minor: number }).total_minor;

test('credit is asked for what an order comes to once its lines that cannot be had are refused, and its promotion with them', async () => {
  await company({ limitMinor: 9_500, stock: { BOLT: { CENTRAL: 100 }, WASHER: {} } });
  await saveRuleNow(db(), 'promotion', 'WHOLE', {
    name: 'from 150.00 on',
    validFrom: '2026-01-01',
    currency: 'USD',
    minimumAmountMinor: 15_000,
    benefit: { kind: 'amount', amountMinor: 7_000, per: 'order' },
  });
  const { orderId } = await placed(
    db(),
    purchaseOrder([line('BOLT', '10', '10.00'), line('WASHER', '24', '2.50')]),
  );
  expect(await totalOf(orderId)).toBe(10_000);
  expect(await openTypes(orderId)).toEqual(['credit']);
});

test('a price that is settled higher than it was asked for is held against the rules for a larger order', async () => {
  await company({ policy: { priceOnRelease: 'ours' } });
  await saveRuleNow(db(), 'hold-type', 'compliance', {
    resolvedBy: ['sales'],
    triggers: [{ amount: { fromMinor: 9_000, currency: 'USD' } }],
  });
  const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '10', '5.00')]));
  expect(await openTypes(orderId)).toEqual(['price']);
  const [price] = await desk.openHolds(orderId);
  await desk.resolve(price?.id ?? '', 'release');
  expect(await totalOf(orderId)).toBe(10_000);
  expect(await openTypes(orderId)).toEqual(['compliance']);
  expect(await stateOf(db(), orderId)).toBe('held');
});

describe('a price that a person has set', () => {
  const override = (unitPrice: string) => ({
    lines: [
      {
        ...poc('PC', ['price'], line('BOLT', '10', unitPrice)),
        override: { unitPrice, reason: 'goodwill', note: 'late last time', person: 'sam', roles: ['sales'] },
      },
    ],
  });
  beforeEach(async () => {
    await company({});
    await saveRuleNow(db(), 'price-override', 'sales', { maximumMinor: 2_000 });
  });

  test('for a few is not the price of many: what the role may not give for so much waits for somebody who may', async () => {
    const request = purchaseOrder([line('BOLT', '10')]);
    const { orderId } = await placed(db(), request);
    expect(await desk.change(request, override('8.00'))).toMatchObject({ kind: 'applied' });
    const more = (quantity: string) =>
      desk.change(request, { lines: [poc('QI', ['quantity'], line('BOLT', quantity))] });
    expect(await more('9')).toMatchObject({ kind: 'applied' });
    expect(await more('10')).toMatchObject({ kind: 'applied' });
    expect(await totalOf(orderId)).toBe(8_000);
    const outcome = await more('90');
    expect(outcome).toMatchObject({ kind: 'held', text: expect.stringContaining('sam') as string });
    expect(await totalOf(orderId)).toBe(8_000);
    const [hold] = await desk.openHolds(orderId);
    expect(hold).toMatchObject({ type: 'price', line_number: 1 });
    await desk.resolve(hold?.id ?? '', 'release', 'mona');
    expect(await desk.decided(outcome.changeId)).toMatchObject({ kind: 'applied' });
    expect(await totalOf(orderId)).toBe(72_000);
    const row = (await db()('order_line').where({ order_id: orderId }).first()) as { price_decision: object };
    expect(row.price_decision).toMatchObject({ stands: 'override', override: { person: 'sam' } });
  });

  test('goes no further in many small steps than in one', async () => {
    const request = purchaseOrder([line('BOLT', '10')]);
    const { orderId } = await placed(db(), request);
    expect(await desk.change(request, override('9.00'))).toMatchObject({ kind: 'applied' });
    expect(await desk.change(request, override('8.00'))).toMatchObject({ kind: 'applied' });
    expect(await desk.change(request, override('7.00'))).toMatchObject({ kind: 'refused' });
    expect(await desk.change(request, override('10.00'))).toMatchObject({ kind: 'applied' });
    expect(await totalOf(orderId)).toBe(10_000);
  });
});
