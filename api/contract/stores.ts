import { z } from 'zod';
import { rejectReasonNames, storeTaskStates } from '../../domain/fulfilment/store-task';
import { instant, json, pageOf, pageQuery, recordId } from './common';

const taskState = z.enum(storeTaskStates as [string, ...string[]]).meta({ id: 'StoreTaskState' });
const baseUnits = z.int().min(0).max(1_000_000_000).meta({ description: 'Base units' });
const lineNumber = z.int().positive();

export const storeTask = z
  .object({
    id: recordId,
    releaseNumber: z.string(),
    shipmentId: recordId,
    orderNumber: z.string(),
    purchaseOrderNumber: z.string(),
    buyer: z.string(),
    node: z.object({ id: z.string(), name: z.string(), timeZone: z.string() }),
    method: z.enum(['ship', 'pickup']),
    state: taskState,
    offeredAt: instant,
    acceptBy: instant.nullable(),
    acceptedBy: z.string().nullable(),
    reason: z.string().nullable(),
    note: z.string().nullable(),
    carrier: z.string().nullable().meta({ description: 'SCAC and service' }),
    pickupUntil: instant.nullable(),
    arrivedAt: instant.nullable(),
    arrival: z.string().nullable().meta({ description: 'Where the buyer waits' }),
    bringOutBy: instant.nullable(),
    closedAt: instant.nullable(),
    lines: z.array(
      z.object({
        lineNumber,
        itemId: z.string(),
        description: z.string(),
        quantity: baseUnits,
        unitFactor: z.int().meta({ description: 'Base units in the ordered unit' }),
        picked: baseUnits.nullable(),
      }),
    ),
    cartons: z.array(
      z.object({ sscc: z.string(), trackingNumber: z.string().nullable(), weightGrams: z.int() }),
    ),
  })
  .meta({ id: 'StoreTask' });
export type StoreTaskView = z.infer<typeof storeTask>;
export const storeTaskPage = pageOf(storeTask, 'StoreTaskPage');

export const pickupStore = z
  .object({
    id: z.string().meta({ description: 'What an order names with pickupAt' }),
    name: z.string(),
    address: json,
    timeZone: z.string(),
    openingHours: z
      .array(z.object({ days: z.array(z.int()), from: z.string(), to: z.string() }))
      .meta({ description: "HHMM on the store's clock; days 1 Monday to 7 Sunday; nothing: always open" }),
    closedOn: z.array(z.string()),
    keptDays: z.int().meta({ description: 'For so many days after the day on which it is ready' }),
  })
  .meta({ id: 'PickupStore' });
export type PickupStoreView = z.infer<typeof pickupStore>;
export const pickupStoreList = z.object({ items: z.array(pickupStore) }).meta({ id: 'PickupStoreList' });

export const listStoreTasksQuery = z.object({
  ...pageQuery,
  status: z.enum(['open', 'closed']).default('open'),
  node: z.string().max(64).optional().meta({ description: "A store's own key sees its own tasks only" }),
});

export const rejectTaskBody = z
  .strictObject({
    reason: z.enum(rejectReasonNames as [(typeof rejectReasonNames)[number]]).meta({
      description: 'not-found and damaged lower the level of the goods in the store',
    }),
    note: z.string().trim().min(1).max(300).optional(),
  })
  .meta({ id: 'RejectStoreTask' });

const quantities = z
  .array(z.strictObject({ lineNumber, quantity: baseUnits }))
  .min(1)
  .max(10_000);

export const pickTaskBody = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          lineNumber,
          quantity: baseUnits,
          shortReason: z.string().trim().min(1).max(100).optional(),
        }),
      )
      .min(1)
      .max(10_000)
      .meta({ description: 'Every line of the task; 0 of what is not there' }),
  })
  .meta({ id: 'PickStoreTask' });

export const packTaskBody = z
  .strictObject({
    cartons: z
      .array(z.strictObject({ sscc: z.string().length(18), weightGrams: z.int().positive().max(5_000_000) }))
      .max(10_000)
      .default([])
      .meta({ description: 'As weighed; what is not named keeps its planned weight' }),
  })
  .meta({ id: 'PackStoreTask' });

export const shipTaskBody = z
  .strictObject({ trackingNumber: z.string().trim().min(1).max(50).optional() })
  .meta({ id: 'ShipStoreTask' });

export const handOverBody = z
  .strictObject({
    proof: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('code'),
        code: z.string().regex(/^\d{8}$/, 'is the eight digits that the buyer shows'),
      }),
      z.strictObject({
        kind: z.literal('signature'),
        receivedBy: z.string().trim().min(2).max(100),
        signatureReference: z.string().trim().min(1).max(100),
      }),
    ]),
    taken: quantities.optional().meta({ description: 'Every line; left out: all that was picked is taken' }),
    rest: z
      .enum(['later', 'cancel'])
      .default('cancel')
      .meta({ description: 'What is not taken: kept for another time, or cancelled and for sale again' }),
  })
  .meta({ id: 'HandOver' });

export const pickupCode = z
  .object({ code: z.string().meta({ description: 'To be shown at the store. It is told this once' }) })
  .meta({ id: 'PickupCode' });
export const arrivalBody = z
  .strictObject({
    where: z.string().trim().min(1).max(100).optional().meta({ example: 'Bay 3, blue van' }),
  })
  .meta({ id: 'PickupArrival' });
export const arrival = z
  .object({ arrivedAt: instant, bringOutBy: instant.nullable() })
  .meta({ id: 'PickupArrived' });
