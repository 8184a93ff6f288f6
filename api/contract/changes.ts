import { z } from 'zod';
import {
  modificationLevels,
  modificationStatuses,
  modificationTypes,
  verdicts,
} from '../../domain/order/modification-matrix';
import { changeStatuses } from '../../domain/order/states';
import { instant, json, localDate, money, recordId } from './common';
import { decimal, orderLineRequest, positive, references, shipToRequest } from './orders';

const days = {
  deliverBy: localDate.optional(),
  shipNotBefore: localDate.optional(),
  cancelAfter: localDate.optional().meta({ description: 'What is open after this day is cancelled' }),
};

const changedLine = z
  .strictObject({
    lineNumber: z.int().positive().meta({ description: "The order's own number of the line" }),
    delete: z.literal(true).optional(),
    quantity: positive('a quantity')
      .optional()
      .meta({ description: 'In the unit of the line', example: '8' }),
    unitPrice: decimal('a price').optional(),
    ...days,
  })
  .refine((line) => Object.keys(line).length > 1, 'say what of the line is to change');

export const changeOrderBody = z
  .strictObject({
    ...days,
    shipTo: shipToRequest.optional(),
    references: references.default([]),
    notes: z.array(z.string().min(1).max(500)).max(20).default([]),
    lines: z.array(changedLine).max(10_000).default([]),
    add: z.array(orderLineRequest).max(1000).default([]),
  })
  .refine(
    ({ lines, add, references: given, notes, ...rest }) =>
      lines.length + add.length + given.length + notes.length + Object.keys(rest).length > 0,
    'say what is to change',
  )
  .meta({ id: 'ChangeOrder' });
export type ChangeOrderBody = z.infer<typeof changeOrderBody>;

const lineStanding = z.object({
  lineNumber: z.int(),
  buyerLineNumber: z.string().nullable(),
  itemId: z.string().nullable(),
  description: z.string().nullable(),
  unit: z.string(),
  quantity: z.string().meta({ description: 'Still wanted, in `unit`' }),
  unitPrice: z.string().nullable(),
  amount: money,
  covered: z.string().meta({ description: 'Set aside for it, or gone already, in `unit`' }),
  backordered: z.string(),
  shipNotBefore: localDate.nullable(),
  deliverBy: localDate.nullable(),
  cancelAfter: instant.nullable(),
  rejection: z.string().nullable(),
});
const standing = z.object({
  lines: z.array(lineStanding),
  subtotal: money,
  charges: money,
  tax: money,
  total: money,
  shipTo: json,
  deliverBy: localDate.nullable(),
  shipNotBefore: instant.nullable(),
  cancelAfter: instant.nullable(),
  credit: z
    .object({ limit: money, exposure: money, headroom: money })
    .nullable()
    .meta({ description: "With the order in it; shown to the seller's own keys" }),
});

export const changeAssessment = z
  .object({
    before: standing,
    after: standing,
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        buyerLineNumber: z.string().nullable(),
        changeCode: z.string(),
        accepted: z.boolean(),
        partly: z.boolean(),
        text: z.string(),
      }),
    ),
    head: z.array(z.object({ type: z.string(), accepted: z.boolean(), text: z.string() })),
    holds: z
      .array(z.object({ type: z.string(), lineNumber: z.int().nullable(), text: z.string() }))
      .meta({ description: 'What it would wait for; the order stands as it is until then' }),
    recalls: z.array(z.string()).meta({ description: 'Shipments that warehouses have to give back first' }),
  })
  .meta({ id: 'ChangeAssessment' });
export type ChangeAssessmentView = z.infer<typeof changeAssessment>;

export const changePreview = z
  .object({ assessment: changeAssessment, text: z.string(), waitingBefore: z.int(), orderVersion: z.int() })
  .meta({ id: 'ChangePreview' });
export type ChangePreviewView = z.infer<typeof changePreview>;

export const changeOutcome = z
  .object({
    status: z.enum(['applied', 'partly-applied', 'held', 'waiting', 'recalling', 'pending', 'withdrawn']),
    changeId: recordId,
    text: z.string(),
  })
  .meta({ id: 'ChangeOutcome' });
export type ChangeOutcomeView = z.infer<typeof changeOutcome>;

export const orderChange = z
  .object({
    id: recordId,
    status: z.enum(changeStatuses as [string, ...string[]]),
    purpose: z.enum(['change', 'cancel', 'replace']),
    channel: z.string(),
    requestedBy: z.string(),
    receivedAt: instant,
    decidedAt: instant.nullable(),
    text: z.string(),
    documentId: recordId.nullable(),
    assessment: changeAssessment.nullable(),
  })
  .meta({ id: 'OrderChange' });
export type OrderChangeView = z.infer<typeof orderChange>;
export const orderChanges = z.object({ items: z.array(orderChange) }).meta({ id: 'OrderChanges' });

const cell = z.object({ type: z.enum(modificationTypes), verdict: z.enum(verdicts), rule: z.string() });
export const allowedChanges = z
  .object({
    status: z.enum(modificationStatuses),
    header: z.array(cell),
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        level: z.enum(modificationLevels),
        status: z.enum(modificationStatuses),
        types: z.array(cell),
      }),
    ),
  })
  .meta({ id: 'AllowedChanges' });
export type AllowedChangesView = z.infer<typeof allowedChanges>;
