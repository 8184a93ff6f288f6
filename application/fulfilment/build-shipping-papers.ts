import type { Db } from '../../db/connection';
import type { PaperCarton, PaperLine, ShippingPapers } from '../../domain/fulfilment/shipping-papers';
import type { Party, PostalAddress, ProductId, Reference } from '../../domain/order/order-request';
import { localDateIn } from '../../domain/shared/dates';
import { UnknownRecord } from '../order/order-record';
import type { PartDestination } from '../order/split-lines';

interface HeadRow {
  readonly shipment_number: string;
  readonly state: string;
  readonly carrier: { readonly scac: string; readonly service: string } | null;
  readonly bill_of_lading: string | null;
  readonly moved_at: string;
  readonly own_ship_to: Party | null;
  readonly order_number: string;
  readonly po_number: string;
  readonly release_number: string | null;
  readonly po_date: string;
  readonly ship_to: Party;
  readonly references: readonly Reference[] | null;
  readonly node_name: string;
  readonly node_address: PostalAddress;
  readonly time_zone: string;
}

interface LineRow {
  readonly line_number: number;
  readonly item_id: string;
  readonly description: string;
  readonly base_unit: string;
  readonly product_ids: readonly ProductId[];
  readonly destination: PartDestination | null;
  readonly ordered: number;
  readonly cancelled: number;
  readonly reserved: number;
  readonly released: number;
  readonly all_shipped: number;
  readonly quantity: number;
  readonly shipped: number;
}

interface PackageRow {
  readonly sscc: string;
  readonly sequence: number;
  readonly weight_grams: number;
  readonly tracking_number: string | null;
  readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  readonly shipped: boolean;
}

/** Element 235: what the buyer calls the item; its number for everyone. */
const buyersNumbers: readonly string[] = ['BP', 'IN'];
const gtins: readonly string[] = ['UK', 'UP', 'EN', 'UA'];
const hasLeft = (state: string) => state === 'shipped' || state === 'invoiced';

/** What stands on the labels and the packing slip of a shipment: what has left once it has, before that what is planned. */
export async function buildShippingPapers(db: Db, shipmentId: string): Promise<ShippingPapers> {
  const { rows } = await db.raw<{ rows: HeadRow[] }>(
    `select s.shipment_number, s.state, s.carrier, s.bill_of_lading, coalesce(s.shipped_at, s.planned_at) as moved_at, s.ship_to as own_ship_to,
       o.order_number, o.po_number, o.release_number, o.po_date, o.ship_to, o.request -> 'references' as references,
       n.name as node_name, n.address as node_address, n.time_zone
     from shipment s join orders o on o.id = s.order_id join node n on n.id = s.node_id where s.id = ?`,
    [shipmentId],
  );
  const [head] = rows;
  if (!head) throw new UnknownRecord('shipment', shipmentId);
  const left = hasLeft(head.state);
  const lines = await readShipmentLines(db, shipmentId);
  const packages = (await db('package')
    .where({ shipment_id: shipmentId })
    .orderBy('sequence')) as PackageRow[];
  const to = head.own_ship_to ?? head.ship_to;
  const reference = (...qualifiers: readonly string[]) =>
    head.references?.find(({ qualifier }) => qualifiers.includes(qualifier))?.value ?? null;
  return {
    shipmentNumber: head.shipment_number,
    orderNumber: head.order_number,
    purchaseOrderNumber: head.po_number,
    releaseNumber: head.release_number,
    purchaseOrderDate: head.po_date,
    department: reference('DP'),
    vendorNumber: reference('IA', 'VR'),
    from: { name: head.node_name, address: head.node_address },
    to: { name: to.name ?? to.id ?? '', address: to.address ?? { lines: [] }, location: to.id ?? null },
    carrier: head.carrier === null ? null : { scac: head.carrier.scac, service: head.carrier.service },
    billOfLading: head.bill_of_lading,
    date: localDateIn(head.moved_at, head.time_zone),
    cartons: packages.filter((one) => !left || one.shipped).map((one) => cartonOf(one, lines)),
    lines: lines.map((line) => ({
      ...paperLine(line, left ? line.shipped : line.quantity),
      ordered: line.ordered - line.cancelled,
      backordered: line.ordered - line.cancelled - line.reserved - line.released - line.all_shipped,
    })),
  };
}

async function readShipmentLines(db: Db, shipmentId: string): Promise<readonly LineRow[]> {
  const { rows } = await db.raw<{ rows: LineRow[] }>(
    `select l.line_number, l.item_id, coalesce(i.description, o.description, '') as description, coalesce(i.base_unit, o.unit) as base_unit,
       o.product_ids || coalesce((select jsonb_agg(jsonb_build_object('qualifier', x.qualifier, 'value', x.value) order by x.qualifier, x.value)
         from item_cross_reference x where x.item_id = l.item_id and x.customer_id is null), '[]') as product_ids,
       o.destination, o.ordered, o.cancelled, o.reserved, o.released, o.shipped as all_shipped, l.quantity, l.shipped
     from shipment_line l join order_line o on o.id = l.order_line_id left join item i on i.id = l.item_id
     where l.shipment_id = ? order by l.line_number`,
    [shipmentId],
  );
  return rows;
}

function paperLine(line: LineRow, quantity: number): PaperLine {
  const number = (qualifiers: readonly string[]) =>
    line.product_ids.find(({ qualifier }) => qualifiers.includes(qualifier))?.value ?? null;
  return {
    lineNumber: line.line_number,
    itemId: line.item_id,
    description: line.description,
    buyerItem: number(buyersNumbers),
    gtin: number(gtins),
    quantity,
    unit: line.base_unit,
  };
}

function cartonOf(one: PackageRow, lines: readonly LineRow[]): PaperCarton {
  const inside = one.contents.flatMap(({ lineNumber, quantity }) => {
    const line = lines.find((row) => row.line_number === lineNumber);
    return line ? [{ line, quantity }] : [];
  });
  const marked = inside.find(({ line }) => line.destination?.as === 'mark-for');
  return {
    sscc: one.sscc,
    sequence: one.sequence,
    weightGrams: one.weight_grams,
    trackingNumber: one.tracking_number,
    lines: inside.map(({ line, quantity }) => paperLine(line, quantity)),
    markFor: marked?.line.destination?.party ?? null,
  };
}
