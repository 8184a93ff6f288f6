import { z } from 'zod';
import { ageingBuckets } from '../../domain/credit/assess-ageing';
import { holdActions } from '../../domain/order/progress';
import { holdStatuses } from '../../domain/order/states';
import { instant, json, localDate, money, pageOf, pageQuery, recordId } from './common';

export const hold = z
  .object({
    id: recordId,
    orderId: recordId,
    lineNumber: z.int().nullable(),
    type: z.string().meta({ example: 'credit' }),
    status: z.enum(holdStatuses as [string, ...string[]]),
    blocks: z.array(z.string()),
    reason: json,
    reasonText: z.string(),
    role: z.string().meta({ description: 'Who may resolve it' }),
    owner: z.string().nullable(),
    openedAt: instant,
    dueAt: instant,
    expiresAt: instant.nullable(),
    escalatedAt: instant.nullable(),
    escalatedTo: z.string().nullable().meta({ description: 'The role that it was escalated to last' }),
    escalatesAt: instant.nullable().meta({ description: 'When it is escalated next' }),
    onExpiry: z.enum(['reject', 'release', 'stays']),
    shipmentId: recordId.nullable(),
    changeId: recordId
      .nullable()
      .meta({ description: 'The change that waits for it; the order itself stands as it was' }),
    appliedBy: z.string().nullable().meta({ description: 'The person who put it on; null: a rule did' }),
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable(),
    inNameOf: z.string().nullable().meta({ description: 'For whom a substitute decided' }),
    resolutionReason: z.string().nullable(),
    approvals: json,
  })
  .meta({ id: 'Hold' });
export type HoldView = z.infer<typeof hold>;

export const exposureItem = z.object({
  kind: z.enum(['order', 'invoice', 'receivable', 'credit-memo', 'prepayment', 'cash', 'pending']),
  reference: z.string(),
  orderId: recordId.nullable(),
  amount: money,
  dueDate: localDate.nullable(),
});
export const exposure = z
  .object({
    creditAccountId: z.string(),
    name: z.string(),
    limit: money.meta({ description: 'In force today, temporary limits on top' }),
    blocked: z.boolean(),
    openOrders: money,
    openInvoices: money.meta({
      description: 'Invoices of the hub that the receivables snapshot does not hold yet',
    }),
    receivables: money,
    unappliedCash: money,
    credits: money.meta({ description: 'Credit memos and prepayments that the snapshot does not hold yet' }),
    total: money,
    available: money,
    pending: money.meta({ description: 'Held orders: not part of the exposure' }),
    receivablesAsOf: instant.nullable(),
  })
  .meta({ id: 'CreditExposure' });
export type ExposureView = z.infer<typeof exposure>;
export const creditLevel = z
  .object({
    creditAccountId: z.string(),
    name: z.string(),
    limit: money,
    total: money,
    available: money,
    blocked: z.boolean(),
  })
  .meta({ id: 'CreditLevel' });
export type CreditLevelView = z.infer<typeof creditLevel>;

export const ageing = z
  .object({
    today: localDate,
    rule: json.meta({
      description: 'The rule of past-due invoices that is in force for the account, or null',
    }),
    buckets: z.array(z.object({ bucket: z.enum(ageingBuckets), amount: money })),
    items: z.array(
      z.object({
        reference: z.string(),
        amount: money,
        dueDate: localDate.nullable(),
        daysPastDue: z.int().nullable(),
        bucket: z.enum(ageingBuckets),
      }),
    ),
  })
  .meta({ id: 'Ageing' });
export type AgeingView = z.infer<typeof ageing>;

export const creditAccount = exposure
  .extend({
    version: z.int(),
    currency: z.string(),
    riskClass: z.string().nullable(),
    parentId: z.string().nullable(),
    standingLimit: money,
    limitValidFrom: localDate.nullable(),
    limitValidTo: localDate.nullable(),
    limitLapsed: z.enum(['not-yet-valid', 'expired']).nullable(),
    above: z
      .array(creditLevel)
      .meta({ description: 'The accounts above it, nearest first: an order has to fit in each' }),
    below: z.array(z.object({ creditAccountId: z.string(), name: z.string() })),
    temporaryLimits: z.array(
      z.object({
        id: recordId,
        amount: money,
        validFrom: localDate,
        validTo: localDate,
        reason: z.string(),
        setBy: z.string(),
        withdrawnAt: instant.nullable(),
        inForce: z.boolean(),
      }),
    ),
    disputes: z.array(
      z.object({
        id: recordId,
        invoiceNumber: z.string(),
        amount: money.nullable().meta({ description: 'What is contested; null: all of it' }),
        until: localDate.meta({ description: 'The last day on which its age holds no order' }),
        inForce: z.boolean(),
        reasonCode: z.string(),
        reason: z.string(),
        openedBy: z.string(),
        openedAt: instant,
        closedAt: instant.nullable(),
        closedBy: z.string().nullable(),
        closingReason: z.string().nullable(),
      }),
    ),
    history: z.array(
      z.object({ at: instant, person: z.string(), reason: z.string(), before: json, after: json }),
    ),
    ageing,
    missingRates: z.array(z.string()),
    documents: z.array(exposureItem),
  })
  .meta({ id: 'CreditAccount' });
export type CreditAccountView = z.infer<typeof creditAccount>;
export const creditAccountPage = pageOf(exposure, 'CreditAccountPage');

export const heldOrder = hold
  .extend({
    order: z.object({
      id: recordId,
      orderNumber: z.string(),
      purchaseOrderNumber: z.string(),
      customer: z.object({ id: z.string(), name: z.string() }),
      state: z.string(),
      total: money,
      placedAt: instant,
    }),
    toDecide: money.meta({
      description:
        'What a release stands for: the total of the order, with the change where one waits for it',
    }),
    exposure: exposure.nullable().meta({ description: 'Of the credit account, now' }),
    decidable: z.boolean().meta({
      description: "Whether one of the caller's roles may decide it; up to which amount shows when deciding",
    }),
  })
  .meta({ id: 'HeldOrder' });
export type HeldOrderView = z.infer<typeof heldOrder>;
export const holdPage = pageOf(heldOrder, 'HoldPage');

export const listHoldsQuery = z.object({
  ...pageQuery,
  status: z.enum(holdStatuses as [string, ...string[]]).default('open'),
  type: z.string().max(40).optional(),
  role: z.string().max(40).optional(),
  order: z.string().max(64).optional().meta({ description: 'Id of an order' }),
});

const creditTerms = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('part'),
      lines: z.array(z.int().positive()).min(1).max(10_000).exactOptional(),
      upToMinor: z.int().positive().exactOptional(),
      rest: z.enum(['hold', 'backorder', 'cancel']),
    })
    .refine(({ lines, upToMinor }) => (lines === undefined) !== (upToMinor === undefined), {
      error: 'name the lines, or the amount up to which lines are let through: one of them',
    }),
  z.strictObject({ kind: z.literal('prepayment'), expiresAt: instant }),
]);
const termsOf: Readonly<Record<string, string>> = {
  'release-part': 'part',
  'request-prepayment': 'prepayment',
};

export const holdDecisionBody = z
  .strictObject({
    action: z.enum(holdActions).meta({
      description: 'release-part and request-prepayment are of credit holds, and need their terms',
    }),
    terms: creditTerms.optional(),
    decisionCode: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,40}$/)
      .optional()
      .meta({ description: "Why, as the company counts its reasons: 'good-payer', 'payment-promised', ..." }),
    reason: z.string().trim().min(3, 'say why, in a few words: it is kept with the decision').max(1000),
    seenTotalMinor: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'What it came to when it was looked at: if it is more by now, 412' }),
  })
  .refine(({ action, terms }) => terms?.kind === termsOf[action], {
    path: ['terms'],
    error:
      'release-part needs terms of kind "part", request-prepayment of kind "prepayment", the others none',
  })
  .meta({ id: 'DecideHold' });
export const applyHoldBody = z
  .strictObject({
    type: z.string().min(1).max(60).default('manual'),
    lineNumber: z.int().positive().optional(),
    shipmentId: recordId.optional(),
    reason: z.string().trim().min(3, 'say why, in a few words: it is kept with the hold').max(500),
  })
  .refine(({ lineNumber, shipmentId }) => lineNumber === undefined || shipmentId === undefined, {
    message: 'A hold goes on a line or on a shipment, not on both',
  })
  .meta({ id: 'ApplyHold' });

export const holdDecisionOutcome = z
  .object({
    kind: z.enum(['resolved', 'needs-second-person', 'prepayment-requested']),
    holdId: recordId,
    status: z.enum(['released', 'rejected']).optional(),
  })
  .meta({ id: 'HoldDecision' });
