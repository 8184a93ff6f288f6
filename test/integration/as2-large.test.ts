import { randomBytes } from 'node:crypto';
import { As2Door } from '../support/as2-door';
import { cmsMime, payloadEntity, toHttp } from '../support/as2-peer';

let door: As2Door;
beforeAll(async () => {
  door = new As2Door();
  door.limitBytes = 50 * 1024 * 1024;
  await door.open();
}, 60_000);
afterAll(async () => {
  await door.close();
  door.peer.close();
});

test('44 MB come through, also in thousands of pieces of indefinite length', async () => {
  const content = Buffer.from(randomBytes(22_000_000).toString('hex'));
  const signed = door.peer.sign(payloadEntity(content), door.partner);
  for (const options of [['-aes256'], ['-aes256', '-stream']]) {
    const der = door.peer.encrypt(signed, door.hub, options);
    const answer = await door.post(toHttp(cmsMime('enveloped-data', der)));
    expect(await answer.text()).toContain('; processed\r');
  }
  expect(await door.db('arrival').where({ status: 'complete' }).pluck('size')).toEqual([
    44_000_000, 44_000_000,
  ]);
}, 120_000);

test('structures that only cost memory are refused before they do', async () => {
  // Half a million empty pieces of one octet string, and a thousand sequences in each other.
  const pieces = Buffer.concat([
    Buffer.from([0x24, 0x80]),
    Buffer.alloc(1_000_000, Buffer.from([0x04, 0x00])),
  ]);
  const nested = Buffer.alloc(2_000, Buffer.from([0x30, 0x80]));
  for (const content of [pieces, nested]) {
    const answer = await door.post(toHttp(cmsMime('enveloped-data', content)));
    expect(await answer.text()).toContain('; processed/error: decryption-failed\r');
  }
}, 60_000);
