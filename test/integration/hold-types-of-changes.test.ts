import { lookAtWaitingChanges } from '../../application/change/hold-change';
import { resolveHold } from '../../application/hold/resolve-hold';
import { saveRule } from '../../application/rules/save-rule';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { ChangeDesk, poc } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db(), { limitMinor: 50_000 });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const type = async (scope: string, body: object | null) =>
  db().transaction((tx) =>
    saveRule(tx, {
      kind: 'hold-type',
      scope,
      body,
      validFrom: null,
      note: 'a test',
      person: 'admin',
      basedOn: null,
    }),
  );
const large = [{ amount: { fromMinor: 20_000, currency: 'USD' } }];
const decide = (holdId: string, roles: readonly string[], action: 'release' | 'reject' = 'release') =>
  db().transaction((tx) =>
    resolveHold(tx, { holdId, action, person: 'lea', roles, reason: 'looked at' }, NOW),
  );
const open = async (orderId: string, name: string) =>
  (await desk.openHolds(orderId)).find((hold) => hold.type === name)?.id ?? '';
const totalOf = async (orderId: string) =>
  ((await db()('orders').where({ id: orderId }).first('total_minor')) as { total_minor: number }).total_minor;
const more = (quantity: string) => ({
  lines: [poc('QI', ['quantity'], line('BOLT', quantity, '10.00'))],
});

describe('a change that waits', () => {
  test('is agreed to in the order that the types of its holds say', async () => {
    await type('embargo', { resolvedBy: ['legal'], triggers: large });
    await type('legal', { resolvedBy: ['legal'], resolvedAfter: ['embargo'], triggers: large });
    const request = purchaseOrder([line('BOLT', '10', '10.00')]);
    const orderId = await desk.answered(request);
    await desk.change(request, more('30'));
    expect(await decide(await open(orderId, 'legal'), ['legal'])).toMatchObject({
      code: 'not-releasable',
      text: expect.stringContaining('"embargo"') as string,
    });
    await decide(await open(orderId, 'embargo'), ['legal']);
    expect(await decide(await open(orderId, 'legal'), ['legal'])).toMatchObject({ kind: 'resolved' });
  });

  test('gets the second look that an order of its size would have had, and is done after it', async () => {
    await type('embargo', { resolvedBy: ['legal'], triggers: large });
    await type('second-look', { resolvedBy: ['compliance'], opensAfter: ['embargo'] });
    const request = purchaseOrder([line('BOLT', '10', '10.00')]);
    const orderId = await desk.answered(request);
    const changeId = await desk.asked(request, more('30'));
    await desk.decided(changeId);
    await decide(await open(orderId, 'embargo'), ['legal']);
    expect(await desk.openHolds(orderId)).toMatchObject([
      { type: 'second-look', change_id: changeId, reason: { details: { totalMinor: 30_000 } } },
    ]);
    expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
    await decide(await open(orderId, 'second-look'), ['compliance']);
    expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
    expect(await totalOf(orderId)).toBe(30_000);
    expect(await desk.openHolds(orderId)).toEqual([]);
  });

  test('keeps its second look when a payment frees its credit meanwhile, also where the type was withdrawn', async () => {
    await type('embargo', { resolvedBy: ['legal'], triggers: large });
    await type('second-look', { resolvedBy: ['compliance'], opensAfter: ['embargo'] });
    const request = purchaseOrder([line('BOLT', '10', '10.00')]);
    const orderId = await desk.answered(request);
    const changeId = await desk.asked(request, more('60'));
    await desk.decided(changeId);
    expect((await desk.openHolds(orderId)).map((hold) => hold.type).sort()).toEqual(['credit', 'embargo']);
    await decide(await open(orderId, 'embargo'), ['legal']);
    await type('second-look', null);
    await db()('credit_account').update({ limit_minor: 1_000_000 });
    await db().transaction((tx) => lookAtWaitingChanges(tx, orderId));
    expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
    expect((await desk.openHolds(orderId)).map((hold) => hold.type)).toEqual(['second-look']);
    await decide(await open(orderId, 'second-look'), ['compliance']);
    expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  });
});

test('what a type of hold has stopped is decided by those who could when the type is withdrawn; nothing else is stopped', async () => {
  await type('legal', { resolvedBy: ['legal'], expiresInSeconds: null, triggers: [{ customers: ['ACME'] }] });
  const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')]));
  const second = await desk.answered(purchaseOrder([line('BOLT', '1', '10.00')]));
  expect(await type('legal', null)).toMatchObject({ kind: 'saved' });
  expect(await decide(await open(orderId, 'legal'), ['finance'])).toMatchObject({ code: 'not-authorised' });
  expect(await decide(await open(orderId, 'legal'), ['legal'])).toMatchObject({ kind: 'resolved' });
  expect(await decide(await open(second, 'legal'), ['legal'], 'reject')).toMatchObject({ kind: 'resolved' });
  const third = await desk.answered(purchaseOrder([line('BOLT', '2', '10.00')]));
  expect(await desk.openHolds(third)).toEqual([]);
});
