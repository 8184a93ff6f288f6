import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import { sendFile } from '../../cli/edi/send';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { createEdiRouter } from '../../gateway/transport/https/edi-router';
import { clock, GatewayDoor, order } from '../support/gateway-door';
import { setUpPartner } from '../support/trading-partner';

const LIMIT = 5 * 1024 * 1024;
const KEY = 'key-of-the-partner-acme';

let door: GatewayDoor;
let server: Server;
let folder: string;
let judging: Promise<void>;
let open = true;

/** As a worker would: whatever came is judged. */
async function judgeUntilClosed(): Promise<void> {
  while (open) {
    const ids = await door
      .db('interchange')
      .whereIn('status', ['splitting', 'received'])
      .limit(20)
      .pluck('id');
    for (const id of ids) await judgeReceived(door.db, id, clock);
    await pause(20);
  }
}

beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
  await door.db('api_key').insert({
    name: 'acme',
    secret_hash: createHash('sha256').update(KEY).digest('hex'),
    scopes: ['edi:send'],
    partner_id: 'ACME',
    isa_ids: ['ZZ:ACME'],
  } as never);
  const app = express().use('/edi', createEdiRouter({ db: door.db, now: clock, limitBytes: LIMIT }));
  server = app.listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  process.env['HUB_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['HUB_PARTNER_KEY'] = KEY;
  folder = mkdtempSync(join(tmpdir(), 'hub-send-'));
  open = true;
  judging = judgeUntilClosed();
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(async () => {
  open = false;
  await judging;
  jest.restoreAllMocks();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
  await door.database.drop();
});

const fileOf = (content: string): string => {
  const file = join(folder, 'orders.edi');
  writeFileSync(file, content, 'latin1');
  return file;
};
const long = (number: number, bytes: number) =>
  order(number, `PO${number}`).replace('PO1*', `MSG*${'x'.repeat(bytes)}~PO1*`);
const send = (file: string) => sendFile(file, { partner: 'ACME', atOnceBytes: LIMIT });

const judged = async (count: number) => {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const [row] = await door.db('interchange').where({ direction: 'in', status: 'judged' }).count();
    if (row?.['count'] === count) return;
    await pause(50);
  }
};

test('a file larger than the hub takes at once is sent in pieces, all of it, and judged in its order', async () => {
  const content = Array.from({ length: 30 }, (_, at) => long(at + 1, 600_000)).join('\n');
  expect(await send(fileOf(content))).toBe(0);
  await judged(30);
  const arrivals = await door.db('arrival').orderBy('id').pluck('size');
  expect(arrivals.length).toBeGreaterThanOrEqual(4);
  expect(Math.max(...arrivals)).toBeLessThanOrEqual(LIMIT);
  expect(arrivals.reduce((sum, size) => sum + size, 0)).toBe(content.length);
  const numbers = await door
    .db('interchange')
    .where({ direction: 'in' })
    .orderBy('sequence')
    .pluck('control_number');
  expect(numbers.map(Number)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
}, 60_000);

test('sent again it counts once', async () => {
  const file = fileOf(Array.from({ length: 12 }, (_, at) => long(at + 1, 600_000)).join(''));
  await send(file);
  await send(file);
  await judged(12);
  await pause(200);
  expect(await door.db('interchange').where({ direction: 'in', status: 'judged' }).count().first()).toEqual({
    count: 12,
  });
}, 60_000);

test('one interchange that is larger than the limit is refused by its number, and nothing of the file is sent', async () => {
  const file = fileOf(long(1, 1000) + long(2, LIMIT + 1000) + long(3, 1000));
  await expect(send(file)).rejects.toThrow(/Interchange 000000002 .* Nothing was sent/);
  expect(await door.db('arrival').count().first()).toEqual({ count: 0 });
});

test('a large file without an interchange is not sent', async () => {
  await expect(send(fileOf('no EDI\n'.repeat(1_000_000)))).rejects.toThrow(/no interchange/);
});
