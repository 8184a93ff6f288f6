import { z } from 'zod';
import { authorityOver } from '../../domain/approval/authority';
import { circlesOf } from '../../domain/order/hold-circles';
import {
  defaultHoldTypes,
  expiryOutcomes,
  type HoldType,
  holdScopes,
  holdSteps,
  plainHoldType,
} from '../../domain/order/hold-types';
import { authoritiesOf, authorityRule } from './authority';
import { readRules } from './read-rules';
import { type Rule, ruleKind } from './rule-kind';
import { currencyCode } from './rule-values';

const name = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'is a word of small letters, digits and hyphens');
const names = z.array(name).max(20);
const values = z.array(z.string().min(1).max(80)).min(1).max(200);

const triggerSchema = z.strictObject({
  channels: values.optional(),
  orderTypes: values.optional(),
  customers: values.optional(),
  amount: z
    .strictObject({
      fromMinor: z.number().int().nonnegative(),
      currency: currencyCode,
    })
    .optional(),
  firstOrder: z.literal(true).optional(),
  shipToCountries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'is a country of two capital letters'))
    .min(1)
    .optional(),
  items: values.optional(),
  itemClasses: values.optional(),
});

/** A year and a half: what waits longer is forgotten. */
const seconds = z.number().int().positive().max(47_304_000);

const body = z.strictObject({
  scopes: z.array(z.enum(holdScopes)).min(1).optional(),
  blocks: z.array(z.enum(holdSteps)).min(1).optional(),
  role: name.optional(),
  appliedBy: names.optional(),
  resolvedBy: names.min(1).nullable().optional(),
  resolvedAfter: names.optional(),
  opensAfter: names.optional(),
  dueInSeconds: seconds.optional(),
  escalation: z.strictObject({ to: names, againAfterSeconds: seconds }).optional(),
  expiresInSeconds: seconds.nullable().optional(),
  onExpiry: z.enum(expiryOutcomes).optional(),
  triggers: z.array(triggerSchema).max(50).optional(),
});
export type HoldTypeBody = z.infer<typeof body>;

/** The types in force: the company's own rules over what was delivered. */
export function holdTypesOf(
  rules: readonly { readonly scope: string; readonly body: HoldTypeBody }[],
): ReadonlyMap<string, HoldType> {
  const types = new Map<string, HoldType>(defaultHoldTypes.map((type) => [type.type, type]));
  for (const { scope, body: own } of rules) {
    const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    types.set(scope, { ...plainHoldType, ...types.get(scope), ...said, type: scope } as HoldType);
  }
  return types;
}

export const holdTypeRule = ruleKind({
  kind: 'hold-type',
  title: 'Hold types',
  about:
    'What a kind of hold stops and where it sits, which orders get it (triggers: one that holds is enough, all conditions in one have to), who may put it on and resolve it, when it is due, to whom it is escalated, and what comes of it when it expires. What a rule leaves out stays as it was delivered.',
  scopeIs:
    'The type of hold: credit, price, approval, ship-to, item, content, duplicate-purchase-order, manual, buyer-approval, or one of your own.',
  scope: name,
  body,
  example: {
    scopes: ['order', 'line'],
    blocks: ['answer', 'release'],
    role: 'compliance',
    appliedBy: ['customer-service'],
    resolvedBy: ['compliance'],
    resolvedAfter: ['credit'],
    dueInSeconds: 28_800,
    escalation: { to: ['operations'], againAfterSeconds: 86_400 },
    expiresInSeconds: 1_209_600,
    onExpiry: 'reject',
    triggers: [{ shipToCountries: ['RU', 'BY'] }, { amount: { fromMinor: 5_000_000, currency: 'USD' } }],
  },
  check: async (rules, db) => {
    const types = [...holdTypesOf(rules).values()];
    const authorities = authoritiesOf(await readRules(db, authorityRule));
    return [
      ...circlesOf(types).map(({ text }) => text),
      ...rules.flatMap((rule) => misfits(rule, types, authorities)),
    ];
  },
});

/** What of one rule cannot be, among all types and authorities. */
function misfits(
  { scope }: Rule<HoldTypeBody>,
  types: readonly HoldType[],
  authorities: ReturnType<typeof authoritiesOf>,
): readonly string[] {
  const type = types.find((one) => one.type === scope) as HoldType;
  const isDelivered = defaultHoldTypes.some((one) => one.type === scope);
  const unknown = [...type.resolvedAfter, ...type.opensAfter].filter(
    (other) => !types.some((one) => one.type === other),
  );
  const waitsForEver = type.expiresInSeconds === null || type.onExpiry === 'stays';
  const nobody = !isDelivered && waitsForEver && authorityOver(authorities, type).length === 0;
  const letsGo = scope === 'buyer-approval' && type.onExpiry === 'release';
  return [
    ...(letsGo
      ? [`A "${scope}" hold is decided by the approvers of the buyer's company: it cannot release itself`]
      : []),
    ...unknown.map((other) => `"${scope}" names a hold type "${other}" that is not there`),
    ...(nobody
      ? [`Nobody could resolve a "${scope}" hold, and it never expires: name the roles in "resolvedBy"`]
      : []),
  ];
}
