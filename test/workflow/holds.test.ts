import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'a credit-held order', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal'), limitMinor: 10_000 });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const held = async () => {
    const orderId = await stage.order(100);
    const { openHolds } = await stage.until(orderId, 'held', (p) => p.state === 'held');
    return { orderId, holdId: openHolds[0]?.holdId ?? '' };
  };
  const byFinance = (holdId: string, action: 'release' | 'reject') => ({
    holdId,
    action,
    person: 'fiona',
    roles: ['finance'],
    reason: 'known customer',
  });

  test('is answered and ships once finance releases it', async () => {
    const { orderId, holdId } = await held();
    const answer = await stage.engine.resolveHold(orderId, byFinance(holdId, 'release'));
    expect(answer).toEqual({ kind: 'decided', outcome: { kind: 'resolved', holdId, status: 'released' } });
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    await stage.keepHistory(orderId, 'hold-released');
  });

  test('that finance rejects is answered with a rejecting 855 and ends', async () => {
    const { orderId, holdId } = await held();
    await stage.engine.resolveHold(orderId, byFinance(holdId, 'reject'));
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('rejected');
    expect(await stage.documents(orderId)).toEqual(['855']);
    await stage.keepHistory(orderId, 'hold-rejected');
  });

  test('refuses who may not decide, and a decision on a decided hold', async () => {
    const { orderId, holdId } = await held();
    const stranger = await stage.engine.resolveHold(orderId, {
      ...byFinance(holdId, 'release'),
      roles: ['sales'],
    });
    expect(stranger).toMatchObject({ kind: 'decided', outcome: { kind: 'refused', code: 'not-authorised' } });
    const both = await Promise.all([
      stage.engine.resolveHold(orderId, byFinance(holdId, 'reject')),
      stage.engine.resolveHold(orderId, byFinance(holdId, 'reject')),
    ]);
    expect(both.filter((a) => a.kind === 'decided' && a.outcome.kind === 'resolved')).toHaveLength(1);
    await stage.ended(orderId);
    expect(await stage.engine.resolveHold(orderId, byFinance(holdId, 'release'))).toEqual({
      kind: 'order-ended',
    });
    await stage.keepHistory(orderId, 'hold-decided-twice');
  });

  test("does not decide another order's hold", async () => {
    const first = await held();
    const second = await held();
    const answer = await stage.engine.resolveHold(first.orderId, byFinance(second.holdId, 'release'));
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'refused', code: 'unknown-hold' } });
    for (const { orderId, holdId } of [first, second]) {
      await stage.engine.resolveHold(orderId, byFinance(holdId, 'reject'));
      await stage.ended(orderId);
    }
  });

  test('a malformed decision never reaches the record', async () => {
    const { orderId, holdId } = await held();
    const malformed = { ...byFinance(holdId, 'release'), action: 'wave-through' } as never;
    await expect(stage.engine.resolveHold(orderId, malformed)).rejects.toThrow('Workflow Update failed');
    await stage.engine.resolveHold(orderId, byFinance(holdId, 'reject'));
    await stage.ended(orderId);
    await stage.keepHistory(orderId, 'hold-malformed-decision');
  });

  test('goes on by itself when the limit is raised', async () => {
    const { orderId } = await held();
    await stage.callback('limit.changed', `limit-${orderId}`, {
      creditAccountId: 'CA1',
      limitMinor: 10_000_000,
    });
    await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
  });
});
