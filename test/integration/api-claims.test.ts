import { createHash } from 'node:crypto';
import { type ApiServer, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { saveRuleNow } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;
let returnId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  api = await startApi(database.db);
  const [row] = (await database
    .db('return_request')
    .insert({
      partner_id: 'ACME',
      customer_id:
        (await database.db('partner').where({ id: 'ACME' }).first('customer_id')).customer_id ?? 'INITECH',
      request_number: 'RR1',
      received_at: '2026-11-22T18:00:00Z',
      content: JSON.stringify({
        kind: 'return-authorization',
        purpose: '13',
        number: 'RR1',
        date: '2026-11-22',
        dates: [],
        references: [],
        contacts: [],
        charges: [],
        remarks: [],
        parties: [],
        items: [],
      }),
    })
    .returning('id')) as [{ id: string }];
  returnId = row.id;
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

describe('returns that partners ask for', () => {
  const answer = (key: string, body: unknown) =>
    api.post(`/api/v1/return-requests/${returnId}/answers`, body, key);

  it('are listed to own staff, answered once, by customer service, with a word to the customer', async () => {
    expect((await api.get('/api/v1/return-requests', keys.initech)).status).toBe(403);
    const listed = await api.get('/api/v1/return-requests', keys.clerk);
    expect(listed.body.items).toMatchObject([{ id: returnId, requestNumber: 'RR1', status: 'open' }]);
    expect((await answer(keys.finance, { action: 'authorize', text: 'Dock 4' })).status).toBe(403);
    expect((await answer(keys.clerk, { action: 'authorize', text: '' })).status).toBe(400);
    const done = await answer(keys.clerk, { action: 'authorize', text: 'Dock 4' });
    expect(done).toMatchObject({
      status: 200,
      body: { status: 'authorized', answeredBy: 'clara', returnNumber: expect.stringMatching(/^RMA-/) },
    });
    expect(await answer(keys.clerk, { action: 'refuse', text: 'Too late' })).toMatchObject({
      status: 409,
      body: { detail: 'clara answered it already' },
    });
    expect(await database.db('document_request').where({ set_id: '180' }).pluck('partner_id')).toEqual([
      'ACME',
    ]);
  });
});

/** An invoice over 100.00 for an order of Initech's, paid in part. */
async function invoiceOf(number = 'I-CLAIM'): Promise<string> {
  const { db } = database;
  const { body: order } = await api.post('/api/v1/orders', orderOf(10), keys.initech);
  const { credit_account_id, entity_id } = await db('orders')
    .where({ id: order.id })
    .first('credit_account_id', 'entity_id');
  const [shipment] = await db('shipment')
    .insert({
      order_id: order.id,
      shipment_number: `SH-${number}`,
      sequence: 9,
      node_id: (await db('node').first('id')).id,
      state: 'shipped',
      planned_at: '2026-11-22T18:00:00Z',
    })
    .returning('id');
  const [invoice] = await db('invoice')
    .insert({
      invoice_number: number,
      entity_id,
      order_id: order.id,
      shipment_id: shipment.id,
      credit_account_id,
      currency: 'USD',
      lines: '[]',
      subtotal_minor: 10_000,
      charges: '[]',
      charges_minor: 0,
      tax_minor: 0,
      total_minor: 10_000,
      paid_minor: 4000,
      terms: JSON.stringify({ netDays: 30 }),
      invoice_date: '2026-11-22',
      due_date: '2026-12-22',
      issued_at: '2026-11-22T18:00:00Z',
    })
    .returning('id');
  await db('cash_entry').insert({
    credit_account_id,
    kind: 'payment',
    invoice_id: invoice.id,
    amount_minor: 4000,
    effective_on: '2026-11-23',
    created_at: '2026-11-23T18:00:00Z',
  });
  return invoice.id;
}

describe('credit memos', () => {
  it('are granted up to what the invoice was, and the invoice shows what settles it', async () => {
    const id = await invoiceOf();
    const credit = (amountMinor: number) =>
      api.post(`/api/v1/invoices/${id}/credit-memos`, { amountMinor, reason: '01' }, keys.finance);
    expect(await credit(7000)).toMatchObject({
      status: 201,
      body: { number: expect.stringMatching(/^CM-/) },
    });
    expect(await credit(7000)).toMatchObject({
      status: 409,
      body: { detail: 'Of invoice I-CLAIM 30.00 USD can still be credited' },
    });
    const { body } = await api.get(`/api/v1/invoices/${id}`, keys.finance);
    expect(body.settlements).toEqual([
      {
        kind: 'payment',
        amount: { amount: '40.00', amountMinor: 4000, currency: 'USD' },
        traceNumber: null,
        effectiveOn: '2026-11-23',
        bookedAt: null,
      },
    ]);
  });

  it('are money given like any other: within the person’s authority, in steps that add up, and by who did not order', async () => {
    const id = await invoiceOf('I-AUTHORITY');
    const small = 'key-of-a-junior';
    await saveRuleNow(database.db, 'authority', 'junior', {
      holdTypes: ['credit'],
      maximumMinor: 5_000,
      secondPersonAboveMinor: null,
    });
    await database.db('api_key').insert({
      name: small,
      secret_hash: createHash('sha256').update(small).digest('hex'),
      scopes: ['holds:decide'],
      person: 'june',
      roles: ['junior'],
    });
    const credit = (amountMinor: number, key: string) =>
      api.post(`/api/v1/invoices/${id}/credit-memos`, { amountMinor, reason: '01' }, key);
    expect((await credit(5_001, small)).status).toBe(403);
    expect((await credit(2_000, small)).status).toBe(201);
    const both = await Promise.all([credit(2_000, small), credit(2_000, small)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403]);
    await database.db('orders').update({ placed_by: 'fiona' });
    expect((await credit(1_000, keys.finance)).status).toBe(403);
    await database.db('orders').update({ placed_by: null });
    expect((await credit(1_000, keys.finance)).status).toBe(201);
  });

  it('are for finance, on an invoice that is there', async () => {
    const path = `/api/v1/invoices/${returnId}/credit-memos`;
    const body = { amountMinor: 100, reason: '01' };
    expect((await api.post(path, body, keys.clerk)).status).toBe(403);
    expect((await api.post(path, body, keys.finance)).status).toBe(404);
    expect((await api.post(path, { ...body, amountMinor: -1 }, keys.finance)).status).toBe(400);
  });
});
