import { z } from 'zod';
import { disputeReasons } from '../../domain/credit/assess-ageing';
import { holdStatuses } from '../../domain/order/states';
import { instant, json, localDate, money, pageOf, pageQuery, recordId } from './common';
import { heldOrder } from './holds';

const reason = z.string().trim().min(3, 'say why, in a few words: it is kept').max(1000);
const amountMinor = z.int().positive().max(9_000_000_000_000);

export const prepaymentRequest = z.object({
  id: recordId,
  amount: money,
  paid: money,
  requestedBy: z.string(),
  requestedAt: instant,
  expiresAt: instant,
  status: z.enum(['open', 'paid', 'expired', 'withdrawn']),
  reason: z.string(),
});

export const creditCase = heldOrder
  .extend({
    creditAccountId: z.string(),
    riskClass: z.string().nullable(),
    priority: z
      .int()
      .meta({ description: 'Class of the customer: headroom that comes free goes to the lowest first' }),
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        itemId: z.string().nullable(),
        description: z.string().nullable(),
        quantity: z.string(),
        unit: z.string(),
        amount: money,
      }),
    ),
    opened: json.meta({ description: 'Exposure, limits and ageing as they were when the case was opened' }),
    decided: json.meta({ description: 'The same when it was decided; null while it is open' }),
    outcome: json,
    decisionCode: z.string().nullable(),
    paidInAdvance: money.meta({
      description: 'What has come in for the order before its invoice, asked for or not',
    }),
    prepayment: prepaymentRequest.nullable(),
    notes: z.array(z.object({ id: recordId, at: instant, person: z.string(), text: z.string() })),
  })
  .meta({ id: 'CreditCase' });
export type CreditCaseView = z.infer<typeof creditCase>;
export const creditCasePage = pageOf(heldOrder, 'CreditCasePage');

export const listCasesQuery = z.object({
  ...pageQuery,
  status: z.enum(holdStatuses as [string, ...string[]]).default('open'),
});

export const noteBody = z
  .strictObject({ text: z.string().trim().min(1).max(4000) })
  .meta({ id: 'CreditCaseNote' });
export const ownerBody = z
  .strictObject({ owner: z.string().trim().min(1).max(200).nullable() })
  .meta({ id: 'CreditCaseOwner', description: 'Who works on the case; null gives it back to the queue' });

export const accountChangeBody = z
  .strictObject({
    limitMinor: z.int().nonnegative().max(9_000_000_000_000).optional(),
    limitValidFrom: localDate.nullable().optional(),
    limitValidTo: localDate.nullable().optional(),
    blocked: z.boolean().optional(),
    riskClass: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,20}$/)
      .nullable()
      .optional(),
    parentId: z.string().min(1).max(80).nullable().optional(),
    reason,
    basedOn: z.int().positive().nullable().default(null).meta({ description: 'The version that was read' }),
  })
  .meta({ id: 'ChangeCreditAccount' });

export const temporaryLimitBody = z
  .strictObject({
    amountMinor,
    validFrom: localDate,
    validTo: localDate,
    reason,
    orderId: recordId.nullable().default(null),
  })
  .meta({ id: 'SetTemporaryLimit' });

export const disputeBody = z
  .strictObject({
    invoiceNumber: z.string().trim().min(1).max(30),
    amountMinor: amountMinor
      .optional()
      .meta({ description: 'What is contested; left out: all that is open' }),
    until: localDate.meta({ description: 'The last day on which its age holds no order' }),
    reasonCode: z.enum(disputeReasons),
    reason,
  })
  .meta({ id: 'OpenDispute' });
export const reasonBody = z.strictObject({ reason }).meta({ id: 'CreditReason' });

export const prepaymentBody = z
  .strictObject({
    amountMinor,
    currency: z.string().length(3),
    reference: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .meta({ description: 'The payer’s or the bank’s number of the payment' }),
    paidOn: localDate,
    another: z.boolean().optional().meta({
      description: 'It is other money than a payment of a remittance (820) that counts for the order already',
    }),
  })
  .meta({ id: 'BookPrepayment' });
export const prepaymentBooked = z
  .object({
    kind: z.enum(['booked', 'known']),
    mayBe: z
      .array(z.object({ entryId: z.string(), trace: z.string(), paidOn: localDate }))
      .readonly()
      .exactOptional()
      .meta({
        description:
          'Money of remittances (820) that nothing takes and that may be the same, the likeliest first: link it (`/unapplied-payments/{entryId}/links`), so that it counts once',
      }),
  })
  .meta({ id: 'PrepaymentBooked' });
export type PrepaymentBookedView = z.infer<typeof prepaymentBooked>;
export const done = z.object({ kind: z.string(), id: z.string().optional() }).meta({ id: 'CreditDone' });
