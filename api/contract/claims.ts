import { z } from 'zod';
import { instant, json, pageOf, pageQuery, recordId } from './common';

export const creditMemoBody = z
  .strictObject({
    amountMinor: z
      .int()
      .positive()
      .optional()
      .meta({ description: "In the smallest unit of the invoice's currency" }),
    items: z
      .array(
        z.strictObject({
          item: z.string().min(1).max(80),
          quantity: z.int().positive().meta({ description: 'Base units' }),
        }),
      )
      .min(1)
      .max(500)
      .optional()
      .meta({
        description:
          'Instead of an amount: items at what they were billed for, without charges and taxes; components of a bundle at their shares of it',
      }),
    reason: z
      .string()
      .regex(/^[0-9A-Z]{2}$/, 'a code of element 426')
      .meta({
        description: 'X12 element 426: 01 pricing error, 04 damaged, 06 quantity, ...',
        example: '01',
      }),
  })
  .refine(({ amountMinor, items }) => (amountMinor === undefined) !== (items === undefined), {
    path: ['amountMinor'],
    error: 'give an amount or items, one of them',
  })
  .meta({ id: 'IssueCreditMemo' });
export const creditMemo = z
  .object({
    id: recordId,
    number: z.string(),
    amountMinor: z.int(),
    items: z.array(z.object({ item: z.string(), quantity: z.int(), amountMinor: z.int() })),
  })
  .meta({ id: 'CreditMemo' });

export const returnRequest = z
  .object({
    id: recordId,
    requestNumber: z.string(),
    partnerId: z.string(),
    customerId: z.string(),
    orderId: recordId.nullable(),
    documentId: recordId.nullable(),
    status: z.enum(['open', 'authorized', 'refused']),
    returnNumber: z.string().nullable(),
    receivedAt: instant,
    answeredBy: z.string().nullable(),
    answeredAt: instant.nullable(),
    content: json,
  })
  .meta({ id: 'ReturnRequest' });
export type ReturnRequestView = z.infer<typeof returnRequest>;
export const returnRequestPage = pageOf(returnRequest, 'ReturnRequestPage');
export const listReturnRequestsQuery = z.object({
  ...pageQuery,
  status: z.enum(['open', 'authorized', 'refused']).default('open'),
});
export const answerReturnBody = z
  .strictObject({
    action: z.enum(['authorize', 'refuse']),
    text: z.string().trim().min(3, 'say what the customer is to do, or why not').max(80),
    reason: z
      .string()
      .regex(/^[0-9A-Z]{2}$/, 'a code of element 1294')
      .optional(),
  })
  .meta({ id: 'AnswerReturn' });
