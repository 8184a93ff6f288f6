import { z } from 'zod';
import { instant, json, pageOf, pageQuery, recordId } from './common';

export const interchangeSummary = z
  .object({
    id: recordId,
    direction: z.enum(['in', 'out']),
    partnerId: z.string().nullable(),
    agreementId: z.string().nullable(),
    sender: z.string().meta({ example: 'ZZ:ACME', description: 'Empty where no ISA could be read' }),
    receiver: z.string().meta({ example: 'ZZ:HUB' }),
    controlNumber: z.string(),
    version: z.string(),
    usage: z.string(),
    status: z.string().meta({
      description:
        'In: splitting, received, judged, rejected, quarantined, duplicate, failed. Out: pending, sent, delivered, undeliverable',
    }),
    ta1: z
      .object({ code: z.string(), note: z.string() })
      .nullable()
      .meta({ description: 'In: what we found. Out: what the partner answered' }),
    problem: z.string().nullable(),
    size: z.int(),
    transmissions: z.int(),
    createdAt: instant,
    judgedAt: instant.nullable(),
    deliveredAt: instant.nullable(),
  })
  .meta({ id: 'InterchangeSummary' });
export type InterchangeSummaryView = z.infer<typeof interchangeSummary>;
export const interchangePage = pageOf(interchangeSummary, 'InterchangePage');

export const interchange = interchangeSummary
  .extend({
    deviations: json,
    originalId: recordId.nullable().meta({ description: 'The one that this repeats' }),
    groups: z.array(
      z.object({
        functionalId: z.string(),
        controlNumber: z.string(),
        senderCode: z.string(),
        receiverCode: z.string(),
        version: z.string(),
        ack: z.string().nullable(),
        errors: z.array(z.string()),
        received: z.int(),
        accepted: z.int(),
        answer: z.string().nullable(),
      }),
    ),
    replayable: z.boolean(),
  })
  .meta({ id: 'Interchange' });
export type InterchangeView = z.infer<typeof interchange>;

export const listInterchangesQuery = z.object({
  ...pageQuery,
  direction: z.enum(['in', 'out']).optional(),
  status: z.string().max(20).optional().meta({ description: 'For example quarantined' }),
  partner: z.string().max(64).optional(),
  sender: z.string().max(15).optional().meta({ description: 'ISA06' }),
  controlNumber: z.string().max(9).optional(),
});
