import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface NoticeViewRow {
  readonly id: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly type: string;
  readonly via: 'mail' | 'webhook';
  readonly address: string;
  readonly at: string;
  readonly subject: string;
  readonly text: string;
  readonly state: string;
  readonly tries: number;
  readonly error: string | null;
  readonly settled_at: string | null;
  /** Of the exception that it was last given up with; null: it never was. */
  readonly exception_status: 'open' | 'resolved' | null;
  readonly owner: string | null;
  readonly owner_role: string | null;
  readonly resolved_by: string | null;
  readonly resolution: string | null;
}

const select = `select t.id, t.order_id, o.order_number, t.type, t.via, t.address, t.at, t.subject, t.text, t.state, t.tries, t.error, t.settled_at,
    x.status as exception_status, x.owner, x.owner_role, x.resolved_by, x.resolution
  from notice t join orders o on o.id = t.order_id
  left join lateral (select * from exception e where e.kind = 'notice-failed' and e.subject_key = t.id::text
    order by e.opened_at desc limit 1) x on true`;

/** The newest first. */
export async function listNotices(
  db: Db,
  filter: { readonly orderId?: string; readonly state?: string },
  page: PageRequest,
) {
  const where: Conditions = { sql: [], values: [] };
  if (filter.orderId !== undefined) add(where, 't.order_id = ?', filter.orderId);
  if (filter.state !== undefined) add(where, 't.state = ?', filter.state);
  if (page.after !== null) add(where, 't.id < ?', page.after);
  const { rows } = await db.raw<{ rows: NoticeViewRow[] }>(
    `${select} ${whereOf(where)} order by t.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findNotice(db: Db, noticeId: string): Promise<NoticeViewRow | undefined> {
  const { rows } = await db.raw<{ rows: NoticeViewRow[] }>(`${select} where t.id = ?`, [noticeId]);
  return rows[0];
}
