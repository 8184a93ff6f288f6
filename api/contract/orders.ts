import { z } from 'zod';
import { orderStates, shipmentStates } from '../../domain/order/states';
import { address, instant, json, localDate, money, pageOf, pageQuery, party, recordId } from './common';
import { hold } from './holds';
import { invoiceSummary } from './invoices';
import { shipment } from './shipments';
import { lineSupply } from './supply';

export const orderState = z.enum(orderStates as [string, ...string[]]).meta({ id: 'OrderState' });

/** Up to 12 digits before and 6 after the point; text, or a JSON number for callers who have nothing else. */
export const decimal = (what: string) =>
  z
    .union([z.string(), z.number()])
    .transform((value) => String(value))
    .pipe(
      z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, {
        error: `${what} is a decimal with up to 6 places, such as "12.5"`,
        abort: true,
      }),
    );
export const positive = (what: string) =>
  decimal(what).refine((text) => /[1-9]/.test(text), `${what} must be greater than zero`);

export const shipToRequest = z.object({
  id: z.string().min(1).max(80).optional().meta({ description: 'Code of a known ship-to' }),
  idQualifier: z.string().max(2).default('92'),
  name: z.string().min(1).max(60).optional(),
  address: address.optional(),
});
const dates = z.array(z.object({ qualifier: z.string().min(3).max(3), date: localDate })).max(20);
export const references = z
  .array(
    z.object({
      qualifier: z.string().min(2).max(3),
      value: z.string().min(1).max(50),
      description: z.string().max(80).optional(),
    }),
  )
  .max(50);

export const orderLineRequest = z
  .strictObject({
    item: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: "The seller's item number; or give productIds", example: 'WIDGET-1' }),
    productIds: z
      .array(z.object({ qualifier: z.string().min(2).max(2), value: z.string().min(1).max(48) }))
      .max(10)
      .optional(),
    quantity: positive('a quantity').meta({ example: '12' }),
    unit: z.string().min(1).max(3).default('EA').meta({ example: 'EA' }),
    unitPrice: decimal('a price')
      .optional()
      .meta({ description: 'What the buyer expects to pay a unit', example: '4.25' }),
    buyerLineNumber: z.string().min(1).max(20).optional(),
    description: z.string().max(80).optional(),
    pickupAt: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: "The store at which this line is picked up, where that is not the order's" }),
    dates: dates.default([]),
    references: references.default([]),
    periods: z
      .array(z.strictObject({ from: localDate, to: localDate.nullable(), maximum: positive('a maximum') }))
      .max(400)
      .optional()
      .meta({ description: "Of a blanket order's line: how much of it, in `unit`, may be called off when" }),
    shipTogether: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .meta({ description: 'Lines with the same word leave in one shipment, whole' }),
  })
  .refine((line) => line.item !== undefined || (line.productIds?.length ?? 0) > 0, {
    path: ['item'],
    error: 'name the item, or give productIds',
  })
  .meta({ id: 'OrderLineRequest' });

export const createOrderBody = z
  .strictObject({
    customerId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: "Needed with a key of the seller's own; a buyer's key implies it" }),
    purchaseOrderNumber: z.string().trim().min(1).max(22).meta({ example: 'PO-10023' }),
    releaseNumber: z.string().min(1).max(30).optional(),
    purchaseOrderDate: localDate
      .optional()
      .meta({ description: 'Today in the zone of the customer when absent' }),
    type: z.enum(['standard', 'drop-ship', 'rush', 'sample', 'blanket', 'release']).default('standard').meta({
      description:
        'A blanket order takes no stock and no credit; a release names its purchase order number, with a releaseNumber of its own.',
    }),
    validFrom: localDate
      .optional()
      .meta({ description: 'Of a blanket order: the first day on which it may be called off' }),
    validTo: localDate.optional().meta({ description: 'Of a blanket order: the last one' }),
    usage: z
      .enum(['P', 'T'])
      .default('P')
      .meta({ description: 'T: a test order, with stock and credit of its own' }),
    currency: z.string().length(3).optional(),
    shipTo: shipToRequest.optional(),
    parties: z.array(party).max(20).default([]),
    deliverBy: localDate.optional(),
    shipNotBefore: localDate.optional(),
    shipNoLater: localDate.optional(),
    cancelAfter: localDate.optional(),
    shipping: z
      .strictObject({
        shipComplete: z.enum(['order', 'line']).exactOptional(),
        singleNode: z.boolean().exactOptional(),
        maximumShipments: z.int().min(1).max(1000).exactOptional(),
      })
      .optional()
      .meta({ description: "How the goods are to leave, beside what the customer's policy says" }),
    references: references.default([]),
    notes: z.array(z.string().min(1).max(500)).max(20).default([]),
    pickupAt: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'The store at which the buyer picks it up; left out: it is shipped' }),
    notify: z
      .email()
      .max(254)
      .optional()
      .meta({ description: 'Who is told by mail how the pickup stands', example: 'bo@buyer.example' }),
    externalReference: z.string().min(1).max(100).optional(),
    fill: z
      .strictObject({
        shipComplete: z.boolean().default(false),
        minimum: z
          .union([
            z.strictObject({ of: z.enum(['line', 'order']), percent: z.int().min(1).max(100) }),
            z.strictObject({ of: z.literal('line'), quantity: z.int().positive().max(1_000_000_000) }),
          ])
          .nullable()
          .default(null),
        rest: z.enum(['backorder', 'cancel']).default('backorder'),
      })
      .optional()
      .meta({
        description:
          'What is taken where not all is there: below the minimum nothing, above it the rest waits or is cancelled. Fill or kill of the order: minimum 100 percent of the order, rest cancel',
      }),
    costCentre: z.string().min(1).max(40).optional().meta({
      description: 'Of the buyer’s own company, where it plans budgets; left out: that of the person',
    }),
    cartId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'The cart whose reserved units the order takes; a cart becomes an order once' }),
    lines: z.array(orderLineRequest).min(1, 'an order needs at least one line').max(10_000),
  })
  .meta({ id: 'CreateOrder' });
export type CreateOrderBody = z.infer<typeof createOrderBody>;

export const orderSummary = z
  .object({
    id: recordId,
    orderNumber: z.string(),
    purchaseOrderNumber: z.string(),
    releaseNumber: z.string().nullable(),
    customer: z.object({ id: z.string(), name: z.string() }),
    partnerId: z.string().nullable(),
    channel: z.string(),
    type: z.string(),
    usage: z.enum(['P', 'T']),
    state: orderState,
    total: money,
    lineCount: z.int(),
    openHolds: z.array(z.string()).meta({ description: 'Types of the holds that are open' }),
    deliverBy: localDate.nullable(),
    placedAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'OrderSummary' });
export type OrderSummaryView = z.infer<typeof orderSummary>;
export const orderPage = pageOf(orderSummary, 'OrderPage');

export const listOrdersQuery = z.object({
  ...pageQuery,
  purchaseOrderNumber: z.string().max(40).optional(),
  state: z.string().max(100).optional().meta({ description: 'One state or several, separated by commas' }),
  customer: z.string().max(64).optional(),
  usage: z.enum(['P', 'T']).optional(),
  type: z.string().max(20).optional().meta({ example: 'blanket' }),
  search: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .meta({ description: 'Start of a purchase order number or of an order number' }),
});

export const lineStatuses = [
  'rejected',
  'cancelled',
  'invoiced',
  'shipped',
  'partly-shipped',
  'at-warehouse',
  'reserved',
  'partly-reserved',
  'backordered',
  'to-call-off',
  'called-off',
] as const;
export type LineStatusName = (typeof lineStatuses)[number];

export const orderLine = z
  .object({
    lineNumber: z.int(),
    buyerLineNumber: z.string().nullable(),
    itemId: z.string().nullable(),
    description: z.string().nullable(),
    productIds: json,
    status: z.enum(lineStatuses),
    quantity: z.string().meta({ description: 'As ordered, in `unit`' }),
    unit: z.string(),
    baseUnit: z.string().nullable(),
    unitFactor: z.int().meta({ description: 'Base units in one ordered unit' }),
    counts: z
      .object({
        ordered: z.int(),
        cancelled: z.int(),
        reserved: z.int(),
        backordered: z.int(),
        released: z.int(),
        shipped: z.int(),
        invoiced: z.int(),
        calledOff: z.int().meta({ description: 'Of a blanket order: what its releases have called off' }),
        remaining: z.int().meta({ description: 'Of a blanket order: what is still to be called off' }),
      })
      .meta({ description: 'In base units' }),
    requestedPrice: z.string().nullable(),
    unitPrice: z.string().nullable(),
    priceBasis: z.int(),
    amount: money,
    priceDecision: json,
    rejection: z.string().nullable(),
    promisedOn: localDate
      .nullable()
      .meta({ description: 'The day by which what is backordered is to leave; null: not known yet' }),
    waitsForShipment: z.boolean().meta({
      description: 'What it waits for is there, and would take one more shipment than the order may have',
    }),
    rescheduled: z.array(z.object({ units: z.int().positive(), on: localDate })).meta({
      description: 'What is set aside or released and leaves on another day than was reckoned with',
    }),
    dates: json,
    destination: json.meta({
      description: 'Where this part of a line goes, or whom it is marked for; null for a whole line',
    }),
    parties: json,
    references: json,
    kept: json.meta({ description: 'Segments of the line as they came, with their positions' }),
    periods: z
      .array(
        z.object({
          from: localDate,
          to: localDate.nullable(),
          maximum: z.int(),
          calledOff: z.int(),
          remaining: z.int(),
        }),
      )
      .meta({ description: "Of a blanket order's line, in base units" }),
    calledOffIn: localDate
      .nullable()
      .meta({ description: "Of a release's line: the first day of the period that it counts for" }),
    partOf: z.int().nullable().meta({
      description: 'Line number of the first part, where the line is another part of what was ordered as one',
    }),
    supply: lineSupply.nullable(),
    reservations: z.array(z.object({ nodeId: z.string(), quantity: z.int() })),
  })
  .meta({ id: 'OrderLine' });
export type OrderLineView = z.infer<typeof orderLine>;

export const order = orderSummary
  .extend({
    version: z.int(),
    entityId: z.string(),
    creditAccountId: z.string(),
    externalReference: z.string().nullable(),
    purchaseOrderDate: localDate,
    shipTo: json,
    pickupAt: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'The store at which it is picked up; null: it is shipped, or lines name stores' }),
    terms: json,
    notes: z.array(z.string()),
    references: json,
    parties: json,
    kept: json.meta({ description: 'Segments of the head as they came, with their positions' }),
    validFrom: localDate
      .nullable()
      .meta({ description: 'Of a blanket order: the first day on which it may be called off' }),
    validTo: localDate.nullable().meta({ description: 'Of a blanket order: the last one' }),
    shipNotBefore: instant.nullable(),
    cancelAfter: instant.nullable(),
    releaseAt: instant,
    answerDueAt: instant.nullable(),
    finalAnswerAt: instant.nullable(),
    closedAt: instant.nullable(),
    workflowStartedAt: instant.nullable(),
    subtotal: money,
    charges: json,
    chargesTotal: money,
    tax: money,
    lines: z.array(orderLine),
    holds: z.array(hold),
    shipments: z.array(shipment),
    invoices: z.array(invoiceSummary),
    documentId: recordId.nullable(),
    canCancel: z.boolean(),
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof order>;

export const timelineEntry = z
  .object({
    id: z.string(),
    at: instant,
    kind: z.enum(['event', 'decision', 'hold', 'document', 'call', 'change']),
    title: z.string(),
    text: z.string(),
    actor: z.string().nullable(),
    documentId: recordId.nullable(),
    data: json,
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntryView = z.infer<typeof timelineEntry>;
export const timeline = z.object({ items: z.array(timelineEntry) }).meta({ id: 'Timeline' });

export const cancelOrderBody = z
  .strictObject({ reason: z.string().trim().min(3, 'say why, in a few words').max(500) })
  .meta({ id: 'CancelOrder' });
export const cancelOutcome = z
  .object({
    status: z.enum(['cancelled', 'partly-cancelled', 'recalling', 'pending']),
    changeId: recordId,
    text: z.string(),
  })
  .meta({ id: 'CancelOutcome' });

export const shipmentState = z.enum(shipmentStates as [string, ...string[]]);
