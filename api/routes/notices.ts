import { resendNotice } from '../../application/notice/keep-notices';
import type { Tx } from '../../db/connection';
import { findNotice, listNotices, type NoticeViewRow } from '../../db/repositories/notice-views';
import { requireOwnStaff } from '../auth/principal';
import { recordId } from '../contract/common';
import { listNoticesQuery, type NoticeView, notice, noticePage } from '../contract/notices';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound, Problem } from '../problems';

const noticeView = (row: NoticeViewRow): NoticeView => ({
  id: row.id,
  orderId: row.order_id,
  orderNumber: row.order_number,
  type: row.type,
  via: row.via,
  address: row.address,
  at: row.at,
  subject: row.subject,
  text: row.text,
  state: row.state,
  tries: row.tries,
  error: row.error,
  settledAt: row.settled_at,
  exception:
    row.exception_status === null
      ? null
      : {
          status: row.exception_status,
          owner: row.owner,
          ownerRole: row.owner_role ?? '',
          resolvedBy: row.resolved_by,
          resolution: row.resolution,
        },
});

const noticesList = endpoint({
  method: 'get',
  path: '/notices',
  tag: 'Notices',
  summary: 'What buyers were told by mail and webhooks, newest first, and whether it arrived',
  scopes: ['exceptions:read', 'exceptions:write'],
  query: listNoticesQuery,
  replies: { 200: { description: 'A page of notices', schema: noticePage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, "Notices are shown to the seller's own people only.");
    const page = await listNotices(
      db,
      {
        ...(query.order !== undefined && { orderId: query.order }),
        ...(query.state !== undefined && { state: query.state }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, noticeView) };
  },
});

const resend = endpoint({
  method: 'post',
  path: '/notices/{noticeId}/resend',
  tag: 'Notices',
  summary: 'Send one that failed once more',
  scopes: ['exceptions:write'],
  params: { noticeId: recordId },
  idempotency: { required: false, transaction: true },
  replies: {
    202: { description: 'It is on its way', schema: notice },
    409: { description: 'It did not fail' },
  },
  handle: async ({ db, params, principal, deps }) => {
    requireOwnStaff(principal, "Notices are sent by the seller's own people only.");
    const before = await findNotice(db, params.noticeId);
    if (!before) throw notFound('notice');
    const by = principal.person ?? principal.name;
    if (!(await resendNotice(db as Tx, params.noticeId, by, deps.now())))
      throw new Problem(409, 'not-failed', 'It did not fail', `The notice is ${before.state}.`);
    return { status: 202, body: noticeView((await findNotice(db, params.noticeId)) as NoticeViewRow) };
  },
});

export const noticeEndpoints: readonly Endpoint[] = [noticesList, resend];
