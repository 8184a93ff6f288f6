import { requestDocument } from '../../db/repositories/document-requests';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { killBlocked } from '../support/blocked-backend';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { orderAnswer, setUpPartner } from '../support/trading-partner';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 14 });
});
afterEach(() => database.drop());

const ask = (po: string) =>
  database.db.transaction((tx) =>
    requestDocument(tx, {
      subject: `order/${po}/855`,
      partnerId: 'ACME',
      set: '855',
      usage: 'P',
      payload: orderAnswer(po),
    }),
  );

interface Sent {
  readonly control_number: string;
  readonly content: Buffer;
}
const sent = (): Promise<readonly Sent[]> =>
  database
    .db('interchange')
    .where({ direction: 'out' })
    .orderBy('sequence')
    .select('control_number', 'content');
const purchaseOrders = (rows: readonly Sent[]) =>
  rows.flatMap(({ content }) =>
    [...content.toString('latin1').matchAll(/BAK\*00\*\w+\*(\w+)/g)].map(([, po]) => po),
  );
const ascending = (count: number) =>
  Array.from({ length: count }, (_, at) => String(at + 1).padStart(9, '0'));

/** Ends whatever renders now, in the middle of it, as a crash would. */
async function killOne(): Promise<number> {
  const { rows } = await database.db.raw<{ rows: unknown[] }>(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and xact_start is not null limit 1`,
  );
  return rows.length;
}

test('workers that race for a partner and are killed in the middle use each number once, in the order of the bytes', async () => {
  const clock = () => new Date().toISOString();
  await setUpPartner(database.db, { policy: { maxDocumentsPerInterchange: 2 } });
  const asked = Array.from({ length: 60 }, (_, at) => `PO${String(at).padStart(3, '0')}`);
  for (const po of asked) await ask(po);
  let crashes = 0;
  // A job that fails is tried again; one that is told busy looks again.
  const worker = async () => {
    for (;;) {
      try {
        if (!(await renderDocuments(database.db, 'ACME-P', clock)).busy) return;
      } catch {
        crashes += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const working = Promise.all(Array.from({ length: 5 }, worker));
  let kills = 0;
  for (let tries = 0; kills < 6 && tries < 200; tries += 1) {
    kills += await killOne();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await working;
  const rows = await sent();
  expect(crashes).toBeGreaterThan(0);
  expect(rows.map((row) => row.control_number)).toEqual(ascending(30));
  expect(purchaseOrders(rows)).toEqual(asked);
});

test('a crash when the batching window ends loses nothing: all of the window still leave in one interchange', async () => {
  await setUpPartner(database.db, { policy: { batchSeconds: 300 } });
  for (const po of ['PO1', 'PO2', 'PO3']) await ask(po);
  expect(await renderDocuments(database.db, 'ACME-P', () => new Date().toISOString())).toMatchObject({
    rendered: 0,
  });
  const [window] = await database
    .db('graphile_worker.jobs')
    .where('key', 'like', '%window/ACME-P')
    .select('run_at');
  expect(Date.parse(window.run_at)).toBeGreaterThan(Date.now() + 250_000);
  const later = () => new Date(Date.now() + 301_000).toISOString();
  const blocker = await database.db.transaction();
  await blocker.raw('lock table document in access exclusive mode');
  const outcome = renderDocuments(database.db, 'ACME-P', later).catch((error: unknown) => error);
  await killBlocked(database.db, '%insert into document%');
  await blocker.rollback();
  expect(await outcome).toBeInstanceOf(Error);
  expect(await sent()).toEqual([]);
  await renderDocuments(database.db, 'ACME-P', later);
  const rows = await sent();
  expect(rows.map((row) => row.control_number)).toEqual(['000000001']);
  expect(purchaseOrders(rows)).toEqual(['PO1', 'PO2', 'PO3']);
});
