import { z } from 'zod';
import { localDate, money, recordId } from './common';

const entryId = z.string().regex(/^\d{1,18}$/);

export const unappliedPayment = z
  .object({
    id: entryId,
    creditAccountId: z.string(),
    amount: money,
    trace: z.string().meta({ description: 'The number of the payment in its remittance (820)' }),
    reference: z.string().nullable().meta({ description: 'What the payer says it is for' }),
    paidOn: localDate,
    likely: z
      .array(
        z.object({
          id: entryId,
          orderId: recordId,
          orderNumber: z.string(),
          reference: z.string().meta({ description: 'Under which it was booked by hand' }),
          paidOn: localDate,
          days: z.int().meta({ description: 'Between the two days' }),
        }),
      )
      .meta({ description: 'Prepayments booked by hand that may be the same money, the likeliest first' }),
  })
  .meta({ id: 'UnappliedPayment' });
export type UnappliedPaymentView = z.infer<typeof unappliedPayment>;

export const entryPath = { entryId };
export const linkPaymentsBody = z
  .strictObject({
    prepayment: entryId.meta({ description: 'The id of one of the likely ones' }),
    reason: z.string().trim().min(3).max(1000),
  })
  .meta({ id: 'LinkPayments' });
export const paymentsLinked = z
  .object({ kind: z.literal('linked'), orderId: recordId })
  .meta({ id: 'PaymentsLinked' });
