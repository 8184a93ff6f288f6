import type { Tx } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { requestDocument } from '../../db/repositories/document-requests';
import type { SupplierPurchaseOrder } from '../../domain/fulfilment/supplier-documents';
import type { ReleaseOutcome } from '../../domain/fulfilment/warehouse-port';
import type { Party } from '../../domain/order/order-request';
import { addDays, addSeconds, localDateIn } from '../../domain/shared/dates';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { lockShipment, type OrderRow, type ShipmentRow } from '../order/order-record';
import { whyNotAsked } from '../partner/agreed-documents';
import { recordEvents } from '../record/keep-history';
import { readSupplierPolicy } from './supplier-order-record';

interface SupplierNode {
  readonly id: string;
  readonly name: string;
  readonly supplier_partner: string;
}

interface Entity {
  readonly id: string;
  readonly name: string;
  readonly time_zone: string;
}

interface WantedLine {
  readonly shipment_id: string;
  readonly order_line_id: string;
  readonly quantity: number;
  readonly item_id: string;
  readonly description: string | null;
  readonly deliver_by: string | null;
  readonly supplier_item_id: string | null;
  readonly unit: string;
  readonly unit_factor: number;
  readonly unit_cost: string;
  readonly currency: string;
  readonly lead_days: number;
}

/**
 * A shipment that a supplier is to make is ordered there: one purchase order (850) for all that is planned of the
 * order from this supplier to this place. Asking again, or for another shipment that is on it already, orders nothing
 * twice: the customer's order is locked.
 */
export async function orderFromSupplier(tx: Tx, shipmentId: string, now: string): Promise<ReleaseOutcome> {
  const { order, shipment } = await lockShipment(tx, shipmentId);
  if (shipment.state === 'cancelled')
    return { kind: 'refused', reason: 'the shipment was taken back meanwhile' };
  const node = (await tx('node').where({ id: shipment.node_id }).first()) as SupplierNode;
  const there = (await tx('supplier_order_line as l')
    .join('supplier_order as p', 'p.id', 'l.supplier_order_id')
    .where({ 'l.shipment_id': shipmentId })
    .first('p.number')) as { number: string } | undefined;
  if (there) return { kind: 'accepted', warehouseReference: referenceOf(there.number) };
  const refusal = await whyNotAsked(tx, node.supplier_partner, order.usage, '850');
  if (refusal !== null) return { kind: 'refused', reason: refusal };
  const lines = await wantedLines(tx, order, shipment);
  const problem = problemOf(lines, node);
  if (problem !== null) return { kind: 'refused', reason: problem };
  const number = await writeSupplierOrder(tx, order, shipment, node, lines, now);
  return { kind: 'accepted', warehouseReference: referenceOf(number) };
}

/** Buyers see the reference of a shipment: which of the order's supplier orders it is, not its whole number. */
const referenceOf = (number: string): string => number.slice(number.lastIndexOf('-') + 1);

/** Where a supplier ships to, as its order is found again. */
const shipToKey = (party: Party): string =>
  party.id === undefined ? JSON.stringify(party.address ?? {}) : `${party.idQualifier ?? ''} ${party.id}`;

const shipToOf = (order: OrderRow, shipment: Pick<ShipmentRow, 'ship_to'>): Party =>
  shipment.ship_to ?? (order.ship_to as Party);

/** All that is planned of the order from this node to the same place and on no supplier's order yet. */
async function wantedLines(tx: Tx, order: OrderRow, shipment: ShipmentRow): Promise<readonly WantedLine[]> {
  const planned = (await tx('shipment as s')
    .where({ 's.order_id': order.id, 's.node_id': shipment.node_id, 's.state': 'planned' })
    .whereNotExists(tx('supplier_order_line as l').whereRaw('l.shipment_id = s.id'))
    .orderBy('s.sequence')
    .forUpdate('s')
    .select('s.id', 's.ship_to')) as Pick<ShipmentRow, 'id' | 'ship_to'>[];
  const key = shipToKey(shipToOf(order, shipment));
  const together = planned.filter((one) => shipToKey(shipToOf(order, one)) === key).map(({ id }) => id);
  return (await tx('shipment_line as sl')
    .join('order_line as l', 'l.id', 'sl.order_line_id')
    .join('item as i', 'i.id', 'sl.item_id')
    .leftJoin('item_supplier as s', (join) =>
      join.on('s.item_id', 'sl.item_id').andOnVal('s.node_id', shipment.node_id),
    )
    .whereIn('sl.shipment_id', together)
    .orderBy(['sl.line_number', 'sl.shipment_id'])
    .select(
      'sl.shipment_id',
      'sl.order_line_id',
      'sl.quantity',
      'sl.item_id',
      'i.description',
      'l.deliver_by',
      's.supplier_item_id',
      's.unit',
      's.unit_factor',
      's.unit_cost',
      's.currency',
      's.lead_days',
    )) as WantedLine[];
}

function problemOf(lines: readonly WantedLine[], node: SupplierNode): string | null {
  const unknown = lines.find((line) => line.supplier_item_id === null);
  if (unknown) return `nothing is kept of what ${unknown.item_id} costs at ${node.name}: enter it`;
  const broken = lines.find((line) => line.quantity % line.unit_factor !== 0);
  if (broken)
    return `${broken.quantity} of ${broken.item_id} are no whole ${broken.unit} of ${broken.unit_factor}, as ${node.name} sells it`;
  const currencies = [...new Set(lines.map((line) => line.currency))];
  return currencies.length > 1
    ? `its costs are in ${currencies.join(' and ')}: an order has one currency`
    : null;
}

async function writeSupplierOrder(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  node: SupplierNode,
  lines: readonly WantedLine[],
  now: string,
): Promise<string> {
  const entity = (await tx('selling_entity').where({ id: order.entity_id }).first()) as Entity;
  const { answerHours } = await readSupplierPolicy(tx, node.supplier_partner);
  const before = (await tx('supplier_order')
    .where({ order_id: order.id })
    .select('node_id', 'ship_to_key')) as {
    node_id: string;
    ship_to_key: string;
  }[];
  const shipTo = shipToOf(order, shipment);
  const key = shipToKey(shipTo);
  const today = localDateIn(now, entity.time_zone);
  const id = newRecordId();
  const number = `${order.order_number}-D${before.length + 1}`;
  const promised = (line: WantedLine) => addDays(today, line.lead_days);
  const [first] = lines as [WantedLine];
  await tx('supplier_order').insert({
    id,
    number,
    order_id: order.id,
    node_id: node.id,
    partner_id: node.supplier_partner,
    usage: order.usage,
    ship_to_key: key,
    sequence: before.filter((one) => one.node_id === node.id && one.ship_to_key === key).length + 1,
    ship_to: JSON.stringify(shipTo),
    currency: first.currency,
    ordered_at: now,
    ordered_on: today,
    answer_due_at: addSeconds(now, answerHours * 3600),
    promised_on: lines.map(promised).sort().at(-1),
  });
  await tx('supplier_order_line').insert(
    lines.map((line, at) => ({
      supplier_order_id: id,
      line_number: at + 1,
      order_line_id: line.order_line_id,
      shipment_id: line.shipment_id,
      item_id: line.item_id,
      supplier_item_id: line.supplier_item_id,
      unit: line.unit,
      unit_factor: line.unit_factor,
      unit_cost: line.unit_cost,
      description: line.description,
      ordered: line.quantity,
      promised_on: promised(line),
      deliver_by: line.deliver_by,
    })),
  );
  await requestDocument(tx, {
    subject: `supplier-order/${id}/850`,
    partnerId: node.supplier_partner,
    set: '850',
    usage: order.usage,
    orderId: order.id,
    payload: purchaseOrderOf(order, entity, { number, today, shipTo }, lines),
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'supplier-ordered',
      actor: 'hub',
      text: `${node.name} is ordered to ship ${lines.length === 1 ? 'a line' : `${lines.length} lines`} by ${number} (850)`,
      data: { supplierOrderId: id },
      once: `supplier-order/${id}`,
    },
  ]);
  return number;
}

/** The 850: what the supplier has to know, and what the company pays. */
function purchaseOrderOf(
  order: OrderRow,
  entity: Entity,
  { number, today, shipTo }: { readonly number: string; readonly today: string; readonly shipTo: Party },
  lines: readonly WantedLine[],
): SupplierPurchaseOrder {
  return {
    kind: 'supplier-purchase-order',
    number,
    date: today,
    orderNumber: order.order_number,
    customerOrderNumber: order.po_number,
    currency: lines[0]?.currency ?? '',
    buyer: { role: 'BY', name: entity.name, idQualifier: '91', id: entity.id },
    shipTo,
    ...(order.ship_not_before !== null && {
      shipNotBefore: localDateIn(order.ship_not_before, entity.time_zone),
    }),
    ...(order.deliver_by !== null && { deliverBy: order.deliver_by }),
    lines: lines.map((line, at) => ({
      lineNumber: at + 1,
      quantity: fromBaseUnits(line.quantity, line.unit, { [line.unit]: line.unit_factor }),
      unit: line.unit,
      unitCost: plainDecimal(line.unit_cost),
      supplierItemId: line.supplier_item_id ?? '',
      itemId: line.item_id,
      ...(line.description !== null && { description: line.description }),
      ...(line.deliver_by !== null && line.deliver_by !== order.deliver_by && { deliverBy: line.deliver_by }),
    })),
  };
}

/** "12.500000" is "12.5". */
export const plainDecimal = (value: string): string =>
  value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value;
