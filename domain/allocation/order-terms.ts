import { subjectOf } from './allowed-nodes';
import { type MergedConstraints, mergeConstraints } from './constraints';
import type { SourcingCase, SourcingLine } from './sourcing-case';
import { ruleOfLine, ruleOfOrder, type SourcingRule } from './sourcing-rules';

type Asked = Pick<
  SourcingCase,
  'customer' | 'customerClass' | 'shipTo' | 'orderType' | 'channel' | 'asked' | 'shipmentsAllowed'
> & {
  readonly lines: readonly Pick<
    SourcingLine,
    'lineNumber' | 'itemId' | 'soldAs' | 'itemClass' | 'destination'
  >[];
};

/** Which rules hold for an order and each of its lines, and what the customer, the order and they ask for together. */
export interface OrderTerms {
  readonly orderRule: SourcingRule;
  /** By line number. */
  readonly lineRules: ReadonlyMap<number, SourcingRule>;
  readonly constraints: MergedConstraints;
  /** Lines that are filled whole or not at all. */
  readonly completeLines: ReadonlySet<number>;
}

/** The same when nodes are chosen and when what was chosen leaves. */
export function termsOfOrder(order: Asked, rules: readonly SourcingRule[]): OrderTerms {
  const orderRule = ruleOfOrder(rules, subjectOf(order, null));
  const lineRules = new Map(
    order.lines.map((line) => [line.lineNumber, ruleOfLine(rules, subjectOf(order, line))]),
  );
  const constraints = decided(
    order.shipmentsAllowed,
    mergeConstraints([
      ...order.asked,
      { by: `rule "${orderRule.name}"`, constraints: orderRule.constraints ?? {} },
    ]),
  );
  const isComplete = (rule: SourcingRule) =>
    constraints.completeLines || rule.constraints?.shipComplete === 'line';
  return {
    orderRule,
    lineRules,
    constraints,
    completeLines: new Set([...lineRules].flatMap(([line, rule]) => (isComplete(rule) ? [line] : []))),
  };
}

/** A person's word on the number of shipments counts instead of everybody else's. */
const decided = (shipmentsAllowed: number | undefined, merged: MergedConstraints): MergedConstraints =>
  shipmentsAllowed === undefined
    ? merged
    : {
        ...merged,
        order: { ...merged.order, maximumShipments: shipmentsAllowed },
        askedBy: { ...merged.askedBy, 'maximum-shipments': 'a person' },
      };
