import type { ShipmentViewRow, StoreStandingRow } from '../../db/repositories/shipment-views';
import type { ShipmentView } from '../contract/shipments';
import { unnamedSupplier } from './hide-suppliers';

// JSON holds PostgreSQL's own spelling of an instant.
const iso = (at: string | null) => (at === null ? null : new Date(at).toISOString());

const storeStanding = (store: StoreStandingRow) => ({
  state: store.state,
  acceptBy: iso(store.acceptBy),
  pickupUntil: iso(store.pickupUntil),
  arrivedAt: iso(store.arrivedAt),
  bringOutBy: iso(store.bringOutBy),
  closedAt: iso(store.closedAt),
  hasCode: store.hasCode,
  ready: store.ready,
  asked: store.asked,
});

export function shipmentView(row: ShipmentViewRow, audience: { readonly ownStaff: boolean }): ShipmentView {
  return {
    id: row.id,
    orderId: row.order_id,
    orderNumber: row.order_number,
    shipmentNumber: row.shipment_number,
    sequence: row.sequence,
    node: row.by_supplier && !audience.ownStaff ? unnamedSupplier : { id: row.node_id, name: row.node_name },
    state: row.state,
    method: row.method,
    store: row.store && storeStanding(row.store),
    carrier: row.carrier,
    trackingNumber: row.tracking_number,
    billOfLading: row.bill_of_lading,
    warehouseReference: row.warehouse_reference,
    plannedAt: row.planned_at,
    releasedAt: row.released_at,
    shippedAt: row.shipped_at,
    deliveredAt: row.delivered_at,
    estimatedDelivery: row.estimated_delivery,
    lines: [...row.lines],
    packages: [...row.packages],
  };
}
