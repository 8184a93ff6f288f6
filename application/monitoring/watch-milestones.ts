import type { z } from 'zod';
import type { Db, Tx } from '../../db/connection';
import { lateWords } from '../../domain/order/late-words';
import { addSeconds } from '../../domain/shared/dates';
import { MONITORING } from '../record/raise-exception';
import { monitoringRule } from '../rules/monitoring';
import type { Rule } from '../rules/rule-kind';
import { readRules } from '../rules/rules';
import { dateWords, subjectOf } from './milestones';

type MonitoringBody = z.output<typeof monitoringRule.body>;
type MonitoringRule = Rule<MonitoringBody>;

/** New ones that one sweep takes up of a rule, the longest overdue first: a rule that finds everything late drowns nobody at once. */
const MOST_AT_ONCE = 2000;
const KIND = MONITORING;

export interface Watched {
  readonly found: number;
  readonly closed: number;
}

/**
 * Holds every monitoring rule in force against the record: what is late and was not found before becomes an exception
 * or is counted by one; what has reached its milestone, or whose rule is gone, closes by itself. Doing it again changes
 * nothing. An exception that a person has closed is not opened again while its subject stays late.
 */
export async function watchMilestones(db: Db, now: string): Promise<Watched> {
  const rules = await readRules(db, monitoringRule, now);
  let found = 0;
  let closed = 0;
  for (const rule of rules) {
    const counted = await db.transaction(async (tx) => {
      // One sweep a rule at a time, however many workers sweep.
      await tx.raw(`select pg_advisory_xact_lock(hashtext('monitoring'), hashtext(?))`, [rule.scope]);
      return { closed: await closeReached(tx, rule, now), found: await takeUpLate(tx, rule, now) };
    });
    found += counted.found;
    closed += counted.closed;
  }
  closed += await closeWithdrawn(
    db,
    rules.map(({ scope }) => scope),
    now,
  );
  return { found, closed };
}

interface LateQuery {
  readonly sql: string;
  readonly bindings: Readonly<Record<string, unknown>>;
}

/** All that is late by a rule, one row a subject. */
function lateBy({ body }: MonitoringRule, now: string, only = ''): LateQuery {
  const subject = subjectOf(body.subject);
  const milestone = subject?.milestones[body.milestone];
  const date = subject?.dates[body.date];
  if (!subject || !milestone || !date)
    throw new Error(`nothing is known of ${body.subject}, ${body.milestone}, ${body.date}`);
  const before = addSeconds(now, (body.side === 'before' ? 1 : -1) * body.hours * 3600);
  const cut = subject.cut[body.date];
  const conditions = [
    subject.alive,
    milestone.open,
    `${date} <= cast(:before as timestamptz)`,
    ...(cut === undefined ? [] : [cut]),
    ...(body.customers ? ['o.customer_id = any(:customers)'] : []),
    ...(body.partners ? ['o.partner_id = any(:partners)'] : []),
    ...(body.types ? ['o.type = any(:types)'] : []),
    ...(only === '' ? [] : [only]),
  ];
  return {
    sql: `select ${subject.key} as key, ${subject.orderId} as order_id, ${subject.documentId} as document_id, ${date} as at,
        o.customer_id, o.partner_id, ${subject.name} as name, cast(cast(:now as timestamptz) at time zone e.time_zone as date) as day
      from ${subject.from} where o.usage = 'P' and ${conditions.join(' and ')}`,
    bindings: {
      now,
      before,
      ...(body.customers && { customers: [...body.customers] }),
      ...(body.partners && { partners: [...body.partners] }),
      ...(body.types && { types: [...body.types] }),
    },
  };
}

/** Days are those of where the order is sold from. */
const exceptionKey = {
  each: `late.key`,
  'customer-day': `'customer/' || late.customer_id || '/' || late.day`,
  'partner-day': `'partner/' || coalesce(late.partner_id, 'none') || '/' || late.day`,
} as const;

/** In words, of one subject and of several together; what each begins with is what `anySentence` looks for. */
function wordsOf({ scope, body }: MonitoringRule) {
  const { one, several } = lateWords({
    milestone: subjectOf(body.subject)?.milestones[body.milestone]?.words ?? body.milestone,
    side: body.side,
    hours: body.hours,
    date: dateWords[body.date as keyof typeof dateWords] ?? { its: body.date.replaceAll('-', ' ') },
  });
  const rule = ` (rule ${scope})${body.advice === undefined ? '' : `. ${body.advice}`}`;
  return { one: one + rule, several: several + rule };
}

/** All after the name of the first that an exception is about, by whatever version wrote it. */
const anySentence = ' (and \\d+ more )?(is|are|not) .*$';

/** Found anew: noted, and put on an exception, which is there already where several stand together. */
async function takeUpLate(tx: Tx, rule: MonitoringRule, now: string): Promise<number> {
  const { scope, version, body } = rule;
  // Hashed once, whatever the planner thinks of a table that has just grown.
  const known = `${subjectOf(body.subject)?.key} not in (select k.subject_key from late_subject k where k.rule = cast(:rule as text) and k.closed_at is null)`;
  const { sql, bindings } = lateBy(rule, now, known);
  const { rows } = await tx.raw<{ rows: { found: number }[] }>(
    `with late as materialized (${sql} order by at limit ${MOST_AT_ONCE}),
     noted as (
       insert into late_subject (rule, subject_key, order_id, exception_key, found_at)
       select cast(:rule as text), late.key, late.order_id, cast(:rule as text) || '/' || ${exceptionKey[body.consolidate]}, cast(:now as timestamptz) from late
       on conflict (rule, subject_key) do update set closed_at = null, found_at = excluded.found_at, exception_key = excluded.exception_key
       returning 1),
     grouped as (
       select cast(:rule as text) || '/' || ${exceptionKey[body.consolidate]} as key, count(*)::int as subjects, min(late.at) as at,
         (array_agg(late.name order by late.at, late.key))[1] as name,
         case when cast(:single as boolean) or count(*) = 1 then (array_agg(late.order_id order by late.at, late.key))[1] end as order_id,
         case when cast(:single as boolean) or count(*) = 1 then (array_agg(late.document_id order by late.at, late.key))[1] end as document_id
       from late group by 1),
     raised as (
       insert into exception (kind, subject_key, text, data, owner_role, priority, due_at, opened_at, order_id, document_id, occurrences)
       select '${KIND}', key, name || case when subjects > 1 then ' and ' || subjects - 1 || ' more ' || cast(:several as text) else ' ' || cast(:one as text) end,
         jsonb_build_object('rule', cast(:rule as text), 'version', cast(:version as int), 'milestone', cast(:milestone as text), 'at', at), cast(:role as text), cast(:priority as int), cast(:due as timestamptz), cast(:now as timestamptz),
         order_id, document_id, subjects from grouped
       on conflict (kind, subject_key) where status = 'open' do update set occurrences = exception.occurrences + excluded.occurrences,
         order_id = null, document_id = null,
         text = regexp_replace(exception.text, cast(:sentence as text), '') || ' and ' || exception.occurrences + excluded.occurrences - 1 || ' more ' || cast(:several as text)
       returning 1)
     select (select count(*) from noted)::int as found, (select count(*) from raised)::int as raised`,
    {
      ...bindings,
      rule: scope,
      version,
      single: body.consolidate === 'each',
      ...wordsOf(rule),
      sentence: anySentence,
      milestone: body.milestone,
      role: body.ownerRole,
      priority: body.priority,
      due: addSeconds(now, body.deadlineHours * 3600),
    } as never,
  );
  return rows[0]?.found ?? 0;
}

/**
 * What stands together and is late still; asked where something is gone. Each subject is looked up by its key: of a table
 * that has just grown the planner would take every row for every other. One exception each needs none of it.
 */
const countedAnew = `
     , kept as materialized (
       select late.*, k.exception_key from late cross join lateral (
         select s.exception_key, s.closed_at from late_subject s where s.rule = cast(:rule as text) and s.subject_key = late.key offset 0) k
       where k.closed_at is null and exists (select from gone))
     , still as (
       select x.id, count(*)::int as subjects, (array_agg(kept.name order by kept.at, kept.key))[1] as name,
         (array_agg(kept.order_id order by kept.at, kept.key))[1] as order_id, (array_agg(kept.document_id order by kept.at, kept.key))[1] as document_id
       from exception x join kept on kept.exception_key = x.subject_key
       where x.kind = '${KIND}' and x.status = 'open' and (x.subject_key in (select exception_key from gone)) is true group by x.id)
     , counted as (
       update exception x set occurrences = still.subjects,
         text = still.name || case when still.subjects > 1 then ' and ' || still.subjects - 1 || ' more ' || cast(:several as text) else ' ' || cast(:one as text) end,
         order_id = case when still.subjects = 1 then still.order_id end, document_id = case when still.subjects = 1 then still.document_id end
       from still where x.id = still.id returning 1)`;

/**
 * What is no longer late closes, and with the last of them its exception; one that stands for others still says which and
 * how many. Sets are compared by hash: `is true` keeps the planner from a loop over what has just grown.
 */
async function closeReached(tx: Tx, rule: MonitoringRule, now: string): Promise<number> {
  const ids =
    'o.id in (select k.order_id from late_subject k where k.rule = cast(:rule as text) and k.closed_at is null)';
  const { sql, bindings } = lateBy(rule, now, ids);
  const { rows } = await tx.raw<{ rows: { closed: number }[] }>(
    `with late as materialized (${sql}),
     gone as (
       update late_subject k set closed_at = cast(:now as timestamptz) where k.rule = cast(:rule as text) and k.closed_at is null
         and k.subject_key not in (select late.key from late) returning k.subject_key, k.exception_key)
     , resolved as (
       update exception x set status = 'resolved', resolved_at = cast(:now as timestamptz), resolved_by = 'hub', resolution = cast(:why as text)
       where x.kind = '${KIND}' and x.status = 'open' and (x.subject_key in (select exception_key from gone)) is true
         and x.subject_key not in (select k.exception_key from late_subject k where k.rule = cast(:rule as text) and k.closed_at is null
           and k.subject_key not in (select subject_key from gone)) returning 1)
     ${rule.body.consolidate === 'each' ? '' : countedAnew}
     select (select count(*) from gone)::int as closed, (select count(*) from resolved)::int as resolved`,
    {
      ...bindings,
      rule: rule.scope,
      ...wordsOf(rule),
      why: 'The milestone was reached, its date was changed, or the order has ended',
    } as never,
  );
  return rows[0]?.closed ?? 0;
}

/** A rule that is not in force any more finds nothing late. */
async function closeWithdrawn(db: Db, inForce: readonly string[], now: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { closed: number }[] }>(
    `with gone as (
       update late_subject set closed_at = cast(:now as timestamptz) where closed_at is null and not (rule = any(:inForce)) returning exception_key),
     resolved as (
       update exception set status = 'resolved', resolved_at = cast(:now as timestamptz), resolved_by = 'hub', resolution = 'Its rule is no longer in force'
       where kind = '${KIND}' and status = 'open' and (subject_key in (select exception_key from gone)) is true returning 1)
     select (select count(*) from gone)::int as closed, (select count(*) from resolved)::int as resolved`,
    { inForce: [...inForce], now } as never,
  );
  return rows[0]?.closed ?? 0;
}
