import type { Db } from '../../db/connection';
import { unseenList } from '../../db/one-plan';
import type { SafetyRules } from '../../domain/allocation/safety-stock';
import type { CaseNode, SourcingNetwork } from '../../domain/allocation/sourcing-case';
import type { SourcingRule } from '../../domain/allocation/sourcing-rules';
import type { PostalAddress } from '../../domain/order/order-request';
import { safetyStockRule } from '../rules/safety-stock';
import { sourcingRule } from '../rules/sourcing';
import {
  freightRatesRule,
  postalPlacesRule,
  sourcingNodeRule,
  workCalendarRule,
} from '../rules/sourcing-network';

export interface RuleSet {
  readonly ruleId: string;
  readonly version: number;
  readonly rules: readonly SourcingRule[];
}

/** Nodes and rules as they are in force, and who supplies the items that were asked about. */
export interface SourcingFacts {
  readonly nodes: readonly Omit<CaseNode, 'load'>[];
  readonly network: SourcingNetwork;
  /** Ids of the rules that make up the network. */
  readonly networkRules: readonly string[];
  readonly live: RuleSet | null;
  readonly shadow: RuleSet | null;
  /** Units that are promised to nobody. */
  readonly safety: SafetyRules;
  readonly supply: readonly SupplySource[];
}

interface RuleRef {
  readonly id: string;
  readonly kind: string;
  readonly scope: string;
  readonly version: number;
}

const schemas = {
  sourcing: sourcingRule.body,
  'sourcing-node': sourcingNodeRule.body,
  'freight-rates': freightRatesRule.body,
  'work-calendar': workCalendarRule.body,
  'postal-places': postalPlacesRule.body,
  'safety-stock': safetyStockRule.body,
} as const;
const kinds = Object.keys(schemas);
/** What makes no part of the network that a set on trial is tried on. */
const apart: readonly string[] = ['sourcing', 'safety-stock'];

/** Bodies of rules never change, so each is read once a process. The newest are kept. */
const bodies = new Map<string, unknown>();
const MOST_BODIES = 2000;

async function loadBodies(db: Db, refs: readonly RuleRef[]): Promise<void> {
  const unknown = refs.filter(({ id }) => !bodies.has(id)).map(({ id }) => id);
  if (unknown.length === 0) return;
  const rows = (await db('rule').whereIn('id', unknown).select('id', 'kind', 'body')) as {
    id: string;
    kind: keyof typeof schemas;
    body: unknown;
  }[];
  while (bodies.size + rows.length > MOST_BODIES && bodies.size > 0)
    bodies.delete(bodies.keys().next().value as string);
  for (const { id, kind, body } of rows) bodies.set(id, schemas[kind].parse(body));
}

const nodesAndRules = `
  select coalesce((select json_agg(json_build_object('nodeId', id, 'rank', rank, 'timeZone', time_zone, 'address', address, 'active', active, 'isSupplier', supplier_partner is not null)) from node), '[]') as nodes,
    coalesce((select json_agg(json_build_object('id', id, 'kind', kind, 'scope', scope, 'version', version)) from (
      select distinct on (kind, scope) id, kind, scope, version, withdrawn from rule
      where kind = any(${unseenList(':kinds')}) and valid_from <= now() order by kind, scope, version desc) r where not withdrawn), '[]') as rules,
    (select json_agg(json_build_object('itemId', s.item_id, 'nodeId', s.node_id, 'sourcing', s.sourcing, 'unitFactor', s.unit_factor,
      'minimum', s.minimum_quantity, 'itemClass', i.item_class, 'weightGrams', i.weight_grams) order by s.item_id, s.node_id)
     from item_supplier s join item i on i.id = s.item_id where s.item_id = any(${unseenList(':itemIds')}) and s.active) as supply`;

/** A supplier that ships an item. */
export interface SupplySource {
  readonly itemId: string;
  readonly nodeId: string;
  readonly sourcing: 'always' | 'when-short' | 'drop-ship-orders';
  /** Base units of one unit that it sells, and how many of those it sells at least. */
  readonly unitFactor: number;
  readonly minimum: number;
  readonly itemClass: string | null;
  readonly weightGrams: number;
}

/** One statement for whatever is planned; rules that this process has not seen yet cost one more, once. */
export async function readSourcingFacts(db: Db, itemIds: readonly string[] = []): Promise<SourcingFacts> {
  const { rows } = await db.raw<{
    rows: {
      nodes: readonly NodeRow[];
      rules: readonly RuleRef[];
      supply: readonly SupplySource[] | null;
    }[];
  }>(nodesAndRules, { kinds: kinds as never, itemIds: [...itemIds] as never });
  const { nodes = [], rules = [], supply } = rows[0] ?? {};
  await loadBodies(db, rules);
  return { ...factsOf(nodes, rules), supply: supply ?? [] };
}

type NodeRow = Omit<CaseNode, 'load' | 'address'> & { readonly address: PostalAddress | null };

/** The network as it was made up of these rules. */
export async function readNetwork(db: Db, ruleIds: readonly string[]): Promise<SourcingNetwork> {
  const refs = (await db('rule')
    .whereIn('id', [...ruleIds])
    .select('id', 'kind', 'scope', 'version')) as RuleRef[];
  await loadBodies(db, refs);
  return factsOf([], refs).network;
}

function factsOf(nodes: readonly NodeRow[], refs: readonly RuleRef[]): Omit<SourcingFacts, 'supply'> {
  const of = (kind: string) =>
    Object.fromEntries(refs.filter((ref) => ref.kind === kind).map((ref) => [ref.scope, bodies.get(ref.id)]));
  const setOf = (scope: string): RuleSet | null => {
    const ref = refs.find((one) => one.kind === 'sourcing' && one.scope === scope);
    if (!ref) return null;
    const { rules } = bodies.get(ref.id) as { rules: readonly SourcingRule[] };
    return { ruleId: ref.id, version: ref.version, rules };
  };
  const places = Object.entries(of('postal-places')).map(([country, body]) => [
    country,
    (body as { places: unknown }).places,
  ]);
  return {
    nodes,
    network: {
      nodes: of('sourcing-node'),
      freight: of('freight-rates'),
      calendars: of('work-calendar'),
      places: Object.fromEntries(places),
    } as SourcingNetwork,
    networkRules: refs.filter(({ kind }) => !apart.includes(kind)).map(({ id }) => id),
    live: setOf('live'),
    shadow: setOf('shadow'),
    safety: new Map(
      refs.flatMap(({ id, kind, scope, version }) =>
        kind === 'safety-stock'
          ? [[scope, { ...(bodies.get(id) as { units: number }), version }] as const]
          : [],
      ),
    ),
  };
}
