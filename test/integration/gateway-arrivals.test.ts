import { judgeReceived } from '../../gateway/intake/judge-received';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { replayInterchange } from '../../gateway/intake/replay';
import { clock, GatewayDoor, limitBytes, NOW, order, trusted } from '../support/gateway-door';
import { group, interchange, purchaseOrder, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
});
afterEach(() => door.database.drop());

describe('strangers', () => {
  test('an unknown partner waits in quarantine; once it is set up a replay takes its order in', async () => {
    await setUpPartner(door.db, { partnerId: 'OTHER' });
    const id = await door.send(order(7, 'PO1'));
    expect(await door.row(id)).toMatchObject({
      status: 'quarantined',
      ta1_code: 'R',
      ta1_note: '006',
      agreement_id: null,
    });
    expect(await door.exceptions()).toEqual(['quarantine']);
    await setUpPartner(door.db);
    expect(await replayInterchange(door.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'queued',
      interchangeId: id,
    });
    await judgeReceived(door.db, id, clock);
    expect((await door.row(id)).status).toBe('judged');
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await door.exceptions()).toEqual([]);
    expect(await replayInterchange(door.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'not-replayable',
      status: 'judged',
    });
  });

  test('a replay asks first where the partner has sent the same purchase order again', async () => {
    const id = await door.send(order(7, 'PO1'));
    await setUpPartner(door.db);
    const [later] = await receiveArrival(door.db, Buffer.from(order(8, 'PO1')), trusted, {
      now: '2026-11-22T19:00:00.000Z',
      limitBytes,
    }).then((one) => one.interchanges);
    await judgeReceived(door.db, later?.id ?? '', () => '2026-11-22T19:00:00.000Z');
    expect(await replayInterchange(door.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'needs-confirmation',
      purchaseOrderNumbers: ['PO1'],
    });
    expect(await replayInterchange(door.db, id, { confirmed: true, now: NOW })).toEqual({
      kind: 'queued',
      interchangeId: id,
    });
  });

  test('a known partner that wrote to somebody else is told so (009)', async () => {
    await setUpPartner(door.db);
    const id = await door.send(
      interchange({ receiver: 'ELSEWHERE', groups: [group('PO', 1, [purchaseOrder('PO1')])] }),
    );
    expect(await door.row(id)).toMatchObject({ status: 'quarantined', ta1_code: 'R', ta1_note: '009' });
  });

  test('ISA15 = T without an agreement for tests is rejected with 020 and never touches production', async () => {
    await setUpPartner(door.db);
    const id = await door.send(interchange({ usage: 'T', groups: [group('PO', 1, [purchaseOrder('PO1')])] }));
    expect(await door.row(id)).toMatchObject({ status: 'quarantined', ta1_code: 'R', ta1_note: '020' });
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 0 });
  });

  test('with an agreement for tests the same number counts for itself', async () => {
    await setUpPartner(door.db);
    await setUpPartner(door.db, { usage: 'T' });
    await door.send(order(7, 'PO1'));
    const id = await door.send(
      interchange({ controlNumber: 7, usage: 'T', groups: [group('PO', 7, [purchaseOrder('PO1')])] }),
    );
    expect(await door.row(id)).toMatchObject({ status: 'judged', agreement_id: 'ACME-T' });
    expect(await door.db('order_inbox').orderBy('id').pluck('usage')).toEqual(['P', 'T']);
  });

  test('what is no EDI at all is kept, and somebody is told', async () => {
    const id = await door.send('<?xml version="1.0"?><order/>');
    expect(await door.row(id)).toMatchObject({ status: 'rejected', sender_id: '' });
    expect((await door.row(id)).problem).toMatch(/no ISA/);
    expect(await door.exceptions()).toEqual(['arrival-unreadable']);
    expect((await door.db('exception').first('text')).text).toMatch(/^What somebody sent by cli: no ISA/);
  });

  test('an element of 10 MB and bytes that are no text are rejected without a crash', async () => {
    await setUpPartner(door.db);
    const long = interchange({
      controlNumber: 1,
      groups: [
        group('PO', 1, [
          transactionSet('850', '0001', ['BEG*00*SA*PO1**20261120', `MSG*${'x'.repeat(10 * 1024 * 1024)}`]),
        ]),
      ],
    });
    expect((await door.row(await door.send(long))).status).toBe('judged');
    const nul = interchange({
      controlNumber: 2,
      groups: [
        group('PO', 2, [
          transactionSet('850', '0001', [
            'BEG*00*SA*PO\0\x01\xff**20261120',
            'PO1*1*10*EA*4.25**BP*B\0',
            'CTT*1',
          ]),
        ]),
      ],
    });
    expect((await door.row(await door.send(nul))).status).toBe('judged');
    expect(await door.db('document').orderBy('id').pluck('validation')).toEqual(['rejected', 'rejected']);
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 0 });
  });
});

describe('arrivals', () => {
  test('several interchanges in one file, each with its own separators, are judged one by one', async () => {
    await setUpPartner(door.db);
    const other = order(2, 'PO2').replaceAll('*', '|').replaceAll('~', '\n');
    const ids = await door.receive(`${order(1, 'PO1')}\r\n${other}`);
    expect(ids).toHaveLength(2);
    for (const id of ids) await judgeReceived(door.db, id, clock);
    expect(await door.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual(['PO1', 'PO2']);
  });

  test('an arrival too large to be taken apart at once is archived in chunks and judged by its job', async () => {
    await setUpPartner(door.db);
    const numbers = ['BIG1', 'BIG2', 'BIG3', 'BIG4', 'BIG5'];
    // Blank lines between interchanges are a deviation that is accepted: size without work.
    const text = numbers.map((po, at) => order(at + 1, po)).join('\n'.repeat(1_100_000));
    expect(text.length).toBeGreaterThan(4 * 1024 * 1024);
    async function* parts() {
      for (let at = 0; at < text.length; at += 65_000)
        yield Buffer.from(text.slice(at, at + 65_000), 'latin1');
    }
    const received = await receiveArrival(door.db, parts(), trusted, { now: NOW, limitBytes });
    expect(received.interchanges).toHaveLength(1);
    expect(await door.db('arrival').first('size', 'status')).toEqual({
      size: text.length,
      status: 'complete',
    });
    await judgeReceived(door.db, received.interchanges[0]?.id ?? '', clock);
    expect(await door.db('interchange').where({ status: 'judged' }).count().first()).toEqual({ count: 5 });
    expect(await door.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual(numbers);
  });

  test('a hundred interchanges in one file are a hundred rows, and one job takes them all', async () => {
    await setUpPartner(door.db);
    const empty = Array.from({ length: 100 }, (_, at) => interchange({ controlNumber: at + 1, groups: [] }));
    const ids = await door.receive(empty.join('\r\n'));
    expect(ids).toHaveLength(100);
    expect(
      await door
        .db('graphile_worker.jobs' as never)
        .count()
        .first(),
    ).toEqual({ count: 1 });
    await door.judge(ids.at(-1) as string);
    expect(await door.db('interchange').where({ status: 'judged' }).count().first()).toEqual({ count: 100 });
  }, 60_000);

  test('a fault while storing leaves nothing behind, and the next try takes it in once', async () => {
    await setUpPartner(door.db);
    const [id = ''] = await door.receive(order(7, 'PO1'));
    await door.db.raw(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
      create trigger refuse before insert on order_inbox for each row execute function refuse()`);
    await expect(judgeReceived(door.db, id, clock)).rejects.toThrow('the disk is full');
    expect(await door.row(id)).toMatchObject({ status: 'received', attempts: 1 });
    expect(await door.db('document').count().first()).toEqual({ count: 0 });
    expect(await door.db('inbound_number').count().first()).toEqual({ count: 0 });
    await door.db.raw('drop trigger refuse on order_inbox');
    await judgeReceived(door.db, id, clock);
    expect((await door.row(id)).status).toBe('judged');
  });

  test('what fails again and again is set aside with an exception, goes on by replay, and does not hold up the rest', async () => {
    await setUpPartner(door.db);
    const [bad = ''] = await door.receive(order(7, 'BAD'));
    const [good = ''] = await door.receive(order(8, 'GOOD'));
    await door.db.raw(`create function refuse() returns trigger language plpgsql as $$ begin if new.purchase_order_number = 'BAD' then raise exception 'no'; end if; return new; end $$;
      create trigger refuse before insert on order_inbox for each row execute function refuse()`);
    for (let attempt = 1; attempt < 5; attempt += 1)
      await expect(judgeReceived(door.db, good, clock)).rejects.toThrow('no');
    await judgeReceived(door.db, good, clock);
    expect([(await door.row(bad)).status, (await door.row(good)).status]).toEqual(['failed', 'judged']);
    expect(await door.exceptions()).toEqual(['interchange-failed']);
    await door.db.raw('drop trigger refuse on order_inbox');
    await replayInterchange(door.db, bad, { confirmed: false, now: NOW });
    await judgeReceived(door.db, bad, clock);
    expect((await door.row(bad)).status).toBe('judged');
    expect(await door.exceptions()).toEqual([]);
  });
});
