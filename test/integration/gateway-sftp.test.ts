import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { channelsWithoutPoll } from '../../db/repositories/sftp-files';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { sendInterchanges } from '../../gateway/outbound/send-interchanges';
import { secretsFrom } from '../../gateway/transport/sftp/channel-settings';
import { collectFromSftp } from '../../gateway/transport/sftp/collect';
import { pollSftpChannel } from '../../gateway/transport/sftp/poll';
import { sftpSender } from '../../gateway/transport/sftp/send';
import { clock, GatewayDoor, order } from '../support/gateway-door';
import { describeWith } from '../support/needs';
import { SftpPartner } from '../support/sftp-partner';
import { setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
let partner: SftpPartner;

const secretOf = (name: string) => secretsFrom({ SFTP_ACME_KEY: partner.clientKey })(name);
const collecting = (limitBytes?: number) => ({
  db: door.db,
  secretOf,
  clock,
  ...(limitBytes === undefined ? {} : { limitBytes }),
});

/** As many looks as a complete file needs. */
async function collect(looks = 2, limitBytes?: number): Promise<void> {
  for (let look = 0; look < looks; look += 1) await collectFromSftp(collecting(limitBytes), 'ACME-SFTP');
}

async function judgeAll(): Promise<void> {
  for (const id of await door.db('interchange').where({ direction: 'in' }).orderBy('sequence').pluck('id'))
    await judgeReceived(door.db, id, clock);
}

const arrivals = async () =>
  (await door.db('arrival').where({ status: 'complete' }).count().first())?.['count'];
const purchaseOrders = () => door.db('order_inbox').orderBy('id').pluck('purchase_order_number');

async function sendAll(): Promise<number> {
  const sftp = sftpSender(secretOf);
  try {
    return await sendInterchanges(door.db, 'ACME-SFTP', { sftp }, clock);
  } finally {
    await sftp.end();
  }
}

describeWith('sshd', 'SFTP', () => {
  beforeEach(async () => {
    [door, partner] = await Promise.all([GatewayDoor.open(), SftpPartner.open()]);
    await setUpPartner(door.db);
  });
  afterEach(async () => {
    await partner.close();
    await door.database.drop();
  });

  describe('what a partner lays into its folder', () => {
    test('is archived, put into its archive folder and becomes an order', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('orders.edi', order(1, 'PO1'));
      await collect();
      expect(await door.db('arrival').first('source', 'source_key', 'partner_id', 'status')).toMatchObject({
        source: 'sftp',
        partner_id: 'ACME',
        status: 'complete',
      });
      expect(partner.inFolder(partner.inbound)).toEqual([]);
      const [archived = ''] = partner.inFolder(partner.archive);
      expect(archived).toMatch(/-orders\.edi$/);
      expect(readFileSync(join(partner.archive, archived), 'latin1')).toBe(order(1, 'PO1'));
      await judgeAll();
      expect(await purchaseOrders()).toEqual(['PO1']);
    });

    test('is deleted where that was agreed', async () => {
      await partner.setUpChannel(door.db, 'ACME-P', {
        inbound: { folder: partner.inbound, afterPickup: 'delete' },
      });
      partner.lay('orders.edi', order(1, 'PO1'));
      await collect();
      expect([partner.inFolder(partner.inbound), partner.inFolder(partner.archive)]).toEqual([[], []]);
      expect(await arrivals()).toBe(1);
    });

    test('is left alone while it grows, and while its name says that it is being written', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('orders.edi', order(1, 'PO1').slice(0, 100));
      partner.lay('later.edi.tmp', order(2, 'PO2'));
      partner.lay('.hidden', order(3, 'PO3'));
      await collect(1);
      partner.lay('orders.edi', order(1, 'PO1'), '2026-11-22T12:00:05Z');
      await collect(1);
      expect(await arrivals()).toBe(0);
      await collect(1);
      expect(await arrivals()).toBe(1);
      await judgeAll();
      expect(await purchaseOrders()).toEqual(['PO1']);
      expect(partner.inFolder(partner.inbound)).toEqual(['.hidden', 'later.edi.tmp']);
    });

    test('is taken in the order it came', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('a.edi', order(2, 'SECOND'), '2026-11-22T12:00:02Z');
      partner.lay('b.edi', order(1, 'FIRST'), '2026-11-22T12:00:01Z');
      await collect();
      await judgeAll();
      expect(await purchaseOrders()).toEqual(['FIRST', 'SECOND']);
    });

    test('is not taken twice where a crash came before it was moved, and another file of its name is taken', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('orders.edi', order(1, 'PO1'));
      rmSync(partner.archive, { recursive: true });
      await expect(collect()).rejects.toThrow(/No such file/);
      expect(await arrivals()).toBe(1);
      expect(partner.inFolder(partner.inbound)).toEqual(['orders.edi']);
      mkdirSync(partner.archive);
      await collect(1);
      expect(await arrivals()).toBe(1);
      expect(partner.inFolder(partner.inbound)).toEqual([]);
      // The same name, size and time, but other bytes.
      partner.lay('orders.edi', order(2, 'PO2'));
      await collect();
      expect(await arrivals()).toBe(2);
      expect(await door.db('sftp_pickup').whereNull('removed_at').count().first()).toEqual({ count: 0 });
      await judgeAll();
      expect(await purchaseOrders()).toEqual(['PO1', 'PO2']);
    });

    test('that is replaced by other bytes of the same size and time before it was moved is taken as well', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('orders.edi', order(1, 'PO1'));
      rmSync(partner.archive, { recursive: true });
      await expect(collect()).rejects.toThrow();
      partner.lay('orders.edi', order(2, 'PO2'));
      mkdirSync(partner.archive);
      await collect(1);
      await judgeAll();
      expect(await purchaseOrders()).toEqual(['PO1', 'PO2']);
    });

    test('is taken once, as a whole, where the server is killed in the middle of it', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('large.edi', order(1, 'PO1') + '\n'.repeat(60 * 1024 * 1024) + order(2, 'PO2'));
      await collect(1);
      const killOnceItArrives = async () => {
        while ((await door.db('arrival_chunk').count().first())?.['count'] === 0) await pause(5);
        await partner.kill();
      };
      await Promise.all([expect(collect(1)).rejects.toThrow(), killOnceItArrives()]);
      expect(await arrivals()).toBe(0);
      await partner.start();
      await collect(1);
      expect(await arrivals()).toBe(1);
      await judgeAll();
      await judgeAll();
      expect(await purchaseOrders()).toEqual(['PO1', 'PO2']);
      expect(partner.inFolder(partner.inbound)).toEqual([]);
    }, 90_000);

    test('is taken once where two pollers come at the same time', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      for (let file = 1; file <= 5; file += 1) partner.lay(`${file}.edi`, order(file, `PO${file}`));
      await collect(1);
      await Promise.all([collect(1), collect(1), collect(1)]);
      expect(await arrivals()).toBe(5);
      expect(partner.inFolder(partner.archive)).toHaveLength(5);
    });

    test('stays where it is, and somebody is told once, where it is too large or from somebody else', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      partner.lay('huge.edi', Buffer.alloc(2_000_000, 'x'));
      partner.lay('stranger.edi', order(1, 'PO1').replaceAll('ACME', 'EVIL'));
      partner.lay('good.edi', order(2, 'PO2'));
      await collect(4, 1_000_000);
      expect(await door.exceptions()).toEqual(['sftp-file-refused', 'sftp-file-refused']);
      expect(await door.db('exception').max('occurrences as most').first()).toEqual({ most: 1 });
      expect(partner.inFolder(partner.inbound)).toEqual(['huge.edi', 'stranger.edi']);
      expect(await arrivals()).toBe(1);
      partner.lay('stranger.edi', order(3, 'PO3'), '2026-11-22T13:00:00Z');
      await collect(2, 1_000_000);
      expect(partner.inFolder(partner.inbound)).toEqual(['huge.edi']);
      expect(await door.exceptions()).toEqual(['sftp-file-refused']);
    });
  });

  describe('a channel', () => {
    test('that shows another host key than the agreed one gets no file and no credentials', async () => {
      await partner.setUpChannel(door.db, 'ACME-P', { hostKeyFingerprint: `SHA256:${'A'.repeat(43)}` });
      await expect(collect(1)).rejects.toThrow(/host key SHA256:.* not the one agreed/);
    });

    test('whose secret is not set, or whose row is wrong, says which', async () => {
      await partner.setUpChannel(door.db, 'ACME-P', { secret: { kind: 'password', name: 'SFTP_NOT_SET' } });
      await expect(collect(1)).rejects.toThrow('neither SFTP_NOT_SET nor SFTP_NOT_SET_FILE is set');
      const settings = (secret: string) =>
        JSON.stringify({ host: 'x', secret: { kind: 'password', name: secret } });
      await door.db('channel').update({ settings: settings('DATABASE_URL') });
      await expect(collect(1)).rejects.toThrow(/begins with SFTP_/);
      await door.db('channel').where({ id: 'ACME-SFTP' }).update({ settings: '{"inbound": {}}' });
      await expect(collect(1)).rejects.toThrow(/hostKeyFingerprint/);
    });

    test('reads its secret from a file where one is named', () => {
      const file = join(partner.folder, 'secret');
      writeFileSync(file, 'a secret\n');
      expect(secretsFrom({ SFTP_A_FILE: file })('SFTP_A')).toBe('a secret');
    });

    test('that cannot be reached is an exception that goes by itself, and is polled on', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      expect(await channelsWithoutPoll(door.db)).toEqual(['ACME-SFTP']);
      await partner.kill();
      expect(String(await pollSftpChannel(collecting(), 'ACME-SFTP'))).toMatch(/ECONNREFUSED/);
      expect(await door.exceptions()).toEqual(['sftp-poll-failed']);
      expect(await channelsWithoutPoll(door.db)).toEqual([]);
      await partner.start();
      expect(await pollSftpChannel(collecting(), 'ACME-SFTP')).toBeNull();
      expect(await door.exceptions()).toEqual([]);
    });
  });

  describe('what the hub sends', () => {
    const sendOrder = async (number: number) => {
      await door.send(order(number, `PO${number}`));
      await renderDocuments(door.db, 'ACME-P', clock);
    };
    const outbound = () => door.db('interchange').where({ direction: 'out' }).orderBy('sequence').select('*');

    test('lies in the folder of the partner as a whole, byte for byte, in the order of its numbers', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      await sendOrder(1);
      await sendOrder(2);
      expect(await sendAll()).toBe(2);
      const rows = await outbound();
      expect(rows.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
      expect(partner.inFolder(partner.outbound)).toEqual(
        rows.map(({ id, control_number }) => `${control_number}-${id}.edi`),
      );
      for (const { id, control_number, content } of rows)
        expect(readFileSync(join(partner.outbound, `${control_number}-${id}.edi`)).equals(content)).toBe(
          true,
        );
    });

    test('waits while the server is away, and goes when it is back', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      await sendOrder(1);
      await partner.kill();
      await expect(sendAll()).rejects.toThrow();
      expect((await outbound()).map(({ status }) => status)).toEqual(['pending']);
      await partner.start();
      expect(await sendAll()).toBe(1);
      expect(partner.inFolder(partner.outbound)).toHaveLength(1);
    });

    test('is not written twice where the answer to the first time was lost, and half of one is written anew', async () => {
      await partner.setUpChannel(door.db, 'ACME-P');
      await sendOrder(1);
      await sendOrder(2);
      const [first, second] = await outbound();
      const nameOf = (row: { id: string; control_number: string }) =>
        join(partner.outbound, `${row.control_number}-${row.id}.edi`);
      writeFileSync(nameOf(first), first.content);
      const before = readFileSync(nameOf(first));
      writeFileSync(`${nameOf(second)}.tmp`, second.content.subarray(0, 50));
      expect(await sendAll()).toBe(2);
      expect(readFileSync(nameOf(first)).equals(before)).toBe(true);
      expect(readFileSync(nameOf(second)).equals(second.content)).toBe(true);
      expect(partner.inFolder(partner.outbound)).toHaveLength(2);
    });
  });
});
