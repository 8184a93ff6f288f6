import { z } from 'zod';
import { noticeStates, noticeTypeNames } from '../../domain/order/notices';
import { instant, pageOf, pageQuery, recordId } from './common';

const state = z.enum(noticeStates as [string, ...string[]]);

export const notice = z
  .object({
    id: recordId.meta({ description: 'The webhook-id of a webhook, in the Message-ID of a mail' }),
    orderId: recordId,
    orderNumber: z.string(),
    type: z.enum(noticeTypeNames as [string, ...string[]]),
    via: z.enum(['mail', 'webhook']),
    address: z.string(),
    at: instant,
    subject: z.string(),
    text: z.string(),
    state,
    tries: z.int(),
    error: z.string().nullable().meta({ description: 'Why the last try did not succeed' }),
    settledAt: instant.nullable(),
    exception: z
      .object({
        status: z.enum(['open', 'resolved']),
        owner: z.string().nullable(),
        ownerRole: z.string(),
        resolvedBy: z.string().nullable(),
        resolution: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Who looks after it since it was given up, or what was done' }),
  })
  .meta({ id: 'Notice' });
export type NoticeView = z.infer<typeof notice>;
export const noticePage = pageOf(notice, 'NoticePage');
export const listNoticesQuery = z.object({
  ...pageQuery,
  order: recordId.optional(),
  state: state.optional(),
});
