import { recheckCredit } from '../../application/credit/recheck-credit';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { applyHold } from '../../application/hold/apply-hold';
import { escalateHold, expireHold } from '../../application/hold/time-out-hold';
import { answerOrder } from '../../application/order/answer-order';
import { assessOrder } from '../../application/order/assess-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type CompanyOptions, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed, saveRuleNow, stateOf } from '../support/credit';
import { creditDesk } from '../support/credit-desk';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
async function company(options: CompanyOptions = {}): Promise<void> {
  database = await createTestDatabase({ poolMax: 16 });
  await seedCompany(db(), options);
}
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const { creditHolds, openHold, decide, exposure, lastAnswer, threeLines } = creditDesk(db);

const PART = (lines: readonly number[], rest: 'hold' | 'backorder' | 'cancel' = 'hold') => ({
  terms: { kind: 'part', lines, rest } as const,
});
const asked = { terms: { kind: 'prepayment', expiresAt: '2026-03-10T00:00:00.000Z' } } as const;
const requests = async () =>
  ((await db()('prepayment_request').orderBy('id').select('status')) as { status: string }[]).map(
    ({ status }) => status,
  );
const told = async (orderId: string) =>
  (await lastAnswer(orderId)).lines.map(({ statuses }) => statuses[0]?.code);
const pastDue = (openMinor: number) =>
  db()('receivables_snapshot').update({
    open_items: JSON.stringify([{ invoiceNumber: 'OLD-1', openMinor, dueDate: '2026-01-15' }]),
  });

describe('an order of which a part was released', () => {
  test('goes on once the reason that stopped all of it later is gone, while its rest still waits', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release-part', PART([1]));
    await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    await saveRuleNow(db(), 'credit-ageing', '*', { graceDays: 5, floorMinor: 0 });
    await pastDue(100);
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await stateOf(db(), orderId)).toBe('held');
    await pastDue(0);
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([]);
    expect(await stateOf(db(), orderId)).toBe('confirmed');
    const standing = await exposure();
    expect([standing.exposure.totalMinor, standing.pendingMinor]).toEqual([4000, 5000]);
  });

  test('is stopped as a whole by the same look that finds a reason against all of it', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release-part', PART([1]));
    await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    await db()('credit_account').update({ blocked: true });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([]);
    expect(await stateOf(db(), orderId)).toBe('held');
  });

  test('tells its partner when the headroom comes for the lines that the answer said were on hold', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release-part', PART([1]));
    await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    expect(await told(orderId)).toEqual(['IA', 'IH', 'IH']);
    await db()('credit_account').update({ limit_minor: 9000 });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([orderId]);
    expect(await told(orderId)).toEqual(['IA', 'IA', 'IA']);
  });

  test('has a line go on that waited since a part before, and counts it', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release-part', PART([1]));
    await db()('credit_account').update({ blocked: true });
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    await db()('credit_account').update({ blocked: false });
    const whole = (await creditHolds(orderId)).find((h) => h.status === 'open' && h.line_number === null);
    await decide(whole?.id ?? '', 'release-part', PART([2]));
    const open = (await creditHolds(orderId)).filter(({ status }) => status === 'open');
    expect(open.map(({ line_number }) => line_number)).toEqual([3, 1]);
    const standing = await exposure();
    expect([standing.exposure.totalMinor, standing.pendingMinor]).toEqual([3000, 6000]);
    expect(await stateOf(db(), orderId)).toBe('placed');
    const undecided = await db()('credit_case').where({ order_id: orderId }).whereNull('outcome');
    expect(undecided).toHaveLength(2);
  });

  test('has the second look that a rule wants on a release of credit, as one released in full', async () => {
    await company({ limitMinor: 3000 });
    await saveRuleNow(db(), 'hold-type', 'second-look', {
      scopes: ['order', 'line'],
      blocks: ['answer', 'release'],
      role: 'compliance',
      resolvedBy: ['compliance'],
      opensAfter: ['credit'],
    });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release-part', PART([1]));
    expect(await stateOf(db(), orderId)).toBe('held');
    const [second] = (await db()('hold').where({
      order_id: orderId,
      type: 'second-look',
      status: 'open',
    })) as [{ id: string; line_number: null }];
    expect(second.line_number).toBeNull();
    await decide(second.id, 'release', { person: 'carl', roles: ['compliance'] });
    expect(await stateOf(db(), orderId)).toBe('placed');
    expect((await exposure()).exposure.totalMinor).toBe(4000);
  });

  test('is overdue with nobody any more', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    const late = '2026-03-04T15:00:00.000Z';
    await db().transaction(async (tx) => escalateHold(tx, await openHold(orderId), late));
    await decide(await openHold(orderId), 'release-part', PART([1]), late);
    expect(await db()('exception').where({ kind: 'hold-overdue', status: 'open' })).toEqual([]);
  });

  test.each(['hold', 'cancel'] as const)(
    'up to an amount comes to no more than that with its charges (%s)',
    async (rest) => {
      await company({
        limitMinor: 1000,
        policy: {
          charges: [{ indicator: 'charge', code: 'D240', description: 'Freight', amountMinor: 2000 }],
        },
      });
      const { orderId } = await placed(db(), threeLines());
      const outcome = await decide(await openHold(orderId), 'release-part', {
        terms: { kind: 'part', upToMinor: 5500, rest },
      });
      expect(outcome).toMatchObject({ kind: 'resolved' });
      const { exposure: counted } = await exposure();
      expect(counted.totalMinor).toBeLessThanOrEqual(5500);
      await db().transaction((tx) => assessOrder(tx, orderId, NOW));
      expect(await stateOf(db(), orderId)).toBe('placed');
    },
  );
});

describe('a payment that was asked for', () => {
  test('is no longer waited for once a part is released', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'request-prepayment', asked);
    await decide(await openHold(orderId), 'release-part', PART([1]));
    expect(await requests()).toEqual(['withdrawn']);
  });

  test.each([
    ['the account has the headroom', () => db()('credit_account').update({ limit_minor: 9000 })],
    [
      'a rule lets the order through',
      () =>
        saveRuleNow(db(), 'credit-release', '*', {
          orderUpToMinor: 10_000,
          overLimitUpToPercent: 80,
          pastDueUpToMinor: 0,
        }),
    ],
  ])('is no longer waited for once %s, and can be asked for again', async (_, free) => {
    await company({ limitMinor: 5000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'request-prepayment', asked);
    await free();
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([orderId]);
    expect(await requests()).toEqual(['withdrawn']);
    await db()('credit_account').update({ limit_minor: 3000, blocked: true });
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await stateOf(db(), orderId)).toBe('held');
    expect(await decide(await openHold(orderId), 'request-prepayment', asked)).toMatchObject({
      kind: 'prepayment-requested',
    });
  });
});

describe('a rule that lets orders through', () => {
  const letThrough = () =>
    saveRuleNow(db(), 'credit-release', '*', {
      orderUpToMinor: 10_000,
      overLimitUpToPercent: 10,
      pastDueUpToMinor: 500,
    });
  const tenBolts = () => purchaseOrder([line('BOLT', '10', '10.00')]);

  test('lets nobody jump the queue: what its account has is given to those who rank before', async () => {
    await company({ limitMinor: 1000 });
    const first = await placed(db(), tenBolts());
    const second = await placed(db(), tenBolts(), '2026-03-02T15:01:00.000Z');
    await letThrough();
    await db()('credit_account').update({ limit_minor: 9500 });
    await db().transaction((tx) => assessOrder(tx, second.orderId, NOW));
    expect(await stateOf(db(), second.orderId)).toBe('held');
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([first.orderId]);
    expect(await stateOf(db(), second.orderId)).toBe('held');
  });

  test('leaves its record for each reason, not for the first one only', async () => {
    await company({ limitMinor: 9500 });
    await letThrough();
    const { orderId, state } = await placed(db(), tenBolts());
    expect(state).toBe('placed');
    await saveRuleNow(db(), 'credit-ageing', '*', { graceDays: 5, floorMinor: 0 });
    await pastDue(100);
    await db()('credit_account').update({ limit_minor: 9600 });
    for (let look = 1; look <= 3; look++) await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await stateOf(db(), orderId)).toBe('placed');
    const reasons = (await db()('hold').where({ order_id: orderId }).orderBy('id').select('reason')) as {
      reason: { details: { reasons: string[] } };
    }[];
    expect(reasons.map(({ reason }) => reason.details.reasons)).toEqual([
      ['over-credit-limit'],
      ['past-due', 'over-credit-limit'],
    ]);
    expect(await db()('credit_case').where({ order_id: orderId, decision_code: 'automatic' })).toHaveLength(
      2,
    );
  });
});

test('what was let through falls with a line that is rejected while the order waits for something else', async () => {
  await company({ limitMinor: 3000 });
  await saveRuleNow(db(), 'hold-type', 'look', {
    scopes: ['order', 'line'],
    blocks: ['answer', 'release'],
    role: 'finance',
    appliedBy: ['finance'],
    resolvedBy: ['finance'],
  });
  const { orderId } = await placed(db(), threeLines());
  await decide(await openHold(orderId), 'release');
  for (const lineNumber of [2, null])
    await db().transaction((tx) =>
      applyHold(
        tx,
        {
          orderId,
          lineNumber,
          type: 'look',
          shipmentId: null,
          reason: 'odd',
          person: 'finn',
          roles: ['finance'],
        },
        NOW,
      ),
    );
  const ofLine = (await db()('hold')
    .where({ order_id: orderId, type: 'look', line_number: 2 })
    .first('id')) as {
    id: string;
  };
  await decide(ofLine.id, 'reject');
  const [released] = (await db()('hold').where({ order_id: orderId, type: 'credit' })) as [
    { reason: { details: { totalMinor: number } } },
  ];
  expect(released.reason.details.totalMinor).toBe(6000);
});

describe('a credit hold that expires', () => {
  const EXPIRY = asked.terms.expiresAt;
  const paid = (orderId: string, amountMinor: number) =>
    db().transaction((tx) =>
      bookPrepayment(
        tx,
        { orderId, amountMinor, currency: 'USD', reference: 'W-1', paidOn: '2026-03-09', by: 'bank' },
        EXPIRY,
      ),
    );

  test.each([
    [9000, 'placed', 'paid'],
    [8999, 'rejected', 'expired'],
  ])(
    'in the moment in which %d came in of the 9,000 that were asked for: the order is %s',
    async (amountMinor, state, request) => {
      await company({ limitMinor: 3000 });
      const { orderId } = await placed(db(), threeLines());
      await decide(await openHold(orderId), 'request-prepayment', asked);
      await paid(orderId, amountMinor);
      const holdId = await openHold(orderId);
      await Promise.all([
        db().transaction((tx) => expireHold(tx, holdId, EXPIRY)),
        recheckCredit(db(), 'CA-ACME', EXPIRY),
      ]);
      expect(await stateOf(db(), orderId)).toBe(state);
      expect(await requests()).toEqual([request]);
    },
  );

  test('when the limit has just been raised for it lets the order go', async () => {
    await company({ limitMinor: 3000, policy: { receivablesMaximumAgeSeconds: 10_000_000 } });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'request-prepayment', asked);
    await db()('credit_account').update({ limit_minor: 9000 });
    await db().transaction(async (tx) => expireHold(tx, await openHold(orderId), EXPIRY));
    expect(await stateOf(db(), orderId)).toBe('placed');
  });

  test('of a line ends that line, also where the same look finds a reason against all of the order', async () => {
    await company({ limitMinor: 3000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release-part', PART([1]));
    await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    const second = (await creditHolds(orderId)).find(({ line_number: of }) => of === 2);
    await db()('credit_account').update({ blocked: true });
    await db().transaction((tx) => expireHold(tx, second?.id ?? '', '2026-03-17T15:00:00.000Z'));
    expect(await stateOf(db(), orderId)).toBe('held');
    const lines = (await db()('order_line').where({ order_id: orderId }).orderBy('line_number')) as {
      rejection_code: string | null;
    }[];
    expect(lines.map((one) => one.rejection_code)).toEqual([null, 'IR', null]);
  });
});
