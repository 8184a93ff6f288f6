import { z } from 'zod';

/** Shapes that every part of the HTTP interface uses. This folder is pure zod: the portal and the CLI take their types from it. */
export const money = z
  .object({
    amount: z
      .string()
      .meta({ description: 'Decimal text in the currency, for people and spreadsheets', example: '1234.50' }),
    amountMinor: z.int().meta({ description: "The same in the currency's smallest unit", example: 123450 }),
    currency: z.string().meta({ description: 'ISO 4217', example: 'USD' }),
  })
  .meta({ id: 'Money' });
export type MoneyView = z.infer<typeof money>;

export const instant = z.iso.datetime({ offset: true }).meta({ example: '2026-11-22T15:41:28.000Z' });
export const localDate = z.iso.date().meta({ example: '2026-11-22' });
export const recordId = z.uuid().meta({ example: '019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60' });
export const json = z.unknown().meta({ description: 'Data of the rule or document it belongs to' });

export const problem = z
  .object({
    type: z
      .string()
      .meta({ description: 'A stable URI of the kind of problem', example: '/problems/invalid-request' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    requestId: z.string().optional(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().meta({ description: 'JSON pointer into the body (RFC 6901)' }),
          parameter: z.string().optional().meta({ description: 'Query parameter, path parameter or header' }),
          code: z.string().optional(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
export type ProblemView = z.infer<typeof problem>;

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Rows a page' }),
  after: z.string().max(200).optional().meta({ description: '`next` of the page before' }),
};

/** A keyset page: `next` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T, id: string) {
  return z.object({ items: z.array(item), next: z.string().nullable() }).meta({ id });
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export const address = z.object({
  lines: z.array(z.string().min(1).max(80)).max(4).default([]),
  city: z.string().max(60).optional(),
  region: z.string().max(30).optional(),
  postalCode: z.string().max(15).optional(),
  country: z.string().length(2).optional(),
});
export const party = z
  .object({
    role: z.string().min(2).max(3).meta({ description: 'X12 element 98: ST, BT, BY, ...', example: 'ST' }),
    name: z.string().max(60).optional(),
    idQualifier: z.string().max(2).optional(),
    id: z.string().max(80).optional(),
    address: address.optional(),
  })
  .meta({ id: 'Party' });
