import { z } from 'zod';
import { storeTaskStates } from '../../domain/fulfilment/store-task';
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
    method: z.enum(['ship', 'pickup']),
    store: z
      .object({
        state: z.enum(storeTaskStates as [string, ...string[]]),
        acceptBy: instant.nullable(),
        pickupUntil: instant.nullable(),
        arrivedAt: instant.nullable(),
        bringOutBy: instant.nullable(),
        closedAt: instant.nullable(),
        hasCode: z.boolean().meta({ description: 'The buyer has a code that works' }),
        ready: z
          .int()
          .nullable()
          .meta({ description: 'Of a pickup that was picked: base units off the shelf' }),
        asked: z
          .int()
          .nullable()
          .meta({ description: 'What the store was asked for; more than ready: it is short' }),
      })
      .nullable()
      .meta({ description: 'How a store stands with it; null: a warehouse has it, or nobody yet' }),
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
