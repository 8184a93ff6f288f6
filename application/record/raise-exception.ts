import type { Db } from '../../db/connection';
import { addJob } from '../../db/jobs';

export interface NewException {
  /** quarantine, document-failed, document-overdue, dead-job, stuck-task, short-pick, hold-overdue, change-without-order, outside-call, ... */
  readonly kind: string;
  /** One open exception a kind and subject: raising it again counts an occurrence. */
  readonly subjectKey: string;
  /** What is wrong and what to do next, in the owner's words. */
  readonly text: string;
  readonly ownerRole: string;
  readonly dueAt: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly orderId?: string;
  readonly documentId?: string;
  /** 1 urgent to 5; 3 by default. */
  readonly priority?: number;
}

/** Puts something on the list that a person has to look at. Idempotent while it is open. */
export async function raiseException(db: Db, exception: NewException): Promise<void> {
  await db('exception')
    .insert({
      kind: exception.kind,
      subject_key: exception.subjectKey,
      text: exception.text,
      data: JSON.stringify(exception.data ?? {}),
      owner_role: exception.ownerRole,
      due_at: exception.dueAt,
      order_id: exception.orderId ?? null,
      document_id: exception.documentId ?? null,
      priority: exception.priority ?? 3,
    })
    .onConflict(db.raw(`(kind, subject_key) where status = 'open'`) as never)
    .merge({ text: exception.text, occurrences: db.raw('exception.occurrences + 1') });
}

export type ExceptionOutcome =
  | { readonly kind: 'resolved' }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-exception' | 'already-resolved';
      readonly text: string;
    };

/** What monitoring rules find late. */
export const MONITORING = 'monitoring';

interface ResolvedRow {
  readonly order_id: string | null;
  readonly kind: string;
  readonly subject_key: string;
  readonly data: { readonly rule?: string };
}

/** What it stood for and is late still is settled: the next of its customer and day neither counts it nor waits for it. */
async function leaveBehind(db: Db, exceptionId: string, { subject_key, data }: ResolvedRow): Promise<void> {
  await db('late_subject')
    .where({ rule: data.rule ?? '', exception_key: subject_key, closed_at: null })
    .update({ exception_key: `${subject_key}/${exceptionId}` });
}

/** Closes an exception by a person, with a reason. */
export async function resolveException(
  db: Db,
  exceptionId: string,
  person: string,
  reason: string,
  now: string,
): Promise<ExceptionOutcome> {
  const [resolved] = (await db('exception')
    .where({ id: exceptionId, status: 'open' })
    .update({ status: 'resolved', resolved_at: now, resolved_by: person, resolution: reason })
    .returning(['order_id', 'kind', 'subject_key', 'data'])) as ResolvedRow[];
  if (resolved?.kind === MONITORING) await leaveBehind(db, exceptionId, resolved);
  // What an order's workflow waited for is settled: it tries again at once.
  if (resolved?.order_id)
    await addJob(db, 'signal-order', { orderId: resolved.order_id }, { key: resolved.order_id });
  if (resolved) return { kind: 'resolved' };
  const found = (await db('exception').where({ id: exceptionId }).first('resolved_by')) as
    | { resolved_by: string }
    | undefined;
  return found
    ? { kind: 'refused', code: 'already-resolved', text: `${found.resolved_by} resolved it already` }
    : { kind: 'refused', code: 'unknown-exception', text: `There is no exception ${exceptionId}` };
}

/** Closes by itself what no longer is: the subject recovered. */
export async function clearException(
  db: Db,
  kind: string,
  subjectKey: string,
  why: string,
  now: string,
): Promise<void> {
  await db('exception')
    .where({ kind, subject_key: subjectKey })
    .whereRaw(`status = 'open'`)
    .update({ status: 'resolved', resolved_at: now, resolved_by: 'hub', resolution: why });
}

export async function assignException(db: Db, exceptionId: string, person: string): Promise<boolean> {
  return (await db('exception').where({ id: exceptionId, status: 'open' }).update({ owner: person })) === 1;
}
