import type { Db } from '../connection';

export interface EventRow {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly text: string;
  readonly data: unknown;
}
export interface DecisionRow {
  readonly id: string;
  readonly kind: string;
  readonly rule: string;
  readonly rule_version: string;
  readonly inputs: unknown;
  readonly outcome: unknown;
  readonly decided_at: string;
  readonly decided_by: string;
}
export interface CallRow {
  readonly idempotency_key: string;
  readonly counterparty: string;
  readonly operation: string;
  readonly status: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly reply: unknown;
}
export interface ChangeRow {
  readonly id: string;
  readonly status: string;
  readonly outcome: unknown;
  readonly document_id: string | null;
  readonly requested_by: string;
  readonly received_at: string;
  readonly decided_at: string | null;
  readonly request: unknown;
  /** What it makes of the order; null where it was never weighed. */
  readonly assessment: unknown;
}

export async function listEvents(db: Db, orderId: string): Promise<readonly EventRow[]> {
  const { rows } = await db.raw<{ rows: EventRow[] }>(
    'select id, at, kind, actor, text, data from order_event where order_id = ? order by id',
    [orderId],
  );
  return rows;
}

export async function listDecisions(db: Db, orderId: string): Promise<readonly DecisionRow[]> {
  const { rows } = await db.raw<{ rows: DecisionRow[] }>(
    'select id, kind, rule, rule_version, inputs, outcome, decided_at, decided_by from decision where order_id = ? order by id',
    [orderId],
  );
  return rows;
}

/** The request is left out: it repeats the order's own data, and may be long. */
export async function listCalls(db: Db, orderId: string): Promise<readonly CallRow[]> {
  const { rows } = await db.raw<{ rows: CallRow[] }>(
    `select idempotency_key, counterparty, operation, status, attempts, error, started_at, finished_at, reply
     from external_call where order_id = ? order by started_at`,
    [orderId],
  );
  return rows;
}

export async function listChanges(db: Db, orderId: string): Promise<readonly ChangeRow[]> {
  const { rows } = await db.raw<{ rows: ChangeRow[] }>(
    'select id, status, outcome, document_id, requested_by, received_at, decided_at, request, assessment from order_change where order_id = ? order by id',
    [orderId],
  );
  return rows;
}

export async function findChange(db: Db, changeId: string): Promise<ChangeRow | undefined> {
  const { rows } = await db.raw<{ rows: ChangeRow[] }>(
    'select id, status, outcome, document_id, requested_by, received_at, decided_at, request, assessment from order_change where id = ?',
    [changeId],
  );
  return rows[0];
}
