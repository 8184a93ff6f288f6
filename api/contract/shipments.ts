import { z } from 'zod';
import { shipmentStates } from '../../domain/order/states';
import { instant, json, localDate, pageOf, pageQuery, recordId } from './common';

export const shipment = z
  .object({
    id: recordId,
    orderId: recordId,
    orderNumber: z.string(),
    shipmentNumber: z.string(),
    sequence: z.int(),
    node: z.object({ id: z.string(), name: z.string() }),
    state: z.enum(shipmentStates as [string, ...string[]]),
    carrier: json,
    trackingNumber: z.string().nullable(),
    billOfLading: z.string().nullable(),
    warehouseReference: z.string().nullable(),
    plannedAt: instant,
    releasedAt: instant.nullable(),
    shippedAt: instant.nullable(),
    deliveredAt: instant.nullable(),
    estimatedDelivery: localDate.nullable(),
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        itemId: z.string(),
        quantity: z.int(),
        shipped: z.int(),
        shortReason: z.string().nullable(),
      }),
    ),
    packages: z.array(
      z.object({
        sscc: z.string(),
        trackingNumber: z.string().nullable(),
        trackingStatus: z.string().nullable().meta({ example: 'in-transit' }),
        weightGrams: z.int(),
        cartonType: z.string().nullable().meta({ description: "null: the goods' own carton" }),
        contents: json,
      }),
    ),
  })
  .meta({ id: 'Shipment' });
export type ShipmentView = z.infer<typeof shipment>;
export const shipmentPage = pageOf(shipment, 'ShipmentPage');
export const listShipmentsQuery = z.object({
  ...pageQuery,
  order: z.string().max(64).optional(),
  state: z.enum(shipmentStates as [string, ...string[]]).optional(),
});
