import { type ApiServer, keys, seedCompany, startApi } from '../support/api-ground';
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

describe('credit memos', () => {
  it('are for finance, on an invoice that is there', async () => {
    const path = `/api/v1/invoices/${returnId}/credit-memos`;
    const body = { amountMinor: 100, reason: '01' };
    expect((await api.post(path, body, keys.clerk)).status).toBe(403);
    expect((await api.post(path, body, keys.finance)).status).toBe(404);
    expect((await api.post(path, { ...body, amountMinor: -1 }, keys.finance)).status).toBe(400);
  });
});
