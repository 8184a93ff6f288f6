import { receiveOrderChange } from '../../application/change/receive-order-change';
import { readExposure } from '../../application/credit/read-exposure';
import { resolveHold } from '../../application/hold/resolve-hold';
import { answerOrder } from '../../application/order/answer-order';
import { saveRule } from '../../application/rules/save-rule';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { HoldDecision } from '../../domain/order/progress';
import { ChangeDesk, poc } from '../support/change-desk';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed, saveRuleNow, seedFamily, stateOf } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Whatever raises what an account owes is weighed as it stands then; nobody goes further than they were let. */
let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 8 });
  await seedCompany(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const limit = (limitMinor: number) => db()('credit_account').update({ limit_minor: limitMinor });
const exposure = async (accountId = 'CA-ACME') => {
  const [own] = (await readExposure(db(), accountId, 'P', null, NOW)).chain;
  return { open: own.exposure.totalMinor, pending: own.pendingMinor };
};
const openTypes = async (orderId: string) => (await desk.openHolds(orderId)).map(({ type }) => type);
const holdOf = async (orderId: string, type = 'credit') =>
  (await desk.openHolds(orderId)).find((hold) => hold.type === type)?.id ?? '';
const decide = (holdId: string, more: Partial<HoldDecision> = {}) =>
  db().transaction((tx) =>
    resolveHold(
      tx,
      { holdId, action: 'release', person: 'fiona', roles: ['finance'], reason: 'as agreed', ...more },
      NOW,
    ),
  );
const rule = (kind: string, scope: string, body: object) =>
  db().transaction((tx) =>
    saveRule(tx, { kind, scope, body, validFrom: null, note: 'a test', person: 'admin', basedOn: null }),
  );

describe('what was agreed to of a change', () => {
  test('for one reason does not stand for another: the account is blocked before the change is carried out', async () => {
    await limit(15_000);
    const request = purchaseOrder([line('BOLT', '10', '10.00')]);
    const orderId = await desk.answered(request);
    const changeId = await desk.asked(request, {
      lines: [poc('PQ', ['price', 'quantity'], line('BOLT', '20', '9.00'))],
    });
    expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
    expect(await openTypes(orderId)).toEqual(['price', 'credit']);
    expect(await decide(await holdOf(orderId))).toMatchObject({ kind: 'resolved' });
    await db()('credit_account').update({ blocked: true });
    await desk.resolve(await holdOf(orderId, 'price'), 'release');
    expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
    expect(await desk.openHolds(orderId)).toMatchObject([
      { type: 'credit', reason: { text: expect.stringContaining('blocked') as string } },
    ]);
    expect(await exposure()).toEqual({ open: 10_000, pending: 0 });
  });
});

describe('an order that a change sets free', () => {
  test('takes no headroom that is not there: what waited on a line that goes is not ordered on another one', async () => {
    await limit(5_000);
    const request = purchaseOrder([line('BOLT', '4', '10.00'), line('BOLT', '5', '10.00')]);
    const { orderId } = await placed(db(), request);
    await decide(await holdOf(orderId), {
      action: 'release-part',
      terms: { kind: 'part', lines: [1], rest: 'hold' },
    });
    await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    expect(await exposure()).toEqual({ open: 4_000, pending: 5_000 });
    const outcome = await desk.change(request, {
      lines: [
        poc('DI', ['delete'], line('BOLT', '5', '10.00', { buyerLineNumber: '2' })),
        poc('AI', ['add'], line('BOLT', '5', '10.00', { buyerLineNumber: '3' })),
      ],
    });
    expect(outcome).toMatchObject({ kind: 'held' });
    expect(await exposure()).toEqual({ open: 4_000, pending: 5_000 });
  });

  test('made smaller, it is within what needs no approval, but its credit went to others meanwhile', async () => {
    await limit(100_000);
    await db()('customer')
      .where({ id: 'ACME' })
      .update({ policy: JSON.stringify({ answerWithinSeconds: 3600, approvalAboveMinor: 80_000 }) });
    const request = purchaseOrder([line('BOLT', '90', '10.00')]);
    const { orderId, state } = await placed(db(), request);
    expect([state, await openTypes(orderId)]).toEqual(['held', ['approval']]);
    expect((await placed(db(), purchaseOrder([line('BOLT', '70', '10.00')]))).state).toBe('placed');
    await desk.change(request, { lines: [poc('QD', ['quantity'], line('BOLT', '60', '10.00'))] });
    expect(await openTypes(orderId)).toEqual(['credit']);
    expect(await stateOf(db(), orderId)).toBe('held');
    expect(await exposure()).toEqual({ open: 70_000, pending: 60_000 });
  });

  test('a price that nobody has agreed to is withdrawn, and its credit went to others meanwhile', async () => {
    await limit(100_000);
    const request = purchaseOrder([line('BOLT', '90', '5.00')]);
    const { orderId } = await placed(db(), request);
    expect(await openTypes(orderId)).toEqual(['price']);
    expect((await placed(db(), purchaseOrder([line('BOLT', '80', '10.00')]))).state).toBe('placed');
    await desk.change(request, {
      lines: [poc('PQ', ['price', 'quantity'], line('BOLT', '30', '10.00'))],
    });
    expect(await openTypes(orderId)).toEqual(['credit']);
    expect(await stateOf(db(), orderId)).toBe('held');
    expect(await exposure()).toEqual({ open: 80_000, pending: 30_000 });
  });
});

describe('how far over the limit somebody may let an account go', () => {
  const grant = { holdTypes: ['credit'], maximumMinor: null, secondPersonAboveMinor: null };

  test('is weighed as the account stands when it is decided, not as it stood when the hold began', async () => {
    await rule('authority', 'finance', { ...grant, maximumOverLimitPercent: '10' });
    await limit(100_000);
    const first = await placed(db(), purchaseOrder([line('BOLT', '120', '9.00')]));
    expect((await placed(db(), purchaseOrder([line('BOLT', '90', '10.00')]))).state).toBe('placed');
    // 108,000 beside 90,000: 98 % over by now, though the hold began at 8.
    expect(await decide(await holdOf(first.orderId))).toMatchObject({
      code: 'over-authority',
      text: expect.stringContaining('98 %') as string,
    });
    await limit(200_000);
    expect(await decide(await holdOf(first.orderId))).toMatchObject({ kind: 'resolved' });
  });

  test('is the worst of the account and those above it', async () => {
    await seedFamily(db(), { id: 'GROUP', limitMinor: 10_000 }, [{ id: 'LEAF', limitMinor: 100_000 }]);
    await rule('authority', 'finance', { ...grant, maximumOverLimitPercent: '10' });
    const { orderId } = await placed(
      db(),
      purchaseOrder([line('BOLT', '105', '10.00')], { customerId: 'C-LEAF' }),
    );
    // 5 % over the account's own limit, and 950 % over that of its group.
    expect(await decide(await holdOf(orderId))).toMatchObject({
      code: 'over-authority',
      text: expect.stringContaining('950 %') as string,
    });
  });

  test('of a part is that of the part, in the currency of the account', async () => {
    await seedFamily(db(), { id: 'GROUP', limitMinor: 100_000_000 }, [{ id: 'DOLLARS', limitMinor: 10_000 }]);
    await db()('customer').where({ id: 'C-DOLLARS' }).update({ currency: 'EUR', price_list_id: 'LIST' });
    await rule('authority', 'finance', { ...grant, maximumOverLimitPercent: '10' });
    const order = purchaseOrder([line('BOLT', '6', '10.00'), line('BOLT', '5', '10.00')], {
      customerId: 'C-DOLLARS',
    });
    const { orderId } = await placed(db(), order);
    const part = (lines: readonly number[]) =>
      ({ action: 'release-part', terms: { kind: 'part', lines, rest: 'hold' } }) as const;
    expect(await decide(await holdOf(orderId), part([2]))).toMatchObject({
      code: 'over-authority',
      text: expect.stringContaining('not known without an exchange rate') as string,
    });
    await saveRuleNow(db(), 'exchange-rate', 'EUR-USD', {
      rate: '2',
      source: 'treasury',
      validFrom: '2026-01-01',
      validTo: null,
    });
    // 60.00 EUR are 120.00 USD on a limit of 100.00; 50.00 EUR are within it.
    expect(await decide(await holdOf(orderId), part([1]))).toMatchObject({
      code: 'over-authority',
      text: expect.stringContaining('20 %') as string,
    });
    expect(await decide(await holdOf(orderId), part([2]))).toMatchObject({ kind: 'resolved' });
  });
});

test('a line that is let through for one reason makes no earlier release for another reason larger', async () => {
  await limit(100_000);
  await db()('credit_account').update({ blocked: true });
  const request = purchaseOrder([line('BOLT', '4', '10.00'), line('BOLT', '5', '10.00')]);
  const { orderId } = await placed(db(), request);
  await decide(await holdOf(orderId));
  await db()('credit_account').update({ blocked: false, limit_minor: 1_000 });
  const second = (quantity: string, code: string) =>
    desk.change(request, {
      lines: [poc(code, ['quantity'], line('BOLT', quantity, '10.00', { buyerLineNumber: '2' }))],
    });
  await second('1', 'QD');
  const grown = await second('5', 'QI');
  await decide(await holdOf(orderId));
  await desk.decided(grown.changeId);
  const released = async () =>
    (await db()('hold')
      .where({ order_id: orderId, type: 'credit', status: 'released', line_number: null, change_id: null })
      .whereRaw(`reason #> '{details,reasons}' @> '["account-blocked"]'`)
      .first('reason')) as { reason: { details: { totalMinor: number } } };
  expect((await released()).reason.details.totalMinor).toBeLessThan(9_000);
  // As it stays of an order that was released in part for the one reason.
  await db()('hold').insert({
    order_id: orderId,
    type: 'credit',
    line_number: 2,
    blocks: ['answer', 'release'],
    reason: JSON.stringify({
      code: 'over-credit-limit',
      text: 'the rest',
      details: { reasons: ['over-credit-limit'] },
    }),
    role: 'finance',
    due_at: NOW,
    opened_at: NOW,
  });
  await decide(await holdOf(orderId));
  expect((await released()).reason.details.totalMinor).toBeLessThan(9_000);
});

test('nobody releases more than they have looked at: a change that comes between look and decision is looked at first', async () => {
  await limit(5_000);
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const { orderId } = await placed(db(), request);
  await desk.change(request, { lines: [poc('QI', ['quantity'], line('BOLT', '20', '10.00'))] });
  const seen = (seenTotalMinor: number, action: 'release' | 'reject' = 'release') =>
    holdOf(orderId).then((id) => decide(id, { seenTotalMinor, action }));
  expect(await seen(10_000)).toMatchObject({
    code: 'grown-meanwhile',
    text: expect.stringContaining('comes to 200.00 by now') as string,
  });
  await desk.change(request, { lines: [poc('QD', ['quantity'], line('BOLT', '15', '10.00'))] });
  expect(await seen(20_000)).toMatchObject({ kind: 'resolved' });
});

describe('who has an order grow', () => {
  const grow = async (orderId: string, by: string, quantity: string) => {
    const { po_number: purchaseOrderNumber } = (await db()('orders').where({ id: orderId }).first()) as {
      po_number: string;
    };
    const request = changeOf(purchaseOrder([], { purchaseOrderNumber }), {
      lines: [poc('QI', ['quantity'], line('BOLT', quantity, '10.00'))],
    });
    const received = await db().transaction((tx) => receiveOrderChange(tx, request, NOW, by));
    if (received.kind !== 'recorded') throw new Error(received.kind);
    return desk.decided(received.changeId);
  };

  test('does not agree to the change, nor does a substitute in that name', async () => {
    await limit(15_000);
    const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')]));
    expect(await grow(orderId, 'fiona', '20')).toMatchObject({ kind: 'held' });
    expect(await decide(await holdOf(orderId))).toMatchObject({ code: 'own-order' });
    expect(await decide(await holdOf(orderId), { person: 'frank' })).toMatchObject({ kind: 'resolved' });
  });

  test('does not release what the order has become, though somebody else had ordered it', async () => {
    await limit(5_000);
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '10', '10.00')]));
    expect(await grow(orderId, 'fiona', '20')).toMatchObject({ kind: 'applied' });
    expect(await decide(await holdOf(orderId))).toMatchObject({ code: 'own-order' });
    expect(await grow(orderId, 'frank', '15')).toMatchObject({ kind: 'applied' });
    // Less of it is nobody's wish to spend.
    expect(await decide(await holdOf(orderId), { person: 'frank' })).toMatchObject({ kind: 'resolved' });
  });
});
