import type { PostalAddress } from '../order/order-request';
import { addDays, type LocalDate, localDateIn } from '../shared/dates';
import { factsOf, stepAt } from './allowed-nodes';
import type { MergedConstraints } from './constraints';
import { distanceKm, type Place } from './great-circle';
import { asksFor, defaultObjective } from './objective';
import { type OrderTerms, termsOfOrder } from './order-terms';
import { FARTHEST_KM } from './problem-index';
import { arrivalDay, everyDay, isWorkingDay, shipDay, type WorkCalendar, workingDayFrom } from './ship-dates';
import {
  type CaseNode,
  type FreightRates,
  type FreightZone,
  type NodeFacts,
  type SourcingCase,
  type SourcingLine,
  type SourcingNetwork,
} from './sourcing-case';
import type { Lane, Refusal, SourcingDemand, SourcingNode, SourcingProblem } from './sourcing-problem';
import type { SourcingRule } from './sourcing-rules';

export interface BuiltProblem {
  readonly problem: SourcingProblem;
  readonly orderRule: SourcingRule;
  /** By line number. */
  readonly lineRules: Readonly<Record<number, string>>;
  readonly constraints: MergedConstraints;
}

/** An order and a set of rules, put together: which nodes each line may come from, and what each way there means. */
export function buildProblem(
  order: SourcingCase,
  network: SourcingNetwork,
  rules: readonly SourcingRule[],
): BuiltProblem {
  const terms = termsOfOrder(order, rules);
  const { orderRule, lineRules, constraints } = terms;
  const objective = orderRule.objective ?? defaultObjective;
  const ways = new Ways(order, network, asksFor(objective, 'freight'));
  const demands = order.lines.map((line) => demandOf(order, network, ways, line, terms));
  return {
    problem: {
      demands,
      nodes: order.nodes.map((node) => ways.node(node)),
      availability: order.availability,
      constraints: { ...constraints.order, shipComplete: constraints.order.shipComplete && !order.begun },
      objective,
      today: ways.today,
      already: order.already,
    },
    orderRule,
    lineRules: Object.fromEntries([...lineRules].map(([line, rule]) => [line, rule.name])),
    constraints,
  };
}

function demandOf(
  order: SourcingCase,
  network: SourcingNetwork,
  ways: Ways,
  line: SourcingLine,
  { lineRules, completeLines }: OrderTerms,
): SourcingDemand {
  const rule = lineRules.get(line.lineNumber) as SourcingRule;
  const destination = wayKey(line);
  const steps: Record<string, number> = {};
  const refusals: Record<string, Refusal> = {};
  for (const node of order.nodes) {
    const declined = order.already.declined ?? [];
    const ties = { pickupAt: line.pickupAt ?? null, declined, supply: line.supply };
    const allowed = stepAt(rule, node, factsOf(node, network), ties);
    const ofWay = line.pickupAt === undefined && typeof allowed === 'number';
    const refusal =
      typeof allowed !== 'number'
        ? allowed
        : (tiedElsewhere(order, line, rule, node, allowed) ??
          (ofWay ? ways.refusal(node, line, allowed) : null));
    if (refusal === null) steps[node.nodeId] = allowed as number;
    else refusals[node.nodeId] = refusal;
  }
  return {
    lineNumber: line.lineNumber,
    itemId: line.itemId,
    quantity: line.quantity,
    multiple: line.multiple,
    destination,
    deliverBy: line.deliverBy,
    goodsClass: line.itemClass ?? '',
    weightGrams: line.weightGrams,
    together: line.together,
    complete: completeLines.has(line.lineNumber),
    singleNode: rule.constraints?.singleNode ?? false,
    steps,
    refusals,
  };
}

/** The line has begun elsewhere, or those that it ships together with, and is to come from one node. */
function tiedElsewhere(
  { already }: SourcingCase,
  { lineNumber, together }: SourcingLine,
  rule: SourcingRule,
  { nodeId }: CaseNode,
  step: number,
): Refusal | null {
  const own = rule.constraints?.singleNode === true ? (already.ofLine?.[lineNumber] ?? []) : [];
  if (own.length > 0 && !own.includes(nodeId))
    return {
      code: 'single-node',
      text: `the line comes from one node, and has begun at ${own.join(', ')}`,
      becauseOf: { constraint: 'single-node', step },
    };
  const others = together === null ? [] : (already.ofWord?.[together] ?? []);
  if (others.length > 0 && !others.includes(nodeId))
    return {
      code: 'ship-together',
      text: `what it ships together with lies at ${others.join(', ')}`,
      becauseOf: { constraint: 'ship-together', step },
    };
  return null;
}

/** Where a line goes and from when on: lines of one way leave in one shipment. */
const wayKey = ({ destination, notBefore }: SourcingLine) =>
  destination === null && notBefore === null ? '' : `${destination?.key ?? ''}|${notBefore ?? ''}`;

/** A node's days are looked at so far ahead when they are limited. */
const DAYS_AHEAD = 14;

/** The ways from nodes to places: each is worked out once. */
class Ways {
  readonly today: LocalDate;
  readonly #order: SourcingCase;
  readonly #network: SourcingNetwork;
  readonly #needsRates: boolean;
  readonly #lanes = new Map<string, Record<string, Lane>>();
  readonly #rooms = new Map<string, number | null>();

  constructor(order: SourcingCase, network: SourcingNetwork, needsRates: boolean) {
    this.#order = order;
    this.#network = network;
    this.#needsRates = needsRates;
    this.today = order.nodes.reduce(
      (first, node) => {
        const day = localDateIn(order.now, node.timeZone);
        return day < first ? day : first;
      },
      localDateIn(order.now, order.nodes[0]?.timeZone ?? 'UTC'),
    );
    for (const node of order.nodes) {
      const lanes: Record<string, Lane> = {};
      for (const line of order.lines) lanes[wayKey(line)] ??= this.#lane(node, line);
      this.#lanes.set(node.nodeId, lanes);
    }
  }

  #facts(node: CaseNode): NodeFacts {
    return factsOf(node, this.#network);
  }

  #calendar(name: string | null): WorkCalendar {
    return (name === null ? undefined : this.#network.calendars[name]) ?? everyDay;
  }

  #lane(node: CaseNode, line: SourcingLine): Lane {
    const facts = this.#facts(node);
    const calendar = this.#calendar(facts.calendar);
    const { timeZone } = node;
    const { leadDays, cutOff } = facts;
    const notBefore = later(line.notBefore, this.#order.notBefore ?? null);
    const free = shipDay(this.#order.now, { timeZone, calendar, leadDays, cutOff, notBefore });
    const { day: shipOn, room } = this.#roomFrom(node, facts, calendar, free);
    this.#rooms.set(node.nodeId, smaller(this.#rooms.get(node.nodeId) ?? null, room));
    const address = line.destination?.address ?? this.#order.shipTo;
    const rates = this.#network.freight[node.nodeId] ?? this.#network.freight['*'];
    const zone = zoneOf(rates, address);
    const [from, to] = [facts.place ?? this.#placeOf(node.address), this.#placeOf(address)];
    return {
      distanceKm: from && to ? distanceKm(from, to) : FARTHEST_KM,
      freight: zone?.breaks ?? null,
      shipOn,
      arriveOn: arrivalDay(shipOn, zone?.transitDays ?? 0, this.#calendar(rates?.calendar ?? null)),
    };
  }

  /** The first day on which the node can take all of the order, or as much as it takes in a day. */
  #roomFrom(
    node: CaseNode,
    { unitsPerDay, ordersPerDay }: NodeFacts,
    calendar: WorkCalendar,
    from: LocalDate,
  ): { readonly day: LocalDate; readonly room: number | null } {
    if (unitsPerDay === null && ordersPerDay === null) return { day: from, room: null };
    const wanted = this.#order.lines.reduce((sum, line) => sum + line.quantity, 0);
    let best: { day: LocalDate; room: number } = { day: from, room: 0 };
    for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) {
      const day = addDays(from, ahead);
      if (!isWorkingDay(calendar, day)) continue;
      const { units, orders } = node.load[day] ?? { units: 0, orders: 0 };
      const isFull = ordersPerDay !== null && orders >= ordersPerDay;
      const room = isFull ? 0 : unitsPerDay === null ? wanted : Math.max(0, unitsPerDay - units);
      if (room >= Math.min(wanted, unitsPerDay ?? wanted)) return { day, room };
      if (room > best.room) best = { day, room };
    }
    return best.room > 0 ? best : { day: workingDayFrom(calendar, from), room: 0 };
  }

  #placeOf(address: PostalAddress | null): Place | null {
    const prefixes = address?.country === undefined ? undefined : this.#network.places[address.country];
    const code = address?.postalCode?.replaceAll(/[\s-]/g, '').toUpperCase();
    if (prefixes === undefined || code === undefined) return null;
    for (let length = code.length; length > 0; length--) {
      const found = prefixes[code.slice(0, length)];
      if (found) return { latitude: found[0], longitude: found[1] };
    }
    return null;
  }

  node(node: CaseNode): SourcingNode {
    const { orderCostMinor, unitCostMinor } = this.#facts(node);
    return {
      nodeId: node.nodeId,
      rank: node.rank,
      orderCostMinor,
      unitCostMinor,
      roomUnits: this.#rooms.get(node.nodeId) ?? null,
      lanes: this.#lanes.get(node.nodeId) ?? {},
    };
  }

  /** What the way itself speaks against. @param step what the line would have from there otherwise */
  refusal(node: CaseNode, line: SourcingLine, step: number): Refusal | null {
    const lane = this.#lanes.get(node.nodeId)?.[wayKey(line)] as Lane;
    const { lastShipDay, lastArrivalDay } = this.#order;
    // A last day that had passed when the order came binds nobody: whether it is still wanted is asked of a person.
    const binds = (day: LocalDate | null): day is LocalDate => day !== null && day >= this.today;
    if (binds(lastShipDay) && lane.shipOn > lastShipDay)
      return {
        code: 'ship-window',
        text: `it can ship on ${lane.shipOn} at the earliest, and nothing may leave after ${lastShipDay}`,
        becauseOf: { constraint: 'ship-window', step },
      };
    if (binds(lastArrivalDay) && lane.arriveOn > lastArrivalDay)
      return {
        code: 'ship-window',
        text: `it would arrive on ${lane.arriveOn}, and nothing is taken after ${lastArrivalDay}`,
        becauseOf: { constraint: 'ship-window', step },
      };
    if (this.#rooms.get(node.nodeId) === 0)
      return {
        code: 'node-capacity',
        text: `its next ${DAYS_AHEAD} days are full`,
        becauseOf: { constraint: 'node-capacity', step },
      };
    if (this.#needsRates && lane.freight === null && this.#isRated(wayKey(line)))
      return { code: 'no-rate', text: 'no tariff says what freight from there costs' };
    return null;
  }

  /** Some node has a tariff for the way. */
  #isRated(way: string): boolean {
    return this.#order.nodes.some(({ nodeId }) => this.#lanes.get(nodeId)?.[way]?.freight !== null);
  }
}

const later = (a: LocalDate | null, b: LocalDate | null) => (a === null || (b !== null && b > a) ? b : a);

const smaller = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b));

/** The zone of an address: the longest postal prefix, then the state, then the country, then `*`. */
export function zoneOf(rates: FreightRates | undefined, address: PostalAddress | null): FreightZone | null {
  const code = address?.postalCode?.replaceAll(/[\s-]/g, '').toUpperCase() ?? '';
  const weight = ({ country, state, postalPrefix }: FreightZone) =>
    (postalPrefix?.length ?? 0) * 100 + (state === undefined ? 0 : 10) + (country === '*' ? 0 : 1);
  const fitting = (rates?.zones ?? []).filter(
    (zone) =>
      (zone.country === '*' || zone.country === address?.country) &&
      (zone.state === undefined || zone.state === address?.region) &&
      (zone.postalPrefix === undefined || code.startsWith(zone.postalPrefix)),
  );
  return fitting.toSorted((a, b) => weight(b) - weight(a))[0] ?? null;
}
