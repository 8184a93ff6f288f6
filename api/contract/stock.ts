import { z } from 'zod';
import { instant, localDate, pageOf, pageQuery } from './common';
import { supplierReport } from './inventory';

const id = z.string().min(1).max(64);
const baseUnits = z.int().positive().max(1_000_000_000);
const usage = z.enum(['P', 'T']).default('P');

const shipToName = z.object({
  id: z.string().min(1).max(80),
  idQualifier: z.string().min(1).max(2).default('92'),
});

export const reserveCartBody = z
  .strictObject({
    cartId: id.meta({
      description: "The shop's own name of the basket; reserving again under it replaces what it had",
    }),
    customerId: id.optional().meta({ description: "Needed with a key of the seller's own" }),
    usage,
    minutes: z.int().min(1).max(120).default(15),
    allOrNothing: z
      .boolean()
      .default(true)
      .meta({ description: 'false: of each line what is there, the answer tells what is missing' }),
    shipTo: shipToName.optional().meta({
      description:
        'Where its order is to go: it is reserved where rules for that place allow; without it, by rules that hold for all ship-tos',
    }),
    lines: z
      .array(
        z.strictObject({
          item: id,
          quantity: baseUnits,
          unit: z.string().min(1).max(3).optional().meta({ description: 'The base unit when absent' }),
        }),
      )
      .min(1)
      .max(500),
  })
  .meta({ id: 'ReserveCart' });
export const cart = z
  .object({
    cartId: z.string(),
    status: z.enum(['active', 'converted', 'released', 'expired']),
    expiresAt: instant,
    lines: z.array(z.object({ item: z.string(), reserved: z.int().meta({ description: 'Base units' }) })),
    missing: z.array(z.object({ line: z.int(), item: z.string(), quantity: z.int() })),
  })
  .meta({ id: 'Cart' });
export const cartQuery = z.object({ customerId: id.optional(), usage });

export const keepStockBody = z
  .strictObject({
    customerId: id.optional(),
    channel: z.enum(['edi', 'api', 'portal', 'csv']).optional(),
    item: id,
    node: id,
    usage,
    quantity: baseUnits,
    until: localDate
      .optional()
      .meta({ description: 'Its last day, in the zone of the node; until it is drawn when absent' }),
    reason: z.string().trim().min(3, 'say why, in a few words').max(200),
  })
  .refine((body) => (body.customerId === undefined) !== (body.channel === undefined), {
    path: ['customerId'],
    error: 'name a customer or a channel, one of them',
  })
  .meta({ id: 'KeepStock' });
export const stockReserve = z
  .object({
    id: z.string(),
    kind: z.enum(['customer', 'channel']),
    customerId: z.string().nullable(),
    channel: z.string().nullable(),
    item: z.string(),
    node: z.string(),
    usage: z.enum(['P', 'T']),
    kept: z.int(),
    left: z.int().meta({ description: 'Not drawn, ended or cut yet' }),
    until: instant.nullable(),
    reason: z.string(),
    by: z.string(),
    at: instant,
  })
  .meta({ id: 'StockReserve' });
export type StockReserveView = z.infer<typeof stockReserve>;
export const stockReservePage = pageOf(stockReserve, 'StockReservePage');
export const listReservesQuery = z.object({ ...pageQuery, item: id.optional(), usage });

export const expectStockBody = z
  .strictObject({
    number: z.string().trim().min(1).max(22).meta({ description: 'Named again by the receipt (944 W1704)' }),
    nodeId: id,
    usage,
    kind: z.enum(['purchase', 'transfer']).default('purchase'),
    source: z.string().trim().min(1).max(60).meta({ description: 'Who sends it' }),
    expectedOn: localDate
      .nullable()
      .default(null)
      .meta({ description: 'The day it is there; null: nobody knows, it is promised to nobody' }),
    lines: z
      .array(z.strictObject({ itemId: id, quantity: baseUnits, expectedOn: localDate.exactOptional() }))
      .min(1)
      .max(9999),
  })
  .meta({ id: 'ExpectStock' });
export const inboundStock = z
  .object({
    number: z.string(),
    kind: z.enum(['purchase', 'transfer', 'supplier']).meta({
      description: 'supplier: what a supplier that ships to customers says (846) that it will have',
    }),
    source: z.string(),
    expectedOn: localDate.nullable(),
    quantity: z.int().meta({ description: 'Still to come' }),
    overdue: z
      .boolean()
      .meta({ description: 'Its day has passed: it counts for nothing until a new one is said' }),
  })
  .meta({ id: 'InboundStock' });
export const expectedStock = z
  .object({
    number: z.string(),
    items: z.array(z.string()).meta({ description: 'Of which something changed' }),
  })
  .meta({ id: 'ExpectedStock' });

export const availabilityQuery = z.object({
  items: z
    .string()
    .min(1)
    .max(4000)
    .transform((text) => [...new Set(text.split(',').map((one) => one.trim()))].filter(Boolean))
    .pipe(z.array(id).min(1).max(100))
    .meta({ description: 'Item numbers, separated by commas; at most 100' }),
  date: localDate
    .optional()
    .meta({ description: 'Available on this day; without it, today and every day of change' }),
  node: id.optional().meta({ description: "One node; for the seller's own people" }),
  shipTo: z.string().min(1).max(80).optional().meta({
    description:
      'For a buyer: code of the ship-to that the order goes to; rules of sourcing may differ by place',
  }),
  shipToQualifier: z.string().min(1).max(2).default('92'),
  usage,
});
export const promiseFigures = z
  .object({
    date: localDate,
    onHand: z.int(),
    reserved: z.int(),
    safety: z.int(),
    kept: z.int().meta({ description: 'For carts, customers, channels and as shares of waiting lines' }),
    inbound: z.int().meta({ description: 'Expected until the day' }),
    promised: z.int().meta({ description: 'For orders that wait' }),
    available: z.int(),
  })
  .meta({
    id: 'PromiseFigures',
    description: 'available = on hand - reserved - safety - kept + inbound - promised, never below zero',
  });
export type PromiseFiguresView = z.infer<typeof promiseFigures>;
export const nodeAvailability = z
  .object({
    node: z.object({ id: z.string(), name: z.string() }),
    supplier: supplierReport,
    onHand: z.int(),
    reserved: z.int(),
    carts: z.int(),
    reserves: z.int(),
    shares: z.int(),
    safety: z.int(),
    safetyRule: z
      .object({ scope: z.string(), version: z.int() })
      .nullable()
      .meta({ description: 'The rule of kind safety-stock that says so; null: the stock level itself does' }),
    inTransit: z.int(),
    expected: z.array(inboundStock),
    dates: z.array(promiseFigures),
  })
  .meta({ id: 'NodeAvailability' });
export type NodeAvailabilityView = z.infer<typeof nodeAvailability>;
export const availability = z
  .object({
    shipTo: shipToName.nullable().exactOptional().meta({
      description:
        'To a buyer: the ship-to that this is for; null: whichever of its ship-tos the order goes to, so of all of them the least',
    }),
    items: z.array(
      z.object({
        item: z.string(),
        known: z.boolean(),
        dates: z.array(
          z.object({
            date: localDate,
            available: z
              .int()
              .nullable()
              .meta({ description: 'null: this customer is told only whether there is any' }),
            inStock: z.boolean(),
          }),
        ),
        waiting: z.int().exactOptional().meta({ description: 'What orders wait for, beyond their shares' }),
        nodes: z
          .array(nodeAvailability)
          .exactOptional()
          .meta({ description: "The figures behind it: for the seller's own people" }),
      }),
    ),
  })
  .meta({ id: 'Availability' });
export type AvailabilityView = z.infer<typeof availability>;
