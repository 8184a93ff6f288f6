import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { recheckCredit } from '../../application/credit/recheck-credit';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { setTemporaryLimit } from '../../application/credit/temporary-limit';
import { expireHold } from '../../application/hold/time-out-hold';
import { answerOrder } from '../../application/order/answer-order';
import { assessOrder } from '../../application/order/assess-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type CompanyOptions, changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
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

describe('a credit case', () => {
  test('keeps the figures as they were when it was opened and when it was decided', async () => {
    await company({ limitMinor: 5000 });
    const { orderId } = await placed(db(), threeLines());
    const other = await placed(db(), purchaseOrder([line('BOLT', '5', '10.00')]));
    await decide(await openHold(orderId), 'release', { decisionCode: 'good-payer' });
    const found = (await db()('credit_case').where({ order_id: orderId }).first()) as {
      opened: { decision: { exposureMinor: number; overMinor: number } };
      decided: { decision: { exposureMinor: number } };
    };
    expect(found).toMatchObject({
      reason_code: 'over-credit-limit',
      decision_code: 'good-payer',
      outcome: { action: 'release', reason: 'as agreed' },
      opened: { decision: { exposureMinor: 0, overMinor: 4000 } },
      decided: { decision: { exposureMinor: 5000 } },
    });
    expect(other.state).toBe('placed');
  });

  test('released in part: chosen lines flow on, the rest stays held and out of the exposure, and the 855 says both', async () => {
    await company({ limitMinor: 5000 });
    const { orderId } = await placed(db(), threeLines());
    const outcome = await decide(await openHold(orderId), 'release-part', {
      terms: { kind: 'part', lines: [1], rest: 'hold' },
    });
    expect(outcome).toMatchObject({ kind: 'resolved', status: 'released' });
    expect(await stateOf(db(), orderId)).toBe('placed');
    const standing = await exposure();
    expect([standing.exposure.totalMinor, standing.pendingMinor]).toEqual([4000, 5000]);
    await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    expect((await lastAnswer(orderId)).lines.map(({ statuses }) => statuses.map(({ code }) => code))).toEqual(
      [['IA'], ['IH'], ['IH']],
    );
    // A line released later counts from then on, and the order's release stands for it as well.
    const second = (await creditHolds(orderId)).find(({ line_number }) => line_number === 2);
    await decide(second?.id ?? '', 'release');
    const after = await exposure();
    expect([after.exposure.totalMinor, after.pendingMinor]).toEqual([7000, 2000]);
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await stateOf(db(), orderId)).toBe('confirmed');
    // With headroom for all of it the last line goes on too.
    await db()('credit_account').update({ limit_minor: 9000 });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([orderId]);
    const all = await exposure();
    expect([all.exposure.totalMinor, all.pendingMinor]).toEqual([9000, 0]);
  });

  test('released up to an amount: whole lines while they fit; the rest is cancelled and answered IR, or gives its stock back', async () => {
    await company({ limitMinor: 1000, stock: { BOLT: { CENTRAL: 100 } } });
    const first = await placed(db(), threeLines());
    await decide(await openHold(first.orderId), 'release-part', {
      terms: { kind: 'part', upToMinor: 6500, rest: 'cancel' },
    });
    await db().transaction((tx) => answerOrder(tx, first.orderId, 'final', NOW));
    expect((await lastAnswer(first.orderId)).lines.map(({ statuses }) => statuses[0]?.code)).toEqual([
      'IA',
      'IR',
      'IA',
    ]);
    expect((await exposure()).exposure.totalMinor).toBe(6000);
    const second = await placed(db(), threeLines());
    const reserved = async () => ((await db()('stock').first('reserved')) as { reserved: number }).reserved;
    expect(await reserved()).toBe(6 + 9);
    await decide(await openHold(second.orderId), 'release-part', {
      terms: { kind: 'part', lines: [3], rest: 'backorder' },
    });
    expect(await reserved()).toBe(6 + 2);
    expect((await exposure()).exposure.totalMinor).toBe(8000);
    // What it gave back is there for others.
    await db()('stock').update({ on_hand: 6 + 2 + 5 });
    await placed(db(), purchaseOrder([line('BOLT', '5', '10.00')]));
    expect(await reserved()).toBe(6 + 2 + 5);
  });

  test('a part that is no part is refused in words, and nothing changes', async () => {
    await company({ limitMinor: 0 });
    const { orderId } = await placed(db(), threeLines());
    const part = async (terms: object) =>
      decide(await openHold(orderId), 'release-part', {
        terms: { kind: 'part', rest: 'hold', ...terms } as never,
      });
    expect(await part({ lines: [1, 2, 3] })).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('in full'),
    });
    expect(await part({ lines: [7] })).toMatchObject({ kind: 'refused', text: expect.stringContaining('7') });
    expect(await part({ upToMinor: 1 })).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('0.01 USD'),
    });
    expect(await stateOf(db(), orderId)).toBe('held');
  });
});

describe('a prepayment', () => {
  const pay = (orderId: string, reference: string, amountMinor: number) =>
    db().transaction((tx) =>
      bookPrepayment(
        tx,
        { orderId, amountMinor, currency: 'USD', reference, paidOn: '2026-03-02', by: 'fiona' },
        NOW,
      ),
    );
  const expiresAt = '2026-03-09T15:00:00.000Z';

  test('that covers the order releases it once, however far the account is over its limit', async () => {
    await company({ limitMinor: 0 });
    const { orderId } = await placed(db(), threeLines());
    const other = await placed(db(), purchaseOrder([line('BOLT', '9', '10.00')]));
    expect(
      await decide(await openHold(orderId), 'request-prepayment', {
        terms: { kind: 'prepayment', expiresAt },
      }),
    ).toMatchObject({ kind: 'prepayment-requested' });
    expect(await pay(orderId, 'T1', 5000)).toEqual({ kind: 'booked' });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([]);
    // Money for one order is nobody else's headroom.
    expect(await stateOf(db(), other.orderId)).toBe('held');
    expect(await pay(orderId, 'T1', 5000)).toEqual({ kind: 'known' });
    expect(await pay(orderId, 'T1', 4000)).toMatchObject({ kind: 'refused', code: 'other-content' });
    expect(await pay(orderId, 'T2', 4000)).toEqual({ kind: 'booked' });
    const [one, two] = await Promise.all([
      recheckCredit(db(), 'CA-ACME', NOW),
      recheckCredit(db(), 'CA-ACME', NOW),
    ]);
    expect([...one, ...two]).toEqual([orderId]);
    expect(await stateOf(db(), orderId)).toBe('placed');
    expect((await exposure()).exposure.totalMinor).toBe(0);
    expect((await db()('prepayment_request').first('status')) as unknown).toEqual({ status: 'paid' });
  });

  test('that does not come in time ends the order', async () => {
    await company({ limitMinor: 0 });
    const { orderId } = await placed(db(), threeLines());
    const holdId = await openHold(orderId);
    await decide(holdId, 'request-prepayment', { terms: { kind: 'prepayment', expiresAt } });
    await db().transaction((tx) => expireHold(tx, holdId, '2026-03-09T15:00:01.000Z'));
    expect(await stateOf(db(), orderId)).toBe('rejected');
    expect((await db()('prepayment_request').first('status')) as unknown).toEqual({ status: 'expired' });
  });
});

test('the re-check of an account against a person, the order’s own step and another re-check: decided once, answered once, nobody is forgotten', async () => {
  await company({ limitMinor: 0 });
  for (let round = 0; round < 6; round += 1) {
    await db()('credit_account').update({ limit_minor: 0 });
    const { orderId } = await placed(db(), purchaseOrder([line('BOLT', '1', '10.00')]));
    await db().transaction((tx) => answerOrder(tx, orderId, 'hold', NOW));
    const holdId = await openHold(orderId);
    await db()('credit_account').update({ limit_minor: 1_000_000 });
    const step = async () => {
      await db().transaction((tx) => assessOrder(tx, orderId, NOW));
      // As the workflow does: it answers only what is not held when it looks.
      if ((await stateOf(db(), orderId)) === 'placed')
        await db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));
    };
    const others = round % 2 === 0 ? [decide(holdId, 'release')] : [recheckCredit(db(), 'CA-ACME', NOW)];
    await Promise.all([recheckCredit(db(), 'CA-ACME', NOW), step(), step(), ...others]);
    await step();
    expect(await stateOf(db(), orderId)).toBe('confirmed');
    expect((await creditHolds(orderId)).map(({ status }) => status)).not.toContain('open');
    expect(await creditHolds(orderId)).toHaveLength(1);
    const answers = await db()('document_request').where({ order_id: orderId, set_id: '855' }).orderBy('id');
    expect(answers).toHaveLength(2);
    const told = await db()('order_event')
      .where({ order_id: orderId, kind: 'state' })
      .whereRaw(`data ->> 'to' = 'placed'`);
    expect(told).toHaveLength(1);
  }
}, 60_000);

test('an order that a re-check frees while nobody looks wakes its workflow', async () => {
  await company({ limitMinor: 0 });
  const { orderId } = await placed(db(), threeLines());
  await db()('graphile_worker._private_jobs')
    .where({ key: `signal-order/${orderId}` })
    .del();
  await db()('credit_account').update({ limit_minor: 1_000_000 });
  const released = await Promise.all([1, 2, 3].map(() => recheckCredit(db(), 'CA-ACME', NOW)));
  expect(released.flat()).toEqual([orderId]);
  expect(await db()('graphile_worker.jobs').where({ key: `signal-order/${orderId}` })).toHaveLength(1);
});

describe('there is no way round', () => {
  const change = async (order: ReturnType<typeof threeLines>, quantity: string) => {
    const request = changeOf(order, {
      changeNumber: `C${quantity}-${Math.random()}`,
      lines: [
        {
          changeCode: 'QI',
          kinds: ['quantity'],
          line: line('BOLT', quantity, '10.00', { buyerLineNumber: '1' }),
          delta: undefined,
        } as never,
      ],
    });
    const received = (await db().transaction((tx) => receiveOrderChange(tx, request, NOW))) as {
      changeId?: string;
    };
    if (received.changeId === undefined) throw new Error(JSON.stringify(received));
    const changeId = received.changeId;
    return db().transaction((tx) => applyOrderChange(tx, changeId, NOW));
  };

  test('a release falls with the order: made smaller and then larger again it needs a new one', async () => {
    await company({ limitMinor: 1000 });
    const order = purchaseOrder([line('BOLT', '5', '10.00')]);
    const { orderId } = await placed(db(), order);
    await decide(await openHold(orderId), 'release');
    expect(await stateOf(db(), orderId)).toBe('placed');
    await change(order, '3');
    expect(
      ((await db()('orders').where({ id: orderId }).first('total_minor')) as { total_minor: number })
        .total_minor,
    ).toBe(3000);
    await change(order, '5');
    const open = await db()('hold').where({ order_id: orderId, type: 'credit', status: 'open' });
    expect(open).toHaveLength(1);
  });

  test('a release for one reason does not stand for another: the account is blocked meanwhile', async () => {
    await company({ limitMinor: 1000 });
    const { orderId } = await placed(db(), threeLines());
    await decide(await openHold(orderId), 'release');
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await stateOf(db(), orderId)).toBe('placed');
    await db()('credit_account').update({ blocked: true });
    await db().transaction((tx) => assessOrder(tx, orderId, NOW));
    expect(await stateOf(db(), orderId)).toBe('held');
  });
});

test('a first approval of a part holds for its lines, not for others of the same amount', async () => {
  await company({ limitMinor: 0 });
  await saveRuleNow(db(), 'authority', 'finance', {
    holdTypes: ['credit'],
    maximumMinor: 50_000_000,
    secondPersonAboveMinor: 1000,
  });
  const { orderId } = await placed(
    db(),
    purchaseOrder([line('BOLT', '4', '10.00'), line('BOLT', '4', '10.00'), line('BOLT', '2', '10.00')]),
  );
  const holdId = await openHold(orderId);
  const part = (person: string, lines: readonly number[]) =>
    decide(holdId, 'release-part', { person, terms: { kind: 'part', lines, rest: 'hold' } });
  expect(await part('fiona', [1])).toMatchObject({ kind: 'needs-second-person' });
  expect(await part('fred', [2])).toMatchObject({ kind: 'needs-second-person' });
  expect(await decide(holdId, 'release', { person: 'gina' })).toMatchObject({ kind: 'needs-second-person' });
  expect(await part('fiona', [1])).toMatchObject({ kind: 'resolved' });
  const told = (await db()('order_event').where({ order_id: orderId, kind: 'hold-approved-once' })) as {
    text: string;
  }[];
  expect(told[0]?.text).toContain('line 1 (40.00 USD)');
});

describe('a temporary limit', () => {
  const set = (amountMinor: number, roles: readonly string[]) =>
    db().transaction((tx) =>
      setTemporaryLimit(
        tx,
        {
          creditAccountId: 'CA-ACME',
          amountMinor,
          validFrom: '2026-03-01',
          validTo: '2026-03-31',
          reason: 'season',
          person: 'fiona',
          roles,
          orderId: null,
        },
        NOW,
      ),
    );

  test('is set within the person’s authority, frees held orders, and ends with its last day', async () => {
    await company({ limitMinor: 0 });
    const { orderId } = await placed(db(), threeLines());
    expect(await set(9000, ['sales'])).toMatchObject({ kind: 'refused', code: 'not-authorised' });
    expect(await set(90_000_000, ['finance'])).toMatchObject({ kind: 'refused', code: 'over-authority' });
    expect(await set(9000, ['finance'])).toMatchObject({ kind: 'set' });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([orderId]);
    const later = '2026-04-02T15:00:00.000Z';
    await db()('receivables_snapshot').update({ as_of: '2026-04-02T14:00:00Z' });
    expect((await placed(db(), threeLines(), later)).state).toBe('held');
  });
});
