import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { WriteTogether } from '../../db/repositories/write-together';
import type { RecallOutcome, ReleaseOutcome, WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import type { Party } from '../../domain/order/order-request';
import type { ShipmentState } from '../../domain/order/states';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import { moveShipmentHolds } from '../hold/move-shipment-holds';
import { markForOf } from '../order/line-parts';
import {
  ACTIVE,
  addShipmentMove,
  lockShipment,
  moveShipment,
  type OrderLineRow,
  type OrderRow,
  type ShipmentLineRow,
  type ShipmentRow,
  UnknownRecord,
} from '../order/order-record';
import { settleState } from '../order/settle-state';
import { addEvents, recordEvents } from '../record/keep-history';
import { roundAfterRefusals } from '../record/keep-outside-call';
import { raiseException } from '../record/raise-exception';

interface ReleaseFacts {
  readonly shipment_number: string;
  readonly state: ShipmentState;
  readonly node_id: string;
  readonly carrier: { readonly scac: string; readonly service: string } | null;
  readonly ship_to: Party | null;
  readonly order_number: string;
  readonly po_number: string;
  readonly order_ship_to: Party;
  readonly ship_not_before: string | null;
  readonly time_zone: string;
  readonly round: number;
  readonly lines: readonly (Pick<ShipmentLineRow, 'line_number' | 'item_id' | 'quantity'> &
    Pick<OrderLineRow, 'destination' | 'parties' | 'ship_not_before'>)[];
  readonly packages: readonly {
    readonly sscc: string;
    readonly tracking_number: string | null;
    readonly contents: WarehouseRelease['packages'][number]['contents'];
  }[];
}

/** The order to the warehouse, the same at every retry. */
export async function buildRelease(db: Db, shipmentId: string): Promise<WarehouseRelease> {
  return (await readRelease(db, shipmentId, null)).release;
}

/** The same, how the shipment stands, and how often its release is asked for with this. */
export async function readRelease(
  db: Db,
  shipmentId: string,
  stepKey: string | null,
): Promise<{ readonly release: WarehouseRelease; readonly state: ShipmentState; readonly round: number }> {
  const { rows } = await db.raw<{ rows: ReleaseFacts[] }>(
    `select s.shipment_number, s.state, s.node_id, s.carrier, s.ship_to, o.order_number, o.po_number, o.ship_to as order_ship_to,
       o.ship_not_before, e.time_zone, ${roundAfterRefusals('cast(:stepKey as text)')} as round,
       coalesce((select jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item_id', l.item_id, 'quantity', l.quantity,
           'destination', ol.destination, 'parties', ol.parties, 'ship_not_before', ol.ship_not_before) order by l.line_number)
         from shipment_line l join order_line ol on ol.id = l.order_line_id where l.shipment_id = s.id), '[]') as lines,
       coalesce((select jsonb_agg(jsonb_build_object('sscc', p.sscc, 'tracking_number', p.tracking_number, 'contents', p.contents) order by p.sequence)
         from package p where p.shipment_id = s.id), '[]') as packages
     from shipment s join orders o on o.id = s.order_id join selling_entity e on e.id = o.entity_id where s.id = :shipmentId`,
    { shipmentId, stepKey } as never,
  );
  const [facts] = rows;
  if (!facts) throw new UnknownRecord('shipment', shipmentId);
  const { carrier } = facts;
  const release = {
    idempotencyKey: `release/${shipmentId}`,
    releaseNumber: facts.shipment_number,
    nodeId: facts.node_id,
    orderNumber: facts.order_number,
    purchaseOrderNumber: facts.po_number,
    shipTo: facts.ship_to ?? facts.order_ship_to,
    ...notBeforeOf(facts),
    carrier: { scac: carrier?.scac ?? '', service: carrier?.service ?? '' },
    lines: facts.lines.map((line) => ({
      lineNumber: line.line_number,
      itemId: line.item_id,
      quantity: line.quantity,
      ...markForOf(line),
    })),
    packages: facts.packages.map((p) => ({
      sscc: p.sscc,
      ...(p.tracking_number !== null && { trackingNumber: p.tracking_number }),
      contents: p.contents,
    })),
  };
  return { release, state: facts.state, round: facts.round };
}

/**
 * The day before which none of it leaves: the latest of its lines', each by its own or by the order's. Where the warehouse
 * lies west of the company that day has not begun there when it is released.
 */
function notBeforeOf({
  ship_not_before: ofOrder,
  time_zone: zone,
  lines,
}: ReleaseFacts): Pick<WarehouseRelease, 'shipNotBefore'> {
  const orders = ofOrder === null ? null : localDateIn(ofOrder, zone);
  const [latest] = lines
    .flatMap((line) => line.ship_not_before ?? orders ?? [])
    .sort()
    .toReversed();
  return latest === undefined ? {} : { shipNotBefore: latest };
}

/** Keeps the warehouse's answer. A refusal is an exception that someone owns; the stock stays reserved meanwhile. */
export async function recordRelease(
  tx: Tx,
  shipmentId: string,
  outcome: ReleaseOutcome,
  now: string,
  together: WriteTogether = new WriteTogether(),
): Promise<void> {
  const { order, shipment } = await lockShipment(tx, shipmentId);
  if (shipment.state !== 'planned') {
    await together.run(tx);
    if (shipment.state === 'cancelled' && outcome.kind === 'accepted')
      await raiseException(tx, {
        kind: 'released-after-cancel',
        subjectKey: shipmentId,
        ownerRole: 'operations',
        dueAt: addSeconds(now, 1800),
        orderId: order.id,
        priority: 1,
        text: `Warehouse ${shipment.node_id} has taken release ${shipment.shipment_number}, which was taken back in the same moment: have the warehouse stop it`,
      });
    return;
  }
  if (outcome.kind === 'refused') {
    await together.run(tx);
    await raiseException(tx, {
      kind: 'warehouse-refused',
      subjectKey: shipmentId,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 3600),
      orderId: order.id,
      priority: 2,
      text: `Warehouse ${shipment.node_id} refuses release ${shipment.shipment_number}: ${outcome.reason}. Settle it with the warehouse, then retry the order`,
    });
    return;
  }
  addShipmentMove(tx, together, shipment, 'released', {
    released_at: now,
    warehouse_reference: outcome.warehouseReference,
  });
  addEvents(together, [
    {
      orderId: order.id,
      at: now,
      kind: 'released',
      actor: `warehouse:${shipment.node_id}`,
      text: `Warehouse ${shipment.node_id} has release ${shipment.shipment_number} as ${outcome.warehouseReference}`,
      data: { shipmentId },
    },
  ]);
  await settleState(tx, order, {}, now, { together, moved: { shipmentId, to: 'released' } });
}

/** Keeps the answer to a recall: recalled goods are reserved stock again; too late stands for good. */
export async function recordRecall(
  tx: Tx,
  shipmentId: string,
  outcome: RecallOutcome,
  now: string,
  together: WriteTogether = new WriteTogether(),
): Promise<void> {
  const { order, shipment, lines } = await lockShipment(tx, shipmentId);
  await together.run(tx);
  if (shipment.state !== 'planned' && shipment.state !== 'released') return;
  // A confirm that is there already has won, whatever was answered to the recall.
  if (outcome.kind === 'too-late' || shipment.confirm !== null) {
    const reason = outcome.kind === 'too-late' ? outcome.reason : 'its ship confirm came first';
    await tx('shipment').where({ id: shipmentId }).update({ recall_requested_at: now });
    await recordEvents(tx, [
      {
        orderId: order.id,
        at: now,
        kind: 'recall-too-late',
        actor: `warehouse:${shipment.node_id}`,
        text: `Shipment ${shipment.shipment_number} can no longer be recalled: ${reason}`,
        data: { shipmentId },
        once: `recall/${shipmentId}`,
      },
    ]);
    return;
  }
  await cancelShipment(tx, order, shipment, lines, now);
}

/** Takes a shipment that has not left back into reserved stock. */
export async function cancelShipment(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  lines: readonly ShipmentLineRow[],
  now: string,
): Promise<void> {
  await moveShipment(tx, shipment, 'cancelled');
  if (shipment.label !== null)
    await addJob(tx, 'void-label', { shipmentId: shipment.id }, { key: shipment.id });
  for (const line of lines) {
    await tx('order_line')
      .where({ id: line.order_line_id })
      .update({
        reserved: tx.raw('reserved + ?', [line.quantity]),
        released: tx.raw('released - ?', [line.quantity]),
      });
  }
  await tx('reservation')
    .where({ order_id: order.id, shipment_id: shipment.id })
    .whereRaw(ACTIVE)
    .update({ shipment_id: null, updated_at: now });
  const lineIds = lines.map((line) => line.order_line_id);
  await moveShipmentHolds(tx, order, shipment, lineIds, now);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'shipment-cancelled',
      actor: 'hub',
      text: `Shipment ${shipment.shipment_number} is taken back before it left`,
      data: { shipmentId: shipment.id },
    },
  ]);
}
