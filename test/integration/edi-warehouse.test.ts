import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { recordRecall, recordRelease } from '../../application/fulfilment/release-shipment';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { saveGuide } from '../../db/repositories/guides';
import type { WarehousePort, WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import { guideSchema } from '../../edi/guides/guide';
import { AwaitsAcknowledgement, createEdiWarehouse } from '../../gateway/outbound/edi-warehouse';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { warehouseOfNode } from '../../worker/outside';
import { EdiWarehouseStand } from '../support/edi-warehouse-stand';

let stand: EdiWarehouseStand;
let port: WarehousePort;
let release: WarehouseRelease;
let shipmentId: string;
async function open(policy: Readonly<Record<string, unknown>> = {}): Promise<void> {
  stand = await EdiWarehouseStand.open(policy);
  port = createEdiWarehouse(db());
  ({ release, shipmentId } = await stand.planned());
}
const db = () => stand.door.db;
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await stand.door.database.drop();
});

const recall = () =>
  port.recall({
    idempotencyKey: `recall/${shipmentId}/1`,
    releaseNumber: release.releaseNumber,
    nodeId: 'EAST',
  });
const NOW = '2026-11-22T18:00:00.000Z';
const sent = async () => {
  await renderDocuments(db(), 'DOCK-P', () => NOW);
  const rows = await db()('interchange').where({ direction: 'out' }).orderBy('sequence').pluck('content');
  return rows
    .map((content: Buffer) => content.toString('latin1').split('~'))
    .filter((one) => one.some((s) => s.startsWith('ST*940')));
};

describe('a warehouse asked by 940', () => {
  test('is told all that it needs: cartons with labels, lines by number, the buyer’s names and references', async () => {
    await open();
    await port.release(release);
    const [interchange = []] = await sent();
    const [first, second] = release.packages.map(({ sscc }) => sscc);
    expect(interchange.slice(2, -3)).toEqual([
      'ST*940*0001',
      `W05*N*${release.releaseNumber}*${release.purchaseOrderNumber}`,
      'N1*WH*EAST*91*EAST',
      'N1*ST*Acme DC 1*92*DC1',
      'N3*1 Yard Street',
      'N4*Chicago*IL*60601*US',
      `N9*OQ*${release.orderNumber}`,
      'N9*DP*17',
      'G62*10*20260302',
      'W66*PP*M***GROUND*****SLOW',
      'LX*1',
      `MAN*GM*00${first}`,
      'W01*50*EA**VN*BOLT*BP*AC-BOLT',
      'G69*Bolt',
      'N9*LI*1',
      'LX*2',
      `MAN*GM*00${second}`,
      'W01*10*EA**VN*BOLT*BP*AC-BOLT',
      'G69*Bolt',
      'N9*LI*1',
      'W76*60',
      'SE*22*0001',
    ]);
    const document = await db()('document')
      .where({ set_id: '940' })
      .first('shipment_number', 'purchase_order_number', 'order_id');
    expect(document).toMatchObject({
      shipment_number: release.releaseNumber,
      purchase_order_number: release.purchaseOrderNumber,
    });
  });

  test('is asked under its own guide, by its own name for the place', async () => {
    await open({ nodes: { EAST: { qualifier: '92', code: 'Q9' } } });
    const guide = guideSchema.parse(
      JSON.parse(
        readFileSync(join(__dirname, `../../edi/guides/library/quay-nine-logistics/940.json`), 'utf8'),
      ),
    );
    await db().transaction((tx) =>
      saveGuide(tx, {
        name: guide.name,
        set_id: guide.set,
        release: guide.version,
        title: '',
        effective_from: '2026-01-01',
        effective_until: null,
        body: guide,
        saved_by: 'a test',
      }),
    );
    await db()('document_agreement')
      .where({ agreement_id: 'DOCK-P', set_id: '940' })
      .update({ guide: guide.name });
    await port.release(release);
    const [interchange = []] = await sent();
    expect(await db()('exception').where({ status: 'open' }).pluck('text')).toEqual([]);
    expect(interchange).toContain('N1*WH*EAST*92*Q9');
    const document = await db()('document').where({ set_id: '940' }).first('guide');
    expect(document).toEqual({ guide: 'quay-nine-logistics-940' });
  });

  test('that no agreement lets us ask refuses with what is to be done about it', async () => {
    await open();
    await db()('document_agreement').where({ set_id: '940' }).delete();
    expect(await port.release(release)).toEqual({
      kind: 'refused',
      reason: 'there is no agreement with DOCK for an outbound 940: set it up',
    });
    expect(await db()('document_request').where({ set_id: '940' }).count().first()).toEqual({ count: 0 });
  });

  test('has it when its 997 says so, where that was agreed; the order is woken then', async () => {
    await open({ release: 'acknowledged' });
    await expect(port.release(release)).rejects.toThrow(AwaitsAcknowledgement);
    await db().raw('delete from graphile_worker._private_jobs');
    await stand.carry();
    const jobs = await db()('graphile_worker.jobs' as never).pluck('key');
    expect(jobs.filter((key) => String(key).startsWith('signal-order/'))).toHaveLength(1);
    expect(await port.release(release)).toMatchObject({ kind: 'accepted' });
  });

  test('whose 945 comes before its 997 has it all the same', async () => {
    await open({ release: 'acknowledged' });
    await expect(port.release(release)).rejects.toThrow(AwaitsAcknowledgement);
    await sent();
    await stand.warehouse.send('SW', '945', [
      ['W06', 'F', release.releaseNumber, '20261122'],
      ['N1', 'WH', 'DOCK', '91', 'EAST'],
      ['LX', '1'],
      ['W12', 'CC', '60', '60', '0', 'EA', '', 'VN', 'BOLT'],
      ['W03', '60'],
    ]);
    const outcome = await port.release(release);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    await db().transaction((tx) => recordRelease(tx, shipmentId, outcome, NOW));
    await db().transaction((tx) => applyShipConfirm(tx, shipmentId, NOW));
    const cartons = await db()('package')
      .where({ shipment_id: shipmentId, shipped: true })
      .orderBy('sequence')
      .pluck('sscc');
    // Nobody named a label: what left was in the cartons that were planned.
    expect(cartons).toEqual(release.packages.map(({ sscc }) => sscc));
  });

  test('is not asked at all what was recalled before it was sent', async () => {
    await open();
    await port.release(release);
    expect(await recall()).toEqual({ kind: 'recalled' });
    expect(await sent()).toEqual([]);
  });

  test('is sent a cancelling 940 for what it has, and the stock is free once it has acknowledged that', async () => {
    await open();
    await port.release(release);
    await stand.carry();
    await expect(recall()).rejects.toThrow(AwaitsAcknowledgement);
    expect((await sent()).at(-1)?.[3]).toBe(`W05*F*${release.releaseNumber}*${release.purchaseOrderNumber}`);
    await stand.carry();
    expect(await recall()).toEqual({ kind: 'recalled' });
    expect(stand.warehouse.orders.get(release.releaseNumber)?.stage).toBe('recalled');
  });

  test('that takes nothing back by agreement is not asked to', async () => {
    await open({ recall: 'too-late' });
    await port.release(release);
    await stand.carry();
    expect(await recall()).toMatchObject({ kind: 'too-late' });
    expect(await sent()).toHaveLength(1);
  });

  test('that ships while it is asked to take back: the confirm wins, and stock moves once', async () => {
    await open();
    await port.release(release);
    await db().transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: '940' }, NOW),
    );
    await stand.carry();
    await expect(recall()).rejects.toThrow(AwaitsAcknowledgement);
    await stand.warehouse.ship();
    const outcome = await recall();
    expect(outcome).toMatchObject({ kind: 'too-late' });
    await db().transaction((tx) => recordRecall(tx, shipmentId, outcome, NOW));
    await db().transaction((tx) => applyShipConfirm(tx, shipmentId, NOW));
    const stock = await db()('stock')
      .where({ item_id: 'BOLT', node_id: 'EAST' })
      .first('on_hand', 'reserved');
    expect(stock).toEqual({ on_hand: 940, reserved: 0 });
  });

  test('whose recall was answered just before its 945 came: the 945 still wins, and nothing is reserved anew', async () => {
    await open();
    await port.release(release);
    await db().transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: '940' }, NOW),
    );
    await stand.carry();
    await stand.warehouse.ship();
    await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
    const { state } = await db()('shipment').where({ id: shipmentId }).first('state');
    expect(state).toBe('released');
    await db().transaction((tx) => applyShipConfirm(tx, shipmentId, NOW));
  });

  test('is asked for its own nodes alone: the others have the company’s own system', async () => {
    await open();
    const asked: string[] = [];
    const recording = (name: string): WarehousePort => ({
      release: async ({ nodeId }) => {
        asked.push(`${name} ${nodeId}`);
        return { kind: 'accepted', warehouseReference: name };
      },
      recall: async () => ({ kind: 'recalled' }),
    });
    const chosen = warehouseOfNode(db(), {
      rest: recording('REST'),
      edi: recording('EDI'),
      store: recording('store'),
      supplier: recording('supplier'),
    });
    await chosen.release(release);
    await chosen.release({ ...release, nodeId: 'WEST' });
    expect(asked).toEqual(['EDI EAST', 'REST WEST']);
  });
});
