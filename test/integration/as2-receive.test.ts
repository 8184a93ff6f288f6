import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { readArrivalBytes } from '../../db/repositories/arrivals';
import { createAs2Router } from '../../gateway/transport/as2/as2-router';
import { startApi } from '../support/api-ground';
import { As2Door } from '../support/as2-door';
import { cmsMime, fromHttp, mic, payloadEntity, toHttp } from '../support/as2-peer';
import { group, interchange, purchaseOrder } from '../support/trading-partner';

let door: As2Door;
beforeAll(() => {
  door = new As2Door();
});
afterAll(() => door.peer.close());
beforeEach(() => door.open());
afterEach(() => door.close());

const order = (controlNumber = 1, sender = 'ACME') =>
  interchange({
    controlNumber,
    sender,
    groups: [group('PO', controlNumber, [purchaseOrder(`PO${controlNumber}`)])],
  });

interface Mdn {
  readonly disposition: string;
  readonly mic: string | undefined;
  readonly text: string;
}

/** What the receipt says, its signature verified by OpenSSL. */
async function receiptOf(answer: Response): Promise<Mdn> {
  expect(answer.status).toBe(200);
  const body = Buffer.from(await answer.arrayBuffer());
  const report = door.peer.verify(fromHttp(answer.headers, body), door.hub).toString('latin1');
  expect(report).toMatch(/^Content-Type: multipart\/report; report-type=disposition-notification/);
  return {
    disposition: /^Disposition: automatic-action\/MDN-sent-automatically; (.*)\r$/m.exec(report)?.[1] ?? '',
    mic: /^Received-Content-MIC: (.*)\r$/m.exec(report)?.[1],
    text: report,
  };
}

async function archived(): Promise<readonly string[]> {
  const arrivals = await door.db('arrival').where({ status: 'complete' }).orderBy('id').select('id', 'size');
  return Promise.all(
    arrivals.map(async ({ id, size }) => (await readArrivalBytes(door.db, id, 0, size)).toString('latin1')),
  );
}

const messages = () => door.db('as2_message').orderBy('id').select('*');

describe('a message from an independent product', () => {
  test('signed and encrypted: kept, judged later, and answered with a signed receipt over the right bytes', async () => {
    const entity = payloadEntity(order());
    const answer = await door.post(door.sealed(entity), { 'Message-ID': '<1@acme>' });
    expect(answer.headers.get('as2-from')).toBe('HUB');
    expect(answer.headers.get('as2-to')).toBe('"ACME AS2"');
    const receipt = await receiptOf(answer);
    expect(receipt).toMatchObject({ disposition: 'processed', mic: `${mic(entity)}, sha256` });
    expect(receipt.text).toContain('Original-Message-ID: <1@acme>');
    expect(await archived()).toEqual([order()]);
    expect(await door.db('arrival').first('source', 'source_key', 'partner_id', 'allowed_isa_ids')).toEqual({
      source: 'as2',
      source_key: 'ACME AS2',
      partner_id: 'ACME',
      allowed_isa_ids: ['ZZ:ACME'],
    });
    expect(await door.db('interchange').first('status', 'sender_id')).toEqual({
      status: 'received',
      sender_id: 'ACME',
    });
    expect((await messages())[0]).toMatchObject({
      status: 'processed',
      message_id: '<1@acme>',
      signed_by: expect.stringContaining('CN=partner'),
      headers: expect.objectContaining({ 'as2-from': '"ACME AS2"' }),
    });
    expect(await door.db('as2_receipt').first('status', 'disposition')).toMatchObject({ status: 'answered' });
  });

  test.each([
    ['AES-128', ['-aes128']],
    ['AES-192', ['-aes192']],
    ['AES-256 of indefinite length', ['-aes256', '-stream']],
    ['3DES', ['-des3']],
    ['AES-256 with OAEP', ['-aes256', '-keyopt', 'rsa_padding_mode:oaep']],
    ['OAEP with SHA-256', ['-aes256', '-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256']],
    ['a recipient named by key id', ['-aes256', '-keyid']],
  ])('encrypted with %s', async (_name, options) => {
    const entity = payloadEntity(order());
    const signed = door.peer.sign(entity, door.partner);
    // OpenSSL takes the options of a recipient's key after its -recip.
    const recipient = options.includes('-keyopt')
      ? [options[0] as string, '-recip', door.hub.certificateFile, ...options.slice(1)]
      : options;
    const der = options.includes('-keyopt')
      ? door.peer.encryptFor(signed, recipient)
      : door.peer.encrypt(signed, door.hub, recipient);
    const receipt = await receiptOf(await door.post(toHttp(cmsMime('enveloped-data', der))));
    expect(receipt).toMatchObject({ disposition: 'processed', mic: `${mic(entity)}, sha256` });
    expect(await archived()).toEqual([order()]);
  });

  test.each([
    ['SHA-1', ['-md', 'sha1'], 'sha1'],
    ['SHA-384', ['-md', 'sha384'], 'sha256'],
    ['SHA-512', ['-md', 'sha512'], 'sha256'],
    ['no signed attributes', ['-md', 'sha256', '-noattr'], 'sha256'],
    ['RSA-PSS', ['-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss'], 'sha256'],
    ['a signer named by key id', ['-md', 'sha256', '-keyid'], 'sha256'],
    ['the content inside', ['-md', 'sha256', '-nodetach'], 'sha256'],
    ['the content inside, of indefinite length', ['-md', 'sha256', '-nodetach', '-stream'], 'sha256'],
    ['no certificate along', ['-md', 'sha256', '-nocerts'], 'sha256'],
  ])('signed with %s', async (_name, options, digest) => {
    const entity = payloadEntity(order());
    const receipt = await receiptOf(await door.post(door.sealed(entity, options)));
    expect(receipt).toMatchObject({ disposition: 'processed', mic: `${mic(entity, digest)}, ${digest}` });
    expect(await archived()).toEqual([order()]);
  });

  test('signed with an elliptic key', async () => {
    const elliptic = door.peer.identity('elliptic', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    await door.configure({ partnerCertificates: [door.partner.certificate, elliptic.certificate] });
    const signed = door.peer.sign(payloadEntity(order()), elliptic);
    const sealed = toHttp(cmsMime('enveloped-data', door.peer.encrypt(signed, door.hub)));
    expect(await receiptOf(await door.post(sealed))).toMatchObject({ disposition: 'processed' });
  });

  test('signed in its canonical form and sent with bare line feeds', async () => {
    const entity = Buffer.from(
      `Content-Type: application/edi-x12\r\n\r\n${order().replaceAll('~', '~\r\n')}`,
    );
    const signed = door.peer.sign(entity, door.partner).toString('latin1').replaceAll('\r\n', '\n');
    const der = door.peer.encrypt(Buffer.from(signed, 'latin1'), door.hub);
    const receipt = await receiptOf(await door.post(toHttp(cmsMime('enveloped-data', der))));
    expect(receipt).toMatchObject({ disposition: 'processed', mic: `${mic(entity)}, sha256` });
  });

  test('binary content with every kind of line end comes through byte by byte', async () => {
    const content = Buffer.concat([Buffer.from(order()), Buffer.from('\r\n\n\r'), randomBytes(3000)]);
    const receipt = await receiptOf(await door.post(door.sealed(payloadEntity(content))));
    expect(receipt.disposition).toBe('processed');
    expect((await archived())[0]).toBe(content.toString('latin1'));
  });

  test('compressed before and after it was signed', async () => {
    const entity = payloadEntity(order());
    const compressed = cmsMime('compressed-data', door.peer.compress(entity));
    const before = await receiptOf(await door.post(door.sealed(compressed)));
    // RFC 5402 section 4.1: over what was signed.
    expect(before).toMatchObject({ disposition: 'processed', mic: `${mic(compressed)}, sha256` });
    const signed = door.peer.sign(payloadEntity(order(2)), door.partner);
    const after = cmsMime('compressed-data', door.peer.compress(signed));
    const sealed = toHttp(cmsMime('enveloped-data', door.peer.encrypt(after, door.hub)));
    expect(await receiptOf(await door.post(sealed))).toMatchObject({
      disposition: 'processed',
      mic: `${mic(payloadEntity(order(2)))}, sha256`,
    });
    expect(await archived()).toEqual([order(), order(2)]);
  });

  test('without protection, where that was agreed: the digest is over the right bytes all the same', async () => {
    await door.configure({ inbound: { signed: false, encrypted: false } });
    const plain = { headers: { 'content-type': 'application/edi-x12' }, body: Buffer.from(order()) };
    expect((await receiptOf(await door.post(plain))).mic).toBe(`${mic(plain.body)}, sha256`);
    const entity = payloadEntity(order(2));
    const encrypted = toHttp(cmsMime('enveloped-data', door.peer.encrypt(entity, door.hub)));
    expect((await receiptOf(await door.post(encrypted))).mic).toBe(`${mic(entity)}, sha256`);
    const base64 = {
      headers: { 'content-type': 'application/edi-x12', 'content-transfer-encoding': 'base64' },
      body: Buffer.from(Buffer.from(order(3)).toString('base64')),
    };
    expect((await receiptOf(await door.post(base64))).disposition).toBe('processed');
    expect(await archived()).toEqual([order(), order(2), order(3)]);
  });

  test('comes through everything that stands before the door in the API', async () => {
    const api = await startApi(door.db, { as2Router: createAs2Router(door.dependencies) });
    try {
      door.base = `${api.url}/as2`;
      const receipt = await receiptOf(await door.post(door.sealed(payloadEntity(order()))));
      expect(receipt.disposition).toBe('processed');
    } finally {
      await api.close();
    }
  });

  test('a receipt is unsigned, or none, where that is what was asked for', async () => {
    const unsigned = await door.post(door.sealed(payloadEntity(order())), {
      'Disposition-Notification-Options': '',
    });
    expect(unsigned.headers.get('content-type')).toMatch(/^multipart\/report/);
    const message = door.sealed(payloadEntity(order(2)));
    const none = await fetch(door.base, {
      method: 'POST',
      headers: { 'AS2-From': '"ACME AS2"', 'AS2-To': 'HUB', 'Message-ID': '<2@acme>', ...message.headers },
      body: new Uint8Array(message.body),
    });
    expect([none.status, await none.text()]).toEqual([200, '']);
    expect(await archived()).toHaveLength(2);
  });
});

describe('a message that cannot be taken', () => {
  async function failure(answer: Promise<Response>): Promise<string> {
    const { disposition } = await receiptOf(await answer);
    expect(await archived()).toEqual([]);
    const kept = (await messages()).at(-1);
    expect(kept).toMatchObject({ status: 'failed', reason: disposition.split(': ')[1] });
    expect(kept.reason_text).not.toBe('');
    return disposition;
  }
  const entity = payloadEntity(order());

  test('encrypted for somebody else, or damaged', async () => {
    const other = door.peer.identity('other');
    const der = door.peer.encrypt(door.peer.sign(entity, door.partner), other);
    expect(await failure(door.post(toHttp(cmsMime('enveloped-data', der))))).toBe(
      'processed/error: decryption-failed',
    );
    const right = door.peer.encrypt(door.peer.sign(entity, door.partner), door.hub);
    const broken = right.subarray(0, right.length - 50);
    expect(await failure(door.post(toHttp(cmsMime('enveloped-data', broken))))).toBe(
      'processed/error: decryption-failed',
    );
    expect(await failure(door.post(toHttp(cmsMime('enveloped-data', randomBytes(300)))))).toBe(
      'processed/error: decryption-failed',
    );
  });

  test('signed by a stranger, also by one who brings a certificate of the same name', async () => {
    const stranger = door.peer.identity('stranger');
    const sealed = (by: typeof stranger) =>
      toHttp(cmsMime('enveloped-data', door.peer.encrypt(door.peer.sign(entity, by), door.hub)));
    expect(await failure(door.post(sealed(stranger)))).toBe('processed/error: authentication-failed');
    // The stranger claims the partner's certificate and signs with another key.
    const forged = door.peer.forgery(door.partner, stranger);
    expect(await failure(door.post(sealed(forged)))).toBe('processed/error: authentication-failed');
  });

  test('changed after it was signed', async () => {
    const signed = door.peer.sign(entity, door.partner).toString('latin1').replace('PO1', 'PO7');
    const der = door.peer.encrypt(Buffer.from(signed, 'latin1'), door.hub);
    expect(await failure(door.post(toHttp(cmsMime('enveloped-data', der))))).toBe(
      'processed/error: integrity-check-failed',
    );
  });

  test('not as well protected as it was agreed', async () => {
    const plain = { headers: { 'content-type': 'application/edi-x12' }, body: Buffer.from(order()) };
    const expected = 'processed/error: insufficient-message-security';
    expect(await failure(door.post(plain))).toBe(expected);
    expect(await failure(door.post(toHttp(door.peer.sign(entity, door.partner))))).toBe(expected);
    const unsigned = toHttp(cmsMime('enveloped-data', door.peer.encrypt(entity, door.hub)));
    expect(await failure(door.post(unsigned))).toBe(expected);
  });

  test('expanding to more than is taken, or not at all', async () => {
    const bomb = cmsMime(
      'compressed-data',
      door.peer.compress(entity, deflateSync(Buffer.alloc(100_000_000))),
    );
    expect(bomb.length).toBeLessThan(200_000);
    expect(await failure(door.post(door.sealed(bomb)))).toBe('processed/error: decompression-failed');
    const damaged = cmsMime('compressed-data', door.peer.compress(entity, randomBytes(500)));
    expect(await failure(door.post(door.sealed(damaged)))).toBe('processed/error: decompression-failed');
  });

  test('with damaged base64, wherever it is', async () => {
    const signed = door.peer.sign(entity, door.partner).toString('latin1');
    const inSignature = signed.replace(/\n(M[A-Za-z0-9+/]{20})/, '\n!!$1');
    expect(inSignature).not.toBe(signed);
    const der = door.peer.encrypt(Buffer.from(inSignature, 'latin1'), door.hub);
    expect(await failure(door.post(toHttp(cmsMime('enveloped-data', der))))).toBe(
      'processed/error: authentication-failed',
    );
    const outside = {
      headers: { 'content-type': 'application/pkcs7-mime', 'content-transfer-encoding': 'base64' },
      body: Buffer.from('MIIB*not base64'),
    };
    expect(await failure(door.post(outside))).toBe('processed/error: decryption-failed');
    const content = Buffer.from(
      'Content-Type: application/edi-x12\r\nContent-Transfer-Encoding: base64\r\n\r\nSVNB*=A',
    );
    expect(await failure(door.post(door.sealed(content)))).toBe(
      'processed/error: unexpected-processing-error',
    );
  });

  test('of a kind that is not taken', async () => {
    const several = Buffer.from(
      'Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x\r\n\r\nb\r\n--x--\r\n',
    );
    expect(await failure(door.post(door.sealed(several)))).toBe('failed/failure: unsupported format');
    expect(
      await failure(
        door.post(door.sealed(entity), {
          'Disposition-Notification-Options':
            'signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, md9',
        }),
      ),
    ).toBe('failed/failure: unsupported MIC-algorithms');
  });

  test('with interchanges of somebody else', async () => {
    expect(await failure(door.post(door.sealed(payloadEntity(order(1, 'OTHER')))))).toBe(
      'processed/error: authentication-failed',
    );
    expect(await door.db('interchange').count().first()).toEqual({ count: 0 });
  });

  test('between ends that nobody set up, without an id, or too large: nothing is kept', async () => {
    const message = door.sealed(entity);
    expect((await door.post(message, { 'AS2-From': 'NOBODY' })).status).toBe(403);
    expect((await door.post(message, { 'AS2-To': 'ELSE' })).status).toBe(403);
    expect((await door.post(message, { 'Message-ID': ' ' })).status).toBe(400);
    const large = { headers: message.headers, body: Buffer.alloc(2_000_001) };
    expect((await door.post(large)).status).toBe(413);
    expect((await fetch(door.base)).status).toBe(405);
    expect(await messages()).toEqual([]);
  });

  test('while our own key is missing: the partner is told to come again, and somebody here is told why', async () => {
    const key = door.secrets['AS2_KEY'] as string;
    delete door.secrets['AS2_KEY'];
    expect((await door.post(door.sealed(entity))).status).toBe(503);
    door.secrets['AS2_KEY'] = key;
    expect(await door.db('exception').first('kind', 'text')).toEqual({
      kind: 'as2-channel-fault',
      text: expect.stringContaining('AS2_KEY'),
    });
    expect((await door.post(door.sealed(entity))).status).toBe(200);
  });
});

describe('a Message-ID that comes again', () => {
  test('is answered again, and nothing else happens', async () => {
    const entity = payloadEntity(order());
    const send = () => door.post(door.sealed(entity), { 'Message-ID': '<1@acme>' });
    const first = await receiptOf(await send());
    const again = await receiptOf(await send());
    expect(again).toMatchObject({
      disposition: 'processed/warning: duplicate-document',
      mic: first.mic,
    });
    expect(await archived()).toHaveLength(1);
    expect(await messages()).toHaveLength(1);
    expect(await door.db('as2_receipt').count().first()).toEqual({ count: 2 });
  });

  test('several at once are taken once', async () => {
    const message = door.sealed(payloadEntity(order()));
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => door.post(message, { 'Message-ID': '<1@acme>' })),
    );
    const dispositions = await Promise.all(
      answers.map(async (answer) => (await receiptOf(answer)).disposition),
    );
    expect(dispositions.sort()).toEqual([
      'processed',
      ...Array.from({ length: 3 }, () => 'processed/warning: duplicate-document'),
    ]);
    expect(await archived()).toHaveLength(1);
    expect(await door.db('interchange').count().first()).toEqual({ count: 1 });
  });

  test('after it could not be taken is taken: nobody can use up the ids of another', async () => {
    const id = { 'Message-ID': '<1@acme>' };
    await receiptOf(await door.post(toHttp(cmsMime('enveloped-data', randomBytes(300))), id));
    expect(await receiptOf(await door.post(door.sealed(payloadEntity(order())), id))).toMatchObject({
      disposition: 'processed',
    });
    expect((await messages()).map(({ status }) => status)).toEqual(['failed', 'processed']);
  });
});

describe('certificates that overlap', () => {
  test("the partner's old and new ones both count while they are valid", async () => {
    const next = door.peer.identity('next');
    await door.configure({ partnerCertificates: [door.partner.certificate, { pem: next.certificate }] });
    for (const [at, by] of [door.partner, next].entries()) {
      const signed = door.peer.sign(payloadEntity(order(at + 1)), by);
      const sealed = toHttp(cmsMime('enveloped-data', door.peer.encrypt(signed, door.hub)));
      expect((await receiptOf(await door.post(sealed))).disposition).toBe('processed');
    }
    expect((await messages()).map(({ signed_by }) => signed_by)).toEqual([
      expect.stringContaining('CN=partner'),
      expect.stringContaining('CN=next'),
    ]);
  });

  test('a certificate whose time is over, or has not come, proves nothing', async () => {
    const message = door.sealed(payloadEntity(order()));
    const unsigned = { 'Disposition-Notification-Options': '' };
    for (const days of [400, -2]) {
      door.now = new Date(Date.now() + days * 86_400_000).toISOString();
      const answer = await (await door.post(message, unsigned)).text();
      expect(answer).toContain('processed/error: authentication-failed');
      expect(answer).toMatch(/valid from .* to .* only/);
    }
    expect(await archived()).toEqual([]);
  });

  test('what is encrypted for our old key is still read after the new one signs', async () => {
    const next = door.peer.identity('next-hub');
    Object.assign(door.secrets, { AS2_KEY_2: next.key, AS2_CERTIFICATE_2: next.certificate });
    await door.configure({
      ownKeys: [
        { key: 'AS2_KEY', certificate: 'AS2_CERTIFICATE' },
        { key: 'AS2_KEY_2', certificate: 'AS2_CERTIFICATE_2', from: door.now },
      ],
    });
    for (const [at, to] of [door.hub, next].entries()) {
      const signed = door.peer.sign(payloadEntity(order(at + 1)), door.partner);
      const answer = await door.post(toHttp(cmsMime('enveloped-data', door.peer.encrypt(signed, to))));
      const body = Buffer.from(await answer.arrayBuffer());
      expect(door.peer.verify(fromHttp(answer.headers, body), next).toString('latin1')).toMatch(
        /Disposition: automatic-action\/MDN-sent-automatically; processed\r/,
      );
    }
  });
});
