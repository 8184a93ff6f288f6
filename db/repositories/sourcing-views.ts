import type { Db } from '../connection';

export interface AllocationRow {
  readonly id: string;
  readonly rule: string;
  readonly rule_version: string;
  readonly inputs: unknown;
  readonly outcome: unknown;
  readonly decided_at: string;
}

/** Every choice of nodes of an order, the latest first. */
export async function listAllocations(db: Db, orderId: string): Promise<readonly AllocationRow[]> {
  return (await db('decision')
    .where({ order_id: orderId, kind: 'allocation' })
    .orderBy('id', 'desc')
    .limit(50)
    .select('id', 'rule', 'rule_version', 'inputs', 'outcome', 'decided_at')) as AllocationRow[];
}

export interface TrialSummaryRow {
  readonly shadow_version: number;
  readonly orders: number;
  readonly untried: number;
  readonly differ: number;
  readonly live: Readonly<Record<string, string | null>>;
  readonly shadow: Readonly<Record<string, string | null>>;
}

const sums = (of: string) =>
  `json_build_object(${['freight', 'shipments', 'distance', 'nodeCost', 'days', 'daysLate']
    .map((term) => `'${term}', coalesce(sum((${of} -> 'terms' ->> '${term}')::bigint), 0)`)
    .join(', ')}, 'short', coalesce(sum((${of} ->> 'short')::bigint), 0))`;

/** What the orders of a trial come to by both sets; only those that were tried are summed. */
export async function summariseTrial(db: Db, version: number): Promise<TrialSummaryRow> {
  const { rows } = (await db.raw(
    `select cast(:version as int) as shadow_version, count(*) filter (where tried_at is not null)::int as orders,
       count(*) filter (where tried_at is null)::int as untried,
       count(*) filter (where tried_at is not null and live -> 'taken' <> shadow -> 'taken')::int as differ,
       (select ${sums('t.live')} from sourcing_trial t where t.shadow_version = :version and t.tried_at is not null) as live,
       (select ${sums('t.shadow')} from sourcing_trial t where t.shadow_version = :version and t.tried_at is not null) as shadow
     from sourcing_trial where shadow_version = :version`,
    { version },
  )) as { rows: TrialSummaryRow[] };
  return rows[0] as TrialSummaryRow;
}

export interface TrialOrderRow {
  readonly id: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly live: unknown;
  readonly shadow: unknown;
}

/** Orders that the set on trial would source otherwise, the latest first. */
export async function listDifferent(
  db: Db,
  version: number,
  limit: number,
): Promise<readonly TrialOrderRow[]> {
  return (await db('sourcing_trial')
    .join('orders', 'orders.id', 'sourcing_trial.order_id')
    .where({ shadow_version: version })
    .whereNotNull('tried_at')
    .whereRaw(`live -> 'taken' <> shadow -> 'taken'`)
    .orderBy('sourcing_trial.id', 'desc')
    .limit(limit)
    .select('sourcing_trial.id', 'order_id', 'order_number', 'live', 'shadow')) as TrialOrderRow[];
}
