import { requestDocument } from '../../db/repositories/document-requests';
import type { OrderAnswer } from '../../domain/order/answers';
import { releaseHeld } from '../../gateway/outbound/release-held';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { wakeForgotten } from '../../gateway/wake-forgotten';
import { killBlocked } from '../support/blocked-backend';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { orderAnswer, setUpPartner } from '../support/trading-partner';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
});
afterEach(() => database.drop());

const clock = () => '2026-11-22T18:00:00.000Z';

async function request(
  po: string,
  extra: Parameters<typeof orderAnswer>[1] = {},
  usage: 'P' | 'T' = 'P',
): Promise<void> {
  await database.db.transaction((tx) =>
    requestDocument(tx, {
      subject: `order/${po}/855`,
      partnerId: 'ACME',
      set: '855',
      usage,
      payload: orderAnswer(po, extra),
    }),
  );
}

const outbound = () => database.db('interchange').where({ direction: 'out' }).orderBy('sequence').select('*');
const text = (row: { content: Buffer }) => row.content.toString('latin1');

test('a requested 855 is rendered, numbered, read back and waits in the mailbox', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO1');
  expect(await renderDocuments(database.db, agreementId, clock)).toEqual({ rendered: 1, busy: false });
  const [row] = await outbound();
  expect(text(row)).toMatch(
    /^ISA\*00\* {10}\*00\* {10}\*ZZ\*HUB {12}\*ZZ\*ACME {11}\*261122\*1200\*U\*00401\*000000001\*0\*P\*>~GS\*PR\*HUBGS\*ACMEGS\*20261122\*1200\*1\*X\*004010~ST\*855\*0001~BAK\*00\*AD\*PO1\*20261120/,
  );
  expect(row.status).toBe('pending');
  const [document] = await database.db('document').select('*');
  expect(document).toMatchObject({
    set_id: '855',
    delivery: 'pending',
    acknowledgement: 'expected',
    purchase_order_number: 'PO1',
    group_control_number: '1',
    control_number: '0001',
  });
  const raw = text(row).slice(document.byte_offset, document.byte_offset + document.byte_length);
  expect(raw).toMatch(/^ST\*855\*0001~.*SE\*\d+\*0001~$/s);
});

test('asking twice for the same subject sends one document', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO1');
  await request('PO1');
  await renderDocuments(database.db, agreementId, clock);
  await renderDocuments(database.db, agreementId, clock);
  expect(await outbound()).toHaveLength(1);
});

test('documents that wait together travel in one interchange, oldest first', async () => {
  const agreementId = await setUpPartner(database.db);
  for (const po of ['PO1', 'PO2', 'PO3']) await request(po);
  await renderDocuments(database.db, agreementId, clock);
  const rows = await outbound();
  expect(rows).toHaveLength(1);
  expect([...text(rows[0]).matchAll(/BAK\*00\*AD\*(PO\d)/g)].map((match) => match[1])).toEqual([
    'PO1',
    'PO2',
    'PO3',
  ]);
});

test('groups of several kinds in one interchange each have a number of their own', async () => {
  const agreementId = await setUpPartner(database.db);
  for (const po of ['PO1', 'PO2']) {
    await request(po);
    const { acknowledgment: _, ...answer } = orderAnswer(po) as OrderAnswer;
    await database.db.transaction((tx) =>
      requestDocument(tx, {
        subject: `order/${po}/865`,
        partnerId: 'ACME',
        set: '865',
        usage: 'P',
        payload: {
          ...answer,
          kind: 'change-answer',
          purpose: '04',
          acknowledgment: 'AC',
          lines: answer.lines.map((line) => ({ ...line, changeCode: 'QD' })),
        },
      }),
    );
    expect(await renderDocuments(database.db, agreementId, clock)).toMatchObject({ rendered: 2 });
  }
  const groups = (await outbound()).map((row) =>
    [...text(row).matchAll(/GS\*(P[A-Z]|CA)\*HUBGS\*ACMEGS\*20261122\*1200\*(\d+)\*/g)].map(([, id, n]) => [
      id,
      n,
    ]),
  );
  expect(groups).toEqual([
    [
      ['PR', '1'],
      ['CA', '2'],
    ],
    [
      ['PR', '2'],
      ['CA', '3'],
    ],
  ]);
});

test('a batching window keeps documents together until the oldest has waited for it', async () => {
  const agreementId = await setUpPartner(database.db, { policy: { batchSeconds: 300 } });
  await request('PO1');
  expect(await renderDocuments(database.db, agreementId, () => new Date().toISOString())).toMatchObject({
    rendered: 0,
  });
  const later = new Date(Date.now() + 301_000).toISOString();
  await request('PO2');
  expect(await renderDocuments(database.db, agreementId, () => later)).toMatchObject({ rendered: 2 });
});

test('under eight concurrent renders control numbers ascend without gap or repeat', async () => {
  const agreementId = await setUpPartner(database.db, { policy: { maxDocumentsPerInterchange: 3 } });
  await Promise.all(Array.from({ length: 60 }, (_, at) => request(`PO${at}`)));
  // Each looks again as long as another one is at it.
  const renderUntilIdle = async () => {
    while ((await renderDocuments(database.db, agreementId, clock)).busy);
  };
  await Promise.all(Array.from({ length: 8 }, renderUntilIdle));
  const rows = await outbound();
  expect(rows.map((row) => Number(row.control_number))).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
  expect(await database.db('document').count().first()).toEqual({ count: 60 });
  const groups = await database
    .db('functional_group')
    .join('interchange', 'interchange.id', 'functional_group.interchange_id')
    .orderBy('interchange.sequence')
    .pluck('functional_group.control_number');
  expect(groups.map(Number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});

test('a render whose connection is killed leaves nothing, and the next one uses the same numbers once', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO1');
  // The row that the transaction must insert last is blocked, so that the kill meets it in the middle.
  const blocker = await database.db.transaction();
  await blocker.raw('lock table document in access exclusive mode');
  const killed = renderDocuments(database.db, agreementId, clock);
  const outcome = killed.catch((error: unknown) => error);
  await killBlocked(database.db, '%insert into document%');
  await blocker.rollback();
  expect(await outcome).toBeInstanceOf(Error);
  expect(await outbound()).toHaveLength(0);
  await renderDocuments(database.db, agreementId, clock);
  expect((await outbound()).map((row) => row.control_number)).toEqual(['000000001']);
});

test('a value that X12 cannot carry holds its own document and not its neighbours', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO1');
  await request('PO~2');
  await request('PO3');
  await renderDocuments(database.db, agreementId, clock);
  const rows = await outbound();
  expect([...text(rows[0]).matchAll(/BAK\*00\*AD\*(PO\d)/g)].map((match) => match[1])).toEqual([
    'PO1',
    'PO3',
  ]);
  expect(await database.db('document_request').where({ status: 'held' }).pluck('subject')).toEqual([
    'order/PO~2/855',
  ]);
  expect(await database.db('exception').select('kind', 'subject_key', 'status')).toEqual([
    { kind: 'document-held', subject_key: 'order/PO~2/855', status: 'open' },
  ]);
});

test('what was held goes out once its cause is mended, and only then', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO~1');
  await renderDocuments(database.db, agreementId, clock);
  const release = () => database.db.transaction((tx) => releaseHeld(tx, 'order/PO~1/855', clock()));
  expect(await release()).toBe(true);
  await renderDocuments(database.db, agreementId, clock);
  expect(await outbound()).toHaveLength(0);
  const separators = { element: '*', component: '>', repetition: '^', segment: '|' };
  await database.db('interchange_agreement').update({ policy: JSON.stringify({ separators }) });
  expect(await release()).toBe(true);
  await renderDocuments(database.db, agreementId, clock);
  expect(text((await outbound())[0])).toContain('|BAK*00*AD*PO~1*20261120');
  expect(await release()).toBe(false);
  expect(await database.db('exception').where({ status: 'open' })).toEqual([]);
});

test('what our own validation rejects is held, and what it says is told', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO1', { parties: [{ role: 'SHIPTO', name: 'Store 42', idQualifier: '92', id: '0042' }] });
  await renderDocuments(database.db, agreementId, clock);
  expect(await outbound()).toHaveLength(0);
  expect(await database.db('document_request').first('status', 'problem')).toEqual({
    status: 'held',
    problem: expect.stringMatching(/^our own validation rejects it: N101 at 5: too long/),
  });
});

test('a request whose job was lost is found and gets another', async () => {
  const agreementId = await setUpPartner(database.db);
  await request('PO1');
  const soon = new Date(Date.now() + 60_000).toISOString();
  expect(await wakeForgotten(database.db, soon)).toBe(0);
  await database.db.raw(`select graphile_worker.remove_job('render-documents/order/PO1/855')`);
  expect(await wakeForgotten(database.db, soon)).toBe(1);
  expect(await wakeForgotten(database.db, soon)).toBe(0);
  const keys = await database.db('graphile_worker.jobs' as never).pluck('key');
  expect(keys).toEqual([`render-documents/again/${agreementId}`]);
});

test('a test order is answered with ISA15 = T under numbers of its own', async () => {
  await setUpPartner(database.db);
  const test = await setUpPartner(database.db, { usage: 'T' });
  await request('PO1', { usage: 'T' }, 'T');
  await renderDocuments(database.db, test, clock);
  const [row] = await outbound();
  expect(text(row).split('*')[15]).toBe('T');
  expect(row.agreement_id).toBe('ACME-T');
});

test('numbers begin again at 1 after 999999999', async () => {
  const agreementId = await setUpPartner(database.db, { policy: { maxDocumentsPerInterchange: 1 } });
  await database
    .db('control_counter')
    .insert({ agreement_id: agreementId, series: 'interchange', last_number: 999_999_998 });
  for (const po of ['PO1', 'PO2']) await request(po);
  await renderDocuments(database.db, agreementId, clock);
  expect((await outbound()).map((row) => row.control_number)).toEqual(['999999999', '000000001']);
});
