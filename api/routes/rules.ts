import { z } from 'zod';
import { authorityRule } from '../../application/rules/authority';
import { holdTypeRule, holdTypesOf } from '../../application/rules/hold-type';
import { priceOverrideRule } from '../../application/rules/price-override';
import type { RuleKind } from '../../application/rules/rule-kind';
import { findRuleKind, ruleKinds } from '../../application/rules/rule-kinds';
import { readAuthorities, readHoldTypes } from '../../application/rules/rules';
import { checkRule, type RuleProblem, saveRule } from '../../application/rules/save-rule';
import type { Db, Tx } from '../../db/connection';
import { listRules, type RuleVersionRow, ruleVersions } from '../../db/repositories/rule-views';
import { authorityOver } from '../../domain/approval/authority';
import type { HoldType } from '../../domain/order/hold-types';
import { isOwnStaff, type Principal, requirePerson } from '../auth/principal';
import {
  checkRuleBody,
  type RuleKindView,
  type RuleVersionView,
  ruleCheck,
  ruleHistory,
  ruleKindList,
  ruleList,
  ruleScope,
  savedRule,
  saveRuleBody,
} from '../contract/rules';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

/** Limits and rules are the seller's own business. */
function requireOwnStaff(principal: Principal): void {
  if (!isOwnStaff(principal)) throw forbidden("Rules are kept by the seller's own people.");
}

const kindsOfRoles: readonly string[] = [authorityRule.kind, priceOverrideRule.kind];

/**
 * Four eyes begin with the limits themselves: what a role may decide, which prices it may set, and which holds it may
 * resolve: by being named for them, or because a rule that named others no longer does.
 */
async function requireAnothersLimits(
  db: Db,
  { roles }: Principal,
  kind: string,
  scope: string,
  body: unknown,
): Promise<void> {
  if (kindsOfRoles.includes(kind) && roles.includes(scope))
    throw forbidden(`You have the role ${scope} yourself: its limits are set by somebody else.`);
  if (kind !== holdTypeRule.kind) return;
  const authorities = await readAuthorities(db);
  const reachedBy = (type: HoldType | undefined) =>
    type === undefined ? [] : authorityOver(authorities, type).map(({ role }) => role);
  const already = reachedBy((await readHoldTypes(db)).get(scope));
  const added = reachedBy(typeOf(scope, body)).filter(
    (role) => roles.includes(role) && !already.includes(role),
  );
  if (added.length > 0)
    throw forbidden(
      `You have the role ${[...new Set(added)].join(', ')} yourself: that it resolves ${scope} holds is set by somebody else.`,
    );
}

/** As it would be; undefined where it would be none, or is not well formed, which saving says. */
function typeOf(scope: string, body: unknown): HoldType | undefined {
  const own = body === null ? null : holdTypeRule.body.safeParse(body);
  if (own === null) return holdTypesOf([]).get(scope);
  return own.success ? holdTypesOf([{ scope, body: own.data }]).get(scope) : undefined;
}

const kindParam = { kind: z.string().regex(/^[a-z-]{1,60}$/) };

function kindOf(name: string): RuleKind {
  const kind = findRuleKind(name);
  if (!kind) throw notFound('kind of rule');
  return kind;
}

const kindView = (kind: RuleKind): RuleKindView => ({
  kind: kind.kind,
  title: kind.title,
  about: kind.about,
  scopeIs: kind.scopeIs,
  schema: z.toJSONSchema(kind.body, { io: 'input', unrepresentable: 'any' }),
  example: kind.example,
});

const versionView = (row: RuleVersionRow): RuleVersionView => ({
  scope: row.scope,
  version: row.version,
  body: row.withdrawn ? null : row.body,
  withdrawn: row.withdrawn,
  inForce: row.in_force,
  validFrom: row.valid_from,
  note: row.note,
  savedBy: row.saved_by,
  savedAt: row.saved_at,
});

const kindsList = endpoint({
  method: 'get',
  path: '/rules',
  tag: 'Rules',
  summary: 'The kinds of rules that people edit, with the schema of each',
  scopes: ['rules:read', 'rules:write'],
  replies: { 200: { description: 'All kinds', schema: ruleKindList } },
  handle: async ({ principal }) => {
    requireOwnStaff(principal);
    return { status: 200, body: { items: ruleKinds.map(kindView) } };
  },
});

const rulesList = endpoint({
  method: 'get',
  path: '/rules/{kind}',
  tag: 'Rules',
  summary: 'The rules of a kind, each in its latest version',
  scopes: ['rules:read', 'rules:write'],
  params: kindParam,
  replies: { 200: { description: 'The rules', schema: ruleList } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal);
    const rows = await listRules(db, kindOf(params.kind).kind);
    return { status: 200, body: { items: rows.map(versionView) } };
  },
});

const versionsList = endpoint({
  method: 'get',
  path: '/rules/{kind}/versions',
  tag: 'Rules',
  summary: 'All versions of one rule, the latest first',
  scopes: ['rules:read', 'rules:write'],
  params: kindParam,
  query: z.object({ scope: ruleScope }),
  replies: { 200: { description: 'The versions', schema: ruleHistory } },
  handle: async ({ db, params, query, principal }) => {
    requireOwnStaff(principal);
    const rows = await ruleVersions(db, kindOf(params.kind).kind, query.scope);
    if (rows.length === 0) throw notFound('rule');
    return { status: 200, body: { items: rows.map(versionView) } };
  },
});

const checkOne = endpoint({
  method: 'post',
  path: '/rules/{kind}/checks',
  tag: 'Rules',
  summary: 'Hold a rule against its kind and the others of it, without saving it',
  scopes: ['rules:read', 'rules:write'],
  params: kindParam,
  body: checkRuleBody,
  replies: { 200: { description: 'What is wrong with it', schema: ruleCheck } },
  handle: async ({ db, params, body, principal }) => {
    requireOwnStaff(principal);
    const rule = { scope: body.scope, body: body.body, validFrom: null };
    const problems = await checkRule(db, kindOf(params.kind), rule);
    return { status: 200, body: { valid: problems.length === 0, problems } };
  },
});

function refused(problems: readonly RuleProblem[]): Problem {
  const [first] = problems;
  const where = first?.pointer === '' ? '' : `${first?.pointer ?? ''}: `;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  const errors = problems.map(({ pointer, text }) => ({
    pointer: `/body${pointer}`,
    code: 'rule',
    detail: text,
  }));
  return new Problem(400, 'invalid-rule', 'The rule cannot be saved', `${where}${first?.text ?? ''}${more}`, {
    errors,
  });
}

const saveOne = endpoint({
  method: 'post',
  path: '/rules/{kind}',
  tag: 'Rules',
  summary: 'Save the next version of a rule, or withdraw it; what is saved never changes',
  description: 'Decisions keep the version that they used. A version in the future waits for its time.',
  scopes: ['rules:write'],
  params: kindParam,
  body: saveRuleBody,
  idempotency: { required: false, transaction: true },
  replies: {
    201: { description: 'Saved', schema: savedRule },
    400: { description: 'What speaks against it' },
    403: { description: 'Not a person, or the limits of a role of their own' },
    412: { description: 'Somebody saved another version meanwhile' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal);
    const person = requirePerson(principal);
    await requireAnothersLimits(db, principal, params.kind, body.scope, body.body);
    const validFrom = body.validFrom ?? null;
    // What was decided yesterday was decided by yesterday's rules.
    if (validFrom !== null && Date.parse(validFrom) < Date.parse(deps.now()))
      throw refused([{ pointer: '', text: `A rule cannot begin in the past (${validFrom})` }]);
    const outcome = await saveRule(db as Tx, {
      kind: kindOf(params.kind).kind,
      scope: body.scope,
      body: body.body,
      validFrom,
      note: body.note,
      person,
      basedOn: body.basedOn ?? null,
    });
    if (outcome.kind === 'saved')
      return { status: 201, body: { scope: body.scope, version: outcome.version } };
    if (outcome.kind === 'refused') throw refused(outcome.problems);
    if (outcome.kind === 'unknown-kind') throw notFound('kind of rule');
    throw new Problem(
      412,
      'changed-meanwhile',
      'It was changed meanwhile',
      `Version ${outcome.version} was saved after you looked. Read it, and decide again.`,
    );
  },
});

export const ruleEndpoints: readonly Endpoint[] = [kindsList, rulesList, versionsList, checkOne, saveOne];
