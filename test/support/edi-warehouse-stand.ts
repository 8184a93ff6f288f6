import { planShipments } from '../../application/fulfilment/plan-shipments';
import { buildRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import type { Db } from '../../db/connection';
import { markTransmitted } from '../../db/repositories/outbox';
import type { WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { workReceivedContent } from '../../gateway/intake/work-received-content';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { EdiWarehouse, type Mail } from '../../simulators/warehouse/edi-warehouse';
import { line, purchaseOrder, seedCompany } from './company';
import { GatewayDoor, limitBytes, trusted } from './gateway-door';
import { setUpPartner } from './trading-partner';

const clock = () => new Date().toISOString();

/** The partner DOCK, which keeps a node's stock. */
export const dock = {
  id: 'DOCK',
  name: 'Dock',
  apiKey: 'key',
  isaQualifier: 'ZZ',
  isaId: 'DOCK',
  gsId: 'DOCKGS',
  usage: 'P',
  isaVersion: '00401',
  version: '004010',
  separators: { element: '*', component: '>', repetition: '^', segment: '~' },
  seller: { isaQualifier: 'ZZ', isaId: 'HUB', gsId: 'HUBGS' },
} as const;

/** DOCK with its agreements, and the node that it keeps. */
export async function setUpDock(
  db: Db,
  nodeId: string,
  warehousePolicy: Readonly<Record<string, unknown>>,
): Promise<void> {
  await setUpPartner(db, { partnerId: 'DOCK', alsoSends: ['945', '944', '947', '846'] });
  await db('document_agreement').insert({
    agreement_id: 'DOCK-P',
    direction: 'out',
    set_id: '940',
    own_gs_id: 'HUBGS',
    partner_gs_id: 'DOCKGS',
    version: '004010',
  });
  await db('partner')
    .where({ id: 'DOCK' })
    .update({ policy: JSON.stringify({ warehouse: warehousePolicy }) });
  await db('node').where({ id: nodeId }).update({ warehouse_partner: 'DOCK' });
}

/** A hub whose node EAST is kept by the partner DOCK, that partner's warehouse, and the mail between them. */
export class EdiWarehouseStand {
  readonly door: GatewayDoor;
  readonly warehouse: EdiWarehouse;

  private constructor(door: GatewayDoor) {
    this.door = door;
    this.warehouse = new EdiWarehouse({
      identity: dock,
      mail: promptMailOf(door),
      folder: null,
      weights: { BOLT: 100 },
    });
  }

  static async open(warehousePolicy: Readonly<Record<string, unknown>> = {}): Promise<EdiWarehouseStand> {
    const door = await GatewayDoor.open();
    const { db } = door;
    await seedCompany(db, { stock: { BOLT: { EAST: 1000 } } });
    await setUpDock(db, 'EAST', warehousePolicy);
    return new EdiWarehouseStand(door);
  }

  /** 60 bolts in two cartons, planned to leave from EAST. */
  async planned(): Promise<{ readonly shipmentId: string; readonly release: WarehouseRelease }> {
    const { db } = this.door;
    const now = '2026-03-02T15:00:00.000Z';
    const placed = await db.transaction((tx) =>
      placeOrder(
        tx,
        purchaseOrder(
          [
            line('BOLT', '60', '10.00', {
              productIds: [
                { qualifier: 'VP', value: 'BOLT' },
                { qualifier: 'BP', value: 'AC-BOLT' },
              ],
            }),
          ],
          {
            references: [{ qualifier: 'DP', value: '17' }],
          },
        ),
        now,
      ),
    );
    if (placed.kind !== 'placed') throw new Error(JSON.stringify(placed));
    await db.transaction((tx) => answerOrder(tx, placed.orderId, 'final', now));
    const [shipmentId = ''] = await db.transaction((tx) => planShipments(tx, placed.orderId, now));
    await db('shipment')
      .where({ id: shipmentId })
      .update({ carrier: JSON.stringify({ scac: 'SLOW', service: 'GROUND' }) });
    return { shipmentId, release: await buildRelease(db, shipmentId) };
  }

  /** One round of mail: what waits goes out, and what the warehouse answers comes in. */
  carry(): Promise<void> {
    return this.warehouse.readMail();
  }
}

/** Mail in and out of the hub's record, for a hub whose jobs run by themselves. */
export function mailOf(db: Db): Mail {
  return {
    send: async (text) =>
      (await receiveArrival(db, Buffer.from(text, 'latin1'), trusted, { now: clock(), limitBytes }))
        .interchanges,
    waiting: () =>
      db('interchange')
        .where({ direction: 'out', status: 'pending', partner_id: 'DOCK' })
        .orderBy('sequence')
        .pluck('id'),
    fetch: async (id) => (await db('interchange').where({ id }).first('content')).content as Buffer,
    received: (id) => markTransmitted(db, id, 'delivered', clock()),
  };
}

/** The same, doing at once what the jobs would do. */
function promptMailOf({ db }: GatewayDoor): Mail {
  const mail = mailOf(db);
  return {
    ...mail,
    send: async (text) => {
      const interchanges = (await mail.send(text)) as readonly { readonly id: string }[];
      for (const { id } of interchanges) while ((await judgeReceived(db, id, clock)) === 'busy');
      while ((await workReceivedContent(db, 'DOCK', clock)) === 'busy');
    },
    waiting: async () => {
      await renderDocuments(db, 'DOCK-P', clock);
      return mail.waiting();
    },
  };
}
