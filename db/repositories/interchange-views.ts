import type { Db } from '../connection';
import { PLANNED_EACH_TIME } from '../prepared-statements';
import { add, type Conditions, cutPage, type PageRequest, type Visibility, whereOf } from './visibility';

export interface InterchangeViewRow {
  readonly id: string;
  readonly sequence: number;
  readonly direction: 'in' | 'out';
  readonly partner_id: string | null;
  readonly agreement_id: string | null;
  readonly sender_qualifier: string;
  readonly sender_id: string;
  readonly receiver_qualifier: string;
  readonly receiver_id: string;
  readonly control_number: string;
  readonly version: string;
  readonly usage: string;
  readonly status: string;
  readonly ta1_code: string | null;
  readonly ta1_note: string | null;
  readonly partner_ta1_code: string | null;
  readonly partner_ta1_note: string | null;
  readonly deviations: unknown;
  readonly problem: string | null;
  readonly byte_length: number;
  readonly transmissions: number;
  readonly original_id: string | null;
  readonly created_at: string;
  readonly judged_at: string | null;
  readonly delivered_at: string | null;
}

const columns = `n.id, n.sequence, n.direction, n.partner_id, n.agreement_id, n.sender_qualifier, n.sender_id, n.receiver_qualifier, n.receiver_id,
  n.control_number, n.version, n.usage, n.status, n.ta1_code, n.ta1_note, n.partner_ta1_code, n.partner_ta1_note, n.deviations, n.problem,
  n.byte_length, n.transmissions, n.original_id, n.created_at, n.judged_at, n.delivered_at`;

export interface InterchangeFilter {
  readonly direction?: string;
  readonly status?: string;
  readonly partnerId?: string;
  readonly controlNumber?: string;
  readonly senderId?: string;
}

const filterColumns = {
  direction: 'n.direction',
  status: 'n.status',
  partnerId: 'n.partner_id',
  controlNumber: 'n.control_number',
  senderId: 'n.sender_id',
} as const satisfies Record<keyof InterchangeFilter, string>;

const outboundStatuses = new Set(['pending', 'sent', 'delivered', 'undeliverable']);

function visibleInterchanges(visible: Visibility): Conditions {
  const where: Conditions = { sql: [], values: [] };
  if (visible.partnerId !== undefined) add(where, 'n.partner_id = ?', visible.partnerId);
  // An interchange may carry other buyers' orders.
  if (visible.customerId !== undefined) add(where, 'false');
  return where;
}

/** Newest first. */
export async function listInterchanges(
  db: Db,
  visible: Visibility,
  filter: InterchangeFilter,
  page: PageRequest,
) {
  const where = visibleInterchanges(visible);
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) add(where, `${filterColumns[name as keyof InterchangeFilter]} = ?`, value);
  }
  // A status belongs to one direction; said, it lets the index of that status be used.
  if (filter.status !== undefined && filter.direction === undefined)
    add(where, 'n.direction = ?', outboundStatuses.has(filter.status) ? 'out' : 'in');
  if (page.after !== null) add(where, 'n.sequence < ?', Number(page.after));
  const { rows } = await db.raw<{ rows: InterchangeViewRow[] }>(
    `${PLANNED_EACH_TIME}select ${columns} from interchange n ${whereOf(where)} order by n.sequence desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => String(row.sequence));
}

export interface InterchangeGroupRow {
  readonly functional_id: string;
  readonly control_number: string;
  readonly sender_code: string;
  readonly receiver_code: string;
  readonly version: string;
  readonly ack_code: string | null;
  readonly ack_errors: readonly string[];
  readonly received: number;
  readonly accepted: number;
  readonly answer: string | null;
}

export async function findInterchange(
  db: Db,
  visible: Visibility,
  id: string,
): Promise<(InterchangeViewRow & { readonly groups: readonly InterchangeGroupRow[] }) | undefined> {
  const where = visibleInterchanges(visible);
  add(where, 'n.id = ?', id);
  const { rows } = await db.raw<{
    rows: (InterchangeViewRow & { readonly groups: readonly InterchangeGroupRow[] })[];
  }>(
    `select ${columns}, coalesce((select json_agg(json_build_object('functional_id', g.functional_id, 'control_number', g.control_number,
       'sender_code', g.sender_code, 'receiver_code', g.receiver_code, 'version', g.version, 'ack_code', g.ack_code, 'ack_errors', g.ack_errors,
       'received', g.received, 'accepted', g.accepted, 'answer', g.answer) order by g.ordinal)
       from functional_group g where g.interchange_id = n.id), '[]') as groups
     from interchange n ${whereOf(where)}`,
    where.values as never,
  );
  return rows[0];
}
