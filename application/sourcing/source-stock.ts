import type { Tx } from '../../db/connection';
import type { AllocationPlan, Availability, Demand } from '../../domain/allocation/allocate';
import { nodesOfLine, subjectOf } from '../../domain/allocation/allowed-nodes';
import { type BuiltProblem, buildProblem } from '../../domain/allocation/build-problem';
import { planSourcing, type SourcingPlan } from '../../domain/allocation/plan-sourcing';
import { beyondPromises } from '../../domain/allocation/set-aside';
import type { CaseNode, SourcingCase, SourcingNetwork } from '../../domain/allocation/sourcing-case';
import type { SourcingRule } from '../../domain/allocation/sourcing-rules';
import { foldBundles } from '../../domain/allocation/whole-bundles';
import { promisedOf } from '../backorder/promised-units';
import type { Asker } from '../stock/asker';
import type { UnitsAhead } from '../stock/stock-standing';
import { type LimitedSource, offered, withinReports } from '../supplier/supplier-stock';
import { readRefusals, wantedOf, withSupply } from '../supplier/supply-lines';
import type { OrderToSource } from './order-to-source';
import type { readSourcingFacts, SourcingFacts } from './sourcing-facts';

export interface ItemToSource {
  readonly itemClass: string | null;
  readonly weightGrams: number;
}

export interface StockToSource {
  readonly usage: 'P' | 'T';
  readonly now: string;
  readonly customerId: string | null;
  readonly channel: string | null;
  /** undefined: a cart, which is no order yet. */
  readonly order: OrderToSource | undefined;
  /** Whose cart it is. */
  readonly asker?: Asker | undefined;
  readonly items: ReadonlyMap<string, ItemToSource>;
  readonly availability: readonly Availability[];
  /** What others wait for who come first. */
  readonly ahead: readonly UnitsAhead[];
  readonly facts: Awaited<ReturnType<typeof readSourcingFacts>>;
}

/** A plan with the case that it was made for, so that other rules can be tried on it. */
export interface SourcedStock {
  readonly plan: AllocationPlan;
  readonly order: SourcingCase;
}

/**
 * Chooses nodes by the rules in force. The caller has locked the stock; nodes whose days are limited are locked here,
 * after it, by their ids.
 */
export async function sourceStock(
  tx: Tx,
  demands: readonly Demand[],
  stock: StockToSource,
): Promise<SourcedStock> {
  const { facts } = stock;
  // A cart sets nothing aside at a supplier, and nothing of the company's own of what only suppliers ship.
  const supply = await withinReports(tx, stock.order === undefined ? [] : facts.supply, stock.usage);
  const refused = await readRefusals(tx, stock.order?.orderId ?? null, supply);
  const asked = withSupply(await caseOf(tx, demands, stock, facts), facts.supply, refused);
  const left = leftFor(asked, demands, stock, supply);
  const order = { ...asked, availability: wantedOf(asked.lines, supply, left) };
  const bundles = new Map(
    demands.flatMap(({ lineNumber, bundle }) =>
      bundle === undefined ? [] : [[lineNumber, bundle] as const],
    ),
  );
  const folded = foldBundles(order, bundles);
  const { built, plan } = sourceCase(folded.order, facts.network, facts.live?.rules ?? []);
  return { plan: folded.unfold(withRecord(plan, built, facts.live?.version ?? 0)), order };
}

/** The one way from an order and rules to a plan: live, in the shadow and in "what would happen". */
export function sourceCase(
  order: SourcingCase,
  network: SourcingNetwork,
  rules: readonly SourcingRule[],
): { readonly built: BuiltProblem; readonly plan: SourcingPlan } {
  const built = buildProblem(order, network, rules);
  return { built, plan: planSourcing(built.problem) };
}

async function caseOf(
  tx: Tx,
  demands: readonly Demand[],
  stock: StockToSource,
  facts: SourcingFacts,
): Promise<Omit<SourcingCase, 'availability'>> {
  const { order, items, asker } = stock;
  return {
    now: stock.now,
    customer: asker?.customer ?? stock.customerId ?? '',
    customerClass: (order ?? asker)?.customerClass ?? null,
    orderType: (order ?? asker)?.orderType ?? '',
    channel: asker?.channel ?? stock.channel ?? '',
    shipTo: (order ?? asker)?.shipTo ?? null,
    asked: order?.asked ?? [],
    ...(order?.shipmentsAllowed !== undefined && { shipmentsAllowed: order.shipmentsAllowed }),
    begun: order?.begun ?? false,
    ...(order?.notBefore !== undefined && { notBefore: order.notBefore }),
    lastShipDay: order?.lastShipDay ?? null,
    lastArrivalDay: order?.lastArrivalDay ?? null,
    lines: demands.map((demand) => ({
      lineNumber: demand.lineNumber,
      itemId: demand.itemId,
      quantity: demand.quantity,
      multiple: demand.multiple ?? 1,
      itemClass: items.get(demand.itemId)?.itemClass ?? null,
      weightGrams: items.get(demand.itemId)?.weightGrams ?? 0,
      destination: null,
      notBefore: null,
      deliverBy: null,
      together: null,
      ...order?.lines.get(demand.lineNumber),
    })),
    nodes: await withLoad(tx, stock, facts),
    already: await readAlready(tx, order),
  };
}

/**
 * Beyond what others wait for: first taken from where this order may have nothing, then from where it is wanted least, of
 * suppliers only what the company does not have itself.
 */
function leftFor(
  order: Omit<SourcingCase, 'availability'>,
  demands: readonly Demand[],
  { availability: own, ahead, items, facts }: StockToSource,
  supply: readonly LimitedSource[],
): readonly Availability[] {
  const active = facts.nodes.filter((node) => node.active);
  const promised = promisedOf(ahead, items, facts);
  const availability = [...own, ...offered(supply)];
  if (promised.every(({ nodes }) => nodes === null)) return beyondPromises(availability, active, promised);
  const soldAs = new Map(
    demands.map(({ lineNumber, itemId, bundle }) => [lineNumber, bundle?.item ?? itemId]),
  );
  const usable = new Set(
    order.lines.flatMap((line) => {
      const declined = order.already.declined ?? [];
      const ties = { pickupAt: line.pickupAt ?? null, declined, supply: line.supply };
      const rules = facts.live?.rules ?? [];
      return nodesOfLine(
        rules,
        facts.network,
        active,
        subjectOf(order, { ...line, soldAs: soldAs.get(line.lineNumber) ?? line.itemId }),
        ties,
      ).map((nodeId) => `${line.itemId}/${nodeId}`);
    }),
  );
  return beyondPromises(availability, active, promised, ({ itemId, nodeId }) =>
    usable.has(`${itemId}/${nodeId}`),
  );
}

/** Nodes without limits, which is all of them where the company sets none, cost nothing. */
async function withLoad(
  tx: Tx,
  { usage }: StockToSource,
  { nodes, network }: SourcingFacts,
): Promise<readonly CaseNode[]> {
  const limited = nodes
    .map((node) => node.nodeId)
    .filter((nodeId) => {
      const facts = network.nodes[nodeId];
      return facts !== undefined && (facts.unitsPerDay !== null || facts.ordersPerDay !== null);
    })
    .sort();
  if (limited.length === 0) return nodes.map((node) => ({ ...node, load: {} }));
  // One after the other for each such node until the transaction ends: what is counted below is what holds.
  await tx.raw(
    `select pg_advisory_xact_lock(hashtextextended('node-capacity/' || node || '/' || :usage, 0))
     from unnest(cast(:limited as text[])) as node`,
    { usage, limited: limited as never },
  );
  const { rows } = await tx.raw<{ rows: { nodeId: string; day: string; units: number; orders: number }[] }>(
    `select node_id as "nodeId", to_char(ship_on, 'YYYY-MM-DD') as day, sum(quantity)::bigint as units, count(distinct order_id)::int as orders
     from reservation where node_id = any(:limited) and usage = :usage and ship_on is not null and status <> 'released'
     group by node_id, ship_on`,
    { usage, limited: limited as never },
  );
  return nodes.map((node) => ({
    ...node,
    load: Object.fromEntries(
      rows
        .filter((row) => row.nodeId === node.nodeId)
        .map(({ day, units, orders }) => [day, { units: Number(units), orders }]),
    ),
  }));
}

const nothing: SourcingCase['already'] = { shipments: 0, nodes: [], open: [] };

interface AlreadyRow {
  readonly what: 'shipment' | 'declined' | 'reserved' | 'shipped';
  readonly nodeId: string;
  readonly line: number;
  /** Of what is reserved: where it goes, when, and its class of goods where that may not share a shipment with others. */
  readonly qualifier: string | null;
  readonly id: string | null;
  readonly deliverBy: string | null;
  readonly notBefore: string | null;
  readonly apart: string | null;
  /** What is reserved weighs, together. */
  readonly grams: number;
}

/** What an order has of shipments, and of reservations that will be some. */
export async function readAlready(
  tx: Tx,
  order: OrderToSource | undefined,
): Promise<SourcingCase['already']> {
  if (order === undefined || order.orderId === null) return nothing;
  const { rows } = await tx.raw<{ rows: AlreadyRow[] }>(
    `select 'shipment' as what, s.node_id as "nodeId", 0 as line, null as qualifier, null as id, null as "deliverBy", null as "notBefore", null as apart, 0::bigint as grams
     from shipment s where s.order_id = :orderId and s.state <> 'cancelled'
     union all
     select distinct 'declined', t.node_id, 0, null, null, null, null, null, 0::bigint from store_task t where t.order_id = :orderId and t.left_out
     union all
     select case when r.status = 'active' and r.shipment_id is null then 'reserved' else 'shipped' end, r.node_id, l.line_number,
       case when l.destination ->> 'as' = 'ship-to' then coalesce(l.destination -> 'party' ->> 'idQualifier', '') end,
       case when l.destination ->> 'as' = 'ship-to' then coalesce(l.destination -> 'party' ->> 'id', '') end,
       to_char(coalesce(l.deliver_by, o.deliver_by), 'YYYY-MM-DD'), to_char(l.ship_not_before, 'YYYY-MM-DD'), r.apart, sum(r.quantity * i.weight_grams)::bigint
     from reservation r join order_line l on l.id = r.order_line_id join orders o on o.id = r.order_id join item i on i.id = r.item_id
     where r.order_id = :orderId and r.status <> 'released' and r.quantity > 0 group by 1, 2, 3, 4, 5, 6, 7, 8`,
    { orderId: order.orderId },
  );
  const of = (what: AlreadyRow['what']) => rows.filter((row) => row.what === what);
  const nodesOf = (some: readonly AlreadyRow[]) => [...new Set(some.map(({ nodeId }) => nodeId))].sort();
  const [shipments, declined, reserved] = [of('shipment'), of('declined'), of('reserved')];
  const open = openShipmentsOf(reserved);
  const wordOf = ({ line }: AlreadyRow) => order.lines.get(line)?.together ?? null;
  const byWord = Map.groupBy(
    reserved.filter((row) => wordOf(row) !== null),
    (row) => wordOf(row) as string,
  );
  const byLine = Map.groupBy([...reserved, ...of('shipped')], ({ line }) => line);
  return {
    shipments: shipments.length + open.reduce((sum, { classes }) => sum + Math.max(1, classes.length), 0),
    nodes: nodesOf([...shipments, ...reserved]),
    open,
    ...(declined.length > 0 && { declined: declined.map(({ nodeId }) => nodeId) }),
    ofLine: Object.fromEntries([...byLine].map(([line, own]) => [line, nodesOf(own)])),
    ...(byWord.size > 0 && {
      ofWord: Object.fromEntries([...byWord].map(([word, own]) => [word, nodesOf(own)])),
    }),
  };
}

/** What is reserved from one node for one place and day is one shipment, or one for each class that is kept apart. */
function openShipmentsOf(reserved: readonly AlreadyRow[]) {
  const place = ({ nodeId, qualifier, id, deliverBy, notBefore }: AlreadyRow) =>
    JSON.stringify([nodeId, qualifier, id, deliverBy, notBefore]);
  return [...Map.groupBy(reserved, place).values()].map((own) => {
    const [{ nodeId, qualifier, id, deliverBy, notBefore }] = own as [AlreadyRow];
    const isPlain = qualifier === null && notBefore === null;
    return {
      nodeId,
      deliverBy,
      destination: isPlain ? '' : `${qualifier === null ? '' : `${qualifier} ${id}`}|${notBefore ?? ''}`,
      classes: [...new Set(own.flatMap(({ apart }) => apart ?? []))].sort(),
      grams: weightsOf(own),
    };
  });
}

function weightsOf(own: readonly AlreadyRow[]): Readonly<Record<string, number>> {
  const grams: Record<string, number> = {};
  for (const row of own) grams[row.apart ?? ''] = (grams[row.apart ?? ''] ?? 0) + Number(row.grams);
  return grams;
}

function withRecord(plan: SourcingPlan, built: BuiltProblem, version: number): AllocationPlan {
  const { problem, orderRule, lineRules, constraints } = built;
  const demands = new Map(problem.demands.map((demand) => [demand.lineNumber, demand]));
  const nodes = new Map(problem.nodes.map((node) => [node.nodeId, node]));
  const apart = new Set(problem.constraints.doNotMix);
  const lanes = new Map<string, { nodeId: string; shipOn: string; arriveOn: string }>();
  const allocations = plan.allocations.map((allocation) => {
    const demand = demands.get(allocation.lineNumber);
    const lane = nodes.get(allocation.nodeId)?.lanes[demand?.destination ?? ''];
    const { shipOn, arriveOn } = lane ?? {};
    const { nodeId } = allocation;
    if (shipOn !== undefined && arriveOn !== undefined)
      lanes.set(`${nodeId}/${shipOn}/${arriveOn}`, { nodeId, shipOn, arriveOn });
    return {
      ...allocation,
      ...(shipOn !== undefined && { shipOn }),
      ...(demand !== undefined && apart.has(demand.goodsClass) && { apart: demand.goodsClass }),
    };
  });
  const others = Object.entries(lineRules).filter(([, rule]) => rule !== orderRule.name);
  return {
    allocations,
    shortages: plan.shortages,
    considered: plan.considered,
    sourcing: {
      version,
      rule: orderRule.name,
      lineRules: Object.fromEntries(others),
      objective: problem.objective,
      constraints: constraints.askedBy,
      ...(constraints.order.maximumShipments !== null && {
        maximumShipments: constraints.order.maximumShipments,
      }),
      terms: plan.terms,
      proven: plan.proven,
      days: [...lanes.values()],
    },
  };
}

/** As a decision names it. Where the company has no rules of its own, the order comes in the fewest shipments. */
export const ruleOfPlan = ({
  sourcing,
}: AllocationPlan): { readonly rule: string; readonly ruleVersion: string } =>
  sourcing === undefined || sourcing.version === 0
    ? { rule: 'fewest-shipments', ruleVersion: '1' }
    : { rule: `sourcing/${sourcing.rule}`, ruleVersion: String(sourcing.version) };

/** What of a plan a decision keeps: a trial has a row of its own. */
export function planToKeep(plan: AllocationPlan): AllocationPlan {
  const { trial: _, ...kept } = plan;
  return kept;
}
