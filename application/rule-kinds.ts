import { authorityRule } from './rules/authority';
import { backorderQueueRule } from './rules/backorder-queue';
import { cartonRule } from './rules/carton';
import { holdTypeRule } from './rules/hold-type';
import type { RuleKind } from './rules/rule-kind';
import { sampleRule } from './rules/sample';

/** Every kind of rule that people edit, in the order in which they are shown. */
export const ruleKinds: readonly RuleKind[] = [
  holdTypeRule,
  authorityRule,
  backorderQueueRule,
  sampleRule,
  cartonRule,
];

export function findRuleKind(kind: string): RuleKind | undefined {
  return ruleKinds.find((one) => one.kind === kind);
}
