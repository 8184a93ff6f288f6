import type { SourcingLine } from './sourcing-case';
import {
  type CaseNode,
  type NodeFacts,
  plainNode,
  type SourcingCase,
  type SourcingNetwork,
} from './sourcing-case';
import type { Refusal } from './sourcing-problem';
import { ruleOfLine, type SourcingRule, type SourcingSubject } from './sourcing-rules';

type Node = Pick<CaseNode, 'nodeId' | 'active'>;

/** What of a line decides about nodes beside its rule. */
export interface LineTies {
  /** The buyer picks it up there; null: it is shipped. */
  readonly pickupAt: string | null;
  /** Stores that have declined a shipment of its order. */
  readonly declined: readonly string[];
}

/** What rules are asked about: a line, or the order as a whole. */
export function subjectOf(
  order: Pick<SourcingCase, 'customer' | 'customerClass' | 'shipTo' | 'orderType' | 'channel'>,
  line: Pick<SourcingLine, 'itemId' | 'soldAs' | 'itemClass' | 'destination'> | null,
): SourcingSubject {
  const address = line?.destination?.address ?? order.shipTo;
  return {
    item: line?.soldAs ?? line?.itemId ?? null,
    itemClass: line?.itemClass ?? null,
    customer: order.customer,
    customerClass: order.customerClass,
    country: address?.country ?? null,
    state: address?.region ?? null,
    postalCode: address?.postalCode ?? null,
    orderType: order.orderType,
    channel: order.channel,
  };
}

/** The nodes a line may come from at all, whatever they have and on whatever day they could ship it. */
export function nodesOfLine(
  rules: readonly SourcingRule[],
  network: SourcingNetwork,
  nodes: readonly Node[],
  subject: SourcingSubject,
  ties: LineTies,
): readonly string[] {
  const rule = ruleOfLine(rules, subject);
  return nodes.filter((node) => mayFill(rule, node, network, ties)).map(({ nodeId }) => nodeId);
}

const untied: LineTies = { pickupAt: null, declined: [] };

/** Whether a rule lets a line come from a node at all. */
export const mayFill = (rule: SourcingRule, node: Node, network: SourcingNetwork, ties = untied): boolean =>
  typeof stepAt(rule, node, network.nodes[node.nodeId] ?? plainNode, ties) === 'number';

/** The step in which a node may fill a line, or why it may not. */
export function stepAt(
  rule: SourcingRule,
  node: Node,
  facts: NodeFacts,
  { pickupAt, declined }: LineTies,
  /** What a supplier's terms say before the rule does; undefined: nothing. */
  ofSupplier: () => number | Refusal | undefined = () => undefined,
): number | Refusal {
  if (pickupAt !== null) return pickupStep(pickupAt, node);
  if (declined.includes(node.nodeId))
    return { code: 'declined', text: 'it has declined a shipment of this order' };
  return ofSupplier() ?? stepOf(rule, node, facts);
}

function stepOf(rule: SourcingRule, node: Node, facts: NodeFacts): number | Refusal {
  const isNamed = (names: readonly string[]) =>
    names.some((name) => name === node.nodeId || facts.groups.includes(name));
  if (!node.active) return { code: 'closed', text: 'it is closed' };
  if (isNamed(rule.exclude ?? [])) return { code: 'excluded', text: `rule "${rule.name}" excludes it` };
  if (rule.kinds !== undefined && !rule.kinds.includes(facts.kind))
    return { code: 'kind', text: `rule "${rule.name}" takes no ${facts.kind}` };
  if (rule.sequence === undefined) return 0;
  const step = rule.sequence.findIndex(isNamed);
  return step >= 0 ? step : { code: 'not-in-sequence', text: `rule "${rule.name}" does not name it` };
}

/** Where the buyer picks it up there is no choice, whatever the rules say of shipping. */
function pickupStep(pickupAt: string, node: Node): number | Refusal {
  if (node.nodeId !== pickupAt) return { code: 'pickup', text: `it is picked up at ${pickupAt}` };
  return node.active ? 0 : { code: 'closed', text: 'it is closed' };
}
