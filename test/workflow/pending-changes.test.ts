import { Runtime } from '@temporalio/worker';
import { withdrawChange } from '../../application/change/hold-change';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderChangeLine } from '../../domain/order/order-request';
import { describeWith, placeOf } from '../support/needs';
import { askChange } from './ask-change';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'a change that waits', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    // A limit of 100.00 and bolts at 1.50: 10 are fine, 100 are not.
    stage = await OrderStage.open({
      address: placeOf('temporal'),
      limitMinor: 10_000,
      policy: { changeWindowSeconds: 0 },
    });
  }, 60_000);
  afterEach(async () => expect(await reconcileRecord(stage.db)).toEqual([]));
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const bolts = (quantity: number) => ({
    productIds: [{ qualifier: 'VP', value: 'BOLT' }],
    quantity: String(quantity),
    unit: 'EA',
    dates: [],
    references: [],
  });
  const lineOne = (quantity: number): OrderChangeLine => ({
    kinds: ['quantity'],
    changeCode: 'QI',
    lineNumber: 1,
    line: bolts(quantity),
  });
  const further = (quantity: number): OrderChangeLine => ({
    kinds: ['add'],
    changeCode: 'AI',
    line: { ...bolts(quantity), buyerLineNumber: '2' },
  });

  const asked = (orderId: string, line: OrderChangeLine) => askChange(stage, orderId, { lines: [line] });

  const atTheWarehouse = async () => {
    const orderId = await stage.order(10);
    await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    return orderId;
  };
  /** Ten bolts were at their warehouse; ninety more are asked for, and finance has to agree. */
  const waiting = async () => {
    const orderId = await atTheWarehouse();
    const changeId = await asked(orderId, lineOne(100));
    const answer = await stage.engine.applyChange(orderId, changeId);
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'held' } });
    const { openHolds } = await stage.progress(orderId);
    return { orderId, changeId, holdId: openHolds[0]?.holdId ?? '' };
  };
  const decide = (orderId: string, holdId: string, action: 'release' | 'reject') =>
    stage.engine.resolveHold(orderId, {
      holdId,
      action,
      person: 'fiona',
      roles: ['finance'],
      reason: 'known customer',
    });
  const shipped = async (orderId: string) => {
    const { shipments } = await stage.until(orderId, 'released', (p) =>
      p.shipments.some((s) => s.state === 'released'),
    );
    for (const { shipmentId, state } of shipments) if (state === 'released') await stage.confirm(shipmentId);
    await stage.ended(orderId);
  };
  const operations = (orderId: string) => stage.outside.callsFor(orderId).map((call) => call.operation);
  const statusOf = async (changeId: string) =>
    (await stage.db('order_change').where({ id: changeId }).first('status')).status;
  const lines = (orderId: string) =>
    stage.db('order_line').where({ order_id: orderId }).orderBy('line_number');
  const acknowledgments = async (orderId: string) =>
    (await stage.db('document_request').where({ order_id: orderId, set_id: '865' }).orderBy('id')).map(
      (row: { payload: { acknowledgment: string } }) => row.payload.acknowledgment,
    );

  test('has its goods back before it waits, and once it is agreed to all of it ships', async () => {
    const { orderId, changeId, holdId } = await waiting();
    expect(operations(orderId)).toEqual(['label', 'release', 'recall']);
    expect(await lines(orderId)).toMatchObject([{ ordered: 10, reserved: 10, released: 0 }]);
    expect(await decide(orderId, holdId, 'release')).toMatchObject({ outcome: { kind: 'resolved' } });
    await stage.until(orderId, 'decided', (p) => p.pendingChanges.length === 0);
    await shipped(orderId);
    expect(await statusOf(changeId)).toBe('applied');
    expect(await lines(orderId)).toMatchObject([{ ordered: 100, shipped: 100 }]);
    expect(await acknowledgments(orderId)).toEqual(['AH', 'AD']);
    expect(await stage.documents(orderId)).toEqual(['855', '865', '865', '856', '810']);
    await stage.keepHistory(orderId, 'change-agreed');
  });

  test('and is rejected leaves the order as it was: what came back is released anew', async () => {
    const { orderId, changeId, holdId } = await waiting();
    await decide(orderId, holdId, 'reject');
    await shipped(orderId);
    expect(await statusOf(changeId)).toBe('refused');
    expect(await lines(orderId)).toMatchObject([{ ordered: 10, shipped: 10 }]);
    expect(await acknowledgments(orderId)).toEqual(['AH', 'RD']);
    expect(operations(orderId).filter((call) => call === 'release')).toHaveLength(2);
    await stage.keepHistory(orderId, 'change-rejected');
  });

  test('and is taken back lets the order go on by itself', async () => {
    const { orderId, changeId } = await waiting();
    const now = new Date().toISOString();
    await stage.db.transaction((tx) => withdrawChange(tx, orderId, changeId, 'beth', now));
    await shipped(orderId);
    expect(await statusOf(changeId)).toBe('withdrawn');
    expect(await lines(orderId)).toMatchObject([{ ordered: 10, shipped: 10 }]);
    await stage.keepHistory(orderId, 'change-withdrawn');
  });

  test('keeps a labelled shipment back; what reaches its warehouse when the hold goes is recalled for the change behind it', async () => {
    stage.outside.delay('label', 1500);
    const orderId = await stage.order(10);
    await stage.until(orderId, 'planned', (p) => p.shipments.length === 1);
    const first = await asked(orderId, further(90));
    expect(await stage.engine.applyChange(orderId, first)).toMatchObject({ outcome: { kind: 'held' } });
    const behind = await asked(orderId, { ...lineOne(4), changeCode: 'QD' });
    expect(await stage.engine.applyChange(orderId, behind)).toMatchObject({ outcome: { kind: 'waiting' } });
    // The shipment of line 1 is labelled and stays here while somebody thinks about line 2.
    expect(await stage.progress(orderId)).toMatchObject({
      shipments: [{ labelled: true, state: 'planned' }],
    });
    const { openHolds } = await stage.progress(orderId);
    await decide(orderId, openHolds[0]?.holdId ?? '', 'release');
    await stage.until(orderId, 'decided', (p) => p.pendingChanges.length === 0);
    expect([await statusOf(first), await statusOf(behind)]).toEqual(['applied', 'applied']);
    await shipped(orderId);
    expect(await lines(orderId)).toMatchObject([
      { ordered: 4, shipped: 4 },
      { ordered: 90, shipped: 90 },
    ]);
    // Whether or not the first shipment had reached its warehouse by then: each that did has left, or was recalled.
    const count = (operation: string) => operations(orderId).filter((call) => call === operation).length;
    const left = await stage.db('shipment').where({ order_id: orderId }).whereNotNull('shipped_at');
    expect(count('release') - count('recall')).toBe(left.length);
  });
});
