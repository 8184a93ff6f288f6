import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface ReturnRequestRow {
  readonly id: string;
  readonly request_number: string;
  readonly partner_id: string;
  readonly customer_id: string;
  readonly order_id: string | null;
  readonly document_id: string | null;
  readonly status: 'open' | 'authorized' | 'refused';
  readonly return_number: string | null;
  readonly received_at: string;
  readonly answered_by: string | null;
  readonly answered_at: string | null;
  readonly content: unknown;
}

const columns =
  'id, request_number, partner_id, customer_id, order_id, document_id, status, return_number, received_at, answered_by, answered_at, content';

/** Newest first. */
export async function listReturnRequests(db: Db, status: string, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  add(where, 'status = ?', status);
  if (page.after !== null) add(where, 'id < cast(? as uuid)', page.after);
  const { rows } = await db.raw<{ rows: ReturnRequestRow[] }>(
    `select ${columns} from return_request ${whereOf(where)} order by id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findReturnRequest(db: Db, id: string): Promise<ReturnRequestRow | undefined> {
  const { rows } = await db.raw<{ rows: ReturnRequestRow[] }>(
    `select ${columns} from return_request where id = ?`,
    [id],
  );
  return rows[0];
}
