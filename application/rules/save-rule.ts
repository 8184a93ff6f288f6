import { z } from 'zod';
import type { Db, Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import type { Rule, RuleKind } from './rule-kind';
import { findRuleKind } from './rule-kinds';
import { readRules } from './rules';

export interface RuleToSave {
  readonly kind: string;
  readonly scope: string;
  /** null: the rule is withdrawn from `validFrom` on. */
  readonly body: unknown;
  /** Instant from which it is in force, never one that has passed; null: now. */
  readonly validFrom: string | null;
  readonly note: string;
  readonly person: string;
  /** The version that the person looked at; 0 where there was none. */
  readonly basedOn: number | null;
}

export interface RuleProblem {
  /** JSON pointer into the body; empty: the rule as a whole. */
  readonly pointer: string;
  readonly text: string;
}

export type SavedRule =
  | { readonly kind: 'saved'; readonly version: number }
  | { readonly kind: 'unknown-kind' }
  /** Somebody saved another version meanwhile. */
  | { readonly kind: 'changed-meanwhile'; readonly version: number }
  | { readonly kind: 'refused'; readonly problems: readonly RuleProblem[] };

/** Holds a rule against its kind and against the others of it; writes nothing. */
export async function checkRule(
  db: Db,
  kind: RuleKind,
  rule: Pick<RuleToSave, 'scope' | 'body' | 'validFrom'>,
): Promise<readonly RuleProblem[]> {
  const scope = kind.scope.safeParse(rule.scope);
  const body = rule.body === null ? null : kind.body.safeParse(rule.body);
  const problems = [
    ...(scope.success
      ? []
      : scope.error.issues.map((one) => ({ pointer: '', text: `The scope ${one.message}` }))),
    ...(body === null || body.success ? [] : shapeProblems(body.error)),
  ];
  if (problems.length > 0 || !kind.check) return problems;
  const others = (await readRules(db, kind, rule.validFrom ?? undefined)).filter(
    (one) => one.scope !== rule.scope,
  );
  const own: readonly Rule<unknown>[] =
    body === null ? [] : [{ scope: rule.scope, version: 0, body: body.data as unknown }];
  const texts = await kind.check([...others, ...own], db);
  return texts.map((text) => ({ pointer: '', text }));
}

function shapeProblems(error: z.ZodError): readonly RuleProblem[] {
  return error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    text: message,
  }));
}

/**
 * Saves the next version of a rule. What was saved never changes: decisions name the version they used. Two people who
 * save at once do so one after the other, and the second one is told.
 */
export async function saveRule(tx: Tx, rule: RuleToSave): Promise<SavedRule> {
  const kind = findRuleKind(rule.kind);
  if (!kind) return { kind: 'unknown-kind' };
  // All rules of a kind, since they are held against each other.
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`rule/${rule.kind}`]);
  const last = (await tx('rule')
    .where({ kind: rule.kind, scope: rule.scope })
    .max('version as version')
    .first()) as { version: number | null } | undefined;
  const current = last?.version ?? 0;
  if (rule.basedOn !== null && rule.basedOn !== current)
    return { kind: 'changed-meanwhile', version: current };
  if (rule.body === null && current === 0)
    return { kind: 'refused', problems: [{ pointer: '', text: 'There is no such rule to withdraw' }] };
  const problems = await checkRule(tx, kind, rule);
  if (problems.length > 0) return { kind: 'refused', problems };
  await tx('rule').insert({
    kind: rule.kind,
    scope: rule.scope,
    version: current + 1,
    body: toJson(rule.body ?? {}),
    withdrawn: rule.body === null,
    ...(rule.validFrom !== null && { valid_from: rule.validFrom }),
    note: rule.note,
    saved_by: rule.person,
  });
  await kind.saved?.(tx, rule);
  return { kind: 'saved', version: current + 1 };
}
