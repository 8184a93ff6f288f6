import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { requestDocument } from '../../db/repositories/document-requests';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { retransmit } from '../../gateway/outbound/resend';
import { sendInterchanges } from '../../gateway/outbound/send-interchanges';
import { raiseOverdueReceipts } from '../../gateway/transport/as2/overdue-receipts';
import { createAs2Sender } from '../../gateway/transport/as2/send-message';
import { sendReceipt } from '../../gateway/transport/as2/send-receipt';
import { As2Door } from '../support/as2-door';
import { cmsMime, type Identity, mic, payloadEntity, toHttp } from '../support/as2-peer';
import { group, interchange, orderAnswer, purchaseOrder } from '../support/trading-partner';

interface Taken {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: Buffer };

let door: As2Door;
let server: Server;
let partnerUrl: string;
let taken: Taken[];
let answer: (message: Taken) => Answer | Promise<Answer>;

beforeAll(() => {
  door = new As2Door();
});
afterAll(() => door.peer.close());
beforeEach(async () => {
  await door.open();
  taken = [];
  answer = (message) => receipt(message);
  const partner = express().post(
    '/',
    express.raw({ type: () => true, limit: '5mb' }),
    async (request, response) => {
      const message = { headers: request.headers as Record<string, string>, body: request.body as Buffer };
      taken.push(message);
      const { status = 200, headers = {}, body = Buffer.alloc(0) } = await answer(message);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.status(status).end(body);
    },
  );
  server = partner.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  partnerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await door.configure({ url: partnerUrl });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await door.close();
});

/** What was signed, as OpenSSL reads and verifies it. */
const opened = ({ body }: Taken, by: Identity = door.hub): Buffer =>
  door.peer.verify(door.peer.decrypt(body, door.partner), by);

interface ReceiptText {
  readonly disposition?: string;
  readonly mic?: string | null;
  readonly signer?: Identity | null;
  readonly messageId?: string;
}

/** A receipt as an independent product makes it. */
function receipt(message: Taken, given: ReceiptText = {}): Answer {
  const { disposition = 'processed', signer = door.partner } = given;
  const found = given.mic === undefined ? `${mic(signedPart(message))}, sha-256` : given.mic;
  const report = Buffer.from(
    [
      'Content-Type: multipart/report; Report-Type=disposition-notification;\r\n boundary="--=_b"',
      '',
      '----=_b',
      'Content-Type: text/plain',
      '',
      'From the other side.',
      '----=_b',
      'Content-Type: message/disposition-notification',
      '',
      'Reporting-UA: OpenSSL',
      'Final-Recipient: rfc822; "ACME AS2"',
      `Original-Message-ID: ${given.messageId ?? message.headers['message-id']}`,
      `Disposition: Automatic-Action/MDN-Sent-Automatically;\r\n ${disposition}`,
      ...(found === null ? [] : [`Received-Content-MIC: ${found}`]),
      '',
      '----=_b--',
      '',
    ].join('\r\n'),
  );
  return toHttp(signer ? door.peer.sign(report, signer) : report);
}

/** The first part of multipart/signed, byte by byte. */
function signedPart({ body }: Taken): Buffer {
  const text = door.peer.decrypt(body, door.partner).toString('latin1');
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? '';
  return Buffer.from(text.split(`--${boundary}\r\n`)[1]?.replace(/\r\n$/, '') ?? '', 'latin1');
}

async function outbound(...numbers: string[]): Promise<void> {
  for (const po of numbers) {
    await door.db.transaction((tx) =>
      requestDocument(tx, {
        subject: po,
        partnerId: 'ACME',
        set: '855',
        usage: 'P',
        payload: orderAnswer(po),
      }),
    );
    await renderDocuments(door.db, 'ACME-P', () => door.now);
  }
}

const send = () =>
  sendInterchanges(door.db, 'ACME-as2', { as2: createAs2Sender(door.dependencies) }, () => door.now);
const statuses = () => door.db('interchange').where({ direction: 'out' }).orderBy('sequence').pluck('status');
const messages = () => door.db('as2_message').where({ direction: 'out' }).orderBy('id').select('*');
const contents = async (): Promise<string[]> =>
  (await door.db('interchange').where({ direction: 'out' }).orderBy('sequence').pluck('content')).map(
    (content: Buffer) => content.toString('latin1'),
  );
const exceptions = () => door.db('exception').where({ status: 'open' }).orderBy('opened_at').pluck('kind');

describe('to an independent product, with a receipt in the answer', () => {
  test('signed and encrypted; delivered when the receipt is the partner’s and its digest is ours', async () => {
    await outbound('PO1');
    expect(await send()).toBe(1);
    expect(taken[0]?.headers).toMatchObject({
      'as2-version': '1.2',
      'as2-from': 'HUB',
      'as2-to': '"ACME AS2"',
      'message-id': expect.stringMatching(/^<[^<>@\s]+@[^<>@\s]+>$/),
      'disposition-notification-options':
        'signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha256',
      'content-type': expect.stringMatching(/^application\/pkcs7-mime; smime-type=enveloped-data/),
    });
    const [content = ''] = await contents();
    expect(opened(taken[0] as Taken).toString('latin1')).toMatch(
      /^Content-Type: application\/edi-x12\r\nContent-Transfer-Encoding: binary\r\n/,
    );
    expect(
      opened(taken[0] as Taken)
        .toString('latin1')
        .endsWith(`\r\n\r\n${content}`),
    ).toBe(true);
    expect(await statuses()).toEqual(['delivered']);
    expect(await door.db('document').pluck('delivery')).toEqual(['delivered']);
    expect((await messages())[0]).toMatchObject({ status: 'delivered', attempts: 1, reason: null });
    expect(await door.db('as2_receipt').first('direction', 'status', 'disposition')).toEqual({
      direction: 'in',
      status: 'accepted',
      disposition: 'Automatic-Action/MDN-Sent-Automatically; processed',
    });
  });

  test.each([
    ['AES-128 and SHA-1', { encryption: 'aes128-cbc', signature: 'sha1' }],
    ['AES-192 and SHA-384', { encryption: 'aes192-cbc', signature: 'sha384' }],
    ['3DES and SHA-512', { encryption: '3des', signature: 'sha512' }],
    ['OAEP', { keyTransport: 'rsa-oaep-sha256' }],
  ])('with %s', async (_name, change) => {
    await door.configure({ url: partnerUrl, ...change });
    await outbound('PO1');
    await send();
    expect(opened(taken[0] as Taken).toString('latin1')).toContain((await contents())[0]);
    expect(await statuses()).toEqual(['delivered']);
  });

  test('with an elliptic key', async () => {
    const elliptic = door.peer.identity('hub-ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    Object.assign(door.secrets, { AS2_EC: elliptic.key, AS2_EC_CERTIFICATE: elliptic.certificate });
    await door.configure({
      url: partnerUrl,
      ownKeys: [{ key: 'AS2_EC', certificate: 'AS2_EC_CERTIFICATE' }],
    });
    await outbound('PO1');
    await send();
    expect(opened(taken[0] as Taken, elliptic).toString('latin1')).toContain((await contents())[0]);
    expect(await statuses()).toEqual(['delivered']);
  });

  test('the new certificate of the partner takes over when its time comes', async () => {
    const next = door.peer.identity('next-partner');
    const from = new Date(Date.parse(door.now) + 3_600_000).toISOString();
    const partnerCertificates = [door.partner.certificate, { pem: next.certificate, from }];
    await door.configure({ url: partnerUrl, partnerCertificates });
    answer = () => ({ status: 503 });
    await outbound('PO1');
    await expect(send()).rejects.toThrow('503');
    expect(() => door.peer.decrypt((taken[0] as Taken).body, door.partner)).not.toThrow();
    await door.db('as2_message').delete();
    door.now = from;
    await expect(send()).rejects.toThrow('503');
    expect(() => door.peer.decrypt((taken[1] as Taken).body, door.partner)).toThrow();
    expect(() => door.peer.decrypt((taken[1] as Taken).body, next)).not.toThrow();
  });
});

describe('what the partner did not take', () => {
  test.each([
    ['it says so', { disposition: 'processed/error: decryption-failed' }, 'decryption-failed'],
    ['it says so otherwise', { disposition: 'failed/failure: unsupported format' }, 'unsupported format'],
    ['its digest is another', { mic: `${mic(Buffer.from('else'))}, sha256` }, 'mic-mismatch'],
    ['it names no digest', { mic: null }, 'mic-missing'],
  ])(
    'is undeliverable and somebody is told (%s); the next interchange goes on',
    async (_name, given, reason) => {
      await outbound('PO1', 'PO2');
      answer = (message) => (taken.length === 1 ? receipt(message, given) : receipt(message));
      expect(await send()).toBe(2);
      expect(await statuses()).toEqual(['undeliverable', 'delivered']);
      expect(await door.db('document').orderBy('id').pluck('delivery')).toEqual([
        'undeliverable',
        'delivered',
      ]);
      expect((await messages())[0]).toMatchObject({ status: 'failed', reason });
      expect(await exceptions()).toEqual(['as2-not-taken']);
    },
  );

  test('a duplicate warning with our digest is a delivery', async () => {
    await outbound('PO1');
    answer = (message) => receipt(message, { disposition: 'processed/Warning: duplicate-document' });
    await send();
    expect(await statuses()).toEqual(['delivered']);
  });

  test('sent again on demand it is a new message: the old one was acknowledged', async () => {
    await outbound('PO1');
    answer = (message) => receipt(message, { disposition: 'processed/error: unexpected-processing-error' });
    await send();
    answer = (message) => receipt(message);
    const id = (await door.db('interchange').first('id')).id as string;
    await door.db.transaction((tx) => retransmit(tx, id, door.now));
    await send();
    expect(await statuses()).toEqual(['delivered']);
    expect(new Set(taken.map(({ headers }) => headers['message-id'])).size).toBe(2);
    expect((await messages()).map(({ status }) => status)).toEqual(['failed', 'delivered']);
    expect(await exceptions()).toEqual([]);
  });
});

describe('what was not acknowledged', () => {
  test.each<[string, string, (message: Taken) => Answer | Promise<Answer>]>([
    ['the address fails', 'http-503', () => ({ status: 503, body: Buffer.from('down') })],
    ['the address sends us elsewhere', 'http-302', () => ({ status: 302, headers: { location: '/else' } })],
    ['no receipt comes', 'no-receipt', () => ({})],
    ['what comes is no receipt', 'receipt-unproven', () => ({ body: Buffer.from('<html>') })],
    ['the receipt is not signed', 'receipt-unproven', (message) => receipt(message, { signer: null })],
    [
      'the receipt is about another message',
      'receipt-mismatch',
      (message) => receipt(message, { messageId: '<else@x>' }),
    ],
    [
      'the answer does not come in time',
      'timeout',
      (message) => new Promise((resolve) => setTimeout(() => resolve(receipt(message)), 1500)),
    ],
  ])('goes again under the same Message-ID (%s), in its order', async (_name, reason, wrong) => {
    await door.configure({ url: partnerUrl, timeoutMs: reason === 'timeout' ? 300 : 20_000 });
    await outbound('PO1', 'PO2');
    answer = wrong;
    await expect(send()).rejects.toThrow();
    expect((await messages())[0]).toMatchObject({ status: 'sending', reason, attempts: 1 });
    await door.configure({ url: partnerUrl });
    answer = (message) => receipt(message);
    expect(await send()).toBe(2);
    const ids = taken.map(({ headers }) => headers['message-id']);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(taken[1]?.body.equals((taken[0] as Taken).body)).toBe(true);
    expect(await statuses()).toEqual(['delivered', 'delivered']);
    expect((await messages())[0]).toMatchObject({ status: 'delivered', attempts: 2, reason: null });
  });

  test('a receipt with a stranger’s signature is kept and not believed', async () => {
    await outbound('PO1');
    const stranger = door.peer.identity('stranger');
    answer = (message) => receipt(message, { signer: stranger });
    await expect(send()).rejects.toThrow('not believed');
    expect(await statuses()).toEqual(['pending']);
    expect(await door.db('as2_receipt').first('status', 'status_text')).toEqual({
      status: 'refused',
      status_text: expect.stringContaining('none of the certificates agreed'),
    });
  });

  test('somebody is told after three tries, and that it goes again', async () => {
    await outbound('PO1');
    answer = () => ({ status: 500 });
    for (let tries = 0; tries < 3; tries += 1) await expect(send()).rejects.toThrow('500');
    expect(await exceptions()).toEqual(['as2-unanswered']);
    answer = (message) => receipt(message);
    await send();
    expect(await exceptions()).toEqual([]);
  });

  test('a process that ended between the receipt and its entry does not send twice', async () => {
    await outbound('PO1');
    await send();
    await door.db('interchange').update({ status: 'pending', transmissions: 0 });
    await send();
    expect(taken).toHaveLength(1);
    expect(await statuses()).toEqual(['delivered']);
  });

  test('a channel whose settings are wrong sends nothing and says why', async () => {
    await outbound('PO1');
    await door.configure({
      url: partnerUrl,
      ownKeys: [{ key: 'DATABASE_URL', certificate: 'AS2_CERTIFICATE' }],
    });
    await expect(send()).rejects.toThrow('AS2_');
    expect(await exceptions()).toEqual(['as2-channel-fault']);
    expect(taken).toEqual([]);
  });
});

describe('with a receipt that comes later', () => {
  const later = () =>
    door.configure({ url: partnerUrl, mdn: { mode: 'async', url: door.base, waitMinutes: 60 } });
  const post = (given: Answer) =>
    fetch(door.base, {
      method: 'POST',
      headers: {
        'AS2-From': '"ACME AS2"',
        'AS2-To': 'HUB',
        'Message-ID': `<${Math.random()}@acme>`,
        ...given.headers,
      },
      body: new Uint8Array(given.body ?? Buffer.alloc(0)),
    });

  test('it is sent, then delivered by the receipt; the receipt again changes nothing', async () => {
    await later();
    answer = () => ({ status: 202 });
    await outbound('PO1');
    await send();
    expect(taken[0]?.headers['receipt-delivery-option']).toBe(door.base);
    expect(await statuses()).toEqual(['sent']);
    const right = receipt(taken[0] as Taken);
    expect((await post(right)).status).toBe(200);
    expect(await statuses()).toEqual(['delivered']);
    expect((await post(right)).status).toBe(200);
    expect(await door.db('as2_receipt').count().first()).toEqual({ count: 1 });
    expect((await post(receipt(taken[0] as Taken, { disposition: 'failed/failure: x' }))).status).toBe(200);
    expect(await statuses()).toEqual(['delivered']);
  });

  test('one that comes before the answer to the message counts', async () => {
    await later();
    answer = async (message) => {
      expect((await post(receipt(message))).status).toBe(200);
      return { status: 202 };
    };
    await outbound('PO1');
    await send();
    expect(await statuses()).toEqual(['delivered']);
    expect((await messages())[0]?.status).toBe('delivered');
  });

  test('what is not proven, or about nothing we sent, changes nothing', async () => {
    await later();
    answer = () => ({ status: 202 });
    await outbound('PO1');
    await send();
    const stranger = door.peer.identity('stranger');
    const message = taken[0] as Taken;
    expect((await post(receipt(message, { signer: stranger }))).status).toBe(400);
    expect((await post(receipt(message, { signer: null }))).status).toBe(400);
    expect((await post(receipt(message, { messageId: '<nothing@x>' }))).status).toBe(400);
    expect(await statuses()).toEqual(['sent']);
    expect(await exceptions()).toEqual(['as2-receipt-unproven']);
  });

  test('another digest, or a refusal, makes it undeliverable', async () => {
    await later();
    answer = () => ({ status: 202 });
    await outbound('PO1', 'PO2');
    await send();
    await post(receipt(taken[0] as Taken, { mic: `${mic(Buffer.from('else'))}, sha256` }));
    await post(receipt(taken[1] as Taken, { disposition: 'processed/error: authentication-failed' }));
    expect(await statuses()).toEqual(['undeliverable', 'undeliverable']);
    expect((await messages()).map(({ reason }) => reason)).toEqual(['mic-mismatch', 'authentication-failed']);
    expect(await exceptions()).toEqual(['as2-not-taken', 'as2-not-taken']);
  });

  test('one that does not come is missed, and the message goes again under its id', async () => {
    await later();
    answer = () => ({ status: 202 });
    await outbound('PO1');
    await send();
    expect(await raiseOverdueReceipts(door.db, door.now)).toBe(0);
    const after = new Date(Date.parse(door.now) + 3_700_000).toISOString();
    expect(await raiseOverdueReceipts(door.db, after)).toBe(1);
    expect(await raiseOverdueReceipts(door.db, after)).toBe(0);
    expect(await exceptions()).toEqual(['as2-receipt-overdue']);
    const id = (await door.db('interchange').first('id')).id as string;
    await door.db.transaction((tx) => retransmit(tx, id, door.now));
    await send();
    expect(taken[1]?.headers['message-id']).toBe(taken[0]?.headers['message-id']);
    await post(receipt(taken[0] as Taken));
    expect(await statuses()).toEqual(['delivered']);
    expect(await exceptions()).toEqual([]);
  });
});

describe('receipts that partners want later', () => {
  const order = interchange({ controlNumber: 1, groups: [group('PO', 1, [purchaseOrder('PO1')])] });
  const dueReceipts = () => door.db('as2_receipt').where({ direction: 'out' }).orderBy('id').select('*');

  test('go to the address that was named, and again until it takes them', async () => {
    const answered = await door.post(door.sealed(payloadEntity(order)), {
      'Receipt-Delivery-Option': partnerUrl,
      'Message-ID': '<1@acme>',
    });
    expect([answered.status, await answered.text()]).toEqual([202, '']);
    const [due] = await dueReceipts();
    expect(
      (
        await door.db.raw(
          `select count(*) from graphile_worker.jobs where task_identifier = 'send-as2-receipt'`,
        )
      ).rows,
    ).toEqual([{ count: 1 }]);
    answer = () => ({ status: 500 });
    await expect(sendReceipt(door.db, due.id, () => door.now)).rejects.toThrow('500');
    answer = () => ({ status: 200 });
    await sendReceipt(door.db, due.id, () => door.now);
    await sendReceipt(door.db, due.id, () => door.now);
    expect(taken).toHaveLength(2);
    const report = door.peer.verify(
      Buffer.concat([
        Buffer.from(`Content-Type: ${taken[1]?.headers['content-type']}\r\n\r\n`),
        (taken[1] as Taken).body,
      ]),
      door.hub,
    );
    expect(report.toString('latin1')).toMatch(
      /Original-Message-ID: <1@acme>\r\nDisposition: .*; processed\r/,
    );
    expect((await dueReceipts())[0]).toMatchObject({ status: 'sent', attempts: 2 });
  });

  test('go nowhere for who proves nothing, nor by another protocol', async () => {
    await door.post(toHttp(cmsMime('enveloped-data', Buffer.from('x'))), {
      'Receipt-Delivery-Option': 'http://10.0.0.1/inside',
    });
    await door.post(door.sealed(payloadEntity(order)), { 'Receipt-Delivery-Option': 'file:///etc/passwd' });
    await door.post(toHttp(cmsMime('enveloped-data', Buffer.from('x'))), {
      'Receipt-Delivery-Option': partnerUrl,
    });
    expect((await dueReceipts()).map(({ status }) => status)).toEqual(['refused', 'refused', 'due']);
  });
});

describe('from hub to hub', () => {
  /** The partner's end is a channel of the same hub: it sends to itself. */
  async function loop(change: Record<string, unknown>): Promise<void> {
    Object.assign(door.secrets, { AS2_PARTNER: door.partner.key, AS2_PARTNER_CRT: door.partner.certificate });
    await door.configure({ url: door.base, ...change });
    const settings = {
      ...door.settings(),
      partnerAs2Id: 'HUB',
      ownAs2Id: 'ACME AS2',
      isaIds: ['ZZ:HUB'],
      partnerCertificates: [door.hub.certificate],
      ownKeys: [{ key: 'AS2_PARTNER', certificate: 'AS2_PARTNER_CRT' }],
      inbound: { signed: false, encrypted: false },
    };
    await door.db('channel').insert({ id: 'LOOP', kind: 'as2', settings: JSON.stringify(settings) });
  }

  test.each([
    ['everything', {}],
    ['compressed before it is signed', { compression: 'before-signing' }],
    ['compressed after it is signed', { compression: 'after-signing' }],
    ['compressed and encrypted only', { compression: 'before-signing', signature: null }],
    ['encrypted only', { signature: null }],
    ['signed only', { encryption: null }],
    ['compressed only', { compression: 'before-signing', signature: null, encryption: null }],
    ['nothing', { signature: null, encryption: null }],
    ['an unsigned receipt', { mdn: { mode: 'sync', signed: false } }],
    ['no receipt', { mdn: { mode: 'none' } }],
  ])('both ends compute the same digest: %s', async (_name, change) => {
    await loop(change);
    await outbound('PO1');
    await send();
    expect(await statuses()).toEqual(['delivered']);
    expect(await door.db('interchange').where({ direction: 'in' }).first('status', 'sender_id')).toEqual({
      status: 'received',
      sender_id: 'HUB',
    });
  });

  test('with a receipt that its job brings', async () => {
    await loop({ mdn: { mode: 'async', url: door.base } });
    await outbound('PO1');
    await send();
    expect(await statuses()).toEqual(['sent']);
    const due = await door.db('as2_receipt').where({ status: 'due' }).first('id');
    await sendReceipt(door.db, due.id, () => door.now);
    expect(await statuses()).toEqual(['delivered']);
  });
});
