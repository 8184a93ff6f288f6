import { readArrivalBytes } from '../../db/repositories/arrivals';
import { requestDocument } from '../../db/repositories/document-requests';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { type ArrivalSource, receiveArrival } from '../../gateway/intake/receive-arrival';
import { replayInterchange } from '../../gateway/intake/replay';
import { raiseOverdueAcknowledgements } from '../../gateway/outbound/overdue';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  group,
  interchange,
  orderAnswer,
  purchaseOrder,
  setUpPartner,
  transactionSet,
} from '../support/trading-partner';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
});
afterEach(() => database.drop());

const NOW = '2026-11-22T18:00:00.000Z';
const clock = () => NOW;
const trusted: ArrivalSource = { kind: 'cli', key: null, partnerId: null, allowedIsaIds: null };
const limitBytes = 50 * 1024 * 1024;

async function receive(text: string | Buffer, source = trusted): Promise<readonly string[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const { interchanges } = await receiveArrival(database.db, bytes, source, { now: NOW, limitBytes });
  return interchanges.map((one) => one.id);
}

/** Received and judged. */
async function send(text: string | Buffer, source = trusted): Promise<string> {
  const ids = await receive(text, source);
  for (const id of ids) await judgeReceived(database.db, id, clock);
  return ids[0] as string;
}

const order = (controlNumber: number, ...numbers: string[]) =>
  interchange({
    controlNumber,
    groups: [
      group(
        'PO',
        controlNumber,
        numbers.map((po, at) => purchaseOrder(po, String(at + 1).padStart(4, '0'))),
      ),
    ],
  });

const row = (id: string) => database.db('interchange').where({ id }).first();
const outbound = async () => {
  await renderDocuments(database.db, 'ACME-P', clock);
  const rows = await database
    .db('interchange')
    .where({ direction: 'out' })
    .orderBy('sequence')
    .select('content');
  return rows.map(({ content }) => content.toString('latin1') as string);
};
const exceptions = () =>
  database.db('exception').where({ status: 'open' }).orderBy('opened_at').pluck('kind');

describe('an 850 arrives', () => {
  test('it is archived byte for byte before anything else, judged, answered with a 997, and waits in its inbox', async () => {
    await setUpPartner(database.db);
    const text = order(7, 'PO9001');
    const [id] = await receive(text);
    expect((await row(id as string)).status).toBe('received');
    const [arrival] = await database.db('arrival').select('*');
    expect((await readArrivalBytes(database.db, arrival.id, 0, arrival.size)).toString('latin1')).toBe(text);

    await judgeReceived(database.db, id as string, clock);
    expect(await row(id as string)).toMatchObject({
      status: 'judged',
      ta1_code: 'A',
      ta1_note: '000',
      agreement_id: 'ACME-P',
      partner_id: 'ACME',
    });
    const [inbox] = await database.db('order_inbox').select('*');
    expect(inbox).toMatchObject({ kind: 'order', purchase_order_number: 'PO9001', status: 'waiting' });
    expect(inbox.payload).toMatchObject({
      customerId: 'ACME-C',
      entityId: 'HUBCO',
      partnerId: 'ACME',
      usage: 'P',
      documentId: inbox.document_id,
    });
    const [document] = await database.db('document').select('*');
    expect(document).toMatchObject({
      set_id: '850',
      validation: 'accepted',
      acknowledgement: 'answered',
      purchase_order_number: 'PO9001',
    });
    expect(text.slice(document.byte_offset, document.byte_offset + document.byte_length)).toMatch(
      /^ST\*850\*0001~.*SE\*\d+\*0001~$/,
    );

    const [answer] = await outbound();
    expect(answer).toMatch(
      /^ISA.*\*ZZ\*HUB {12}\*ZZ\*ACME {11}\*.*~GS\*FA\*HUBGS\*ACMEGS\*\d{8}\*\d{4}\*1\*X\*004010~ST\*997\*0001~AK1\*PO\*7.*AK5\*A~AK9\*A\*1\*1\*1~/,
    );
    const jobs = await database.db('graphile_worker.jobs' as never).pluck('key');
    expect(jobs).toContain('work-order-requests/ACME/PO9001');
    expect(await exceptions()).toEqual([]);
  });

  test('judging it a second time changes nothing', async () => {
    await setUpPartner(database.db);
    const id = await send(order(7, 'PO9001'));
    await judgeReceived(database.db, id, clock);
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 1 });
    expect(await outbound()).toHaveLength(1);
  });

  test('ISA14 = 1 is answered with a TA1 in an interchange of its own', async () => {
    await setUpPartner(database.db);
    await send(
      interchange({ controlNumber: 7, ackRequested: true, groups: [group('PO', 7, [purchaseOrder('PO1')])] }),
    );
    const answers = await outbound();
    expect(answers).toHaveLength(2);
    expect(answers[0]).toMatch(/~TA1\*000000007\*261122\*1200\*A\*000~IEA\*0\*/);
    expect(answers[0]?.split('*')[14]).toBe('0');
  });

  test('a broken one is rejected element by element and creates no order; its neighbour is taken in', async () => {
    await setUpPartner(database.db);
    const broken = transactionSet('850', '0001', [
      'BEG*00*SA**  *20261120',
      'PO1*1*ten*EA*4.25**BP*B-1',
      'CTT*1',
    ]);
    const id = await send(interchange({ groups: [group('PO', 1, [broken, purchaseOrder('PO2', '0002')])] }));
    const documents = await database.db('document').orderBy('ordinal').select('validation', 'findings');
    expect(documents.map((one) => one.validation)).toEqual(['rejected', 'accepted']);
    expect(documents[0].findings.length).toBeGreaterThan(0);
    expect(await database.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO2']);
    expect(
      await database
        .db('functional_group')
        .where({ interchange_id: id })
        .first('ack_code', 'accepted', 'received'),
    ).toEqual({ ack_code: 'P', accepted: 1, received: 2 });
    expect((await outbound())[0]).toMatch(/AK5\*R.*AK5\*A~AK9\*P\*2\*2\*1~/);
  });

  test('a set without a rule is kept and somebody is told', async () => {
    await setUpPartner(database.db);
    await send(
      interchange({
        groups: [group('PR', 1, [transactionSet('855', '0001', ['BAK*00*AD*PO1*20261120', 'CTT*0'])])],
      }),
    );
    expect(await database.db('document').first('validation', 'note')).toMatchObject({
      validation: 'accepted',
    });
    expect(await exceptions()).toEqual(['document-without-rule']);
  });

  test('an information copy (BEG01 22) creates nothing and says why', async () => {
    await setUpPartner(database.db);
    await send(
      interchange({
        groups: [
          group('PO', 1, [
            transactionSet('850', '0001', ['BEG*22*SA*PO1**20261120', 'PO1*1*10*EA*4.25**BP*B-1', 'CTT*1']),
          ]),
        ],
      }),
    );
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 0 });
    expect((await database.db('document').first('note')).note).toMatch(/22/);
    expect(await exceptions()).toEqual([]);
  });
});

describe('control numbers of partners', () => {
  test('an 850 repeated with the same number and the same bytes is ordered once and answered again under new numbers', async () => {
    await setUpPartner(database.db);
    const text = interchange({
      controlNumber: 7,
      ackRequested: true,
      groups: [group('PO', 7, [purchaseOrder('PO1')])],
    });
    const first = await send(text);
    const again = await send(text);
    expect(await row(again)).toMatchObject({
      status: 'duplicate',
      original_id: first,
      ta1_code: 'A',
      ta1_note: '000',
    });
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 1 });
    const answers = await outbound();
    const content = (pattern: RegExp) => answers.flatMap((answer) => answer.match(pattern)?.[0] ?? []);
    expect(content(/TA1\*[^~]*/)).toEqual([
      'TA1*000000007*261122*1200*A*000',
      'TA1*000000007*261122*1200*A*000',
    ]);
    expect(answers.flatMap((answer) => answer.match(/AK1\*PO\*7/g) ?? [])).toHaveLength(2);
    const numbers = answers.map((answer) => answer.split('*')[13]);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(await exceptions()).toEqual([]);
  });

  test('the same number with other bytes is rejected with 025, kept, and somebody is told', async () => {
    await setUpPartner(database.db);
    await send(order(7, 'PO1'));
    const other = await send(order(7, 'PO2'));
    expect(await row(other)).toMatchObject({ status: 'rejected', ta1_code: 'R', ta1_note: '025' });
    expect(await database.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await exceptions()).toEqual(['duplicate-number']);
    expect((await outbound()).some((answer) => answer.includes('*R*025~'))).toBe(true);
  });

  test('after the window a number may come again', async () => {
    await setUpPartner(database.db);
    await send(order(7, 'PO1'));
    await database.db('inbound_number').update({ claimed_at: '2026-10-20T00:00:00Z' });
    const later = await send(order(7, 'PO2'));
    expect((await row(later)).status).toBe('judged');
  });

  test('a truncated interchange is rejected with 023, occupies no number and may be sent again', async () => {
    await setUpPartner(database.db);
    const text = order(7, 'PO1');
    const cut = await send(text.slice(0, text.indexOf('IEA')));
    expect(await row(cut)).toMatchObject({ status: 'rejected', ta1_code: 'R', ta1_note: '023' });
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 0 });
    expect((await row(await send(text))).status).toBe('judged');
  });

  test('a group number used before rejects its group, and nothing of it is ordered', async () => {
    await setUpPartner(database.db);
    await send(interchange({ controlNumber: 1, groups: [group('PO', 5, [purchaseOrder('PO1')])] }));
    await send(interchange({ controlNumber: 2, groups: [group('PO', 5, [purchaseOrder('PO2')])] }));
    expect(await database.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await database.db('functional_group').orderBy('id').pluck('ack_code')).toEqual(['A', 'R']);
  });

  test('eight judges at once take in one of eight copies, and the others as its duplicates', async () => {
    await setUpPartner(database.db);
    const ids = (await Promise.all(Array.from({ length: 8 }, () => receive(order(7, 'PO1'))))).flat();
    await Promise.all(ids.map((id) => judgeReceived(database.db, id, clock)));
    const statuses = await database
      .db('interchange')
      .where({ direction: 'in' })
      .orderBy('status')
      .pluck('status');
    expect(statuses).toEqual([...Array.from({ length: 7 }, () => 'duplicate'), 'judged']);
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 1 });
  });

  test('what one sender sent is taken in the order it arrived, whoever judges first', async () => {
    await setUpPartner(database.db);
    const ids: string[] = [];
    for (let number = 1; number <= 6; number += 1) ids.push(...(await receive(order(number, `PO${number}`))));
    await Promise.all(ids.toReversed().map((id) => judgeReceived(database.db, id, clock)));
    expect(await database.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual([
      'PO1',
      'PO2',
      'PO3',
      'PO4',
      'PO5',
      'PO6',
    ]);
  });
});

describe('strangers', () => {
  test('an unknown partner waits in quarantine; once it is set up a replay takes its order in', async () => {
    await setUpPartner(database.db, { partnerId: 'OTHER' });
    const id = await send(order(7, 'PO1'));
    expect(await row(id)).toMatchObject({
      status: 'quarantined',
      ta1_code: 'R',
      ta1_note: '006',
      agreement_id: null,
    });
    expect(await exceptions()).toEqual(['quarantine']);
    await setUpPartner(database.db);
    expect(await replayInterchange(database.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'queued',
      interchangeId: id,
    });
    await judgeReceived(database.db, id, clock);
    expect((await row(id)).status).toBe('judged');
    expect(await database.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await exceptions()).toEqual([]);
    expect(await replayInterchange(database.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'not-replayable',
      status: 'judged',
    });
  });

  test('a replay asks first where the partner has sent the same purchase order again', async () => {
    const id = await send(order(7, 'PO1'));
    await setUpPartner(database.db);
    const [later] = await receiveArrival(database.db, Buffer.from(order(8, 'PO1')), trusted, {
      now: '2026-11-22T19:00:00.000Z',
      limitBytes,
    }).then((one) => one.interchanges);
    await judgeReceived(database.db, later?.id ?? '', () => '2026-11-22T19:00:00.000Z');
    expect(await replayInterchange(database.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'needs-confirmation',
      purchaseOrderNumbers: ['PO1'],
    });
    expect(await replayInterchange(database.db, id, { confirmed: true, now: NOW })).toEqual({
      kind: 'queued',
      interchangeId: id,
    });
  });

  test('a known partner that wrote to somebody else is told so (009)', async () => {
    await setUpPartner(database.db);
    const id = await send(
      interchange({ receiver: 'ELSEWHERE', groups: [group('PO', 1, [purchaseOrder('PO1')])] }),
    );
    expect(await row(id)).toMatchObject({ status: 'quarantined', ta1_code: 'R', ta1_note: '009' });
  });

  test('ISA15 = T without an agreement for tests is rejected with 020 and never touches production', async () => {
    await setUpPartner(database.db);
    const id = await send(interchange({ usage: 'T', groups: [group('PO', 1, [purchaseOrder('PO1')])] }));
    expect(await row(id)).toMatchObject({ status: 'quarantined', ta1_code: 'R', ta1_note: '020' });
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 0 });
  });

  test('with an agreement for tests the same number counts for itself', async () => {
    await setUpPartner(database.db);
    await setUpPartner(database.db, { usage: 'T' });
    await send(order(7, 'PO1'));
    const id = await send(
      interchange({ controlNumber: 7, usage: 'T', groups: [group('PO', 7, [purchaseOrder('PO1')])] }),
    );
    expect(await row(id)).toMatchObject({ status: 'judged', agreement_id: 'ACME-T' });
    expect(await database.db('order_inbox').orderBy('id').pluck('usage')).toEqual(['P', 'T']);
  });

  test('what is no EDI at all is kept, and somebody is told', async () => {
    const id = await send('<?xml version="1.0"?><order/>');
    expect(await row(id)).toMatchObject({ status: 'rejected', sender_id: '' });
    expect((await row(id)).problem).toMatch(/no ISA/);
    expect(await exceptions()).toEqual(['arrival-unreadable']);
  });

  test('an element of 10 MB and bytes that are no text are rejected without a crash', async () => {
    await setUpPartner(database.db);
    const long = interchange({
      controlNumber: 1,
      groups: [
        group('PO', 1, [
          transactionSet('850', '0001', ['BEG*00*SA*PO1**20261120', `MSG*${'x'.repeat(10 * 1024 * 1024)}`]),
        ]),
      ],
    });
    expect((await row(await send(long))).status).toBe('judged');
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
    expect((await row(await send(nul))).status).toBe('judged');
    expect(await database.db('document').orderBy('id').pluck('validation')).toEqual(['rejected', 'rejected']);
    expect(await database.db('order_inbox').count().first()).toEqual({ count: 0 });
  });
});

describe('arrivals', () => {
  test('several interchanges in one file, each with its own separators, are judged one by one', async () => {
    await setUpPartner(database.db);
    const other = order(2, 'PO2').replaceAll('*', '|').replaceAll('~', '\n');
    const ids = await receive(`${order(1, 'PO1')}\r\n${other}`);
    expect(ids).toHaveLength(2);
    for (const id of ids) await judgeReceived(database.db, id, clock);
    expect(await database.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual([
      'PO1',
      'PO2',
    ]);
  });

  test('an arrival too large to be taken apart at once is archived in chunks and judged by its job', async () => {
    await setUpPartner(database.db);
    const filler = Array.from(
      { length: 5500 },
      (_, at) => `PO1*${at}*1*EA*4.25**BP*B-1~PID*F****${'y'.repeat(70)}~`,
    ).join('');
    const set = `ST*850*0001~BEG*00*SA*BIG1**20261120~${filler}CTT*5500~SE*${2 * 5500 + 4}*0001~`;
    const text = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
      .map((n) =>
        interchange({ controlNumber: n, groups: [group('PO', n, [set.replace('BIG1', `BIG${n}`)])] }),
      )
      .join('\n');
    expect(text.length).toBeGreaterThan(4 * 1024 * 1024);
    async function* parts() {
      for (let at = 0; at < text.length; at += 65_000)
        yield Buffer.from(text.slice(at, at + 65_000), 'latin1');
    }
    const received = await receiveArrival(database.db, parts(), trusted, { now: NOW, limitBytes });
    expect(received.interchanges).toHaveLength(1);
    expect(await database.db('arrival').first('size', 'status')).toEqual({
      size: text.length,
      status: 'complete',
    });
    await judgeReceived(database.db, received.interchanges[0]?.id ?? '', clock);
    const rest = await database.db('interchange').where({ status: 'received' }).pluck('id');
    expect(rest).toHaveLength(9);
    for (const id of rest) await judgeReceived(database.db, id, clock);
    expect(await database.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `BIG${n}`),
    );
  });

  test('a fault while storing leaves nothing behind, and the next try takes it in once', async () => {
    await setUpPartner(database.db);
    const [id = ''] = await receive(order(7, 'PO1'));
    await database.db.raw(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
      create trigger refuse before insert on order_inbox for each row execute function refuse()`);
    await expect(judgeReceived(database.db, id, clock)).rejects.toThrow('the disk is full');
    expect(await row(id)).toMatchObject({ status: 'received', attempts: 1 });
    expect(await database.db('document').count().first()).toEqual({ count: 0 });
    expect(await database.db('inbound_number').count().first()).toEqual({ count: 0 });
    await database.db.raw('drop trigger refuse on order_inbox');
    await judgeReceived(database.db, id, clock);
    expect((await row(id)).status).toBe('judged');
  });

  test('what fails again and again is set aside with an exception, goes on by replay, and does not hold up the rest', async () => {
    await setUpPartner(database.db);
    const [bad = ''] = await receive(order(7, 'BAD'));
    const [good = ''] = await receive(order(8, 'GOOD'));
    await database.db.raw(`create function refuse() returns trigger language plpgsql as $$ begin if new.purchase_order_number = 'BAD' then raise exception 'no'; end if; return new; end $$;
      create trigger refuse before insert on order_inbox for each row execute function refuse()`);
    for (let attempt = 1; attempt < 5; attempt += 1)
      await expect(judgeReceived(database.db, good, clock)).rejects.toThrow('no');
    await judgeReceived(database.db, good, clock);
    expect([(await row(bad)).status, (await row(good)).status]).toEqual(['failed', 'judged']);
    expect(await exceptions()).toEqual(['interchange-failed']);
    await database.db.raw('drop trigger refuse on order_inbox');
    await replayInterchange(database.db, bad, { confirmed: false, now: NOW });
    await judgeReceived(database.db, bad, clock);
    expect((await row(bad)).status).toBe('judged');
    expect(await exceptions()).toEqual([]);
  });
});

describe('acknowledgements of what we sent', () => {
  const acknowledge = (controlNumber: number, segments: readonly string[]) =>
    interchange({
      controlNumber,
      groups: [group('FA', controlNumber, [transactionSet('997', '0001', segments)])],
    });

  async function sent(...numbers: string[]): Promise<void> {
    await setUpPartner(database.db, { ackDeadlineMinutes: 60 });
    for (const po of numbers) {
      await database.db.transaction((tx) =>
        requestDocument(tx, {
          subject: po,
          partnerId: 'ACME',
          set: '855',
          usage: 'P',
          payload: orderAnswer(po),
        }),
      );
    }
    await renderDocuments(database.db, 'ACME-P', clock);
  }
  const statuses = () =>
    database
      .db('document')
      .where({ direction: 'out', set_id: '855' })
      .orderBy('ordinal')
      .pluck('acknowledgement');

  test('a 997 settles each document, is never answered itself, and a rejected one gets an owner', async () => {
    await sent('PO1', 'PO2');
    await send(
      acknowledge(1, [
        'AK1*PR*1',
        'AK2*855*0001',
        'AK5*A',
        'AK2*855*0002',
        'AK3*BAK*2**8',
        'AK4*3*324*7*PO2',
        'AK5*R*5',
        'AK9*P*2*2*1',
      ]),
    );
    expect(await statuses()).toEqual(['accepted', 'rejected']);
    const [, rejected] = await database
      .db('document')
      .where({ direction: 'out' })
      .orderBy('ordinal')
      .select('acknowledgement_findings');
    expect(rejected.acknowledgement_findings.notes[0]).toMatchObject({ segment: 'BAK', position: 2 });
    expect(await exceptions()).toEqual(['document-rejected']);
    expect(await outbound()).toHaveLength(1);
  });

  test('a 997 with AK9*A and no AK2 accepts the whole group', async () => {
    await sent('PO1', 'PO2');
    await send(acknowledge(1, ['AK1*PR*1', 'AK9*A*2*2*2']));
    expect(await statuses()).toEqual(['accepted', 'accepted']);
  });

  test('a 997 for something never sent is an exception', async () => {
    await sent('PO1');
    await send(acknowledge(1, ['AK1*PR*99', 'AK9*A*1*1*1']));
    expect(await statuses()).toEqual(['expected']);
    expect(await exceptions()).toEqual(['acknowledgement-unmatched']);
  });

  test('one that does not come in time becomes an exception once, and is settled when it comes after all', async () => {
    await sent('PO1');
    expect(await raiseOverdueAcknowledgements(database.db, '2026-11-22T18:59:00.000Z')).toBe(0);
    expect(await raiseOverdueAcknowledgements(database.db, '2026-11-22T19:01:00.000Z')).toBe(1);
    expect(await raiseOverdueAcknowledgements(database.db, '2026-11-22T19:02:00.000Z')).toBe(0);
    expect(await statuses()).toEqual(['overdue']);
    expect(await exceptions()).toEqual(['acknowledgement-overdue']);
    await send(acknowledge(1, ['AK1*PR*1', 'AK9*A*1*1*1']));
    expect(await statuses()).toEqual(['accepted']);
    expect(await exceptions()).toEqual([]);
  });

  test('a TA1 that rejects our interchange takes its documents with it', async () => {
    await sent('PO1');
    await send(
      interchange({ controlNumber: 1, groups: [] }).replace('IEA', 'TA1*000000001*261122*1200*R*006~IEA'),
    );
    expect(
      await database
        .db('interchange')
        .where({ direction: 'out' })
        .first('partner_ta1_code', 'partner_ta1_note'),
    ).toEqual({ partner_ta1_code: 'R', partner_ta1_note: '006' });
    expect(await statuses()).toEqual(['rejected']);
    expect(await exceptions()).toEqual(['interchange-rejected-by-partner']);
    expect(await outbound()).toHaveLength(1);
  });
});
