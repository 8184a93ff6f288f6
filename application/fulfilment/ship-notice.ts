import { z } from 'zod';
import type { Tx } from '../../db/connection';
import { addDocument } from '../../db/repositories/document-requests';
import type { WriteTogether } from '../../db/repositories/write-together';
import type { OrderCharge } from '../../domain/invoicing/bill-shipment';
import type { ShipNotice } from '../../domain/order/answers';
import type { Party, PostalAddress } from '../../domain/order/order-request';
import { localDateIn, localTimeIn } from '../../domain/shared/dates';
import { answerHeader, shipmentHeader } from '../order/answer-order';
import type { OrderLineRow, OrderRow, ShipmentLineRow, ShipmentRow } from '../order/order-record';
import { noticedLines } from './noticed-lines';

/** A warehouse's ship confirm as it is stored with its shipment. */
export const confirmSchema = z.object({
  eventId: z.string(),
  shippedAt: z.string(),
  billOfLading: z.string().optional(),
  trackingNumber: z.string().optional(),
  lines: z.array(
    z.object({ lineNumber: z.number(), shipped: z.number(), shortReason: z.string().optional() }),
  ),
  packages: z.array(
    z.object({
      sscc: z.string(),
      palletSscc: z.string().optional(),
      trackingNumber: z.string().optional(),
      weightGrams: z.number(),
      contents: z.array(z.object({ lineNumber: z.number(), quantity: z.number() })),
    }),
  ),
  /** Of a pickup: what was there for the buyer, who did not take it. */
  notTaken: z
    .object({
      rest: z.enum(['later', 'cancel']),
      lines: z.array(z.object({ lineNumber: z.number(), quantity: z.number() })),
    })
    .optional(),
});
export type StoredConfirm = z.infer<typeof confirmSchema>;

export interface ShippedLine extends ShipmentLineRow {
  readonly shipped: number;
  readonly short: number;
}

/** What left of a shipment, and what is known around it: for its notice and its invoice. */
export interface Departure {
  readonly tx: Tx;
  readonly order: OrderRow;
  readonly shipment: ShipmentRow;
  readonly shipped: readonly ShippedLine[];
  /** Of the whole order, with what left now. */
  readonly lines: readonly OrderLineRow[];
  readonly facts: ShippingFacts;
  readonly shippedAt: string;
}

export interface ShippingFacts {
  readonly node: {
    readonly id: string;
    readonly name: string;
    readonly address: PostalAddress;
    readonly time_zone: string;
    readonly supplier_partner: string | null;
  };
  readonly entity: { readonly time_zone: string; readonly remit_to: Party | null };
  readonly packages: readonly { readonly sscc: string; readonly tracking_number: string | null }[];
  readonly lastPackage: number;
  /** What was billed of the order before. */
  readonly invoices: readonly {
    readonly subtotal_minor: number;
    readonly charges: readonly OrderCharge[];
    readonly tax_minor: number;
  }[];
}

export async function readShippingFacts(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
): Promise<ShippingFacts> {
  const { rows } = await tx.raw<{ rows: ShippingFacts[] }>(
    `select to_jsonb(n) as node, jsonb_build_object('time_zone', e.time_zone, 'remit_to', e.remit_to) as entity,
       coalesce((select jsonb_agg(jsonb_build_object('sscc', p.sscc, 'tracking_number', p.tracking_number))
         from package p where p.shipment_id = :shipmentId), '[]') as packages,
       coalesce((select max(p.sequence) from package p where p.shipment_id = :shipmentId), 0) as "lastPackage",
       coalesce((select jsonb_agg(jsonb_build_object('subtotal_minor', i.subtotal_minor, 'charges', i.charges, 'tax_minor', i.tax_minor))
         from invoice i where i.order_id = :orderId), '[]') as invoices
     from node n, selling_entity e where n.id = :nodeId and e.id = :entityId`,
    { shipmentId: shipment.id, orderId: order.id, nodeId: shipment.node_id, entityId: order.entity_id },
  );
  return rows[0] as ShippingFacts;
}

/** The 856 of what left, as part of the statement that writes it. */
export async function addShipNotice(
  together: WriteTogether,
  { tx, order, shipment, shipped, lines, facts }: Departure,
  confirm: StoredConfirm,
  now: string,
): Promise<void> {
  const { node, packages: tracking } = facts;
  const carrier = shipment.carrier as { scac: string; service: string; estimatedDelivery?: string } | null;
  const gone = shipped.filter((line) => line.shipped > 0);
  const noticed = noticedLines(gone, lines, confirm);
  const header = shipmentHeader(await answerHeader(tx, order, now, facts.entity.time_zone), order, shipment);
  const payload: ShipNotice = {
    ...header,
    kind: 'ship-notice',
    shipmentNumber: shipment.shipment_number,
    shippedOn: localDateIn(confirm.shippedAt, node.time_zone),
    shippedAtTime: localTimeIn(confirm.shippedAt, node.time_zone),
    ...(carrier?.estimatedDelivery !== undefined && {
      estimatedDelivery: carrier.estimatedDelivery.slice(0, 10),
    }),
    carrier: {
      scac: carrier?.scac ?? '',
      ...(carrier?.service !== undefined && { service: carrier.service }),
      ...trackingOf(confirm.trackingNumber ?? shipment.tracking_number),
    },
    ...(confirm.billOfLading !== undefined && { billOfLading: confirm.billOfLading }),
    shipFrom: { name: node.name, id: node.id, address: node.address },
    weightGrams: confirm.packages.reduce((sum, p) => sum + p.weightGrams, 0),
    lines: noticed.lines,
    packages: confirm.packages.map((p) => ({
      sscc: p.sscc,
      ...(p.palletSscc !== undefined && { palletSscc: p.palletSscc }),
      ...trackingOf(p.trackingNumber ?? tracking.find((t) => t.sscc === p.sscc)?.tracking_number ?? null),
      weightGrams: p.weightGrams,
      contents: noticed.contentsOf(p.contents),
    })),
  };
  addDocument(together, {
    subject: `shipment/${shipment.id}/856`,
    partnerId: order.partner_id as string,
    set: '856',
    usage: order.usage,
    orderId: order.id,
    payload,
  });
}

const trackingOf = (number: string | null | undefined) =>
  number === null || number === undefined ? {} : { trackingNumber: number };
