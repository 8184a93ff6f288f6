import type { Db } from '../../db/connection';
import type {
  ShippingOrderLine,
  WarehouseDate,
  WarehouseParty,
  WarehouseReference,
  WarehouseShippingOrder,
} from '../../domain/fulfilment/warehouse-documents';
import type { WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import type { LineSupply } from '../../domain/order/line-supply';
import type { OrderRequest, Party, ProductId } from '../../domain/order/order-request';
import { localDateIn } from '../../domain/shared/dates';
import { UnknownRecord } from '../order/order-record';
import { nodeName, readWarehousePolicy } from './warehouse-partner';

interface ItemFacts {
  readonly description: string;
  readonly unit: string;
  /** GTINs and the like, which hold for everyone. */
  readonly numbers: readonly ProductId[];
}

/** W01 has room for three ids, of which the first is ours. */
const MORE_IDS = 2;
/** N9 stands ten times at the head of a 940, one of them with our order's number. */
const MORE_REFERENCES = 9;
/** Whom a warehouse has to know beside the ship-to: who marks the goods, who ordered them. */
const partiesTold = new Set(['Z7', 'BY', 'BT']);

/** A release as the 940 that a warehouse is sent: cartons with their labels where they are planned, otherwise lines. */
export async function buildShippingOrder(
  db: Db,
  partnerId: string,
  release: WarehouseRelease,
): Promise<WarehouseShippingOrder> {
  const order = (await db('shipment')
    .join('orders', 'orders.id', 'shipment.order_id')
    .where({ 'shipment.shipment_number': release.releaseNumber })
    .first('orders.id', 'orders.request', 'orders.deliver_by', 'shipment.planned_at')) as
    | { id: string; request: OrderRequest; deliver_by: string | null; planned_at: string }
    | undefined;
  const node = await db('node').where({ id: release.nodeId }).first('name', 'time_zone');
  if (!order || !node) throw new UnknownRecord('shipment', release.releaseNumber);
  const items = await readItems(
    db,
    release.lines.map((line) => line.itemId),
  );
  const policy = await readWarehousePolicy(db, partnerId);
  const buyersNumbers = await readBuyersNumbers(db, order.id);
  const lineOf = (lineNumber: number, quantity: number): ShippingOrderLine => {
    const itemId = release.lines.find((line) => line.lineNumber === lineNumber)?.itemId ?? '';
    const facts = items.get(itemId);
    const more = [...(buyersNumbers.get(lineNumber) ?? []), ...(facts?.numbers ?? [])];
    return {
      quantity: String(quantity),
      unit: facts?.unit ?? 'EA',
      productIds: [{ qualifier: 'VN', value: itemId }, ...more.slice(0, MORE_IDS)],
      descriptions: facts?.description ? [{ text: facts.description }] : [],
      // The 945 names the line again by this.
      references: [{ qualifier: 'LI', value: String(lineNumber) }],
      packing: [],
      dates: [],
      notes: [],
    };
  };
  return {
    kind: 'warehouse-shipping-order',
    status: 'N',
    depositorOrderNumber: release.releaseNumber,
    purchaseOrderNumber: release.purchaseOrderNumber,
    parties: [
      { role: 'WH', name: String(node.name), ...nodeName(policy, release.nodeId), contacts: [] },
      told({ ...release.shipTo, role: 'ST' }),
      ...order.request.parties.filter(({ role }) => partiesTold.has(role)).map(told),
    ],
    references: referencesOf(release, order.request),
    dates: datesOf(release, order.deliver_by, localDateIn(order.planned_at, String(node.time_zone))),
    notes: [],
    carrier: {
      payment: 'PP',
      method: methodOf(release),
      routing: release.carrier.service,
      ...scacOf(release),
    },
    groups: groupsOf(release, lineOf),
    totals: { quantity: String(release.lines.reduce((sum, line) => sum + line.quantity, 0)) },
  };
}

/** The same order, taken back before it was picked. */
export function cancellationOf(order: WarehouseShippingOrder): WarehouseShippingOrder {
  return { ...order, status: 'F' };
}

const told = (party: Party): WarehouseParty => ({ ...party, contacts: [] });

const scacOf = ({ carrier }: WarehouseRelease) => (carrier.scac === '' ? {} : { scac: carrier.scac });

/** The buyer's own references travel along, so that they stand on labels and papers. */
function referencesOf(
  release: WarehouseRelease,
  { references }: OrderRequest,
): readonly WarehouseReference[] {
  const buyers = references
    .filter(({ qualifier, value }) => qualifier !== 'OQ' && value !== '')
    .slice(0, MORE_REFERENCES)
    .map(({ qualifier, value, description }) => ({
      qualifier,
      value,
      ...(description === undefined ? {} : { description }),
    }));
  return [{ qualifier: 'OQ', value: release.orderNumber }, ...buyers];
}

/** Element 91: cartons with tracking numbers of their own go as parcels (U), the rest by road (M). */
function methodOf({ packages }: WarehouseRelease): string {
  const parcels = packages.length > 0 && packages.every(({ trackingNumber }) => trackingNumber !== undefined);
  return parcels ? 'U' : 'M';
}

/** What the buyer asked for; where it asked for no day, the day on which the shipment was planned to leave. */
function datesOf(
  release: WarehouseRelease,
  deliverBy: string | null,
  plannedOn: string,
): readonly WarehouseDate[] {
  if (release.shipNotBefore === undefined && deliverBy === null)
    return [{ qualifier: '10', date: plannedOn }];
  return [
    ...(release.shipNotBefore === undefined ? [] : [{ qualifier: '37', date: release.shipNotBefore }]),
    ...(deliverBy === null ? [] : [{ qualifier: '02', date: deliverBy.slice(0, 10) }]),
  ];
}

function groupsOf(
  release: WarehouseRelease,
  lineOf: (lineNumber: number, quantity: number) => ShippingOrderLine,
): WarehouseShippingOrder['groups'] {
  if (release.packages.length === 0) {
    return release.lines.map(({ lineNumber, quantity }, index) => ({
      number: String(index + 1),
      marks: [],
      lines: [lineOf(lineNumber, quantity)],
    }));
  }
  return release.packages.map(({ sscc, trackingNumber, contents }, index) => ({
    number: String(index + 1),
    marks: [
      {
        // 88 GM: the label with its application identifier.
        qualifier: 'GM',
        value: `00${sscc}`,
        ...(trackingNumber === undefined ? {} : { secondQualifier: 'CP', secondValue: trackingNumber }),
      },
    ],
    lines: contents.map(({ lineNumber, quantity }) => lineOf(lineNumber, quantity)),
  }));
}

async function readItems(db: Db, itemIds: readonly string[]): Promise<ReadonlyMap<string, ItemFacts>> {
  const rows = (await db('item').whereIn('id', itemIds).select('id', 'description', 'base_unit')) as {
    id: string;
    description: string;
    base_unit: string;
  }[];
  const references = (await db('item_cross_reference')
    .whereIn('item_id', itemIds)
    .whereNull('customer_id')
    .orderBy(['qualifier', 'value'])
    .select('item_id', 'qualifier', 'value')) as { item_id: string; qualifier: string; value: string }[];
  return new Map(
    rows.map(({ id, description, base_unit: unit }) => [
      id,
      {
        description,
        unit,
        numbers: references
          .filter((row) => row.item_id === id)
          .map(({ qualifier, value }) => ({ qualifier, value })),
      },
    ]),
  );
}

/** What the buyer calls the items of its lines, for labels and packing slips. */
async function readBuyersNumbers(
  db: Db,
  orderId: string,
): Promise<ReadonlyMap<number, readonly ProductId[]>> {
  const rows = (await db('order_line')
    .where({ order_id: orderId })
    .select('line_number', 'product_ids', 'supply')) as {
    line_number: number;
    product_ids: readonly ProductId[];
    supply: LineSupply | null;
  }[];
  return new Map(
    rows.map((row) => [
      row.line_number,
      // What lies on the shelf is the component or the stand-in, not what was ordered.
      (row.supply?.ids ?? row.product_ids).filter(
        ({ qualifier }) => qualifier === 'BP' || qualifier === 'IN',
      ),
    ]),
  );
}
