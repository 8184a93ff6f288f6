import { z } from 'zod';
import { instant, localDate, money, recordId } from './common';

const person = z.string().trim().min(1).max(60);
const costCentre = z.string().trim().min(1).max(40);
const version = z.int().meta({ description: 'For If-Match' });
const limit = z.int().nonnegative().nullable();

export const buyerApproval = z
  .object({
    holdId: recordId,
    orderId: recordId,
    orderNumber: z.string(),
    purchaseOrderNumber: z.string(),
    orderedBy: z.string().nullable(),
    costCentre: z.string().nullable(),
    total: money,
    ofChange: z.boolean().meta({ description: 'A change of the order waits, not the order itself' }),
    reasonText: z.string(),
    openedAt: instant,
    expiresAt: instant.nullable(),
    decidable: z.boolean().meta({ description: 'Whether you, or somebody you stand in for, may approve it' }),
    whyNot: z.string().nullable(),
  })
  .meta({ id: 'BuyerApproval' });
export type BuyerApprovalView = z.infer<typeof buyerApproval>;
export const buyerApprovalList = z
  .object({ items: z.array(buyerApproval) })
  .meta({ id: 'BuyerApprovalList' });

export const buyerPerson = z
  .object({
    person,
    limit: money.nullable().meta({ description: 'Largest order without approval; null: any' }),
    costCentre: z.string().nullable(),
    mayApprove: z.boolean(),
    approvesUpTo: money.nullable().meta({ description: 'Largest order the person approves; null: any' }),
    savedBy: z.string(),
    savedAt: instant,
    version,
  })
  .meta({ id: 'BuyerPerson' });
export const buyerBudget = z
  .object({
    id: recordId,
    costCentre: z.string(),
    from: localDate,
    to: localDate,
    amount: money,
    spent: money,
    left: money,
    savedBy: z.string(),
    version,
  })
  .meta({ id: 'BuyerBudget' });
export const buyerSettingEvent = z
  .object({
    at: instant,
    by: z.string(),
    kind: z.enum(['limit-set', 'limit-removed', 'budget-set', 'budget-removed']),
    subject: z.string().meta({ description: 'The person, or the cost centre' }),
    reason: z.string().nullable(),
  })
  .meta({ id: 'BuyerSettingEvent' });
export const buyerSettings = z
  .object({
    customerId: z.string(),
    currency: z.string(),
    mayEdit: z.boolean(),
    people: z.array(buyerPerson),
    withoutLimit: z
      .array(z.string())
      .meta({ description: 'People who have a key of the company and no limit: their orders need approval' }),
    budgets: z.array(buyerBudget),
    history: z
      .array(buyerSettingEvent)
      .meta({ description: 'Who set and removed limits and budgets, the newest first (at most 50)' }),
  })
  .meta({ id: 'BuyerSettings' });
export type BuyerSettingsView = z.infer<typeof buyerSettings>;

export const saveBuyerPersonBody = z
  .strictObject({
    customerId: z.string().max(60).optional().meta({ description: 'For the seller’s own people only' }),
    person,
    limitMinor: limit,
    costCentre: costCentre.nullable().default(null),
    mayApprove: z.boolean().default(false),
    approvesUpToMinor: limit.default(0),
  })
  .meta({ id: 'SaveBuyerPerson' });

export const saveBuyerBudgetBody = z
  .strictObject({
    customerId: z.string().max(60).optional(),
    budgetId: recordId.optional().meta({ description: 'One that is there gets another amount' }),
    costCentre,
    from: localDate,
    to: localDate,
    amountMinor: z.int().nonnegative(),
  })
  .meta({ id: 'SaveBuyerBudget' });

const removal = {
  customerId: z.string().max(60).optional().meta({ description: 'For the seller’s own people only' }),
  reason: z.string().trim().min(3).max(1000),
};
export const removeBuyerPersonBody = z.strictObject({ ...removal, person }).meta({ id: 'RemoveBuyerPerson' });
export const removeBuyerBudgetBody = z.strictObject(removal).meta({ id: 'RemoveBuyerBudget' });
