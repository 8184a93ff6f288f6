import { z } from 'zod';
import { termNames } from '../../domain/allocation/objective';
import { faultsOfRules, type SourcingRule } from '../../domain/allocation/sourcing-rules';
import { ruleKind } from './rule-kind';

const word = z.string().min(1).max(64);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'is a word of small letters, digits and hyphens');
const weight = z.number().int().min(0).max(1_000_000).optional();

/** Numbers that a constraint of the order and of a rule share. */
export const maximumShipmentsSchema = z.number().int().min(1).max(1000);

const objective = z.union([
  z.strictObject({
    kind: z.literal('lexicographic'),
    order: z.array(z.enum(termNames)).min(1).max(termNames.length),
  }),
  z.strictObject({
    kind: z.literal('weighted'),
    weights: z.strictObject({
      freight: weight,
      shipments: weight,
      distance: weight,
      nodeCost: weight,
      days: weight,
      daysLate: weight,
      rank: weight,
    }),
  }),
]);

const sourcingRuleSchema = z.strictObject({
  name,
  when: z.strictObject({
    item: word.optional(),
    itemClass: word.optional(),
    customer: word.optional(),
    customerClass: word.optional(),
    country: z.string().length(2).optional(),
    state: z.string().min(1).max(10).optional(),
    postalPrefix: z
      .string()
      .regex(/^[A-Z0-9]{1,10}$/, 'is capital letters and digits, without blanks')
      .optional(),
    orderType: z.string().min(1).max(30).optional(),
    channel: z.string().min(1).max(30).optional(),
  }),
  sequence: z.array(z.array(word).min(1).max(100)).min(1).max(10).optional(),
  kinds: z
    .array(z.enum(['warehouse', 'store', 'supplier']))
    .min(1)
    .optional(),
  exclude: z.array(word).max(100).optional(),
  objective: objective.optional(),
  constraints: z
    .strictObject({
      shipComplete: z.enum(['order', 'line']).optional(),
      singleNode: z.boolean().optional(),
      maximumShipments: maximumShipmentsSchema.optional(),
      doNotMix: z.array(word).min(2).max(20).optional(),
    })
    .optional(),
});

export const sourcingRule = ruleKind({
  kind: 'sourcing',
  title: 'Sourcing: where orders ship from',
  about:
    'One set of rules that chooses the nodes of every order. The most specific rule counts: item, item class, customer, customer class, postal prefix (the longer first), state, country, order type, channel are compared in this order. The rule of a line says which nodes may fill it, step by step; the rule of the order (one that names no goods) says what plans are compared by and what holds for all shipments. Save a changed set as "shadow" to see what it would do to real orders, and promote it when it is right.',
  scopeIs: 'live: what orders are sourced by. shadow: what is tried beside it, without any effect.',
  scope: z.enum(['live', 'shadow'], { error: 'is live or shadow' }),
  body: z.strictObject({ rules: z.array(sourcingRuleSchema).max(1000) }),
  example: {
    rules: [
      {
        name: 'west-coast',
        when: { country: 'US', state: 'CA' },
        sequence: [['WEST'], ['CENTRAL', 'EAST']],
        objective: { kind: 'weighted', weights: { freight: 1, shipments: 500, daysLate: 300 } },
        constraints: { maximumShipments: 3 },
      },
    ],
  },
  check: (sets) =>
    sets.flatMap(({ scope, body }) =>
      faultsOfRules(body.rules as readonly SourcingRule[]).map((fault) => `${scope}: ${fault}`),
    ),
});
