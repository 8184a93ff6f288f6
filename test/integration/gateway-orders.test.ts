import { applyOrderChange } from '../../application/change/apply-order-change';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { addSeconds } from '../../domain/shared/dates';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { replayDocument } from '../../gateway/intake/replay';
import { workOrderRequests } from '../../gateway/intake/work-order-requests';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { EngineAway } from '../../workflows/client';
import { killBlocked } from '../support/blocked-backend';
import { NOW, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';

let database: TestDatabase;
let now = NOW;
/** Temporal itself is not part of these tests: whether it answers is, and what the record does then. */
let engineIsAway = false;
const decided: string[] = [];
const clock = () => now;

beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 16 });
  now = NOW;
  engineIsAway = false;
  decided.length = 0;
  await seedCompany(database.db);
  await setUpPartner(database.db, { partnerId: 'ACME-EDI', isaId: 'ACME' });
});
afterEach(() => database.drop());

let number = 0;
async function send(functionalId: string, ...sets: string[]): Promise<void> {
  number += 1;
  const text = interchange({
    controlNumber: number,
    groups: [group(functionalId, number, sets, 'ACME-EDI')],
  });
  const source = { kind: 'cli', key: null, partnerId: null, allowedIsaIds: null } as const;
  const { interchanges } = await receiveArrival(database.db, Buffer.from(text, 'latin1'), source, {
    now,
    limitBytes: 1e6,
  });
  for (const { id } of interchanges) await judgeReceived(database.db, id, clock);
}

const order = (po: string, quantity = 10, controlNumber = '0001', purpose = '00') =>
  transactionSet('850', controlNumber, [
    `BEG*${purpose}*SA*${po}**20260302`,
    'N1*ST*Acme DC 1*92*DC1',
    `PO1*1*${quantity}*EA*10**BP*AC-BOLT`,
    'CTT*1',
  ]);
const change = (po: string, controlNumber = '0001') =>
  transactionSet('860', controlNumber, [`BCH*04*SA*${po}***20260302`, 'POC*1*QD*6*4*EA*10**BP*AC-BOLT']);
const cancellation = (po: string, controlNumber = '0001') =>
  transactionSet('860', controlNumber, [`BCH*01*SA*${po}***20260302`, 'POC*1*DI*10*10*EA*10**BP*AC-BOLT']);

const work = (po: string) =>
  workOrderRequests(
    {
      db: database.db,
      clock,
      changeWaitsForOrderMs: 3_600_000,
      applyChange: async (_orderId, changeId) => {
        if (engineIsAway) throw new EngineAway('not reachable');
        await database.db.transaction((tx) => applyOrderChange(tx, changeId, now));
        decided.push(changeId);
        return { kind: 'decided' };
      },
    },
    { partnerId: 'ACME-EDI', purchaseOrderNumber: po },
  );
const inbox = () => database.db('order_inbox').orderBy('id').select('kind', 'status');
const orders = () => database.db('orders').orderBy('id').select('*');

test('an 850 becomes one order, however many workers work it', async () => {
  await send('PO', order('PO1'));
  await Promise.all(Array.from({ length: 6 }, () => work('PO1')));
  expect(await orders()).toHaveLength(1);
  expect(await inbox()).toEqual([{ kind: 'order', status: 'done' }]);
  const [{ id }] = await orders();
  expect(await database.db('document').where({ set_id: '850' }).first('order_id')).toEqual({ order_id: id });
  expect(await database.db('graphile_worker.jobs' as never).pluck('key')).toContain(
    `start-order-workflow/${id}`,
  );
});

test('a worker that dies before its commit has ordered nothing; the next one orders once', async () => {
  await send('PO', order('PO1'));
  const blocker = await database.db.transaction();
  await blocker.raw('lock table decision in access exclusive mode');
  const dying = work('PO1').catch((error: unknown) => error);
  await killBlocked(database.db, '%insert into orders%');
  await blocker.rollback();
  expect(String(await dying)).toMatch(/^error/i);
  expect(await orders()).toHaveLength(0);
  expect(await reconcileRecord(database.db)).toEqual([]);
  await work('PO1');
  expect(await orders()).toHaveLength(1);
  expect(await reconcileRecord(database.db)).toEqual([]);
});

test('an 860 is decided after its 850, in the order both came', async () => {
  await send('PO', order('PO1'));
  await send('PC', change('PO1'));
  await work('PO1');
  expect(await inbox()).toEqual([
    { kind: 'order', status: 'done' },
    { kind: 'change', status: 'done' },
  ]);
  expect(decided).toHaveLength(1);
  await renderDocuments(database.db, 'ACME-EDI-P', clock);
  expect(await database.db('document').where({ direction: 'out', set_id: '865' }).count().first()).toEqual({
    count: 1,
  });
});

test('changes of many orders are each decided in the order they came, while workers race for them', async () => {
  const numbers = ['PO1', 'PO2', 'PO3'];
  // The changes of PO2 overtake its order.
  await send('PC', change('PO2', '0001'));
  await send('PO', ...numbers.map((po, at) => order(po, 10, `000${at + 1}`)));
  await send('PC', ...numbers.map((po, at) => change(po, `000${at + 1}`)));
  await send('PC', ...numbers.map((po, at) => cancellation(po, `000${at + 1}`)));
  const working = numbers.flatMap((po) => Array.from({ length: 4 }, () => work(po)));
  await Promise.all(working.toReversed());
  expect((await inbox()).every(({ status }) => status === 'done')).toBe(true);
  expect(await orders()).toHaveLength(3);
  const came: string[] = await database
    .db('order_inbox')
    .whereNotNull('change_id')
    .orderBy(['purchase_order_number', 'id'])
    .pluck('change_id');
  // Two workers may ask for the same decision; it is taken once, and none before the one that came earlier.
  const firsts = [...new Set(decided)];
  const orderOf = new Map(
    (await database.db('order_change').select('id', 'order_id')).map(
      (row) => [row.id, row.order_id] as const,
    ),
  );
  for (const orderId of new Set(orderOf.values()))
    expect(firsts.filter((id) => orderOf.get(id) === orderId)).toEqual(
      came.filter((id) => orderOf.get(id) === orderId),
    );
  expect(came).toHaveLength(7);
  expect((await orders()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(await reconcileRecord(database.db)).toEqual([]);
});

test('an 860 that overtook its 850 waits for it', async () => {
  await send('PC', change('PO1'));
  await work('PO1');
  expect(await inbox()).toEqual([{ kind: 'change', status: 'waiting' }]);
  const waits = await database
    .db('graphile_worker.jobs' as never)
    .whereLike('key', 'work-order-requests/%/wait/%')
    .first('run_at');
  expect(waits).toEqual({ run_at: addSeconds(NOW, 3600) });
  await send('PO', order('PO1'));
  await work('PO1');
  expect(await inbox()).toEqual([
    { kind: 'change', status: 'done' },
    { kind: 'order', status: 'done' },
  ]);
  expect(decided).toHaveLength(1);
});

test('an 860 whose 850 never comes becomes an exception that someone owns', async () => {
  await send('PC', change('PO1'));
  await work('PO1');
  now = addSeconds(NOW, 3601);
  await work('PO1');
  expect(await inbox()).toEqual([{ kind: 'change', status: 'set-aside' }]);
  expect(await database.db('exception').select('kind', 'owner_role')).toEqual([
    { kind: 'change-without-order', owner_role: 'operations' },
  ]);
});

test('an 860 that was set aside is worked after all once its order is there', async () => {
  await send('PC', change('PO1'));
  now = addSeconds(NOW, 3601);
  await work('PO1');
  await send('PO', order('PO1'));
  await work('PO1');
  const [{ document_id: id }] = await database
    .db('order_inbox')
    .where({ kind: 'change' })
    .select('document_id');
  expect(await replayDocument(database.db, id, { confirmed: false, now })).toMatchObject({ kind: 'queued' });
  await work('PO1');
  expect(decided).toHaveLength(1);
  expect(await database.db('exception').where({ status: 'open' })).toEqual([]);
});

test('while the engine is away an 860 stays queued, and so does what came after it', async () => {
  await send('PO', order('PO1'));
  await work('PO1');
  engineIsAway = true;
  await send('PC', change('PO1'));
  await send('PC', cancellation('PO1'));
  await expect(work('PO1')).rejects.toThrow(EngineAway);
  await expect(work('PO1')).rejects.toThrow(EngineAway);
  expect((await inbox()).map(({ status }) => status)).toEqual(['done', 'waiting', 'waiting']);
  expect(await database.db('order_change').count().first()).toEqual({ count: 1 });
  engineIsAway = false;
  await work('PO1');
  expect((await inbox()).map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  expect((await orders())[0].state).toBe('cancelled');
});

test('an 850 that replaces (BEG01 05) an order that never arrived becomes that order', async () => {
  await send('PO', order('PO1', 10, '0001', '05'));
  await work('PO1');
  expect(await orders()).toHaveLength(1);
  expect(await inbox()).toEqual([{ kind: 'replace', status: 'done' }]);
});

test('test and production orders of one number have nothing to do with each other', async () => {
  await setUpPartner(database.db, { partnerId: 'ACME-EDI', isaId: 'ACME', usage: 'T' });
  await send('PO', order('PO1'));
  const text = interchange({
    controlNumber: 900,
    usage: 'T',
    groups: [group('PO', 900, [order('PO1')], 'ACME-EDI')],
  });
  const { interchanges } = await receiveArrival(
    database.db,
    Buffer.from(text),
    { kind: 'cli', key: null, partnerId: null, allowedIsaIds: null },
    { now, limitBytes: 1e6 },
  );
  await judgeReceived(database.db, interchanges[0]?.id ?? '', clock);
  await work('PO1');
  expect((await orders()).map(({ usage }) => usage)).toEqual(['P', 'T']);
});
