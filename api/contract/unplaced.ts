import { z } from 'zod';
import { unplacedStates } from '../../domain/order/order-types';
import { overrideReasons } from '../../domain/pricing/override-price';
import { instant, localDate, money, pageOf, pageQuery, recordId } from './common';
import { createOrderBody, orderLineRequest, shipToRequest } from './orders';

const unfinished = {
  purchaseOrderNumber: z
    .string()
    .trim()
    .max(22)
    .default('')
    .meta({ description: 'May be left out until it becomes an order' }),
};

export const draftBody = createOrderBody
  .extend({ ...unfinished, lines: z.array(orderLineRequest).max(10_000).default([]) })
  .meta({ id: 'DraftRequest' });
export type DraftBody = z.infer<typeof draftBody>;
export const quoteBody = createOrderBody
  .extend({ ...unfinished, type: z.enum(['standard', 'drop-ship', 'rush']).default('standard') })
  .meta({ id: 'QuoteRequest' });

export const draftLinesBody = z
  .strictObject({
    purchaseOrderNumber: z.string().trim().max(22).optional(),
    lines: z.array(orderLineRequest).max(10_000),
  })
  .meta({ id: 'DraftLines' });

export const answerQuoteBody = z
  .strictObject({
    prices: z
      .array(
        z.object({
          lineNumber: z.int().positive(),
          unitPrice: z
            .string()
            .regex(/^\d{1,12}(\.\d{1,6})?$/, 'a price is a decimal with up to 6 places, such as "12.5"'),
        }),
      )
      .max(10_000)
      .default([])
      .meta({ description: 'Lines that are not named keep the price of the lists' }),
    reason: z.enum(overrideReasons).default('agreed-with-customer'),
    validUntil: instant.optional().meta({ description: "As long as the customer's policy says when absent" }),
  })
  .meta({ id: 'AnswerQuote' });

export const convertBody = z
  .strictObject({
    purchaseOrderNumber: z.string().trim().min(1).max(22).optional(),
    shipTo: shipToRequest.optional(),
    pickupAt: createOrderBody.shape.pickupAt,
    notify: createOrderBody.shape.notify,
  })
  .meta({ id: 'ConvertToOrder' });

export const unplacedLine = z
  .object({
    lineNumber: z.int(),
    buyerLineNumber: z.string().nullable(),
    itemId: z.string().nullable(),
    item: z.string().nullable().meta({ description: 'As it was asked for' }),
    description: z.string().nullable(),
    quantity: z.string(),
    unit: z.string(),
    unitPrice: z.string().nullable(),
    amount: money,
    explanation: z.string().nullable().meta({ description: 'Where the price comes from' }),
    rejection: z.string().nullable().meta({ description: 'Why it could not be ordered as it stands' }),
    concerns: z.array(z.string()).meta({ description: 'What somebody would have to agree to first' }),
  })
  .meta({ id: 'UnplacedLine' });

export const unplacedSummary = z
  .object({
    id: recordId,
    number: z.string(),
    type: z.enum(['draft', 'quote']),
    state: z.enum(unplacedStates as [string, ...string[]]),
    version: z.int(),
    customer: z.object({ id: z.string(), name: z.string() }),
    usage: z.enum(['P', 'T']),
    purchaseOrderNumber: z.string().nullable(),
    lineCount: z.int(),
    total: money.nullable().meta({ description: 'Of a quote, once it is answered' }),
    expiresAt: instant,
    orderId: recordId.nullable(),
    orderNumber: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
    canConvert: z.boolean(),
  })
  .meta({ id: 'UnplacedSummary' });
export type UnplacedSummaryView = z.infer<typeof unplacedSummary>;
export const unplacedPage = pageOf(unplacedSummary, 'UnplacedPage');
export const listUnplacedQuery = z.object({
  ...pageQuery,
  state: z.enum(unplacedStates as [string, ...string[]]).optional(),
  customer: z.string().max(64).optional(),
});

/** With its lines: a draft's at today's prices, a quote's as they were quoted. */
export const unplaced = unplacedSummary
  .extend({
    deliverBy: localDate.nullable(),
    notes: z.array(z.string()),
    lines: z.array(unplacedLine),
    subtotal: money,
    chargesTotal: money,
    tax: money,
    history: z.array(z.object({ at: instant, kind: z.string(), actor: z.string(), text: z.string() })),
  })
  .meta({ id: 'Unplaced' });
export type UnplacedView = z.infer<typeof unplaced>;
