import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const days = (count: number) => addSeconds(NOW, count * 86_400);
async function place(more: Partial<OrderRequest> = {}, at = NOW): Promise<string> {
  const request = purchaseOrder([line('BOLT', '1', '10.00')], { purchaseOrderNumber: 'P1', ...more });
  // What the ERP says is fresh: credit is not what is asked here.
  await db()('receivables_snapshot').update({ as_of: at });
  const placed = await db().transaction((tx) => placeOrder(tx, request, at));
  if (placed.kind !== 'placed') throw new Error(placed.kind);
  return placed.orderId;
}
const holdsOf = (orderId: string) =>
  db()('hold').where({ order_id: orderId, status: 'open' }).pluck('type') as Promise<string[]>;
const claims = () => db()('order_claim').orderBy('usage').pluck('order_id') as Promise<string[]>;
const duplicate = ['duplicate-purchase-order'];

describe('a purchase order number', () => {
  test('that comes again within the window is held; after it, it is a number like any other and the window begins anew', async () => {
    await seedCompany(db(), { policy: { duplicateWindowDays: 90 } });
    const first = await place();
    expect(await holdsOf(await place({}, days(89)))).toEqual(duplicate);
    // The claim is still the first one's: what was held does not prolong it.
    expect(await claims()).toEqual([first]);
    const next = await place({}, days(91));
    expect(await holdsOf(next)).toEqual([]);
    expect(await claims()).toEqual([next]);
    expect(await holdsOf(await place({}, days(180)))).toEqual(duplicate);
  });

  test('that two channels send at the same moment is claimed by one of them, also where the old claim has lapsed', async () => {
    await seedCompany(db(), { policy: { duplicateWindowDays: 30 } });
    await place();
    const again = await Promise.all(Array.from({ length: 6 }, () => place({ channel: 'api' }, days(31))));
    const held = await Promise.all(again.map(holdsOf));
    expect(held.filter((types) => types.length === 0)).toHaveLength(1);
    expect(held.filter((types) => types.length > 0)).toEqual(Array.from({ length: 5 }, () => duplicate));
  });

  test('is of its buyer and of its release: another release of it is another order', async () => {
    await seedCompany(db());
    await place();
    expect(await holdsOf(await place({ releaseNumber: '2' }))).toEqual([]);
    expect(await holdsOf(await place({ releaseNumber: '2' }))).toEqual(duplicate);
  });
});

describe('a test order (usage T)', () => {
  const reservedOf = async (usage: string) => {
    const rows = (await db()('stock').where({ item_id: 'BOLT', usage }).pluck('reserved')) as number[];
    return rows.reduce((sum, one) => sum + one, 0);
  };

  test('shares no number, stock, credit or order number with production, and is a duplicate of its own kind alone', async () => {
    await seedCompany(db(), { limitMinor: 1_500 });
    await db()('stock').insert({ item_id: 'BOLT', node_id: 'CENTRAL', usage: 'T', on_hand: 5 });
    await db()('receivables_snapshot').update({ open_items: '[]' });
    const trial = await place({ usage: 'T' });
    const live = await place();
    // Each has the whole limit for itself; the second of a kind has not.
    expect([await holdsOf(trial), await holdsOf(live)]).toEqual([[], []]);
    expect(await claims()).toEqual([live, trial]);
    expect(await holdsOf(await place({ usage: 'T' }))).toContain('duplicate-purchase-order');
    expect([await reservedOf('P'), await reservedOf('T')]).toEqual([1, 2]);
    const numbers = (await db()('orders').orderBy('id').pluck('order_number')) as string[];
    expect(numbers.map((number) => number.slice(0, 2))).toEqual(['TO', 'SO', 'TO']);
  });

  test('takes test stock alone: what production has does not help it', async () => {
    await seedCompany(db(), { policy: { backorder: false } });
    const request = (usage: 'P' | 'T') =>
      purchaseOrder([line('BOLT', '1', '10.00')], {
        usage,
        channel: 'api',
        purchaseOrderNumber: `U${usage}`,
      });
    const kindOf = async (usage: 'P' | 'T') =>
      (await db().transaction((tx) => placeOrder(tx, request(usage), NOW))).kind;
    expect([await kindOf('T'), await kindOf('P')]).toEqual(['short', 'placed']);
  });
});
