import { readArrivalBytes } from '../../db/repositories/arrivals';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { clock, GatewayDoor, order } from '../support/gateway-door';
import { group, interchange, purchaseOrder, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
});
afterEach(() => door.database.drop());

describe('an 850 arrives', () => {
  test('it is archived byte for byte before anything else, judged, answered with a 997, and waits in its inbox', async () => {
    await setUpPartner(door.db);
    const text = order(7, 'PO9001');
    const [id] = await door.receive(text);
    expect((await door.row(id as string)).status).toBe('received');
    const [arrival] = await door.db('arrival').select('*');
    expect((await readArrivalBytes(door.db, arrival.id, 0, arrival.size)).toString('latin1')).toBe(text);

    await judgeReceived(door.db, id as string, clock);
    expect(await door.row(id as string)).toMatchObject({
      status: 'judged',
      ta1_code: 'A',
      ta1_note: '000',
      agreement_id: 'ACME-P',
      partner_id: 'ACME',
    });
    const [inbox] = await door.db('order_inbox').select('*');
    expect(inbox).toMatchObject({ kind: 'order', purchase_order_number: 'PO9001', status: 'waiting' });
    expect(inbox.payload).toMatchObject({
      customerId: 'ACME-C',
      entityId: 'HUBCO',
      partnerId: 'ACME',
      usage: 'P',
      documentId: inbox.document_id,
    });
    const [document] = await door.db('document').select('*');
    expect(document).toMatchObject({
      set_id: '850',
      validation: 'accepted',
      acknowledgement: 'answered',
      purchase_order_number: 'PO9001',
    });
    expect(text.slice(document.byte_offset, document.byte_offset + document.byte_length)).toMatch(
      /^ST\*850\*0001~.*SE\*\d+\*0001~$/,
    );

    const [answer] = await door.outbound();
    expect(answer).toMatch(
      /^ISA.*\*ZZ\*HUB {12}\*ZZ\*ACME {11}\*.*~GS\*FA\*HUBGS\*ACMEGS\*\d{8}\*\d{4}\*1\*X\*004010~ST\*997\*0001~AK1\*PO\*7.*AK5\*A~AK9\*A\*1\*1\*1~/,
    );
    const jobs = await door.db('graphile_worker.jobs' as never).pluck('key');
    expect(jobs).toContain('work-order-requests/ACME/PO9001');
    expect(await door.exceptions()).toEqual([]);
  });

  test('judging it a second time changes nothing', async () => {
    await setUpPartner(door.db);
    const id = await door.send(order(7, 'PO9001'));
    await judgeReceived(door.db, id, clock);
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 1 });
    expect(await door.outbound()).toHaveLength(1);
  });

  test('ISA14 = 1 is answered with a TA1 in an interchange of its own', async () => {
    await setUpPartner(door.db);
    await door.send(
      interchange({ controlNumber: 7, ackRequested: true, groups: [group('PO', 7, [purchaseOrder('PO1')])] }),
    );
    const answers = await door.outbound();
    expect(answers).toHaveLength(2);
    expect(answers[0]).toMatch(/~TA1\*000000007\*261122\*1200\*A\*000~IEA\*0\*/);
    expect(answers[0]?.split('*')[14]).toBe('0');
  });

  test('a broken one is rejected element by element and creates no order; its neighbour is taken in', async () => {
    await setUpPartner(door.db);
    const broken = transactionSet('850', '0001', [
      'BEG*00*SA**  *20261120',
      'PO1*1*ten*EA*4.25**BP*B-1',
      'CTT*1',
    ]);
    const id = await door.send(
      interchange({ groups: [group('PO', 1, [broken, purchaseOrder('PO2', '0002')])] }),
    );
    const documents = await door.db('document').orderBy('ordinal').select('validation', 'findings');
    expect(documents.map((one) => one.validation)).toEqual(['rejected', 'accepted']);
    expect(documents[0].findings.length).toBeGreaterThan(0);
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO2']);
    expect(
      await door
        .db('functional_group')
        .where({ interchange_id: id })
        .first('ack_code', 'accepted', 'received'),
    ).toEqual({ ack_code: 'P', accepted: 1, received: 2 });
    expect((await door.outbound())[0]).toMatch(/AK5\*R.*AK5\*A~AK9\*P\*2\*2\*1~/);
  });

  test('a partner who asked for 999 gets one, in the version and envelope of 5010', async () => {
    await setUpPartner(door.db, { policy: { acknowledgement: '999' }, version: '005010' });
    await door.send(
      interchange({ version: '00501', groups: [group('PO', 7, [purchaseOrder('PO1')], 'ACME', '005010')] }),
    );
    const [answer = ''] = await door.outbound();
    expect(answer.split('*')[12]).toBe('00501');
    expect(answer).toMatch(
      /~GS\*FA\*HUBGS\*ACMEGS\*\d{8}\*\d{4}\*1\*X\*005010X231A1~ST\*999\*0001\*005010X231A1~AK1\*PO\*7\*005010~.*IK5\*A~AK9\*A\*1\*1\*1~/,
    );
  });

  test('a deviation is recorded and accepted, or rejected where the agreement says so', async () => {
    await setUpPartner(door.db);
    const lenient = await door.send(`\xef\xbb\xbf${order(1, 'PO1')}`);
    expect(await door.row(lenient)).toMatchObject({ status: 'judged', deviations: [{ code: 'bom' }] });
    await door
      .db('interchange_agreement')
      .update({ policy: JSON.stringify({ leniency: { bom: 'reject' } }) });
    const strict = await door.send(`\xef\xbb\xbf${order(2, 'PO2')}`);
    expect(await door.row(strict)).toMatchObject({ status: 'rejected', ta1_note: '024' });
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
  });

  test('an information copy (BEG01 22) creates nothing and says why', async () => {
    await setUpPartner(door.db);
    await door.send(
      interchange({
        groups: [
          group('PO', 1, [
            transactionSet('850', '0001', ['BEG*22*SA*PO1**20261120', 'PO1*1*10*EA*4.25**BP*B-1', 'CTT*1']),
          ]),
        ],
      }),
    );
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 0 });
    expect((await door.db('document').first('note')).note).toMatch(/22/);
    expect(await door.exceptions()).toEqual([]);
  });
});

describe('control numbers of partners', () => {
  test('an 850 repeated with the same number and the same bytes is ordered once and answered again under new numbers', async () => {
    await setUpPartner(door.db);
    const text = interchange({
      controlNumber: 7,
      ackRequested: true,
      groups: [group('PO', 7, [purchaseOrder('PO1')])],
    });
    const first = await door.send(text);
    const again = await door.send(text);
    expect(await door.row(again)).toMatchObject({
      status: 'duplicate',
      original_id: first,
      ta1_code: 'A',
      ta1_note: '000',
    });
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 1 });
    const answers = await door.outbound();
    const content = (pattern: RegExp) => answers.flatMap((answer) => answer.match(pattern)?.[0] ?? []);
    expect(content(/TA1\*[^~]*/)).toEqual([
      'TA1*000000007*261122*1200*A*000',
      'TA1*000000007*261122*1200*A*000',
    ]);
    expect(answers.flatMap((answer) => answer.match(/AK1\*PO\*7/g) ?? [])).toHaveLength(2);
    const numbers = answers.map((answer) => answer.split('*')[13]);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(await door.exceptions()).toEqual([]);
  });

  test('the same number with other bytes is rejected with 025, kept, and somebody is told', async () => {
    await setUpPartner(door.db);
    await door.send(order(7, 'PO1'));
    const other = await door.send(order(7, 'PO2'));
    expect(await door.row(other)).toMatchObject({ status: 'rejected', ta1_code: 'R', ta1_note: '025' });
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await door.exceptions()).toEqual(['duplicate-number']);
    expect((await door.outbound()).some((answer) => answer.includes('*R*025~'))).toBe(true);
  });

  test('after the window a number may come again', async () => {
    await setUpPartner(door.db);
    await door.send(order(7, 'PO1'));
    await door.db('inbound_number').update({ claimed_at: '2026-10-20T00:00:00Z' });
    const later = await door.send(order(7, 'PO2'));
    expect((await door.row(later)).status).toBe('judged');
  });

  test('a truncated interchange is rejected with 023, occupies no number and may be sent again', async () => {
    await setUpPartner(door.db);
    const text = order(7, 'PO1');
    const cut = await door.send(text.slice(0, text.indexOf('IEA')));
    expect(await door.row(cut)).toMatchObject({ status: 'rejected', ta1_code: 'R', ta1_note: '023' });
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 0 });
    expect((await door.row(await door.send(text))).status).toBe('judged');
  });

  test('a group number used before rejects its group, and nothing of it is ordered', async () => {
    await setUpPartner(door.db);
    await door.send(interchange({ controlNumber: 1, groups: [group('PO', 5, [purchaseOrder('PO1')])] }));
    await door.send(interchange({ controlNumber: 2, groups: [group('PO', 5, [purchaseOrder('PO2')])] }));
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await door.db('functional_group').orderBy('id').pluck('ack_code')).toEqual(['A', 'R']);
  });

  test('eight judges at once take in one of eight copies, and the others as its duplicates', async () => {
    await setUpPartner(door.db);
    const ids = (await Promise.all(Array.from({ length: 8 }, () => door.receive(order(7, 'PO1'))))).flat();
    await Promise.all(ids.map((id) => door.judge(id)));
    const statuses = await door
      .db('interchange')
      .where({ direction: 'in' })
      .orderBy('status')
      .pluck('status');
    expect(statuses).toEqual([...Array.from({ length: 7 }, () => 'duplicate'), 'judged']);
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 1 });
  });

  test('what one sender sent is taken in the order it arrived, whoever judges first', async () => {
    await setUpPartner(door.db);
    const ids: string[] = [];
    for (let number = 1; number <= 6; number += 1)
      ids.push(...(await door.receive(order(number, `PO${number}`))));
    await Promise.all(ids.toReversed().map((id) => door.judge(id)));
    expect(await door.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual([
      'PO1',
      'PO2',
      'PO3',
      'PO4',
      'PO5',
      'PO6',
    ]);
  });
});
