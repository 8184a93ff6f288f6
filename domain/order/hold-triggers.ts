import type { HoldRequest, HoldType } from './hold-types';

/** Conditions on an order, all of which have to hold; one that is absent asks nothing. */
export interface HoldTrigger {
  readonly channels?: readonly string[] | undefined;
  readonly orderTypes?: readonly string[] | undefined;
  readonly customers?: readonly string[] | undefined;
  /** Order totals of this and more, in minor units of `currency`; another currency never matches. */
  readonly amount?: { readonly fromMinor: number; readonly currency: string } | undefined;
  /** The first order that this customer places. */
  readonly firstOrder?: true | undefined;
  /** ISO 3166 alpha-2, of the order's ship-to or the line's own. */
  readonly shipToCountries?: readonly string[] | undefined;
  readonly items?: readonly string[] | undefined;
  readonly itemClasses?: readonly string[] | undefined;
}

export interface TriggerFacts {
  readonly channel: string;
  readonly orderType: string;
  readonly customerId: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly firstOrder: boolean;
  readonly shipToCountry: string | null;
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly itemId: string | null;
    readonly itemClass: string | null;
    /** Of the line's own ship-to, where it has one. */
    readonly shipToCountry?: string | null;
  }[];
}

type LineFact = TriggerFacts['lines'][number];

const among = (values: readonly string[] | undefined, value: string | null | undefined) =>
  values === undefined || (value !== null && value !== undefined && values.includes(value));

const orderMatches = (trigger: HoldTrigger, facts: TriggerFacts): boolean =>
  among(trigger.channels, facts.channel) &&
  among(trigger.orderTypes, facts.orderType) &&
  among(trigger.customers, facts.customerId) &&
  (trigger.amount === undefined ||
    (trigger.amount.currency === facts.currency && facts.totalMinor >= trigger.amount.fromMinor)) &&
  (trigger.firstOrder === undefined || facts.firstOrder);

const lineMatches = (trigger: HoldTrigger, facts: TriggerFacts, line: LineFact): boolean =>
  among(trigger.items, line.itemId) &&
  among(trigger.itemClasses, line.itemClass) &&
  among(trigger.shipToCountries, line.shipToCountry ?? facts.shipToCountry);

/** Whether a trigger asks for something of the lines: the order's own ship-to is the lines' where they have none. */
const looksAtLines = (trigger: HoldTrigger): boolean =>
  trigger.items !== undefined || trigger.itemClasses !== undefined || trigger.shipToCountries !== undefined;

/** What has to be looked up before the triggers can be judged; nothing is, where no rule asks. */
export function factsWanted(types: Iterable<HoldType>): {
  readonly firstOrder: boolean;
  readonly itemClasses: boolean;
} {
  const triggers = [...types].flatMap((type) => type.triggers);
  return {
    firstOrder: triggers.some((trigger) => trigger.firstOrder === true),
    itemClasses: triggers.some((trigger) => trigger.itemClasses !== undefined),
  };
}

/**
 * The holds that a company's rules ask for. A type that may sit on lines holds only the lines that match, so that the
 * others flow; one that may not holds the order as soon as a line does.
 */
export function triggeredHolds(types: Iterable<HoldType>, facts: TriggerFacts): readonly HoldRequest[] {
  return [...types].flatMap((type) =>
    type.triggers.flatMap((trigger, at) => holdsOf(type, trigger, at, facts)),
  );
}

function holdsOf(
  type: HoldType,
  trigger: HoldTrigger,
  at: number,
  facts: TriggerFacts,
): readonly HoldRequest[] {
  if (!orderMatches(trigger, facts)) return [];
  const matching = facts.lines.filter((line) => lineMatches(trigger, facts, line));
  const byLines = looksAtLines(trigger);
  if (byLines && matching.length === 0) return [];
  const reason = {
    code: 'rule',
    text: wordsOf(trigger, facts),
    details: { trigger: at + 1, conditions: trigger, totalMinor: facts.totalMinor },
  };
  const onLines = byLines && type.scopes.includes('line') && matching.length < facts.lines.length;
  if (!onLines) return [{ type: type.type, lineNumber: null, reason }];
  return matching.map((line) => ({ type: type.type, lineNumber: line.lineNumber, reason }));
}

/** What of the order met the rule, as a person says it. */
function wordsOf(trigger: HoldTrigger, facts: TriggerFacts): string {
  const words: string[] = [];
  if (trigger.channels) words.push(`it came by ${facts.channel}`);
  if (trigger.orderTypes) words.push(`it is a ${facts.orderType} order`);
  if (trigger.customers) words.push(`it is of customer ${facts.customerId}`);
  if (trigger.amount) words.push(`its total reaches the rule's amount`);
  if (trigger.firstOrder) words.push(`it is the customer's first order`);
  if (trigger.shipToCountries) words.push(`it goes to ${trigger.shipToCountries.join(' or ')}`);
  if (trigger.items) words.push(`it has item ${trigger.items.join(' or ')}`);
  if (trigger.itemClasses) words.push(`it has goods of class ${trigger.itemClasses.join(' or ')}`);
  return words.length === 0 ? 'A rule holds every order' : `A rule holds the order: ${words.join(', ')}`;
}
