import { requestDocument } from '../../db/repositories/document-requests';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { clock, GatewayDoor } from '../support/gateway-door';
import { group, interchange, orderAnswer, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
  for (const number of ['PO1', 'PO2', 'PO3']) {
    await door.db.transaction((tx) =>
      requestDocument(tx, {
        subject: number,
        partnerId: 'ACME',
        set: '855',
        usage: 'P',
        payload: orderAnswer(number),
      }),
    );
  }
  await renderDocuments(door.db, 'ACME-P', clock);
});
afterEach(() => door.database.drop());

let control = 0;
async function advise(...segments: readonly string[]): Promise<void> {
  control += 1;
  const set = transactionSet('824', '0001', [`BGN*11*ADV${control}*20261122`, ...segments]);
  await door.send(interchange({ controlNumber: control, groups: [group('AG', control, [set])] }));
  await door.work();
}

const answers = () =>
  door
    .db('document')
    .where({ direction: 'out', set_id: '855' })
    .orderBy('ordinal')
    .select('acknowledgement', 'acknowledgement_findings');
const statuses = async () => (await answers()).map(({ acknowledgement }) => acknowledgement as string);
const open = () =>
  door.db('exception').where({ status: 'open' }).orderBy('priority').select('kind', 'text', 'owner_role');

describe('an application advice about documents of ours', () => {
  test('finds each by its control numbers, and what was refused has an owner who reads why', async () => {
    await advise(
      'OTI*TR*PO*PO1***20261122**1*0001*855*004010',
      'TED*024*PRICE DIFFERS*PO1*4*4*212*4.25*4.00',
      'NTE**CONTRACT 8812',
      'OTI*TE*PO*PO2***20261122**001*0002*855*004010',
      'TED*007*DEPARTMENT MISSING',
      'OTI*TA*PO*PO3***20261122**1*0003*855*004010',
    );
    expect(await statuses()).toEqual(['rejected', 'accepted-with-errors', 'accepted']);
    const [first] = await answers();
    expect(first.acknowledgement_findings.advices).toMatchObject([
      {
        adviceNumber: expect.stringMatching(/^ADV/),
        verdict: 'TR',
        errors: [{ code: '024', value: '4.25' }],
      },
    ]);
    expect(await open()).toEqual([
      {
        kind: 'document-rejected',
        owner_role: 'operations',
        text: expect.stringContaining(
          '024 PRICE DIFFERS, PO1 at 4 element 4, was "4.25", taken as "4.00" (CONTRACT 8812)',
        ),
      },
      {
        kind: 'document-accepted-with-errors',
        owner_role: 'operations',
        text: expect.stringContaining('007 DEPARTMENT MISSING'),
      },
    ]);
  });

  test('finds it by the purchase order where the partner names no control numbers', async () => {
    await advise('OTI*TR*PO*po2', 'TED*ZZZ*WE DO NOT KNOW THIS ORDER');
    expect(await statuses()).toEqual(['expected', 'rejected', 'expected']);
  });

  test('outweighs the syntax check, whichever comes first, and both are kept', async () => {
    const accepted = ['AK1*PR*1', 'AK9*A*3*3*3'];
    const acknowledge = async (controlNumber: number) =>
      door.send(
        interchange({
          controlNumber,
          groups: [group('FA', controlNumber, [transactionSet('997', '0001', accepted)])],
        }),
      );
    await acknowledge(901);
    await advise('OTI*TR*PO*PO1', 'TED*ZZZ*REFUSED');
    expect(await statuses()).toEqual(['rejected', 'accepted', 'accepted']);
    await acknowledge(902);
    expect(await statuses()).toEqual(['rejected', 'accepted', 'accepted']);
    const [first] = await answers();
    expect(first.acknowledgement_findings).toMatchObject({ group: 'A', advices: [{ verdict: 'TR' }] });
  });

  test('that speaks of nothing we sent is seen by somebody, and changes nothing', async () => {
    await advise('OTI*TR*IV*INV9', 'TED*ZZZ*UNKNOWN INVOICE');
    expect(await statuses()).toEqual(['expected', 'expected', 'expected']);
    expect((await open()).map(({ kind }) => kind)).toEqual(['advice-unmatched']);
  });

  test('about another usage or from another partner is not ours', async () => {
    await setUpPartner(door.db, { usage: 'T' });
    const set = transactionSet('824', '0001', ['BGN*11*T1*20261122', 'OTI*TR*PO*PO1']);
    await door.send(interchange({ controlNumber: 77, usage: 'T', groups: [group('AG', 77, [set])] }));
    await door.work();
    expect(await statuses()).toEqual(['expected', 'expected', 'expected']);
    expect((await open()).map(({ kind }) => kind)).toEqual(['advice-unmatched']);
  });
});
