import { z } from 'zod';
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
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable(),
    resolutionReason: z.string().nullable(),
    approvals: json,
  })
  .meta({ id: 'Hold' });
export type HoldView = z.infer<typeof hold>;

export const exposureItem = z.object({
  kind: z.enum(['order', 'invoice', 'receivable', 'cash', 'pending']),
  reference: z.string(),
  orderId: recordId.nullable(),
  amount: money,
  dueDate: localDate.nullable(),
});
export const exposure = z
  .object({
    creditAccountId: z.string(),
    name: z.string(),
    limit: money,
    blocked: z.boolean(),
    openOrders: money,
    openInvoices: money.meta({
      description: 'Invoices of the hub that the receivables snapshot does not hold yet',
    }),
    receivables: money,
    unappliedCash: money,
    total: money,
    available: money,
    pending: money.meta({ description: 'Held orders: not part of the exposure' }),
    receivablesAsOf: instant.nullable(),
  })
  .meta({ id: 'CreditExposure' });
export type ExposureView = z.infer<typeof exposure>;
export const creditAccount = exposure
  .extend({ documents: z.array(exposureItem) })
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

export const holdDecisionBody = z
  .strictObject({
    action: z.enum(['release', 'reject']),
    reason: z.string().trim().min(3, 'say why, in a few words: it is kept with the decision').max(1000),
  })
  .meta({ id: 'DecideHold' });
export const holdDecisionOutcome = z
  .object({
    kind: z.enum(['resolved', 'needs-second-person']),
    holdId: recordId,
    status: z.enum(['released', 'rejected']).optional(),
  })
  .meta({ id: 'HoldDecision' });
