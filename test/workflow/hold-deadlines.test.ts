import { setTimeout as pause } from 'node:timers/promises';
import { describeWith } from '../support/needs';
import { openSkipped } from './time-skipping';

const HOUR = 3600;
const DAY = 24 * HOUR;

describeWith('time-skipping-server', 'the deadlines of a hold', () => {
  let skipped: Awaited<ReturnType<typeof openSkipped>>;
  let time: typeof skipped.time;
  let stage: typeof skipped.stage;
  beforeAll(async () => {
    skipped = await openSkipped({
      limitMinor: 10_000,
      policy: { receivablesMaximumAgeSeconds: 900 * DAY },
    });
    ({ stage, time } = skipped);
  }, 120_000);
  afterAll(async () => {
    await skipped?.close();
  });

  let version = 0;
  /** A credit-held order whose hold was opened under these deadlines. */
  const held = async (deadlines: object) => {
    version += 1;
    await stage.db('rule').insert({
      kind: 'hold-type',
      scope: 'credit',
      version,
      body: JSON.stringify(deadlines),
      valid_from: '2000-01-01',
    });
    const orderId = await stage.order(100);
    const { openHolds } = await stage.until(orderId, 'held', (progress) => progress.state === 'held');
    await stage.taken(orderId);
    return { orderId, holdId: openHolds[0]?.holdId ?? '' };
  };
  const exceptions = (orderId: string) =>
    stage
      .db('exception')
      .where({ order_id: orderId, kind: 'hold-overdue' })
      .orderBy('opened_at')
      .select('owner_role', 'status');
  const toldTo = async (orderId: string) => (await exceptions(orderId)).map(({ owner_role }) => owner_role);
  const holdOf = (holdId: string) => stage.db('hold').where({ id: holdId }).first();
  /** Until the record has it: the server's clock is ahead of what its worker has done. */
  const come = async (wanted: () => Promise<boolean>) => {
    while (!(await wanted())) await pause(25);
  };
  const answers = async (orderId: string) =>
    (
      (await stage
        .db('document_request')
        .where({ order_id: orderId, set_id: '855' })
        .orderBy('id')
        .select('payload')) as { payload: { acknowledgment: string } }[]
    ).map(({ payload }) => payload.acknowledgment);

  test('go to the next of the escalation each time that nobody has decided, and to nobody twice', async () => {
    const { orderId, holdId } = await held({
      dueInSeconds: 2 * HOUR,
      escalation: { to: ['finance-manager', 'director'], againAfterSeconds: 12 * HOUR },
      expiresInSeconds: 30 * DAY,
    });
    await time.sleep('119 minutes');
    expect(await toldTo(orderId)).toEqual([]);
    await time.sleep('2 minutes');
    await come(async () => (await toldTo(orderId)).length === 1);
    expect(await toldTo(orderId)).toEqual(['finance-manager']);
    await time.sleep('11 hours');
    expect(await toldTo(orderId)).toEqual(['finance-manager']);
    await time.sleep('2 hours');
    await come(async () => (await toldTo(orderId)).length === 2);
    await time.sleep('10 days');
    expect(await toldTo(orderId)).toEqual(['finance-manager', 'director']);
    expect(await holdOf(holdId)).toMatchObject({
      status: 'open',
      escalated_to: 'director',
      escalation_level: 2,
    });
    expect((await stage.progress(orderId)).state).toBe('held');
    await time.sleep('21 days');
    await stage.ended(orderId);
    expect((await exceptions(orderId)).map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  });

  test('reject the order where its rule says so: its credit case is over, and its partner hears RD', async () => {
    const { orderId, holdId } = await held({ expiresInSeconds: 3 * DAY, onExpiry: 'reject' });
    await time.sleep('2 days');
    expect((await stage.progress(orderId)).state).toBe('held');
    await time.sleep('25 hours');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('rejected');
    expect((await answers(orderId)).at(-1)).toBe('RD');
    expect(await holdOf(holdId)).toMatchObject({ status: 'expired', resolved_by: 'hub' });
    const reserved = await stage
      .db('order_line')
      .where({ order_id: orderId })
      .sum('reserved as units')
      .first();
    expect(Number(reserved?.['units'])).toBe(0);
  });

  test('let the order go on where its rule says so, and it ships', async () => {
    const { orderId, holdId } = await held({ expiresInSeconds: 3 * DAY, onExpiry: 'release' });
    await time.sleep('73 hours');
    const { shipments } = await stage.until(
      orderId,
      'released',
      (progress) => progress.shipments[0]?.state === 'released',
    );
    expect(await holdOf(holdId)).toMatchObject({ status: 'released', resolved_by: 'hub' });
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
  });

  test('keep the hold where its rule says so, tell somebody, and a person still decides it', async () => {
    const { orderId, holdId } = await held({
      expiresInSeconds: 3 * DAY,
      onExpiry: 'stays',
      dueInSeconds: HOUR,
      escalation: { to: ['director'], againAfterSeconds: HOUR },
    });
    await time.sleep('4 days');
    await come(async () => (await toldTo(orderId)).length === 2);
    expect(await toldTo(orderId)).toEqual(['director', 'director']);
    await time.sleep('60 days');
    expect(await holdOf(holdId)).toMatchObject({ status: 'open', expires_at: null });
    expect((await stage.progress(orderId)).state).toBe('held');
    const decided = await stage.engine.resolveHold(orderId, {
      holdId,
      action: 'reject',
      person: 'fiona',
      roles: ['finance'],
      reason: 'it has waited long enough',
    });
    expect(decided).toMatchObject({ outcome: { kind: 'resolved', status: 'rejected' } });
    await stage.ended(orderId);
    expect((await answers(orderId)).at(-1)).toBe('RD');
  });

  test('are those of the prepayment once one is asked for: unpaid on its day the order ends', async () => {
    const { orderId, holdId } = await held({ expiresInSeconds: 30 * DAY });
    const expiresAt = new Date((await time.currentTimeMs()) + 5 * DAY * 1000).toISOString();
    const asked = await stage.engine.resolveHold(orderId, {
      holdId,
      action: 'request-prepayment',
      terms: { kind: 'prepayment', expiresAt },
      person: 'fiona',
      roles: ['finance'],
      reason: 'new customer',
    });
    expect(asked).toMatchObject({ outcome: { kind: 'prepayment-requested' } });
    await time.sleep('119 hours');
    expect((await stage.progress(orderId)).state).toBe('held');
    await time.sleep('2 hours');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('rejected');
    expect(await stage.db('prepayment_request').where({ order_id: orderId }).first()).toMatchObject({
      status: 'expired',
    });
    expect((await answers(orderId)).at(-1)).toBe('RD');
  });

  test('are not all: goods that come in late do not leave an account that has lost its limit', async () => {
    await stage.db('stock').update({ on_hand: stage.db.raw('reserved') });
    const orderId = await stage.order(30);
    await stage.until(orderId, 'confirmed', (p) => p.state === 'confirmed' && p.backordered);
    // Nothing more is under way, and the assessment is no fresh one any more.
    await time.sleep('1 hour');
    const limit = (limitMinor: number) =>
      stage.callback('limit.changed', `limit-${limitMinor}-${orderId}`, {
        creditAccountId: 'CA1',
        limitMinor,
      });
    await limit(100);
    const limitNow = async () =>
      (
        (await stage.db('credit_account').where({ id: 'CA1' }).first('limit_minor')) as {
          limit_minor: number;
        }
      ).limit_minor;
    await come(async () => (await limitNow()) === 100);
    await stage.callback('stock.received', `receipt-${orderId}`, {
      nodeId: 'CHI',
      lines: [{ itemId: 'BOLT', quantity: 30 }],
    });
    const { openHolds, shipments } = await stage.until(orderId, 'held', (p) => p.state === 'held');
    expect(openHolds.map(({ type }) => type)).toEqual(['credit']);
    expect(shipments.filter(({ state }) => state !== 'planned')).toEqual([]);
    expect(stage.outside.callsFor(orderId).filter(({ operation }) => operation === 'release')).toEqual([]);
    await limit(10_000_000);
    const after = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(after.shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
  });
});
