import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { resolveHold } from '../../application/hold/resolve-hold';
import { lockOrder } from '../../application/order/order-record';
import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { atOnce } from '../support/at-once';
import { line, NOW, purchaseOrder, seedCompany, seedCustomer } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 24 });
});
afterEach(() => database.drop());

test('200 buyers who want 100 units get exactly 100, and the rest are told that it is gone', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { CENTRAL: 40, EAST: 35, WEST: 25 } },
    policy: { backorder: false },
  });
  const results = await Promise.all(
    Array.from({ length: 200 }, () =>
      db().transaction((tx) =>
        placeOrder(tx, purchaseOrder([line('BOLT', '1', '10.00')], { channel: 'api' }), NOW),
      ),
    ),
  );
  expect(results.filter((result) => result.kind === 'placed')).toHaveLength(100);
  expect(results.filter((result) => result.kind === 'short')).toHaveLength(100);
  expect(await reconcileRecord(db())).toEqual([]);
  expect((await db()('stock').sum('reserved as reserved').first()) as unknown).toEqual({ reserved: '100' });
}, 60_000);

test('orders that name the same items in opposite order never deadlock', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 500, EAST: 500 }, NUT: { CENTRAL: 500, EAST: 500 } } });
  // Each with a credit account of its own: orders of one account wait for one another before they come to the stock.
  const customers = Array.from({ length: 20 }, (_, i) => `BUYER${i}`);
  for (const id of customers) await seedCustomer(db(), id);
  const forward = [line('BOLT', '3', '10.00'), line('NUT', '3', '0.0425')];
  for (let round = 0; round < 3; round += 1) {
    const results = await atOnce(
      db(),
      customers.map((customerId, i) => () => {
        const lines = i % 2 === 0 ? forward : forward.toReversed();
        const request = purchaseOrder(lines, { customerId, partnerId: `${customerId}-EDI` });
        return db().transaction((tx) => placeOrder(tx, request, NOW));
      }),
    );
    expect(results.map(({ kind }) => kind)).toEqual(customers.map(() => 'placed'));
  }
  expect(await reconcileRecord(db())).toEqual([]);
}, 60_000);

test('two orders never pass on the same credit headroom', async () => {
  await seedCompany(db(), { limitMinor: 10_000 });
  const results = await Promise.all(
    Array.from({ length: 20 }, () =>
      db().transaction((tx) => placeOrder(tx, purchaseOrder([line('BOLT', '6', '10.00')]), NOW)),
    ),
  );
  expect(results.filter((result) => result.kind === 'placed' && result.state === 'placed')).toHaveLength(1);
});

test('of two who decide one hold at the same moment, one decides and the other hears of it', async () => {
  await seedCompany(db(), { limitMinor: 0 });
  const placed = await db().transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', '1', '10.00')]), NOW),
  );
  if (placed.kind !== 'placed') throw new Error('not placed');
  const hold = (await db()('hold').where({ order_id: placed.orderId }).first('id')) as { id: string };
  const outcomes = await Promise.all(
    (['release', 'reject'] as const).map((action) =>
      db().transaction((tx) =>
        resolveHold(tx, { holdId: hold.id, action, person: action, roles: ['finance'], reason: 'mine' }, NOW),
      ),
    ),
  );
  expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['refused', 'resolved']);
});

test('a payment comes in while its order is being written: neither waits for the other', async () => {
  await seedCompany(db());
  const placed = await db().transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', '1', '10.00')]), NOW),
  );
  if (placed.kind !== 'placed') throw new Error('not placed');
  await billed(placed.orderId, 'INV1');
  const payment = {
    counterparty: 'erp',
    eventId: 'payment-1',
    kind: 'payment.received',
    body: { creditAccountId: 'CA-ACME', invoiceNumber: 'INV1', amountMinor: 1000, currency: 'USD' },
  };
  await db().transaction(async (tx) => {
    await lockOrder(tx, placed.orderId);
    // With the order's key locked, this would wait for us, and we for its invoice.
    await db().transaction(async (other) => {
      await other.raw(`set local lock_timeout = '5s'`);
      expect(await receiveCallback(other, payment, NOW)).toEqual({ kind: 'stored' });
    });
    await tx('invoice').where({ order_id: placed.orderId }).update({ posted_at: NOW });
  });
  const invoice = (await db()('invoice').first('paid_minor', 'posted_at')) as Record<string, unknown>;
  expect(invoice).toMatchObject({ paid_minor: 1000, posted_at: expect.anything() });
});

async function billed(orderId: string, invoiceNumber: string): Promise<void> {
  const [shipment] = (await db()('shipment')
    .insert({
      order_id: orderId,
      shipment_number: 'SH1',
      sequence: 1,
      node_id: 'EAST',
      state: 'shipped',
      planned_at: NOW,
    })
    .returning('id')) as { id: string }[];
  await db()('invoice').insert({
    invoice_number: invoiceNumber,
    entity_id: 'US01',
    order_id: orderId,
    shipment_id: shipment?.id,
    credit_account_id: 'CA-ACME',
    currency: 'USD',
    lines: '[]',
    subtotal_minor: 1000,
    charges: '[]',
    charges_minor: 0,
    tax_minor: 0,
    total_minor: 1000,
    terms: '{}',
    invoice_date: '2026-03-02',
    due_date: '2026-04-01',
    issued_at: NOW,
  });
}
