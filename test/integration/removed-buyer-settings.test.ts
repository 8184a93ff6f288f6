import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { resolveHold } from '../../application/hold/resolve-hold';
import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { type Answer, type ApiServer, startApi } from '../support/api-ground';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { giveBuyer } from '../support/give-buyer';

/** Acme: ben buys up to 500.00 for OFFICE, ann approves up to anything; ida and ina look after it. BOLT costs 10.00. */
let database: TestDatabase;
let api: ApiServer;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 10 });
  await seedCompany(database.db);
  for (const person of ['ben', 'ann', 'ida', 'ina'])
    await giveBuyer(database.db, person, {
      person,
      customerId: 'ACME',
      roles: [person.startsWith('i') ? 'buyer-admin' : 'buyer'],
    });
  api = await startApi(database.db, { now: () => NOW });
  await setLimit('ben', { limitMinor: 50_000 });
  await setLimit('ann', { limitMinor: null, mayApprove: true, approvesUpToMinor: null });
});
afterEach(async () => {
  expect(await reconcileRecord(database.db)).toEqual([]);
  await api.close();
  await database.drop();
});

const post = (path: string, body: object, by = 'ida', version?: number) =>
  api.post(
    `/api/v1/buyer-settings${path}`,
    body,
    by,
    version === undefined ? {} : { 'if-match': `"${version}"` },
  );
const setLimit = (person: string, more: object, by?: string, version?: number) =>
  post('/people', { person, costCentre: 'OFFICE', ...more }, by, version);
const planBudget = async (
  amountMinor: number,
  more: object = {},
): Promise<{ id: string; version: number }> => {
  const year = { from: '2026-01-01', to: '2026-12-31' };
  const { body } = await post('/budgets', { costCentre: 'OFFICE', ...year, amountMinor, ...more });
  return body.budgets.at(-1);
};
const why = { reason: 'planned anew' };
const removeBudget = (id: string, by = 'ida', version?: number) =>
  post(`/budgets/${id}/removals`, why, by, version);
const removeLimit = (person: string, by = 'ida', version?: number) =>
  post('/people/removals', { person, ...why }, by, version);

async function order(bolts: number) {
  const request: OrderRequest = {
    ...purchaseOrder([line('BOLT', String(bolts), '10.00')]),
    channel: 'portal',
    placedBy: 'ben',
    buyer: { person: 'ben' },
  };
  const result = await database.db.transaction((tx) => placeOrder(tx, request, NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return { ...result, request };
}
type Ordered = Awaited<ReturnType<typeof order>>;
async function approve(orderId: string) {
  const held = { order_id: orderId, status: 'open', type: 'buyer-approval' };
  const { id: holdId } = (await database.db('hold').where(held).first('id')) as { id: string };
  const decision = { action: 'release', person: 'ann', roles: ['buyer'], reason: 'needed' } as const;
  return database.db.transaction((tx) => resolveHold(tx, { holdId, ...decision, customerId: 'ACME' }, NOW));
}
async function change({ orderId, request }: Ordered, bolts: number): Promise<string> {
  const line1 = line('BOLT', String(bolts), '10.00');
  const lines = [{ kinds: ['quantity'] as const, changeCode: 'QD', line: line1 }];
  return database.db.transaction(async (tx) => {
    const received = await receiveOrderChange(tx, changeOf(request, { orderId, lines }), NOW);
    if (received.kind !== 'recorded') throw new Error(received.kind);
    await applyOrderChange(tx, received.changeId, NOW);
    return received.changeId;
  });
}
async function spentOf(budgetId: string): Promise<number> {
  const { sum } = (await database
    .db('buyer_budget_entry')
    .where({ budget_id: budgetId })
    .sum('amount_minor as sum')
    .first()) as { sum: number | null };
  return Number(sum ?? 0);
}
const versionOf = ({ body }: Answer, person: string): number =>
  body.people.find((one: { person: string }) => one.person === person).version;

test('a limit is removed as it was looked at; its person needs approval from then on, and who removed it is kept', async () => {
  const seen = await api.get('/api/v1/buyer-settings', 'ida');
  await setLimit('ben', { limitMinor: 70_000 }, 'ina', versionOf(seen, 'ben'));
  expect(await removeLimit('ben', 'ida', versionOf(seen, 'ben'))).toMatchObject({
    status: 412,
    body: { title: 'It was changed meanwhile' },
  });
  const removed = await removeLimit('ben', 'ida', 2);
  expect(removed).toMatchObject({ status: 200, body: { people: [{ person: 'ann' }] } });
  expect(removed.body.withoutLimit).toContain('ben');
  expect(removed.body.history[0]).toMatchObject({
    kind: 'limit-removed',
    subject: 'ben',
    by: 'ida',
    reason: 'planned anew',
  });
  expect(
    await database.db('buyer_setting_event').where({ kind: 'limit-removed' }).first('detail'),
  ).toMatchObject({ detail: { limit_minor: 70_000 } });
  expect((await order(1)).state).toBe('held');
  // What somebody has removed is not changed back unseen.
  expect(await setLimit('ben', { limitMinor: 1 }, 'ina', 2)).toMatchObject({
    status: 412,
    body: { title: 'It was removed meanwhile' },
  });
  expect((await removeLimit('ben')).status).toBe(409);
});

test('without anybody named, the orders of a company need no approval', async () => {
  await removeLimit('ben');
  await removeLimit('ann');
  expect((await order(60)).state).toBe('placed');
});

test('the last approver stays while orders wait, also where two approvers are removed at once', async () => {
  const { orderId } = await order(60);
  expect(await removeLimit('ann')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('ann alone may approve, and 1 order waits for approval') },
  });
  await setLimit('ida', { limitMinor: null, mayApprove: true });
  const answers = await Promise.all([removeLimit('ann', 'ida'), removeLimit('ida', 'ina')]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
  await setLimit('ann', { limitMinor: null, mayApprove: true, approvesUpToMinor: null });
  expect(await approve(orderId)).toMatchObject({ kind: 'resolved' });
});

test('what approved orders took of a removed budget stays approved, and comes back to nobody', async () => {
  const { id } = await planBudget(100_000);
  const ordered = await order(50);
  expect((await removeBudget(id, 'ida', 1)).body.budgets).toEqual([]);
  expect((await database.db('orders').where({ id: ordered.orderId }).first('state')).state).toBe('placed');
  // The same period can be planned anew, from nothing.
  const anew = await planBudget(40_000);
  await change(ordered, 20);
  expect(await spentOf(id)).toBe(20_000);
  expect(await spentOf(anew.id)).toBe(0);
  expect((await order(40)).state).toBe('placed');
  expect(await spentOf(anew.id)).toBe(40_000);
});

test('an order that waited is measured by the budget there is when it is approved, or by none', async () => {
  const { id } = await planBudget(100_000);
  const [first, second] = [await order(60), await order(70)];
  await removeBudget(id);
  const anew = await planBudget(65_000);
  expect(await approve(second.orderId)).toMatchObject({ code: 'budget-exhausted' });
  expect(await approve(first.orderId)).toMatchObject({ kind: 'resolved' });
  expect([await spentOf(id), await spentOf(anew.id)]).toEqual([0, 60_000]);
  await removeBudget(anew.id);
  expect(await approve(second.orderId)).toMatchObject({ kind: 'resolved' });
  expect([await spentOf(id), await spentOf(anew.id)]).toEqual([0, 60_000]);
});

test('an order that grows after its budget was removed moves to the new one as a whole', async () => {
  const { id } = await planBudget(100_000);
  const ordered = await order(40);
  await removeBudget(id);
  const anew = await planBudget(100_000);
  const changeId = await change(ordered, 60);
  expect(await approve(ordered.orderId)).toMatchObject({ kind: 'resolved' });
  expect([await spentOf(id), await spentOf(anew.id)]).toEqual([0, 60_000]);
  await database.db.transaction((tx) => applyOrderChange(tx, changeId, NOW));
  await change(ordered, 10);
  expect([await spentOf(id), await spentOf(anew.id)]).toEqual([0, 10_000]);
});

test('a budget that is removed while orders are placed on it counts each of them in full or not at all', async () => {
  for (let round = 0; round < 5; round += 1) {
    const budget = await planBudget(100_000);
    const [removed, ...orders] = await Promise.all([
      removeBudget(budget.id, 'ida', budget.version),
      ...Array.from({ length: 6 }, () => order(30)),
    ]);
    expect(removed.status).toBe(200);
    // Those after the removal are within the limit, and nothing else is asked of them.
    const onIt = await database.db('orders').where({ buyer_budget_id: budget.id, state: 'placed' });
    expect(await spentOf(budget.id)).toBe(onIt.length * 30_000);
    expect(orders).toHaveLength(6);
  }
});

test('of two who remove and change a budget at the same time one has done it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id, version } = await planBudget(10_000);
    const year = { from: '2026-01-01', to: '2026-12-31' };
    const change = { budgetId: id, costCentre: 'OFFICE', ...year, amountMinor: 20_000 };
    const answers = await Promise.all([
      removeBudget(id, 'ida', version),
      post('/budgets', change, 'ina', version),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    await removeBudget(id);
  }
});

test('only the administrator of the company, or the seller, removes', async () => {
  const { id } = await planBudget(1);
  expect((await removeLimit('ann', 'ben')).status).toBe(403);
  expect((await removeBudget(id, 'ben')).status).toBe(403);
});
