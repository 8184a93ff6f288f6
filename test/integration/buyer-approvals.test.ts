import { saveBuyerBudget, saveBuyerPerson } from '../../application/approval/buyer-settings';
import { makeSubstitution } from '../../application/approval/substitute';
import { applyOrderChange } from '../../application/change/apply-order-change';
import { withdrawChange } from '../../application/change/hold-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { resolveHold } from '../../application/hold/resolve-hold';
import { lockOrder } from '../../application/order/order-record';
import { placeOrder } from '../../application/order/place-order';
import { settleState } from '../../application/order/settle-state';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Acme's own people: ben buys up to 500.00 for OFFICE, ann approves up to 5,000.00, bea anything. BOLT costs 10.00. */
let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 10 });
  await seedCompany(db());
  await db()('customer').insert({
    ...((await db()('customer').where({ id: 'ACME' }).first()) as object),
    id: 'OTHER',
    terms: '{}',
    policy: '{}',
    bill_to: null,
  });
  for (const [person, customer] of [
    ['ben', 'ACME'],
    ['ann', 'ACME'],
    ['bea', 'ACME'],
    ['cy', 'ACME'],
    ['otto', 'OTHER'],
  ])
    await db()('api_key').insert({
      name: person,
      secret_hash: `hash of ${person}`,
      scopes: ['orders:write'],
      person,
      customer_id: customer,
      roles: ['buyer'],
    });
  await person('ben', 50_000);
  await person('ann', 50_000, 500_000);
  await person('bea', null, null);
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const person = (name: string, limitMinor: number | null, approvesUpToMinor?: number | null) =>
  db().transaction((tx) =>
    saveBuyerPerson(
      tx,
      'ACME',
      {
        person: name,
        limitMinor,
        costCentre: 'OFFICE',
        mayApprove: approvesUpToMinor !== undefined,
        approvesUpToMinor: approvesUpToMinor ?? null,
      },
      'bea',
      NOW,
    ),
  );
const budget = (amountMinor: number, more: object = {}) =>
  db().transaction((tx) =>
    saveBuyerBudget(
      tx,
      'ACME',
      { costCentre: 'OFFICE', from: '2026-01-01', to: '2026-12-31', amountMinor, ...more },
      'bea',
      NOW,
    ),
  );
const orderOf = (bolts: number, by = 'ben'): OrderRequest => ({
  ...purchaseOrder([line('BOLT', String(bolts), bolts < 100 ? '10.00' : '9.00')]),
  channel: 'portal',
  placedBy: by,
  buyer: { person: by },
});
async function placed(request: OrderRequest) {
  const result = await db().transaction((tx) => placeOrder(tx, request, NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return { ...result, holdId: await holdOf(result.orderId) };
}
const holdOf = async (orderId: string) =>
  (
    (await db()('hold').where({ order_id: orderId, status: 'open', type: 'buyer-approval' }).first('id')) as
      | { id: string }
      | undefined
  )?.id ?? '';
const stateOf = async (orderId: string) =>
  ((await db()('orders').where({ id: orderId }).first('state')) as { state: string }).state;
const decide = (holdId: string, by: string, action: 'release' | 'reject' = 'release', customerId = 'ACME') =>
  db().transaction((tx) =>
    resolveHold(tx, { holdId, action, person: by, roles: ['buyer'], reason: 'as planned', customerId }, NOW),
  );
const spent = async () =>
  Number(
    ((await db()('buyer_budget_entry').sum('amount_minor as sum').first()) as { sum: number | null }).sum ??
      0,
  );
const change = async (request: Parameters<typeof receiveOrderChange>[1]) => {
  const received = await db().transaction((tx) => receiveOrderChange(tx, request, NOW));
  if (received.kind !== 'recorded') throw new Error(received.kind);
  return db().transaction((tx) => applyOrderChange(tx, received.changeId, NOW));
};

test('an order within limit and budget is placed and takes its budget; one over the limit waits and takes nothing', async () => {
  await budget(100_000);
  expect((await placed(orderOf(50))).state).toBe('placed');
  expect(await spent()).toBe(50_000);
  const { state, holdId } = await placed(orderOf(51));
  expect(state).toBe('held');
  expect(holdId).not.toBe('');
  expect(await spent()).toBe(50_000);
});

test('an order by EDI or by the seller’s own people is no matter of the buyer’s limits', async () => {
  const { buyer: _, ...byEdi } = orderOf(500);
  expect((await placed(byEdi)).state).toBe('placed');
});

test('a person whom the company does not name, and a day without a budget, wait', async () => {
  expect((await placed(orderOf(1, 'cy'))).state).toBe('held');
  await budget(100_000, { from: '2025-01-01', to: '2025-12-31' });
  expect((await placed(orderOf(1))).state).toBe('held');
});

test('only approvers of the own company decide, within their amount, and nobody an own order', async () => {
  const { holdId, orderId } = await placed(orderOf(60));
  expect(await decide(holdId, 'cy')).toMatchObject({ code: 'not-authorised' });
  expect(await decide(holdId, 'otto', 'release', 'OTHER')).toMatchObject({ code: 'not-authorised' });
  const finance = {
    holdId,
    action: 'release',
    person: 'fiona',
    roles: ['finance'],
    reason: 'waved through',
  } as const;
  expect(await db().transaction((tx) => resolveHold(tx, finance, NOW))).toMatchObject({
    code: 'not-authorised',
  });
  expect(await decide(holdId, 'ann')).toMatchObject({ kind: 'resolved' });
  expect(await stateOf(orderId)).toBe('placed');
  const large = await placed(orderOf(600));
  expect(await decide(large.holdId, 'ann')).toMatchObject({ code: 'over-authority' });
  const own = await placed(orderOf(60, 'ann'));
  expect(await decide(own.holdId, 'ann')).toMatchObject({ code: 'own-order' });
  expect(await decide(own.holdId, 'bea', 'reject')).toMatchObject({ kind: 'resolved' });
  expect(await stateOf(own.orderId)).toBe('rejected');
});

test('an approver delegates for a period, but not to who ordered', async () => {
  const delegate = (substitute: string) =>
    db().transaction((tx) =>
      makeSubstitution(
        tx,
        {
          person: 'bea',
          substitute,
          from: NOW,
          until: '2026-04-01T00:00:00.000Z',
          holdTypes: null,
          customerId: 'ACME',
          reason: 'holidays',
          madeBy: 'bea',
        },
        NOW,
      ),
    );
  expect((await delegate('otto')).kind).toBe('refused');
  await delegate('ben');
  await delegate('cy');
  const { holdId } = await placed(orderOf(60));
  expect(await decide(holdId, 'ben')).toMatchObject({ code: 'own-order' });
  expect(await decide(holdId, 'cy')).toMatchObject({ kind: 'resolved' });
  expect(await db()('hold').where({ id: holdId }).first('resolved_by', 'in_name_of')).toEqual({
    resolved_by: 'cy',
    in_name_of: 'bea',
  });
});

test('an approval never overdraws a budget: less is ordered, or the budget is raised', async () => {
  await budget(100_000);
  const { holdId, orderId } = await placed(orderOf(120));
  expect(await decide(holdId, 'ann')).toMatchObject({ code: 'budget-exhausted' });
  expect(await stateOf(orderId)).toBe('held');
  const { id } = (await db()('buyer_budget').first('id')) as { id: string };
  await budget(110_000, { budgetId: id });
  expect(await decide(holdId, 'ann')).toMatchObject({ kind: 'resolved' });
  expect(await spent()).toBe(108_000);
  expect(await budget(107_999, { budgetId: id })).toMatchObject({ kind: 'refused' });
  expect(await budget(1, { from: '2026-12-31', to: '2027-12-31' })).toMatchObject({ kind: 'refused' });
});

test('what is cancelled or reduced is given back to the cent, and a grown order needs a new approval', async () => {
  await budget(100_000);
  const request = orderOf(50);
  const { orderId } = await placed(request);
  const to = (quantity: string) =>
    change(
      changeOf(request, {
        orderId,
        lines: [{ kinds: ['quantity'], changeCode: 'QD', line: line('BOLT', quantity, '10.00') }],
      }),
    );
  await to('30');
  expect(await spent()).toBe(30_000);
  const grown = await to('45');
  // The change waits; the order goes on as it was approved.
  expect(grown.kind).toBe('held');
  expect(await stateOf(orderId)).toBe('placed');
  expect(await spent()).toBe(30_000);
  expect(await decide(await holdOf(orderId), 'bea')).toMatchObject({ kind: 'resolved' });
  expect(await spent()).toBe(45_000);
  await db().transaction((tx) => applyOrderChange(tx, grown.changeId, NOW));
  expect(await stateOf(orderId)).toBe('placed');
  expect(await holdOf(orderId)).toBe('');
  expect(await spent()).toBe(45_000);
  await change(changeOf(request, { orderId, purpose: 'cancel' }));
  expect(await stateOf(orderId)).toBe('cancelled');
  expect(await spent()).toBe(0);
});

test('an approved change keeps its budget until it is decided; refused or taken back, its extra is there for others at once', async () => {
  await budget(100_000);
  const request = orderOf(50);
  const { orderId } = await placed(request);
  const grow = async (quantity: string) => {
    const change = await db().transaction((tx) =>
      receiveOrderChange(
        tx,
        changeOf(request, {
          orderId,
          changeNumber: quantity,
          lines: [{ kinds: ['quantity'], changeCode: 'QI', line: line('BOLT', quantity, '10.00') }],
        }),
        NOW,
      ),
    );
    if (change.kind !== 'recorded') throw new Error(change.kind);
    await db().transaction((tx) => applyOrderChange(tx, change.changeId, NOW));
    expect(await decide(await holdOf(orderId), 'bea')).toMatchObject({ kind: 'resolved' });
    return change.changeId;
  };
  const withdrawn = await grow('80');
  expect(await spent()).toBe(80_000);
  // Something else settles the order meanwhile: what was approved of the change stays its own.
  await db().transaction(async (tx) => settleState(tx, await lockOrder(tx, orderId), {}, NOW));
  expect(await spent()).toBe(80_000);
  expect((await placed(orderOf(30))).state).toBe('held');
  expect(await db().transaction((tx) => withdrawChange(tx, orderId, withdrawn, 'ben', NOW))).toBe(true);
  expect(await spent()).toBe(50_000);
  expect((await placed(orderOf(30))).state).toBe('placed');
  const cancelled = await grow('60');
  expect(await spent()).toBe(90_000);
  await change(changeOf(request, { orderId, purpose: 'cancel' })).catch(() => null);
  await db().transaction((tx) => applyOrderChange(tx, cancelled, NOW));
  const settledLater = (await db()('order_change')
    .where({ order_id: orderId })
    .orderBy('id', 'desc')
    .first('id')) as { id: string };
  await db().transaction((tx) => applyOrderChange(tx, settledLater.id, NOW));
  expect(await stateOf(orderId)).toBe('cancelled');
  expect(await spent()).toBe(30_000);
});

test('nobody evades a budget by a cost centre that has none, or by the date on the purchase order', async () => {
  await budget(20_000);
  await budget(900_000, { from: '2025-01-01', to: '2025-12-31' });
  const named = (more: object) => placed({ ...orderOf(30), ...more } as OrderRequest);
  expect((await named({ buyer: { person: 'ben', costCentre: 'NOWHERE' } })).state).toBe('held');
  expect((await named({ purchaseOrderDate: '2025-06-01' })).state).toBe('held');
  expect(await spent()).toBe(0);
});

test('an order that had no budget when it was placed takes of the one that was planned since', async () => {
  await budget(900_000, { from: '2025-01-01', to: '2025-12-31' });
  const { orderId, holdId, state } = await placed(orderOf(30));
  expect(state).toBe('held');
  await budget(20_000);
  expect(await decide(holdId, 'ann')).toMatchObject({ code: 'budget-exhausted' });
  const { id } = (await db()('buyer_budget').where({ amount_minor: 20_000 }).first('id')) as { id: string };
  await budget(50_000, { budgetId: id });
  expect(await decide(holdId, 'ann')).toMatchObject({ kind: 'resolved' });
  expect([await stateOf(orderId), await spent()]).toEqual(['placed', 30_000]);
  expect((await placed(orderOf(21))).state).toBe('held');
});

test('who has an order of nobody’s grow spends by their own limit, and does not approve it', async () => {
  const { buyer: _buyer, placedBy: _placedBy, ...request } = orderOf(10);
  const { orderId, state } = await placed(request);
  expect(state).toBe('placed');
  const grow = (quantity: string, by: string, more: object = {}) =>
    db().transaction(async (tx) => {
      const lines = [
        { kinds: ['quantity'], changeCode: 'QI', line: line('BOLT', quantity, '10.00') },
      ] as const;
      const wish = { orderId, lines, buyer: { person: by }, ...more };
      const received = await receiveOrderChange(tx, changeOf(request, wish), NOW, by);
      if (received.kind !== 'recorded') throw new Error(received.kind);
      return applyOrderChange(tx, received.changeId, NOW);
    });
  expect(await grow('20', 'ben')).toMatchObject({ kind: 'applied' });
  const beyond = await grow('60', 'ben');
  expect(beyond).toMatchObject({ kind: 'held' });
  expect(await decide(await holdOf(orderId), 'ben')).toMatchObject({ code: 'not-authorised' });
  expect(await decide(await holdOf(orderId), 'ann')).toMatchObject({ kind: 'resolved' });
  await db().transaction((tx) => applyOrderChange(tx, beyond.changeId, NOW));
  expect((await db()('orders').where({ id: orderId }).first('total_minor'))?.total_minor).toBe(60_000);
  const own = await grow('70', 'ann');
  expect(own).toMatchObject({ kind: 'held' });
  expect(await decide(await holdOf(orderId), 'ann')).toMatchObject({ code: 'own-order' });
  expect(await decide(await holdOf(orderId), 'bea')).toMatchObject({ kind: 'resolved' });
  await db().transaction((tx) => applyOrderChange(tx, own.changeId, NOW));
  expect(await spent()).toBe(0);
});

test('ten orders race for one budget: exactly those that fit are placed, the others wait', async () => {
  await budget(100_000);
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => placed(orderOf(30))));
  expect(outcomes.filter(({ state }) => state === 'placed')).toHaveLength(3);
  expect(outcomes.filter(({ state }) => state === 'held')).toHaveLength(7);
  expect(await spent()).toBe(90_000);
});

test('approvals race with new orders for the rest of a budget, and none of it is spent twice', async () => {
  await budget(100_000);
  const waiting = await Promise.all(Array.from({ length: 4 }, () => placed(orderOf(60))));
  const results = await Promise.all([
    ...waiting.map(({ holdId }) => decide(holdId, 'ann').then((outcome) => outcome.kind)),
    ...Array.from({ length: 4 }, () => placed(orderOf(40)).then(({ state }) => state)),
  ]);
  const taken =
    60_000 * results.filter((one) => one === 'resolved').length +
    40_000 * results.filter((one) => one === 'placed').length;
  expect(await spent()).toBe(taken);
  expect(taken).toBeLessThanOrEqual(100_000);
  expect(taken).toBeGreaterThanOrEqual(80_000);
});
