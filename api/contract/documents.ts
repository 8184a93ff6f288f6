import { z } from 'zod';
import { instant, json, pageOf, pageQuery, recordId } from './common';

export const documentSummary = z
  .object({
    id: recordId,
    direction: z.enum(['in', 'out']),
    setId: z.string().meta({ example: '850' }),
    name: z.string().meta({ example: 'Purchase order' }),
    version: z.string(),
    partnerId: z.string().nullable(),
    usage: z.enum(['P', 'T']),
    controlNumber: z.string(),
    groupControlNumber: z.string(),
    interchangeControlNumber: z.string(),
    interchangeId: recordId,
    validation: z.string(),
    delivery: z.string(),
    acknowledgement: z.string(),
    acknowledgementDueAt: instant.nullable(),
    acknowledgedAt: instant.nullable(),
    purchaseOrderNumber: z.string().nullable(),
    invoiceNumber: z.string().nullable(),
    shipmentNumber: z.string().nullable(),
    orderId: recordId.nullable(),
    findingCount: z.int(),
    createdAt: instant,
  })
  .meta({ id: 'DocumentSummary' });
export type DocumentSummaryView = z.infer<typeof documentSummary>;
export const documentPage = pageOf(documentSummary, 'DocumentPage');

export const document = documentSummary
  .extend({
    findings: json,
    setErrors: json,
    acknowledgementFindings: json,
    answer: z
      .string()
      .nullable()
      .meta({ description: 'The functional acknowledgement of its group, as text from ST to SE' }),
    rendered: z
      .string()
      .nullable()
      .meta({ description: 'For people: segments, elements and codes with their names' }),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.infer<typeof document>;

export const listDocumentsQuery = z.object({
  ...pageQuery,
  direction: z.enum(['in', 'out']).optional(),
  set: z.string().max(3).optional(),
  partner: z.string().max(64).optional(),
  order: z.string().max(64).optional(),
  purchaseOrderNumber: z.string().max(40).optional(),
  invoiceNumber: z.string().max(40).optional(),
  controlNumber: z.string().max(14).optional(),
  validation: z.string().max(30).optional(),
  acknowledgement: z.string().max(30).optional(),
});
