import { z } from 'zod';
import { instant, json, pageOf, pageQuery, recordId } from './common';

export const exception = z
  .object({
    id: recordId,
    kind: z.string(),
    text: z.string(),
    data: json,
    ownerRole: z.string(),
    owner: z.string().nullable(),
    priority: z.int(),
    status: z.enum(['open', 'resolved']),
    openedAt: instant,
    dueAt: instant,
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable(),
    resolution: z.string().nullable(),
    orderId: recordId.nullable(),
    orderNumber: z.string().nullable(),
    documentId: recordId.nullable(),
    occurrences: z.int(),
  })
  .meta({ id: 'Exception' });
export type ExceptionView = z.infer<typeof exception>;
export const exceptionPage = pageOf(exception, 'ExceptionPage');
export const listExceptionsQuery = z.object({
  ...pageQuery,
  status: z.enum(['open', 'resolved']).default('open'),
  kind: z.string().max(60).optional(),
  owner: z.string().max(100).optional(),
});
export const assignExceptionBody = z
  .strictObject({ owner: z.string().trim().min(1).max(100) })
  .meta({ id: 'AssignException' });
export const resolveExceptionBody = z
  .strictObject({ reason: z.string().trim().min(3, 'say what was done about it').max(1000) })
  .meta({ id: 'ResolveException' });
