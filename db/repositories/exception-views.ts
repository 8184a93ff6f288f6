import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface ExceptionRow {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly data: unknown;
  readonly owner_role: string;
  readonly owner: string | null;
  readonly priority: number;
  readonly status: 'open' | 'resolved';
  readonly opened_at: string;
  readonly due_at: string;
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
  readonly resolution: string | null;
  readonly order_id: string | null;
  readonly order_number: string | null;
  readonly document_id: string | null;
  readonly occurrences: number;
}

const select = `select x.id, x.kind, x.text, x.data, x.owner_role, x.owner, x.priority, x.status, x.opened_at, x.due_at, x.resolved_at, x.resolved_by,
  x.resolution, x.order_id, o.order_number, x.document_id, x.occurrences, x.due_at::text || '|' || x.id as cursor
  from exception x left join orders o on o.id = x.order_id`;

/** By deadline. */
export async function listExceptions(
  db: Db,
  filter: { readonly status: string; readonly kind?: string; readonly owner?: string },
  page: PageRequest,
) {
  const where: Conditions = { sql: [], values: [] };
  add(where, 'x.status = ?', filter.status);
  if (filter.kind !== undefined) add(where, 'x.kind = ?', filter.kind);
  if (filter.owner !== undefined) add(where, 'x.owner = ?', filter.owner);
  if (page.after !== null) {
    const [dueAt = '', id = ''] = page.after.split('|');
    add(where, '(x.due_at, x.id) > (cast(? as timestamptz), cast(? as uuid))', dueAt, id);
  }
  const { rows } = await db.raw<{ rows: (ExceptionRow & { cursor: string })[] }>(
    `${select} ${whereOf(where)} order by x.due_at, x.id limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.cursor);
}

export async function findException(db: Db, exceptionId: string): Promise<ExceptionRow | undefined> {
  const { rows } = await db.raw<{ rows: ExceptionRow[] }>(`${select} where x.id = ?`, [exceptionId]);
  return rows[0];
}
