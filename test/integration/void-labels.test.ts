import { createCarrierClient } from '../../adapters/carrier/client';
import { buildLabelRequest } from '../../application/fulfilment/build-label-request';
import { recordLabel } from '../../application/fulfilment/label-shipment';
import { recordRecall } from '../../application/fulfilment/release-shipment';
import { voidLabel } from '../../worker/jobs/void-label';
import { endpoint, Outside, setFaults, stateOf } from '../contracts/outside';
import { ChangeDesk } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let outside: Outside;
let url: string;
const db = () => database.db;
const desk = new ChangeDesk(db);

beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db());
  outside = new Outside();
  await outside.start();
  url = await outside.carriers();
});
afterEach(async () => {
  outside.stop();
  await database.drop();
});

const carrier = () => createCarrierClient(endpoint(url));
const jobs = async () =>
  (
    await db().raw(`select payload from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'void-label'`)
  ).rows as {
    payload: { shipmentId: string };
  }[];
const work = async () => {
  for (const { payload } of await jobs())
    await voidLabel(payload, { db: db(), outside: { carrier: carrier() } } as never);
};
const exceptions = () => db()('exception').where({ kind: 'label-not-voided' }).orderBy('id');

/** An order whose goods are at the warehouse with a label, and were then recalled. */
async function recalled(): Promise<{ orderId: string; shipmentId: string; scac: string }> {
  const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')]));
  const shipmentId = await desk.atTheWarehouse(orderId);
  const request = await buildLabelRequest(db(), shipmentId);
  const label = await carrier().buyLabel(request);
  await db().transaction((tx) => recordLabel(tx, shipmentId, label, request.routing, NOW));
  await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
  return { orderId, shipmentId, scac: label.scac };
}
const voidedAt = async (scac: string) =>
  ((await stateOf(`${url}/${scac}`)).labels as { voided: string[] }[])[0]?.voided ?? [];

test('the label of a shipment that was recalled is voided once, and the timeline says so', async () => {
  const { orderId, scac } = await recalled();
  await work();
  expect(await voidedAt(scac)).toHaveLength(1);
  await work();
  const calls = await db()('external_call').where({ operation: 'void-label' });
  expect(calls).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
  expect(await db()('order_event').where({ order_id: orderId, kind: 'label-voided' })).toHaveLength(1);
  expect(await exceptions()).toEqual([]);
});

test('a carrier that is away is asked again with the same key; somebody is told at the third time, and told when it is done', async () => {
  const { scac } = await recalled();
  await setFaults(`${url}/${scac}`, { down: true });
  for (const told of [0, 0, 1]) {
    await expect(work()).rejects.toMatchObject({ retryable: true });
    expect(await exceptions()).toHaveLength(told);
  }
  expect(await exceptions()).toMatchObject([{ owner_role: 'operations', status: 'open' }]);
  await setFaults(`${url}/${scac}`, { down: false });
  await work();
  expect(await voidedAt(scac)).toHaveLength(1);
  expect(await exceptions()).toMatchObject([{ status: 'resolved' }]);
});

test('an order without a label, or whose goods have left, voids nothing', async () => {
  const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')]));
  const shipmentId = await desk.atTheWarehouse(orderId);
  await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
  expect(await jobs()).toEqual([]);
});
