import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { requestDocument } from '../../db/repositories/document-requests';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { reissue, retransmit } from '../../gateway/outbound/resend';
import { sendInterchanges } from '../../gateway/outbound/send-interchanges';
import { createEdiRouter } from '../../gateway/transport/https/edi-router';
import { httpsPush } from '../../gateway/transport/https/push';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { group, interchange, orderAnswer, purchaseOrder, setUpPartner } from '../support/trading-partner';

let database: TestDatabase;
let server: Server;
let base: string;
const now = () => '2026-11-22T18:00:00.000Z';

beforeEach(async () => {
  database = await createTestDatabase();
  await setUpPartner(database.db);
  await setUpPartner(database.db, { partnerId: 'OTHER' });
  const key = (secret: string, partner_id: string | null, isa_ids: string[], scopes = ['edi:send']) => ({
    name: secret,
    secret_hash: createHash('sha256').update(secret).digest('hex'),
    scopes,
    partner_id,
    isa_ids,
  });
  await database
    .db('api_key')
    .insert([
      key('acme-key', 'ACME', ['ZZ:ACME']),
      key('other-key', 'OTHER', ['OTHER']),
      key('van-key', null, ['*']),
      key('reader-key', 'ACME', ['ZZ:ACME'], ['orders:read']),
    ]);
  const app = express();
  app.use('/edi', createEdiRouter({ db: database.db, now, limitBytes: 2_000_000 }));
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/edi`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await database.drop();
});

const call = (path: string, key: string | null, init: RequestInit = {}) =>
  fetch(`${base}${path}`, {
    ...init,
    headers: [
      ...(key === null ? [] : [['authorization', `Bearer ${key}`] as [string, string]]),
      ...new Headers(init.headers),
    ],
  });
const post = (body: string, key: string | null = 'acme-key', headers: Record<string, string> = {}) =>
  call('', key, { method: 'POST', body, headers: { 'content-type': 'application/edi-x12', ...headers } });
interface Answer {
  readonly interchanges: { readonly id: string; readonly status: string; readonly href: string }[];
}
const read = async (answer: Response) => (await answer.json()) as Answer;
const order = (controlNumber: number) =>
  interchange({ controlNumber, groups: [group('PO', controlNumber, [purchaseOrder(`PO${controlNumber}`)])] });

describe('POST /edi', () => {
  test.each([
    ['an empty file', '', 'the file is empty'],
    ['what is no X12', 'hello', 'no ISA segment'],
    ['an ISA that is cut off before its sender', 'ISA*00*   ', 'ISA06 names no sender'],
  ])(
    'who brings %s reads at the address it was given what was wrong; nobody else does',
    async (_what, bytes, why) => {
      const [one] = (await read(await post(bytes))).interchanges;
      await judgeReceived(database.db, one?.id ?? '', now);
      const at = `/interchanges/${one?.id}`;
      const answer = await call(at, 'acme-key');
      expect([answer.status, await answer.json()]).toEqual([
        200,
        expect.objectContaining({ status: 'rejected', ta1: null, problem: expect.stringContaining(why) }),
      ]);
      expect((await call(at, 'other-key')).status).toBe(404);
    },
  );

  test('answers 202 once the bytes are archived', async () => {
    const answer = await post(order(1));
    expect(answer.status).toBe(202);
    const body = await read(answer);
    expect(body).toEqual({
      interchanges: [
        { id: expect.any(String), status: 'received', href: `/edi/interchanges/${body.interchanges[0]?.id}` },
      ],
    });
    expect(await database.db('arrival').first('status', 'source')).toEqual({
      status: 'complete',
      source: 'https',
    });
  });

  test('with Prefer: wait the answers come along when they are ready in time', async () => {
    const judging = setInterval(async () => {
      const row = await database.db('interchange').where({ status: 'received' }).first('id');
      if (row) await judgeReceived(database.db, row.id, now);
    }, 30);
    const answer = await post(order(1), 'acme-key', { prefer: 'respond-async, wait=5' }).finally(() =>
      clearInterval(judging),
    );
    expect(answer.headers.get('preference-applied')).toBe('wait=5');
    const [taken] = (await read(answer)).interchanges;
    expect(taken).toMatchObject({
      status: 'judged',
      ta1: { code: 'A', note: '000' },
      functionalAcks: [expect.stringMatching(/^ST\*997\*0001~AK1\*PO\*1~.*AK9\*A\*1\*1\*1~SE\*\d\*0001~$/)],
    });
    const again = await call(`${taken?.href.slice('/edi'.length)}`, 'acme-key');
    expect(await again.json()).toMatchObject({ status: 'judged' });
    expect((await call(`${taken?.href.slice('/edi'.length)}`, 'other-key')).status).toBe(404);
  });

  test('without answers in time it is still a 202', async () => {
    const answer = await post(order(1), 'acme-key', { prefer: 'wait=1' });
    expect(answer.status).toBe(202);
    expect((await read(answer)).interchanges[0]?.status).toBe('received');
  });

  test('a wrong key, a key without the scope and a key of somebody else keep nothing', async () => {
    for (const [key, status] of [
      [null, 401],
      ['wrong', 401],
      ['reader-key', 403],
      ['other-key', 403],
    ] as const) {
      const answer = await post(order(1), key);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await answer.json()).toMatchObject({
        status,
        title: expect.any(String),
        detail: expect.any(String),
      });
    }
    expect(await database.db('arrival').count().first()).toEqual({ count: 0 });
    expect((await post(order(1), 'van-key')).status).toBe(202);
  });

  test('more than the limit is refused with 413, announced or not', async () => {
    const body = order(1) + ' '.repeat(2_000_001);
    expect((await post(body)).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < body.length; sent += 100_000)
          controller.enqueue(Buffer.from(body.slice(sent, sent + 100_000)));
        controller.close();
      },
    });
    const unannounced = await call('', 'acme-key', {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(unannounced.status).toBe(413);
    expect(await database.db('arrival').count().first()).toEqual({ count: 0 });
  });

  test('what is no EDI is archived like everything else', async () => {
    expect((await post('hello')).status).toBe(202);
    expect((await post('')).status).toBe(202);
  });
});

describe('the mailbox', () => {
  async function sent(po: string, partnerId = 'ACME', set: '855' | '810' = '855'): Promise<void> {
    await database.db.transaction((tx) =>
      requestDocument(tx, {
        subject: `${partnerId}/${po}`,
        partnerId,
        set,
        usage: 'P',
        payload: orderAnswer(po),
      }),
    );
    await renderDocuments(database.db, `${partnerId}-P`, now);
  }
  const list = async (key: string, query = '?direction=out&status=pending') =>
    (await (await call(`/documents${query}`, key)).json()) as {
      documents: { id: string; controlNumber: string; sets: unknown[] }[];
      next: string | null;
    };

  test('a partner fetches its own documents, confirms them, and the rest stays', async () => {
    await sent('PO1');
    await sent('PO2');
    await sent('PO3', 'OTHER');
    const { documents } = await list('acme-key');
    expect(documents.map(({ controlNumber }) => controlNumber)).toEqual(['000000001', '000000002']);
    expect(documents[0]?.sets).toMatchObject([{ set: '855', purchaseOrderNumber: 'PO1' }]);
    const raw = await call(`/documents/${documents[0]?.id}`, 'acme-key');
    expect(raw.headers.get('content-type')).toMatch(/application\/edi-x12/);
    expect(await raw.text()).toMatch(/^ISA\*.*BAK\*00\*AD\*PO1.*IEA\*1\*000000001~$/);
    expect((await call(`/documents/${documents[0]?.id}`, 'other-key')).status).toBe(404);

    const received = () => call(`/documents/${documents[0]?.id}/received`, 'acme-key', { method: 'POST' });
    expect((await received()).status).toBe(204);
    expect((await received()).status).toBe(204);
    expect((await list('acme-key')).documents.map(({ controlNumber }) => controlNumber)).toEqual([
      '000000002',
    ]);
    expect(
      await database
        .db('document')
        .where({ purchase_order_number: 'PO1' })
        .first('delivery', 'acknowledgement'),
    ).toEqual({ delivery: 'delivered', acknowledgement: 'expected' });
  });

  test('a page ends with a cursor for the next one', async () => {
    for (const po of ['PO1', 'PO2', 'PO3']) await sent(po);
    const first = await list('acme-key', '?limit=2');
    expect(first.documents).toHaveLength(2);
    const second = await list('acme-key', `?limit=2&after=${first.next}`);
    expect(second.documents.map(({ controlNumber }) => controlNumber)).toEqual(['000000003']);
    expect(second.next).toBeNull();
    expect((await call('/documents?limit=x', 'acme-key')).status).toBe(400);
    expect((await call('/documents/1', 'acme-key')).status).toBe(404);
  });

  test('retransmit offers the same bytes again; reissue makes new ones and asks before it doubles an 810', async () => {
    await sent('PO1');
    const [{ id } = { id: '' }] = (await list('acme-key')).documents;
    const bytes = await (await call(`/documents/${id}`, 'acme-key')).text();
    expect(await database.db.transaction((tx) => retransmit(tx, id, now()))).toEqual({
      kind: 'still-pending',
    });
    await call(`/documents/${id}/received`, 'acme-key', { method: 'POST' });
    expect(await database.db.transaction((tx) => retransmit(tx, id, now()))).toEqual({
      kind: 'queued',
      interchangeId: id,
    });
    expect((await list('acme-key')).documents.map((one) => one.id)).toEqual([id]);
    expect(await (await call(`/documents/${id}`, 'acme-key')).text()).toBe(bytes);

    const document = await database.db('document').where({ interchange_id: id }).first('id');
    expect(
      await database.db.transaction((tx) => reissue(tx, document.id, { confirmed: false })),
    ).toMatchObject({ kind: 'requested' });
    await renderDocuments(database.db, 'ACME-P', now);
    expect((await list('acme-key')).documents.map(({ controlNumber }) => controlNumber)).toEqual([
      '000000001',
      '000000002',
    ]);
    expect(await database.db('document').whereNotNull('reissue_of').first('reissue_of')).toEqual({
      reissue_of: document.id,
    });

    await database.db('document_request').where({ document_id: document.id }).update({ set_id: '810' });
    expect(await database.db.transaction((tx) => reissue(tx, document.id, { confirmed: false }))).toEqual({
      kind: 'needs-confirmation',
      set: '810',
    });
  });
});

test('an address that is pushed to gets interchanges in the order of their numbers, and the same one again after it failed', async () => {
  const taken: string[] = [];
  let failing = true;
  const partner = express().post('/in', express.text({ type: () => true }), (request, response) => {
    if (failing) return void response.status(503).end();
    taken.push(String(request.body).split('*')[13] ?? '');
    response.status(200).end();
  });
  const listening = partner.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  await setUpPartner(database.db, { partnerId: 'PUSHED', channelKind: 'https-push' });
  await database
    .db('channel')
    .where({ id: 'PUSHED-https-push' })
    .update({
      settings: JSON.stringify({ url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/in` }),
    });
  for (const po of ['PO1', 'PO2', 'PO3']) {
    await database.db.transaction((tx) =>
      requestDocument(tx, {
        subject: po,
        partnerId: 'PUSHED',
        set: '855',
        usage: 'P',
        payload: orderAnswer(po),
      }),
    );
    await renderDocuments(database.db, 'PUSHED-P', now);
  }
  const push = () => sendInterchanges(database.db, 'PUSHED-https-push', { 'https-push': httpsPush }, now);
  await expect(push()).rejects.toThrow('503');
  failing = false;
  await Promise.all([push(), push(), push()]);
  expect(taken).toEqual(['000000001', '000000002', '000000003']);
  expect(await database.db('document').pluck('delivery')).toEqual(['delivered', 'delivered', 'delivered']);
  await new Promise((resolve) => listening.close(resolve));
});
