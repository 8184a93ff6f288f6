import { z } from 'zod';

/** What goes over the wire between the hub and a warehouse system. Quantities are whole base units, instants UTC. */
const instant = z.iso.datetime();
const count = z.int().positive();
const sscc = z.string().regex(/^\d{18}$/);
const contents = z.array(z.object({ lineNumber: count, quantity: count }));

const address = z.object({
  lines: z.array(z.string()).readonly(),
  city: z.string().exactOptional(),
  region: z.string().exactOptional(),
  postalCode: z.string().exactOptional(),
  country: z.string().exactOptional(),
});
const party = z.object({
  role: z.string(),
  name: z.string().exactOptional(),
  idQualifier: z.string().exactOptional(),
  id: z.string().exactOptional(),
  address: address.exactOptional(),
});

/** POST /releases */
export const warehouseRelease = z.object({
  releaseNumber: z.string().min(1).max(40),
  nodeId: z.string().min(1),
  orderNumber: z.string().min(1),
  purchaseOrderNumber: z.string().min(1),
  shipTo: party,
  shipNotBefore: z.iso.date().exactOptional(),
  carrier: z.object({ scac: z.string().min(2).max(4), service: z.string() }),
  lines: z
    .array(
      z.object({
        lineNumber: count,
        itemId: z.string().min(1),
        quantity: count,
        /** Whom it is packed and marked for, where that is not the ship-to. */
        markFor: party.exactOptional(),
      }),
    )
    .min(1),
  packages: z.array(z.object({ sscc, trackingNumber: z.string().exactOptional(), contents })),
});
export type WarehouseReleaseWire = z.infer<typeof warehouseRelease>;

/** The answer to POST /releases; GET /releases/{releaseNumber} says the same with where the work stands. */
export const releaseReply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), warehouseReference: z.string().min(1) }),
  z.object({ status: z.literal('refused'), reason: z.string().min(1) }),
]);
export type ReleaseReply = z.infer<typeof releaseReply>;

export const releaseState = z.object({
  releaseNumber: z.string(),
  warehouseReference: z.string(),
  stage: z.enum(['refused', 'released', 'picked', 'shipped', 'recalled']),
  reason: z.string().exactOptional(),
});
export type ReleaseState = z.infer<typeof releaseState>;

/** POST /releases/{releaseNumber}/recall */
export const recallReply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('recalled') }),
  z.object({ status: z.literal('too-late'), reason: z.string().min(1) }),
]);
export type RecallReply = z.infer<typeof recallReply>;

/** POST /callbacks/warehouse/{counterparty}, signed by Standard Webhooks; webhook-id is data.eventId. */
export const shipmentConfirmed = z.object({
  type: z.literal('shipment.confirmed'),
  data: z.object({
    eventId: z.string().min(1).max(120),
    releaseNumber: z.string().min(1),
    nodeId: z.string().min(1),
    shippedAt: instant,
    billOfLading: z.string().exactOptional(),
    trackingNumber: z.string().exactOptional(),
    lines: z
      .array(
        z.object({
          lineNumber: count,
          shipped: z.int().nonnegative(),
          shortReason: z.string().exactOptional(),
        }),
      )
      .min(1),
    packages: z.array(
      z.object({
        sscc,
        /** Of the pallet that it stands on. */
        palletSscc: sscc.exactOptional(),
        trackingNumber: z.string().exactOptional(),
        weightGrams: z.int().nonnegative(),
        contents,
      }),
    ),
  }),
});
export const stockReceived = z.object({
  type: z.literal('stock.received'),
  data: z.object({
    eventId: z.string().min(1).max(120),
    nodeId: z.string().min(1),
    receivedAt: instant,
    /** The number under which it was expected. */
    inboundNumber: z.string().min(1).max(22).exactOptional(),
    lines: z.array(z.object({ itemId: z.string().min(1), quantity: count })).min(1),
  }),
});
export const warehouseCallback = z.discriminatedUnion('type', [shipmentConfirmed, stockReceived]);
export type WarehouseCallback = z.infer<typeof warehouseCallback>;
export type ShipmentConfirmed = z.infer<typeof shipmentConfirmed>;
export type StockReceived = z.infer<typeof stockReceived>;
