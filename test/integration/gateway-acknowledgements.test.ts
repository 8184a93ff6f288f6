import { requestDocument } from '../../db/repositories/document-requests';
import { raiseOverdueAcknowledgements } from '../../gateway/outbound/overdue';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { retransmit } from '../../gateway/outbound/resend';
import { clock, GatewayDoor } from '../support/gateway-door';
import { group, interchange, orderAnswer, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
});
afterEach(() => door.database.drop());

describe('acknowledgements of what we sent', () => {
  const acknowledge = (controlNumber: number, segments: readonly string[]) =>
    interchange({
      controlNumber,
      groups: [group('FA', controlNumber, [transactionSet('997', '0001', segments)])],
    });

  async function sent(...numbers: string[]): Promise<void> {
    await setUpPartner(door.db, { ackDeadlineMinutes: 60 });
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
    }
    await renderDocuments(door.db, 'ACME-P', clock);
  }
  const statuses = () =>
    door
      .db('document')
      .where({ direction: 'out', set_id: '855' })
      .orderBy('ordinal')
      .pluck('acknowledgement');

  test('a 997 settles each document, is never answered itself, and a rejected one gets an owner', async () => {
    await sent('PO1', 'PO2');
    await door.send(
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
    const [, rejected] = await door
      .db('document')
      .where({ direction: 'out' })
      .orderBy('ordinal')
      .select('acknowledgement_findings');
    expect(rejected.acknowledgement_findings.notes[0]).toMatchObject({ segment: 'BAK', position: 2 });
    expect(await door.exceptions()).toEqual(['document-rejected']);
    expect(await door.outbound()).toHaveLength(1);
  });

  test('a 997 with AK9*A and no AK2 accepts the whole group', async () => {
    await sent('PO1', 'PO2');
    await door.send(acknowledge(1, ['AK1*PR*1', 'AK9*A*2*2*2']));
    expect(await statuses()).toEqual(['accepted', 'accepted']);
  });

  test('a 997 with AK9*P and no AK2 leaves open what was refused: each document has an owner until it is told', async () => {
    await sent('PO1', 'PO2');
    await door.send(acknowledge(1, ['AK1*PR*1', 'AK9*P*2*2*1']));
    expect(await statuses()).toEqual(['expected', 'expected']);
    expect(await door.exceptions()).toEqual(['acknowledgement-unclear', 'acknowledgement-unclear']);
    await door.send(
      acknowledge(2, ['AK1*PR*1', 'AK2*855*0001', 'AK5*A', 'AK2*855*0002', 'AK5*R*5', 'AK9*P*2*2*1']),
    );
    expect(await statuses()).toEqual(['accepted', 'rejected']);
    expect(await door.exceptions()).toEqual(['document-rejected']);
  });

  test('a partner that lists only what it refused accepts the rest; AK9*R refuses all, whatever is listed', async () => {
    await sent('PO1', 'PO2');
    await door.send(acknowledge(1, ['AK1*PR*1', 'AK2*855*0002', 'AK5*R*5', 'AK9*P*2*2*1']));
    expect(await statuses()).toEqual(['accepted', 'rejected']);
    await door.send(acknowledge(2, ['AK1*PR*0001', 'AK2*855*0001', 'AK5*A', 'AK9*R*2*2*0*1']));
    expect(await statuses()).toEqual(['rejected', 'rejected']);
  });

  test('a verdict on a set that was not in the group is an exception, and no other set pays for it', async () => {
    await sent('PO1');
    await door.send(
      acknowledge(1, ['AK1*PR*1', 'AK2*855*0001', 'AK5*A', 'AK2*855*0009', 'AK5*R*5', 'AK9*P*2*2*1']),
    );
    expect(await statuses()).toEqual(['accepted']);
    expect(await door.exceptions()).toEqual(['acknowledgement-unmatched']);
  });

  test('what was refused and is accepted after all needs nobody any more', async () => {
    await sent('PO1');
    await door.send(acknowledge(1, ['AK1*PR*1', 'AK2*855*0001', 'AK5*R*5', 'AK9*R*1*1*0']));
    expect(await door.exceptions()).toEqual(['document-rejected']);
    await door.send(acknowledge(2, ['AK1*PR*1', 'AK9*A*1*1*1']));
    expect(await statuses()).toEqual(['accepted']);
    expect(await door.exceptions()).toEqual([]);
  });

  test('a 997 for something never sent is an exception', async () => {
    await sent('PO1');
    await door.send(acknowledge(1, ['AK1*PR*99', 'AK9*A*1*1*1']));
    expect(await statuses()).toEqual(['expected']);
    expect(await door.exceptions()).toEqual(['acknowledgement-unmatched']);
  });

  test('a 997 that is faulty itself settles nothing, is not answered, and has an owner', async () => {
    await sent('PO1');
    await door.send(acknowledge(1, ['AK1*PR*1', 'AK2*855*0001', 'AK5*Z', 'AK9*A*1*1*1']));
    expect(await statuses()).toEqual(['expected']);
    expect(await door.exceptions()).toEqual(['acknowledgement-unreadable']);
    expect(await door.outbound()).toHaveLength(1);
  });

  test('one that does not come in time becomes an exception once, and is settled when it comes after all', async () => {
    await sent('PO1');
    expect(await raiseOverdueAcknowledgements(door.db, '2026-11-22T18:59:00.000Z')).toBe(0);
    expect(await raiseOverdueAcknowledgements(door.db, '2026-11-22T19:01:00.000Z')).toBe(1);
    expect(await raiseOverdueAcknowledgements(door.db, '2026-11-22T19:02:00.000Z')).toBe(0);
    expect(await statuses()).toEqual(['overdue']);
    expect(await door.exceptions()).toEqual(['acknowledgement-overdue']);
    await door.send(acknowledge(1, ['AK1*PR*1', 'AK9*A*1*1*1']));
    expect(await statuses()).toEqual(['accepted']);
    expect(await door.exceptions()).toEqual([]);
  });

  test('where the agreement names no time the usual one counts, and none for a partner who never acknowledges', async () => {
    await setUpPartner(door.db);
    await setUpPartner(door.db, { partnerId: 'SILENT', policy: { acknowledges: false } });
    for (const partnerId of ['ACME', 'SILENT']) {
      await door.db.transaction((tx) =>
        requestDocument(tx, {
          subject: partnerId,
          partnerId,
          set: '855',
          usage: 'P',
          payload: orderAnswer('PO1'),
        }),
      );
      await renderDocuments(door.db, `${partnerId}-P`, clock, { ackOverdueAfterMs: 2 * 3_600_000 });
    }
    expect(await door.db('document').orderBy('id').select('acknowledgement', 'ack_due_at')).toEqual([
      { acknowledgement: 'expected', ack_due_at: '2026-11-22T20:00:00.000Z' },
      { acknowledgement: 'not-expected', ack_due_at: null },
    ]);
  });

  test('what was overdue and is sent again has its time once more', async () => {
    await sent('PO1');
    await raiseOverdueAcknowledgements(door.db, '2026-11-22T19:01:00.000Z');
    const { id } = await door.db('interchange').where({ direction: 'out' }).first('id');
    await door.db('interchange').where({ id }).update({ status: 'delivered' });
    await door.db.transaction((tx) => retransmit(tx, id, '2026-11-22T20:00:00.000Z'));
    expect(await statuses()).toEqual(['expected']);
    expect(await door.exceptions()).toEqual([]);
    expect(await raiseOverdueAcknowledgements(door.db, '2026-11-22T20:59:00.000Z')).toBe(0);
    expect(await raiseOverdueAcknowledgements(door.db, '2026-11-22T21:01:00.000Z')).toBe(1);
  });

  test('a TA1 that rejects our interchange takes its documents with it', async () => {
    await sent('PO1');
    await door.send(
      interchange({ controlNumber: 1, groups: [] }).replace('IEA', 'TA1*000000001*261122*1200*R*006~IEA'),
    );
    expect(
      await door.db('interchange').where({ direction: 'out' }).first('partner_ta1_code', 'partner_ta1_note'),
    ).toEqual({ partner_ta1_code: 'R', partner_ta1_note: '006' });
    expect(await statuses()).toEqual(['rejected']);
    expect(await door.exceptions()).toEqual(['interchange-rejected-by-partner']);
    expect(await door.outbound()).toHaveLength(1);
  });
});
