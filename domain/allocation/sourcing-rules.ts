import type { Objective } from './objective';

export type NodeKind = 'warehouse' | 'store' | 'supplier';

/** What a rule is for; what it leaves out it does not ask about. */
export interface SourcingScope {
  readonly item?: string | undefined;
  readonly itemClass?: string | undefined;
  readonly customer?: string | undefined;
  readonly customerClass?: string | undefined;
  readonly country?: string | undefined;
  readonly state?: string | undefined;
  readonly postalPrefix?: string | undefined;
  readonly orderType?: string | undefined;
  readonly channel?: string | undefined;
}

/** One line of one order, as rules are asked about it. */
export interface SourcingSubject {
  readonly item: string | null;
  readonly itemClass: string | null;
  readonly customer: string;
  readonly customerClass: string | null;
  readonly country: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly orderType: string;
  readonly channel: string;
}

export interface RuleConstraints {
  readonly shipComplete?: 'order' | 'line' | undefined;
  readonly singleNode?: boolean | undefined;
  readonly maximumShipments?: number | undefined;
  /** Classes of goods of which no two share a shipment. */
  readonly doNotMix?: readonly string[] | undefined;
}

export interface SourcingRule {
  readonly name: string;
  readonly when: SourcingScope;
  /** Nodes or groups of nodes, step by step: a later step gives only what the earlier ones do not have. Without: any node. */
  readonly sequence?: readonly (readonly string[])[] | undefined;
  readonly kinds?: readonly NodeKind[] | undefined;
  /** Nodes or groups that may not. */
  readonly exclude?: readonly string[] | undefined;
  readonly objective?: Objective | undefined;
  readonly constraints?: RuleConstraints | undefined;
}

/** The rule where no other matches: any node, fewest shipments, then the nodes' own rank. */
export const defaultSourcingRule: SourcingRule = { name: 'default', when: {} };

/**
 * THE precedence: what a rule names is weighed in this order, and the first difference decides. So a rule for an item
 * beats every rule that names none, whatever else they name.
 */
export const sourcingPrecedence = [
  'item',
  'itemClass',
  'customer',
  'customerClass',
  'postalPrefix',
  'state',
  'country',
  'orderType',
  'channel',
] as const satisfies readonly (keyof SourcingScope)[];

function weighed(rule: SourcingRule): readonly number[] {
  return sourcingPrecedence.map((name) => {
    const asked = rule.when[name];
    if (asked === undefined) return 0;
    // The longer prefix is the smaller region.
    return name === 'postalPrefix' ? asked.length : 1;
  });
}

function moreSpecific(a: SourcingRule, b: SourcingRule): number {
  const [own, other] = [weighed(a), weighed(b)];
  for (const [at, weight] of own.entries()) {
    const difference = (other[at] ?? 0) - weight;
    if (difference !== 0) return difference;
  }
  return a.name < b.name ? -1 : 1;
}

const plain = (postalCode: string) => postalCode.replaceAll(/[\s-]/g, '').toUpperCase();

export function matches({ when }: SourcingRule, subject: SourcingSubject): boolean {
  const { postalPrefix, ...exact } = when;
  const value: Readonly<Record<string, string | null>> = { ...subject };
  const fits = Object.entries(exact).every(([name, asked]) => asked === undefined || value[name] === asked);
  if (!fits || postalPrefix === undefined) return fits;
  return subject.postalCode !== null && plain(subject.postalCode).startsWith(plain(postalPrefix));
}

/** Names of the rules that a place does not speak against: two places with the same ones are alike to all of them. */
export const rulesOfPlace = (
  rules: readonly SourcingRule[],
  place: Pick<SourcingSubject, 'country' | 'state' | 'postalCode'>,
): readonly string[] =>
  rules
    .filter(({ name, when: { country, state, postalPrefix } }) =>
      matches({ name, when: { country, state, postalPrefix } }, { ...nobodysSubject, ...place }),
    )
    .map(({ name }) => name);

const nobodysSubject: SourcingSubject = {
  item: null,
  itemClass: null,
  customer: '',
  customerClass: null,
  country: null,
  state: null,
  postalCode: null,
  orderType: '',
  channel: '',
};

/** Every rule that fits, the one that counts first; the default is always the last. */
export function rankedRules(
  rules: readonly SourcingRule[],
  subject: SourcingSubject,
): readonly [SourcingRule, ...SourcingRule[]] {
  const fitting = rules.filter((rule) => matches(rule, subject)).toSorted(moreSpecific);
  return [...fitting, defaultSourcingRule] as unknown as readonly [SourcingRule, ...SourcingRule[]];
}

export const namesGoods = ({ when }: SourcingRule): boolean =>
  when.item !== undefined || when.itemClass !== undefined;

/** The rule of a line: where its goods may come from, and what holds for it alone. */
export const ruleOfLine = (rules: readonly SourcingRule[], subject: SourcingSubject): SourcingRule =>
  rankedRules(rules, subject)[0];

/** The rule of the order: its objective and what holds for all of it. Rules that name goods have no say in that. */
export const ruleOfOrder = (rules: readonly SourcingRule[], subject: SourcingSubject): SourcingRule =>
  rankedRules(
    rules.filter((rule) => !namesGoods(rule)),
    { ...subject, item: null, itemClass: null },
  )[0];

/** What speaks against a set of rules, in sentences. */
export function faultsOfRules(rules: readonly SourcingRule[]): readonly string[] {
  const faults: string[] = [];
  const names = new Set<string>();
  const scopes = new Map<string, string>();
  for (const rule of rules) {
    if (names.has(rule.name) || rule.name === defaultSourcingRule.name)
      faults.push(`two rules are called "${rule.name}"`);
    names.add(rule.name);
    const scope = JSON.stringify(sourcingPrecedence.map((name) => rule.when[name] ?? null));
    const twin = scopes.get(scope);
    if (twin !== undefined)
      faults.push(
        `"${twin}" and "${rule.name}" are for exactly the same: which of them counts could not be told`,
      );
    scopes.set(scope, rule.name);
    const { objective, constraints = {} } = rule;
    if (namesGoods(rule) && objective !== undefined)
      faults.push(
        `"${rule.name}" names goods and has an objective: that is the order's, which has other goods too`,
      );
    if (
      namesGoods(rule) &&
      (constraints.shipComplete === 'order' ||
        constraints.maximumShipments !== undefined ||
        constraints.doNotMix !== undefined)
    )
      faults.push(
        `"${rule.name}" names goods: of the constraints only shipComplete "line" and singleNode can hold for a line alone`,
      );
    if (rule.when.state !== undefined && rule.when.country === undefined)
      faults.push(`"${rule.name}" names a state without its country`);
    if (rule.when.postalPrefix !== undefined && rule.when.country === undefined)
      faults.push(`"${rule.name}" names a postal prefix without its country`);
  }
  return faults;
}
