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

/** One trigger that held, with what of which lines met it: what a person who releases it has agreed to. */
export interface FiredTrigger {
  readonly text: string;
  /** [] where it looks at the order as a whole. `matched`: items, classes and countries. */
  readonly lines: readonly { readonly lineNumber: number; readonly matched: readonly string[] }[];
}

/**
 * The holds that a company's rules ask for, one a type and line. A type that may sit on lines holds only the lines that
 * match, so that the others flow; one that may not holds the order as soon as a line does.
 */
export function triggeredHolds(types: Iterable<HoldType>, facts: TriggerFacts): readonly HoldRequest[] {
  return [...types].flatMap((type) => {
    const fired = type.triggers.flatMap((trigger) => firedBy(type, trigger, facts));
    return [...Map.groupBy(fired, ({ lineNumber }) => lineNumber)].map(([lineNumber, group]) =>
      requestOf(
        type.type,
        lineNumber,
        group.map(({ rule }) => rule),
        facts.totalMinor,
      ),
    );
  });
}

const requestOf = (
  type: string,
  lineNumber: number | null,
  rules: readonly FiredTrigger[],
  totalMinor: number,
): HoldRequest => ({
  type,
  lineNumber,
  reason: { code: 'rule', text: rules.map(({ text }) => text).join('; '), details: { rules, totalMinor } },
});

function firedBy(
  type: HoldType,
  trigger: HoldTrigger,
  facts: TriggerFacts,
): readonly { readonly lineNumber: number | null; readonly rule: FiredTrigger }[] {
  if (!orderMatches(trigger, facts)) return [];
  const matching = facts.lines.filter((line) => lineMatches(trigger, facts, line));
  const byLines = looksAtLines(trigger);
  if (byLines && matching.length === 0) return [];
  const text = wordsOf(trigger, facts);
  const lines = byLines ? matching.map((line) => matchedOf(trigger, facts, line)) : [];
  const onLines = byLines && type.scopes.includes('line') && matching.length < facts.lines.length;
  if (!onLines) return [{ lineNumber: null, rule: { text, lines } }];
  return lines.map((line) => ({ lineNumber: line.lineNumber, rule: { text, lines: [line] } }));
}

const matchedOf = (trigger: HoldTrigger, facts: TriggerFacts, line: LineFact) => ({
  lineNumber: line.lineNumber,
  matched: [
    ...(trigger.items ? [`item ${line.itemId}`] : []),
    ...(trigger.itemClasses ? [`class ${line.itemClass}`] : []),
    ...(trigger.shipToCountries ? [`country ${line.shipToCountry ?? facts.shipToCountry}`] : []),
  ],
});

/** What was said yes to, or stood before: of one type, on a line or the order, for totals up to this. */
export interface SettledTriggers {
  readonly type: string;
  readonly lineNumber: number | null;
  readonly upToMinor: number;
  readonly rules: readonly FiredTrigger[];
}

/** Of what the rules ask for, what is not settled: a larger order, another line, or goods or a country nobody agreed to. */
export function unsettledTriggers(
  wanted: readonly HoldRequest[],
  settled: readonly SettledTriggers[],
  totalMinor: number,
): readonly HoldRequest[] {
  const counting = settled.filter(({ upToMinor }) => upToMinor >= totalMinor);
  return wanted.flatMap(({ type, lineNumber, reason }) => {
    const rules = firedRules(reason).filter((rule) => !isSettled(type, rule, counting));
    return rules.length === 0 ? [] : [requestOf(type, lineNumber, rules, totalMinor)];
  });
}

/** Of a hold that a rule asked for; [] of any other. */
export const firedRules = ({ details }: HoldRequest['reason']): readonly FiredTrigger[] =>
  (details?.rules as readonly FiredTrigger[] | undefined) ?? [];

function isSettled(type: string, rule: FiredTrigger, settled: readonly SettledTriggers[]): boolean {
  const same = settled.flatMap((one) =>
    one.type === type
      ? one.rules.filter(({ text }) => text === rule.text).map(({ lines }) => ({ ...one, lines }))
      : [],
  );
  if (rule.lines.length === 0) return same.some(({ lineNumber }) => lineNumber === null);
  return rule.lines.every(({ lineNumber, matched }) =>
    same.some((one) => {
      if (one.lineNumber !== null && one.lineNumber !== lineNumber) return false;
      const agreed = one.lines.flatMap((line) => line.matched);
      return matched.every((value) => agreed.includes(value));
    }),
  );
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
