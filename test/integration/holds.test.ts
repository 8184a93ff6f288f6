import { endSubstitution, makeSubstitution } from '../../application/approval/substitute';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyHold } from '../../application/hold/apply-hold';
import { resolveHold } from '../../application/hold/resolve-hold';
import { escalateHold, expireHold } from '../../application/hold/time-out-hold';
import { answerOrder } from '../../application/order/answer-order';
import { type PlaceOrderResult, placeOrder } from '../../application/order/place-order';
import { readProgress } from '../../application/order/read-progress';
import { saveRule } from '../../application/rules/save-rule';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderAnswer } from '../../domain/order/answers';
import type { OrderRequest } from '../../domain/order/order-request';
import type { JobTools } from '../../worker/jobs/job';
import { sweepHoldDeadlines } from '../../worker/jobs/sweep-hold-deadlines';
import { createLog } from '../../worker/log';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db());
  await db()('api_key').insert(
    [
      ['fiona', 'finance'],
      ['frank', 'finance'],
      ['sue', 'sales'],
      ['clara', 'customer-service'],
    ].map(([person, role]) => ({
      name: person,
      secret_hash: `hash of ${person}`,
      scopes: ['holds:decide'],
      person,
      roles: [role],
    })),
  );
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1000).toISOString();
async function placed(request: OrderRequest, now = NOW): Promise<string> {
  const result: PlaceOrderResult = await db().transaction((tx) => placeOrder(tx, request, now));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return result.orderId;
}
const stateOf = async (orderId: string) =>
  ((await db()('orders').where({ id: orderId }).first('state')) as { state: string }).state;
interface Row {
  id: string;
  type: string;
  status: string;
  line_number: number | null;
  resolved_by: string | null;
  in_name_of: string | null;
  reason: { text: string };
  escalated_to: string | null;
  escalate_at: string | null;
}
const holdsOf = async (orderId: string) =>
  (await db()('hold').where({ order_id: orderId }).orderBy('id')) as Row[];
const rule = async (kind: string, scope: string, body: object) =>
  db().transaction((tx) =>
    saveRule(tx, { kind, scope, body, validFrom: null, note: 'a test', person: 'admin', basedOn: null }),
  );
const decide = (
  holdId: string,
  action: 'release' | 'reject',
  person = 'fiona',
  roles: readonly string[] = ['finance'],
  now = NOW,
) => db().transaction((tx) => resolveHold(tx, { holdId, action, person, roles, reason: 'as agreed' }, now));
const answer = (orderId: string) => db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
const plan = (orderId: string) => db().transaction((tx) => planShipments(tx, orderId, NOW));
const answers = async (orderId: string) =>
  (
    (await db()('document_request').where({ order_id: orderId, set_id: '855' }).orderBy('id')) as {
      payload: OrderAnswer;
    }[]
  ).map(({ payload }) => ({
    ack: payload.acknowledgment,
    lines: payload.lines.map(({ statuses }) => statuses.map(({ code, quantity }) => `${code} ${quantity}`)),
  }));
const released = async (orderId: string) =>
  (await db()('shipment_line as l')
    .join('shipment as s', 's.id', 'l.shipment_id')
    .where('s.order_id', orderId)
    .orderBy('l.line_number')
    .pluck('l.line_number')) as number[];

const twoLines = () => purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.01')]);

describe('a hold of a line', () => {
  test('leaves the other lines flowing: answered IH by itself, the rest accepted and shipped, then answered again', async () => {
    const orderId = await placed(twoLines());
    expect(await stateOf(orderId)).toBe('placed');
    const [hold] = await holdsOf(orderId);
    expect(hold).toMatchObject({ type: 'price', line_number: 2, status: 'open' });
    const progress = await readProgress(db(), orderId);
    expect(progress.openHolds.map(({ blocks }) => blocks)).toEqual([[]]);
    await answer(orderId);
    expect(await plan(orderId)).toHaveLength(1);
    expect(await released(orderId)).toEqual([1]);
    expect(await plan(orderId)).toEqual([]);
    expect(await readProgress(db(), orderId)).toMatchObject({ unplannedReservation: false });
    await decide(hold?.id ?? '', 'release', 'sam', ['sales']);
    expect(await answers(orderId)).toEqual([
      { ack: 'AC', lines: [['IA 10'], ['IH 100']] },
      { ack: 'AD', lines: [['IA 10'], ['IA 100']] },
    ]);
    await plan(orderId);
    expect(await released(orderId)).toEqual([1, 2]);
  });

  test('that is rejected takes its line alone', async () => {
    const orderId = await placed(twoLines());
    await answer(orderId);
    await plan(orderId);
    await decide((await holdsOf(orderId))[0]?.id ?? '', 'reject', 'sam', ['sales']);
    expect((await answers(orderId)).at(-1)).toEqual({ ack: 'AC', lines: [['IA 10'], ['IR 100']] });
    expect(await stateOf(orderId)).toBe('confirmed');
  });

  test('on every line is a hold of the order', async () => {
    const orderId = await placed(purchaseOrder([line('BOLT', '10', '1.00'), line('NUT', '100', '0.01')]));
    expect(await stateOf(orderId)).toBe('held');
    expect(await plan(orderId)).toEqual([]);
    await decide((await holdsOf(orderId))[0]?.id ?? '', 'release', 'sam', ['sales']);
    expect(await stateOf(orderId)).toBe('placed');
  });

  test('keeps back all of an order that ships complete', async () => {
    await db()('customer').update({ policy: JSON.stringify({ shipComplete: true }) });
    const orderId = await placed(twoLines());
    await answer(orderId);
    expect(await plan(orderId)).toEqual([]);
    await decide((await holdsOf(orderId))[0]?.id ?? '', 'release', 'sam', ['sales']);
    await plan(orderId);
    expect(await released(orderId)).toEqual([1, 2]);
  });
});

describe('a hold by hand', () => {
  const onto = (orderId: string, more: object = {}) =>
    db().transaction((tx) =>
      applyHold(
        tx,
        {
          orderId,
          type: 'manual',
          lineNumber: null,
          shipmentId: null,
          reason: 'the customer rang',
          person: 'clara',
          roles: ['customer-service'],
          ...more,
        },
        NOW,
      ),
    );

  test('stops an order until it is lifted, and wakes its workflow', async () => {
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
    const applied = await onto(orderId);
    if (applied.kind !== 'applied') throw new Error(applied.text);
    expect(await stateOf(orderId)).toBe('held');
    expect(await plan(orderId)).toEqual([]);
    expect(await onto(orderId)).toMatchObject({ code: 'held-already' });
    const jobs = await db()('graphile_worker.jobs').where({ key: `signal-order/${orderId}` });
    expect(jobs).toHaveLength(1);
    expect(await decide(applied.holdId, 'release', 'clara', ['customer-service'])).toMatchObject({
      kind: 'resolved',
    });
    expect(await stateOf(orderId)).toBe('placed');
  });

  test('that comes between the workflow’s look and its answer is not confirmed over', async () => {
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
    const applied = await onto(orderId);
    if (applied.kind !== 'applied') throw new Error(applied.text);
    // The step that was decided on before the hold came.
    await answer(orderId);
    expect(await stateOf(orderId)).toBe('held');
    expect(await answers(orderId)).toEqual([]);
    await decide(applied.holdId, 'release', 'clara', ['customer-service']);
    await answer(orderId);
    expect(await stateOf(orderId)).toBe('confirmed');
    expect(await answers(orderId)).toHaveLength(1);
  });

  test('stops one shipment and not the other', async () => {
    await db()('stock').where({ item_id: 'BOLT' }).update({ on_hand: 6 });
    const orderId = await placed(purchaseOrder([line('BOLT', '10', '10.00')]));
    await answer(orderId);
    const [first, second] = await plan(orderId);
    expect(await onto(orderId, { shipmentId: first })).toMatchObject({ kind: 'applied' });
    const { shipments, openHolds, state } = await readProgress(db(), orderId);
    expect(state).toBe('confirmed');
    expect(openHolds[0]?.blocks).toEqual([]);
    const stepsOf = (id: string | undefined) =>
      shipments.find(({ shipmentId }) => shipmentId === id)?.heldSteps;
    expect(stepsOf(first)).toEqual(['answer', 'release', 'ship']);
    expect(stepsOf(second)).toBeUndefined();
  });

  test('is refused to who may not, where there is nothing, and on what is at the warehouse already', async () => {
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
    expect(await onto(orderId, { roles: ['buyer'] })).toMatchObject({ code: 'not-authorised' });
    expect(await onto(orderId, { type: 'credit' })).toMatchObject({ code: 'not-authorised' });
    expect(await onto(orderId, { type: 'nonsense' })).toMatchObject({ code: 'unknown-type' });
    expect(await onto(orderId, { lineNumber: 7 })).toMatchObject({ code: 'not-there' });
    await answer(orderId);
    const [shipmentId] = await plan(orderId);
    await db()('shipment').where({ id: shipmentId }).update({ state: 'released' });
    expect(await onto(orderId, { shipmentId })).toMatchObject({ code: 'too-late' });
  });
});

describe('rules of holds', () => {
  test('a type of a company’s own holds the orders that its trigger names, and only its roles resolve it', async () => {
    expect(
      await rule('hold-type', 'export-control', {
        resolvedBy: ['compliance'],
        role: 'compliance',
        triggers: [{ shipToCountries: ['US'], customers: ['ACME'] }],
      }),
    ).toMatchObject({ kind: 'saved' });
    await db()('ship_to').update({ address: JSON.stringify({ lines: ['1'], country: 'US' }) });
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
    const [hold] = await holdsOf(orderId);
    expect(hold).toMatchObject({ type: 'export-control', line_number: null });
    expect(hold?.reason.text).toContain('it goes to US');
    expect(await decide(hold?.id ?? '', 'release')).toMatchObject({ code: 'not-authorised' });
    expect(await decide(hold?.id ?? '', 'release', 'cole', ['compliance'])).toMatchObject({
      kind: 'resolved',
    });
    expect(await stateOf(orderId)).toBe('placed');
  });

  test('the first order of a customer and goods of a class are looked up only where a rule asks', async () => {
    await db()('item').where({ id: 'NUT' }).update({ item_class: 'hazardous' });
    await rule('hold-type', 'new-customer', {
      resolvedBy: ['sales'],
      scopes: ['order'],
      triggers: [{ firstOrder: true }],
    });
    await rule('hold-type', 'hazmat', { resolvedBy: ['sales'], triggers: [{ itemClasses: ['hazardous'] }] });
    const both = () => purchaseOrder([line('BOLT', '1', '10.00'), line('NUT', '100', '0.0425')]);
    const kinds = async (id: string) =>
      (await holdsOf(id))
        .map((h) => [h.type, h.line_number])
        .toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));
    expect(await kinds(await placed(both()))).toEqual([
      ['hazmat', 2],
      ['new-customer', null],
    ]);
    expect(await kinds(await placed(both()))).toEqual([['hazmat', 2]]);
  });

  test('one is resolved after another, and a second look opens by itself', async () => {
    await rule('hold-type', 'embargo', { resolvedBy: ['legal'], triggers: [{ customers: ['ACME'] }] });
    await rule('hold-type', 'legal', {
      resolvedBy: ['legal'],
      resolvedAfter: ['embargo'],
      triggers: [{ customers: ['ACME'] }],
    });
    await rule('hold-type', 'second-look', { resolvedBy: ['finance'], opensAfter: ['legal'] });
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
    const of = async (name: string) => (await holdsOf(orderId)).find((h) => h.type === name)?.id ?? '';
    expect(await decide(await of('legal'), 'release', 'lea', ['legal'])).toMatchObject({
      code: 'not-releasable',
      text: expect.stringContaining('"embargo"') as string,
    });
    await decide(await of('embargo'), 'release', 'lea', ['legal']);
    await decide(await of('legal'), 'release', 'lea', ['legal']);
    expect(await stateOf(orderId)).toBe('held');
    await decide(await of('second-look'), 'release');
    expect(await stateOf(orderId)).toBe('placed');
  });

  test('a circle is refused when it is saved, and named', async () => {
    await rule('hold-type', 'alpha', { resolvedBy: ['sales'] });
    await rule('hold-type', 'beta', { resolvedBy: ['sales'], resolvedAfter: ['alpha'] });
    expect(
      await rule('hold-type', 'alpha', { resolvedBy: ['sales'], resolvedAfter: ['beta'] }),
    ).toMatchObject({
      kind: 'refused',
      problems: [{ text: expect.stringContaining('beta only after alpha only after beta') as string }],
    });
    expect(await rule('hold-type', 'credit', { opensAfter: ['credit'] })).toMatchObject({ kind: 'refused' });
    const escalation = { to: ['finance'], againAfterSeconds: 60 };
    expect(await rule('hold-type', 'credit', { escalation })).toMatchObject({ kind: 'refused' });
    expect(
      await rule('hold-type', 'odd', { resolvedAfter: ['nowhere'], resolvedBy: ['sales'] }),
    ).toMatchObject({
      kind: 'refused',
      problems: [{ text: expect.stringContaining('"nowhere"') as string }],
    });
    expect(await rule('hold-type', 'stuck', { expiresInSeconds: null })).toMatchObject({
      kind: 'refused',
      problems: [{ text: expect.stringContaining('Nobody could resolve') as string }],
    });
  });
});

describe('time', () => {
  const held = async (body: object) => {
    await rule('hold-type', 'check', { resolvedBy: ['sales'], triggers: [{ channels: ['edi'] }], ...body });
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
    return { orderId, holdId: (await holdsOf(orderId))[0]?.id ?? '' };
  };
  const at = async (holdId: string, seconds: number) => {
    await db().transaction((tx) => escalateHold(tx, holdId, later(seconds)));
    await db().transaction((tx) => expireHold(tx, holdId, later(seconds)));
  };
  const exceptions = () =>
    db()('exception').where({ kind: 'hold-overdue' }).orderBy('opened_at').pluck('owner_role');

  test('escalates to each of the chain, again after the rule’s time, and to nobody twice', async () => {
    const { holdId, orderId } = await held({
      dueInSeconds: 100,
      escalation: { to: ['manager', 'director'], againAfterSeconds: 50 },
    });
    await at(holdId, 99);
    expect(await exceptions()).toEqual([]);
    await at(holdId, 100);
    await at(holdId, 120);
    expect(await exceptions()).toEqual(['manager']);
    expect((await readProgress(db(), orderId)).openHolds[0]).toMatchObject({
      dueAt: later(150),
      escalated: false,
    });
    await at(holdId, 150);
    await at(holdId, 900);
    expect(await exceptions()).toEqual(['manager', 'director']);
    expect((await readProgress(db(), orderId)).openHolds[0]).toMatchObject({ escalated: true });
  });

  test('lets nothing go before what has to be resolved first: the hold stays, and somebody is told', async () => {
    await rule('hold-type', 'first', { resolvedBy: ['sales'], triggers: [{ channels: ['edi'] }] });
    const { orderId } = await held({
      resolvedAfter: ['first'],
      expiresInSeconds: 100,
      onExpiry: 'release',
    });
    const own = async () => (await holdsOf(orderId)).find(({ type }) => type === 'check');
    await at((await own())?.id ?? '', 100);
    expect(await own()).toMatchObject({ status: 'open' });
    expect(await exceptions()).toHaveLength(1);
  });

  test.each([
    ['reject', 'rejected', 'expired'],
    ['release', 'placed', 'released'],
    ['stays', 'held', 'open'],
  ] as const)('expires as its rule says: %s', async (onExpiry, state, status) => {
    const { holdId, orderId } = await held({ expiresInSeconds: 200, onExpiry });
    await at(holdId, 199);
    expect(await stateOf(orderId)).toBe('held');
    await at(holdId, 200);
    await at(holdId, 201);
    expect(await stateOf(orderId)).toBe(state);
    expect((await holdsOf(orderId))[0]?.status).toBe(status);
    expect(await exceptions()).toHaveLength(onExpiry === 'stays' ? 1 : 0);
  });
});

test('a deadline is kept by the record where no workflow keeps it: Temporal is away', async () => {
  // Placed long ago, as the clock goes: due and expired by now.
  const orderId = await placed(purchaseOrder([line('BOLT', '1', '1.00')]));
  const fresh = await placed(purchaseOrder([line('BOLT', '1', '1.00')]), new Date().toISOString());
  await sweepHoldDeadlines({ db: db(), log: createLog('silent') } as unknown as JobTools);
  expect(await stateOf(orderId)).toBe('rejected');
  expect(await stateOf(fresh)).toBe('held');
});

test('what was said of an overdue hold is over with the hold, whoever closed it', async () => {
  const open = () => db()('exception').where({ kind: 'hold-overdue', status: 'open' });
  const overdue = async () => {
    const orderId = await placed(purchaseOrder([line('BOLT', '1', '1.00')]), new Date().toISOString());
    const [hold] = await holdsOf(orderId);
    const due = (await db()('hold').where({ id: hold?.id }).first('escalate_at')) as { escalate_at: string };
    await db().transaction((tx) => escalateHold(tx, hold?.id ?? '', due.escalate_at));
    return { orderId, holdId: hold?.id ?? '' };
  };
  const decided = await overdue();
  const gone = await overdue();
  expect(await open()).toHaveLength(2);
  expect(await decide(decided.holdId, 'reject', 'sam', ['sales'])).toMatchObject({ kind: 'resolved' });
  expect((await open()).map(({ order_id }) => order_id)).toEqual([gone.orderId]);
  await db()('hold').where({ id: gone.holdId }).update({ status: 'superseded' });
  await sweepHoldDeadlines({ db: db(), log: createLog('silent') } as unknown as JobTools);
  expect(await open()).toEqual([]);
  expect(await db()('exception').where({ order_id: gone.orderId }).first()).toMatchObject({
    status: 'resolved',
    resolution: 'The hold is superseded',
  });
});

describe('authority', () => {
  const overLimit = async (quantity: string) => {
    await db()('credit_account').update({ limit_minor: 100_000, risk_class: 'B' });
    const orderId = await placed(
      purchaseOrder([line('BOLT', quantity, Number(quantity) < 100 ? '10.00' : '9.00')]),
    );
    return { orderId, holdId: (await holdsOf(orderId)).find((h) => h.type === 'credit')?.id ?? '' };
  };

  test('ends at an amount, a risk class and a percentage over the limit', async () => {
    const grant = { holdTypes: ['credit'], maximumMinor: null, secondPersonAboveMinor: null };
    const { holdId } = await overLimit('120');
    await rule('authority', 'finance', { ...grant, riskClasses: ['A'] });
    expect(await decide(holdId, 'release')).toMatchObject({
      code: 'over-authority',
      text: expect.stringContaining('risk class B') as string,
    });
    // 108,000 against a limit of 100,000 is 8 % over.
    await rule('authority', 'finance', { grants: [{ ...grant, maximumOverLimitPercent: '7.99' }] });
    expect(await decide(holdId, 'release')).toMatchObject({
      code: 'over-authority',
      text: expect.stringContaining('8 %') as string,
    });
    await rule('authority', 'finance', {
      grants: [{ ...grant, riskClasses: ['B'], maximumOverLimitPercent: '8' }],
    });
    expect(await decide(holdId, 'release')).toMatchObject({ kind: 'resolved' });
    const decision = await db()('decision').where({ kind: 'approval' }).first('rule_version');
    expect(decision).toEqual({ rule_version: 'finance v4' });
  });

  test('passes to a substitute for a while, both names are kept, and back', async () => {
    const { holdId } = await overLimit('120');
    expect(await decide(holdId, 'release', 'sue', ['sales'])).toMatchObject({ code: 'not-authorised' });
    const made = await db().transaction((tx) =>
      makeSubstitution(
        tx,
        {
          person: 'fiona',
          substitute: 'sue',
          from: NOW,
          until: later(86_400),
          holdTypes: null,
          customerId: null,
          reason: 'holidays',
          madeBy: 'fiona',
        },
        NOW,
      ),
    );
    expect(made.kind).toBe('made');
    expect(await decide(holdId, 'release', 'sue', ['sales'], later(90_000))).toMatchObject({
      code: 'not-authorised',
    });
    expect(await decide(holdId, 'release', 'sue', ['sales'])).toMatchObject({ kind: 'resolved' });
    const [hold] = await db()('hold').where({ id: holdId }).select('resolved_by', 'in_name_of');
    expect(hold).toEqual({ resolved_by: 'sue', in_name_of: 'fiona' });
    const told = await db()('order_event').where({ kind: 'hold-released' }).pluck('text');
    expect(told[0]).toContain('sue (for fiona) releases');
    const back = await db().transaction((tx) =>
      makeSubstitution(
        tx,
        {
          person: 'sue',
          substitute: 'fiona',
          from: NOW,
          until: later(10),
          holdTypes: null,
          customerId: null,
          reason: 'turn about',
          madeBy: 'sue',
        },
        NOW,
      ),
    );
    expect(back).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('sue to fiona to sue') as string,
    });
    if (made.kind === 'made')
      expect(await db().transaction((tx) => endSubstitution(tx, made.id, null, 'fiona', NOW))).toBe(true);
    const next = await overLimit('121');
    expect(await decide(next.holdId, 'release', 'sue', ['sales'])).toMatchObject({ code: 'not-authorised' });
  });

  test('takes four eyes: the second is another person, and nobody’s own order', async () => {
    await rule('authority', 'finance', {
      holdTypes: ['credit'],
      maximumMinor: null,
      secondPersonAboveMinor: 1,
    });
    const { holdId, orderId } = await overLimit('120');
    await db()('orders').where({ id: orderId }).update({ placed_by: 'frank' });
    expect(await decide(holdId, 'release')).toMatchObject({ kind: 'needs-second-person' });
    expect(await decide(holdId, 'release')).toMatchObject({ code: 'same-person' });
    expect(await decide(holdId, 'release', 'frank')).toMatchObject({ code: 'own-order' });
    await db()('orders').where({ id: orderId }).increment('total_minor', 1);
    // The order has grown since: the first approval was for less.
    expect(await decide(holdId, 'release', 'flo')).toMatchObject({ kind: 'needs-second-person' });
    await db()('orders').where({ id: orderId }).decrement('total_minor', 1);
    expect(await decide(holdId, 'release', 'fay')).toMatchObject({ kind: 'resolved' });
  });
});
