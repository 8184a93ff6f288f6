import type { SourcingLine } from './sourcing-case';
import {
  type CaseNode,
  type LineSupply,
  type NodeFacts,
  plainNode,
  plainSupplier,
  type SourcingCase,
  type SourcingNetwork,
} from './sourcing-case';
import type { Refusal } from './sourcing-problem';
import { ruleOfLine, type SourcingRule, type SourcingSubject } from './sourcing-rules';

type Node = Pick<CaseNode, 'nodeId' | 'active' | 'isSupplier'>;

/** What of a line decides about nodes beside its rule. */
export interface LineTies {
  /** The buyer picks it up there; null: it is shipped. */
  readonly pickupAt: string | null;
  /** Stores that have declined a shipment of its order. */
  readonly declined: readonly string[];
  /** What suppliers may ship of it; absent where it has none. */
  readonly supply?: LineSupply | undefined;
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
  typeof stepAt(rule, node, factsOf(node, network), ties) === 'number';

/** What the company says of a node, or what holds for one of which it says nothing. */
export const factsOf = (node: Node, network: SourcingNetwork): NodeFacts =>
  network.nodes[node.nodeId] ?? (node.isSupplier ? plainSupplier : plainNode);

/** The step in which a node may fill a line, or why it may not. */
export function stepAt(
  rule: SourcingRule,
  node: Node,
  facts: NodeFacts,
  { pickupAt, declined, supply }: LineTies,
): number | Refusal {
  if (pickupAt !== null) return pickupStep(pickupAt, node);
  if (declined.includes(node.nodeId))
    return { code: 'declined', text: 'it has declined a shipment of this order' };
  return suppliedStep(supply, rule, node, facts) ?? stepOf(rule, node, facts);
}

/**
 * Suppliers beside the company's own nodes: those that ship an item always leave the own nodes out, those that ship it
 * when it is short come after all of them, the others only where the order is a drop ship or a rule names them.
 * @returns undefined where the rule alone says what the node may
 */
function suppliedStep(
  supply: LineSupply | undefined,
  rule: SourcingRule,
  node: Node,
  facts: NodeFacts,
): number | Refusal | undefined {
  const only = supply?.only ?? false;
  if (!node.isSupplier)
    return only ? { code: 'supplier', text: 'the line is shipped by its supplier' } : undefined;
  const source = supply?.sources.find(({ nodeId }) => nodeId === node.nodeId);
  if (source === undefined) return { code: 'supplier', text: 'it does not supply the item' };
  if (supply?.refusedBy.includes(node.nodeId))
    return { code: 'supplier', text: 'the supplier has refused the line' };
  const names = [node.nodeId, ...facts.groups];
  const named =
    rule.sequence?.some((step) => step.some((name) => names.includes(name))) === true ||
    rule.kinds?.includes('supplier') === true;
  const barred = rule.exclude?.some((name) => names.includes(name)) === true || !node.active;
  if (named || barred) return undefined;
  if (only) return 0;
  if (source.sourcing === 'drop-ship-orders')
    return { code: 'supplier', text: 'it ships the item for drop-ship orders only' };
  return rule.sequence?.length ?? 1;
}

/**
 * How a line of an order is had from the suppliers of its item; undefined: it has none, and what no supplier has is the
 * company's own to ship, also where a buyer calls its order a drop ship. A drop ship that every supplier has refused
 * comes from the company's own nodes, where its rule allows them.
 */
export function supplyOfLine(
  sources: LineSupply['sources'],
  orderType: string,
  refusedBy: readonly string[],
): LineSupply | undefined {
  if (sources.length === 0) return undefined;
  const isLeftToThem = orderType === 'drop-ship' && sources.some(({ nodeId }) => !refusedBy.includes(nodeId));
  const only = isLeftToThem || sources.some(({ sourcing }) => sourcing === 'always');
  return { only, sources, refusedBy };
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
