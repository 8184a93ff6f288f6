import type { Db, Tx } from '../../db/connection';
import type { WriteTogether } from '../../db/repositories/write-together';
import type { AllocationPlan, SourcingTrial } from '../../domain/allocation/allocate';
import type { SourcingCase } from '../../domain/allocation/sourcing-case';
import type { SourcingRule } from '../../domain/allocation/sourcing-rules';
import { type SavedRule, saveRule } from '../rules/save-rule';
import { sourcingRule } from '../rules/sourcing';
import { sourceCase } from './source-stock';
import { readNetwork, type SourcingFacts } from './sourcing-facts';

/** Positions of stock up to which an order's inputs are kept: what is larger is not tried. */
const MOST_POSITIONS = 20_000;

interface TrialInputs {
  readonly order: SourcingCase;
  readonly networkRules: readonly string[];
}

/** What a set of rules on trial is to be tried on; nothing where none is. */
export function trialOf(
  order: SourcingCase,
  plan: AllocationPlan,
  { live, shadow, networkRules }: SourcingFacts,
): { readonly trial?: SourcingTrial } {
  if (shadow === null || order.availability.length > MOST_POSITIONS) return {};
  const inputs: TrialInputs = { order, networkRules };
  // As the rules have it: what the order's own terms take back of a plan they would take back of the other as well.
  const planned = summaryOf(plan, plan.sourcing?.rule, plan.sourcing?.terms);
  return {
    trial: { shadowVersion: shadow.version, liveVersion: live?.version ?? 0, inputs, live: planned },
  };
}

/** Keeps an order's inputs and live plan as part of the statement that writes it; a job tries the shadow later. */
export function addTrial(together: WriteTogether, orderId: string, plan: AllocationPlan, now: string): void {
  if (plan.trial === undefined) return;
  const { shadowVersion, liveVersion, inputs, live } = plan.trial;
  const columns = ['order_id', 'shadow_version', 'live_version', 'at', 'inputs', 'live'] as const;
  together.insert(
    'sourcing_trial',
    [...columns],
    [
      {
        order_id: orderId,
        shadow_version: shadowVersion,
        live_version: liveVersion,
        at: now,
        inputs,
        live,
      },
    ],
  );
}

const summaryOf = (
  plan: Pick<AllocationPlan, 'allocations' | 'shortages'>,
  rule: string | undefined,
  terms: unknown,
) => ({
  rule: rule ?? 'default',
  terms,
  short: plan.shortages.reduce((sum, one) => sum + one.quantity, 0),
  nodes: [...new Set(plan.allocations.map((one) => one.nodeId))].sort(),
  /** Line, node and quantity: two plans are the same when these are. */
  taken: plan.allocations
    .map(({ lineNumber, nodeId, quantity }) => [lineNumber, nodeId, quantity] as const)
    .sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)),
});

interface TrialRow {
  readonly id: string;
  readonly shadow_version: number;
  readonly inputs: TrialInputs;
}

/**
 * Tries the set on trial on orders that were placed meanwhile, with the stock, nodes and rates of then, so that both
 * plans answer the same question. Writes nothing but its own rows.
 * @returns how many were tried; fewer than `limit`: none is left
 */
export async function trySourcing(db: Db, now: string, limit = 100): Promise<number> {
  const trials = (await db('sourcing_trial')
    .whereNull('tried_at')
    .orderBy('id')
    .limit(limit)
    .select('id', 'shadow_version', 'inputs')) as TrialRow[];
  const sets = new Map<number, readonly SourcingRule[]>();
  for (const trial of trials) {
    const version = trial.shadow_version;
    const rules = sets.get(version) ?? (await readSet(db, 'shadow', version));
    sets.set(version, rules);
    const network = await readNetwork(db, trial.inputs.networkRules);
    const { built, plan } = sourceCase(trial.inputs.order, network, rules);
    const shadow = summaryOf(plan, built.orderRule.name, plan.terms);
    // The inputs have served: they are the larger part of the row.
    await db('sourcing_trial')
      .where({ id: trial.id })
      .update({ shadow: JSON.stringify(shadow), tried_at: now, inputs: '{}' });
  }
  return trials.length;
}

async function readSet(db: Db, scope: 'live' | 'shadow', version: number): Promise<readonly SourcingRule[]> {
  const row = (await db('rule').where({ kind: 'sourcing', scope, version }).first('body')) as
    | { body: unknown }
    | undefined;
  return row ? (sourcingRule.body.parse(row.body) as { rules: readonly SourcingRule[] }).rules : [];
}

/** Makes the set on trial the live one, and ends the trial, in one step. @param version that the person has looked at */
export async function promoteShadow(
  tx: Tx,
  { version, person, note }: { readonly version: number; readonly person: string; readonly note: string },
): Promise<SavedRule> {
  // The same lock as for saving, taken before the version is read.
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', ['rule/sourcing']);
  const last = (await tx('rule')
    .where({ kind: 'sourcing', scope: 'shadow' })
    .orderBy('version', 'desc')
    .first('version', 'body', 'withdrawn')) as
    | { version: number; body: unknown; withdrawn: boolean }
    | undefined;
  if (last === undefined || last.withdrawn)
    return { kind: 'refused', problems: [{ pointer: '', text: 'No set of rules is on trial' }] };
  if (last.version !== version) return { kind: 'changed-meanwhile', version: last.version };
  const common = { kind: 'sourcing', validFrom: null, person, basedOn: null };
  const withdrawn = await saveRule(tx, {
    ...common,
    scope: 'shadow',
    body: null,
    note: `${note} (promoted)`,
  });
  if (withdrawn.kind !== 'saved') return withdrawn;
  return saveRule(tx, { ...common, scope: 'live', body: last.body, note });
}
