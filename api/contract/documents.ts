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

const shownSegment = z
  .object({
    id: z.string().meta({ example: 'BEG' }),
    name: z.string(),
    position: z.int().nullable().meta({ description: 'In its set, ST is 1; null in the envelope' }),
    depth: z.int().meta({ description: 'How many loops or levels deep it stands' }),
    elements: z.array(
      z.object({
        place: z.string().meta({ example: 'BEG03' }),
        name: z.string(),
        value: z.string(),
        meaning: z
          .string()
          .nullable()
          .meta({ description: 'What a code stands for; a date as people write it' }),
        faulty: z.boolean(),
      }),
    ),
    findings: z.array(z.object({ place: z.string(), severity: z.string(), text: z.string() })),
  })
  .meta({ id: 'ShownSegment' });
export type ShownSegmentView = z.infer<typeof shownSegment>;

const documentLink = z
  .object({
    id: recordId,
    setId: z.string(),
    name: z.string(),
    interchangeControlNumber: z.string(),
    controlNumber: z.string(),
    delivery: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'DocumentLink' });
export type DocumentLinkView = z.infer<typeof documentLink>;

const documentHistoryEntry = z
  .object({
    at: instant,
    aspect: z.enum(['arrival', 'validation', 'delivery', 'acknowledgement', 'exception']),
    status: z.string(),
    text: z.string(),
  })
  .meta({ id: 'DocumentHistoryEntry' });
export type DocumentHistoryEntryView = z.infer<typeof documentHistoryEntry>;

export const documentActions = ['replay', 'retransmit', 'reissue'] as const;

export const document = documentSummary
  .extend({
    findings: json,
    setErrors: json,
    note: z
      .string()
      .nullable()
      .meta({ description: 'What became of an inbound document that is no order, in words' }),
    guide: z.string().nullable().meta({ description: "The partner's guide that judged or shaped it" }),
    guideVersion: z.int().nullable(),
    acknowledgementFindings: json,
    answer: z
      .string()
      .nullable()
      .meta({ description: 'The functional acknowledgement of its group, as text from ST to SE' }),
    segments: z.array(shownSegment).nullable().meta({
      description: 'For people: segments, elements and codes with their names; null where it is too large',
    }),
    moreSegments: z.boolean().meta({ description: 'It has more segments than are shown' }),
    answeredBy: z
      .array(documentLink)
      .meta({ description: 'The TA1, 997 or 999 with which we answered its interchange' }),
    acknowledgedBy: documentLink
      .nullable()
      .meta({ description: 'The 997 or 999 with which the partner answered' }),
    reissueOf: documentLink.nullable(),
    reissues: z.array(documentLink),
    history: z.array(documentHistoryEntry),
    actions: z.array(z.enum(documentActions)).meta({ description: 'What the caller may do with it now' }),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.infer<typeof document>;

const day = z.iso.date().meta({ description: 'A day in UTC', example: '2026-11-22' });
const number = z.string().trim().min(1).max(80);

export const listDocumentsQuery = z.object({
  ...pageQuery,
  direction: z.enum(['in', 'out']).optional(),
  set: z.string().max(3).optional(),
  partner: z.string().max(64).optional(),
  order: z.string().max(64).optional(),
  interchange: recordId.optional(),
  usage: z.enum(['P', 'T']).optional(),
  purchaseOrderNumber: number.optional(),
  invoiceNumber: number.optional(),
  shipmentNumber: number.optional(),
  sscc: number.optional().meta({ description: 'With or without its application identifier 00' }),
  item: number
    .optional()
    .meta({ description: "Any product id of a line: the buyer's, the vendor's, a GTIN" }),
  reference: number
    .optional()
    .meta({ description: 'Any reference: REF, N9, a bill of lading, a carrier package' }),
  controlNumber: z
    .string()
    .trim()
    .min(1)
    .max(14)
    .optional()
    .meta({ description: 'ISA13, GS06 or ST02, with or without leading zeros' }),
  search: number.optional().meta({ description: 'Any of these numbers' }),
  from: day.optional(),
  until: day.optional().meta({ description: 'A day in UTC, included' }),
  validation: z.string().max(30).optional(),
  delivery: z.string().max(30).optional(),
  acknowledgement: z.string().max(30).optional(),
});
export type ListDocumentsQuery = z.infer<typeof listDocumentsQuery>;
