import type { Db } from '../../db/connection';
import { unseen } from '../../db/one-plan';
import { isStepBlocked, type StandingHold, stepsHeldOf } from '../../domain/order/hold-scope';
import type { HoldStep } from '../../domain/order/hold-types';
import type { OpenHold, OrderProgress, ShipmentProgress } from '../../domain/order/progress';
import type { OrderState } from '../../domain/order/states';
import { addSeconds, startOfLocalDay } from '../../domain/shared/dates';
import { customerPolicySchema } from '../customer/customer-policy';
import { UnknownRecord } from './order-record';

/** An answer due in ten minutes goes out after nine: it still has to be rendered and sent. */
const answerMarginShare = 0.1;

interface ProgressRow {
  readonly state: OrderState;
  readonly version: number;
  readonly usage: 'P' | 'T';
  readonly placed_at: string;
  readonly release_at: string;
  readonly cancel_after: string | null;
  readonly answer_due_at: string | null;
  readonly answer_count: number;
  readonly final_answer_at: string | null;
  readonly partner_id: string | null;
  readonly policy: unknown;
  readonly holds: readonly {
    id: string;
    type: string;
    blocks: readonly string[];
    due_at: string;
    expires_at: string | null;
    escalate_at: string | null;
    line: number | null;
    shipment: string | null;
  }[];
  /** Head numbers of the order's lines; null where no hold is on a line. */
  readonly lines: readonly number[] | null;
  readonly shipments: readonly {
    id: string;
    node: string;
    state: ShipmentProgress['state'];
    labelled: boolean;
    confirmed: boolean;
    recalling: boolean;
    invoice_id: string | null;
    posted: boolean;
    store_at: string | null;
    /** Head numbers; null where no hold is on a line. */
    lines: readonly number[] | null;
  }[];
  readonly changes: readonly string[];
  readonly unplanned: boolean;
  readonly backordered: boolean;
  readonly open_blanket: boolean;
  /** Of what has not been planned yet: the days before which it may not leave, null where a line has none. */
  readonly ship_days: readonly (string | null)[] | null;
  readonly time_zone: string;
}

/** The line itself may not be released; the order's other lines may. */
const isLineHeld = `exists (select from hold h where h.order_id = o.id and h.status = 'open' and h.change_id is null
  and h.line_number = coalesce(l.split_from, l.line_number) and 'release' = any(h.blocks))`;

/** @param lineHolds whether a hold may be on a line: most orders have none, and need not look at their lines for it */
const progressSql = (lineHolds: boolean): string => `
  select o.state, o.version, o.usage, o.placed_at, o.release_at, least(o.cancel_after, ls.cancel_after) as cancel_after,
    o.answer_due_at, o.answer_count, o.final_answer_at, o.partner_id, c.policy,
    coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'type', h.type, 'blocks', h.blocks, 'due_at', h.due_at, 'expires_at', h.expires_at, 'escalate_at', h.escalate_at,
        -- A change that waits may take from any line: nothing of its order leaves.
        'line', case when h.change_id is null then h.line_number end, 'shipment', h.shipment_id) order by h.id)
      from hold h where h.order_id = o.id and h.status = 'open'), '[]') as holds,
    coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'node', s.node_id, 'state', s.state, 'labelled', s.label is not null or s.method = 'pickup' or n.supplier_partner is not null, 'confirmed', s.confirm is not null,
        'recalling', s.recall_requested_at is not null, 'invoice_id', i.id,
        'store_at', case when s.state in ('planned', 'released') then (select t.next_at from store_task t where t.shipment_id = s.id) end,
        'lines', ${
          lineHolds
            ? `(select jsonb_agg(distinct coalesce(l.split_from, l.line_number))
          from shipment_line sl join order_line l on l.id = sl.order_line_id where sl.shipment_id = s.id)`
            : 'null'
        },
        -- A sample without an invoice, and what completes no bundle, is settled by its shipment.
        'posted', i.posted_at is not null or (i.id is null and s.state = 'invoiced')) order by s.sequence)
      from shipment s join node n on n.id = s.node_id left join lateral (
        -- The one that the ERP does not have yet, where it has another one.
        select v.id, v.posted_at from invoice v where v.shipment_id = s.id order by v.posted_at is not null, v.part limit 1) i on true
      where s.order_id = o.id), '[]') as shipments,
    coalesce((select jsonb_agg(ch.id order by ch.id) from order_change ch where ch.order_id = o.id and ch.status = 'pending'
      and (ch.request ->> 'purpose' = 'cancel' and jsonb_array_length(ch.request -> 'lines') = 0
        or not exists (select from order_change e where e.order_id = o.id and e.status = 'held' and e.id < ch.id))), '[]') as changes,
    exists (select from reservation r where r.order_id = o.id and r.status = 'active' and r.shipment_id is null and r.quantity > 0
      ${lineHolds ? `and not exists (select from order_line l where l.id = r.order_line_id and ${isLineHeld})` : ''}) as unplanned,
    o.type <> 'blanket' and coalesce(ls.backordered, false) as backordered,
    ${lineHolds ? 'ls.lines' : 'null'} as lines,
    o.type = 'blanket' and exists (select from order_line l where l.order_id = o.id and l.rejection_code is null and l.ordered - l.cancelled >
      coalesce((select sum(r.shipped) from order_line r where r.blanket_line_id = l.id), 0)) as open_blanket,
    ls.ship_days, e.time_zone
  from orders o join customer c on c.id = o.customer_id join selling_entity e on e.id = o.entity_id
    cross join lateral (
      select min(l.cancel_after) filter (where l.cancel_after is not null and (l.ordered > l.cancelled + l.released + l.shipped
          or exists (select from shipment_line sl join shipment s on s.id = sl.shipment_id where sl.order_line_id = l.id and s.state = 'planned'))) as cancel_after,
        jsonb_agg(distinct l.ship_not_before) filter (where l.ordered > l.cancelled + l.released + l.shipped) as ship_days,
        ${lineHolds ? `jsonb_agg(distinct coalesce(l.split_from, l.line_number)) filter (where l.ordered > l.cancelled) as lines,` : ''}
        bool_or(l.ordered > l.cancelled + l.reserved + l.released + l.shipped ${lineHolds ? `and not ${isLineHeld}` : ''}) as backordered
      from order_line l where l.order_id = o.id and l.rejection_code is null
    ) ls
  where o.id = ${unseen('?', 'uuid')}`;

const WITHOUT_LINE_HOLDS = progressSql(false);
const WITH_LINE_HOLDS = progressSql(true);

async function readRow(db: Db, orderId: string): Promise<ProgressRow | undefined> {
  const read = async (sql: string) => (await db.raw<{ rows: ProgressRow[] }>(sql, [orderId])).rows[0];
  const row = await read(WITHOUT_LINE_HOLDS);
  return row?.holds.some((hold) => hold.line !== null) ? read(WITH_LINE_HOLDS) : row;
}

/** The workflow reads it at every step: one query, or two where a hold is on a line. */
export async function readProgress(db: Db, orderId: string): Promise<OrderProgress> {
  const row = await readRow(db, orderId);
  if (!row) throw new UnknownRecord('order', orderId);
  const policy = customerPolicySchema.parse(row.policy);
  const fulfils = row.usage === 'P';
  const standing = row.holds.map(({ line, shipment, blocks }) => {
    return { lineNumber: line, shipmentId: shipment, blocks };
  });
  return {
    orderId,
    state: row.state,
    version: row.version,
    usage: row.usage,
    fulfils,
    openHolds: row.holds.map((hold) => asOpenHold(hold, standing, row.lines ?? [])),
    answer: {
      holdAnswerAt:
        row.answer_due_at === null || row.answer_count > 0 || policy.holdAnswer === 'none'
          ? null
          : withMargin(row.placed_at, row.answer_due_at),
      finalGiven: row.final_answer_at !== null,
    },
    ...releaseTimes(row),
    cancelAfter: row.cancel_after,
    unplannedReservation: row.unplanned,
    backordered: row.backordered,
    ...(row.open_blanket && { openBlanket: true }),
    shipments: row.shipments.map((s) => ({
      ...heldSteps(standing, s),
      ...(s.store_at !== null && { storeAt: instant(s.store_at) }),
      shipmentId: s.id,
      nodeId: s.node,
      state: s.state,
      labelled: s.labelled,
      confirmReceived: s.confirmed,
      recallRequested: s.recalling,
      invoiceId: s.invoice_id,
      invoicePosted: s.posted,
    })),
    pendingChanges: row.changes,
  };
}

/** An order may be planned when the first of its lines may leave; those that leave later are looked at then. */
function releaseTimes({
  release_at: releaseAt,
  ship_days: days,
  time_zone: zone,
}: ProgressRow): Pick<OrderProgress, 'releaseAt' | 'laterReleases'> {
  const starts = (days ?? []).map((day) => (day === null ? releaseAt : startOfLocalDay(day, zone)));
  const later = starts.filter((start) => start > releaseAt).sort();
  if (later.length === 0) return { releaseAt };
  const first = later.length === starts.length ? (later[0] as string) : releaseAt;
  return { releaseAt: first, laterReleases: later.filter((start) => start > first) };
}

// JSON holds PostgreSQL's own spelling of an instant; everything else in the hub is ISO 8601 with a Z.
const instant = (text: string) => new Date(text).toISOString();

/** A hold of a line stops the order's own steps only where every other line is on hold too. */
const asOpenHold = (
  hold: ProgressRow['holds'][number],
  standing: readonly StandingHold[],
  lines: readonly number[],
): OpenHold => ({
  holdId: hold.id,
  type: hold.type,
  blocks:
    hold.shipment !== null
      ? []
      : hold.line === null
        ? hold.blocks
        : hold.blocks.filter((step) => isStepBlocked(standing, lines, step as HoldStep)),
  dueAt: instant(hold.escalate_at ?? hold.due_at),
  expiresAt: hold.expires_at === null ? null : instant(hold.expires_at),
  escalated: hold.escalate_at === null,
});

function heldSteps(
  standing: readonly StandingHold[],
  { id, lines }: ProgressRow['shipments'][number],
): Pick<ShipmentProgress, 'heldSteps'> {
  const steps = stepsHeldOf(standing, { shipmentId: id, lines: lines ?? [] });
  return steps.length > 0 ? { heldSteps: steps } : {};
}

function withMargin(placedAt: string, dueAt: string): string {
  const seconds = (Date.parse(dueAt) - Date.parse(placedAt)) / 1000;
  return addSeconds(placedAt, seconds * (1 - answerMarginShare));
}
