import { z } from 'zod';
import { maximumShipmentsSchema } from '../../application/rules/sourcing';
import { instant, json, recordId } from './common';

export const consideredNode = z
  .object({
    nodeId: z.string(),
    fills: z.int().meta({ description: 'Base units' }),
    taken: z.boolean(),
    code: z.string().nullable(),
    reason: z.string(),
    difference: json.meta({
      description:
        'What a plan that begins with it has more of than the chosen one, by term; minor units, km, days',
    }),
  })
  .meta({ id: 'ConsideredNode' });

export const orderSourcing = z
  .object({
    items: z.array(
      z.object({
        decidedAt: instant,
        rule: z.string(),
        ruleVersion: z.string(),
        summary: json.meta({ description: 'Objective, constraints with who asked for each, terms, days' }),
        inputs: json,
        allocations: json,
        shortages: z.array(
          z.object({
            lineNumber: z.int(),
            itemId: z.string(),
            quantity: z.int(),
            reason: z.string().nullable(),
            text: z.string().nullable(),
          }),
        ),
        considered: z.array(consideredNode),
      }),
    ),
  })
  .meta({ id: 'OrderSourcing' });
export type OrderSourcingView = z.infer<typeof orderSourcing>;

export const whichRuleQuery = z.object({
  set: z.enum(['live', 'shadow']).default('live'),
  item: z.string().max(64).optional(),
  itemClass: z.string().max(64).optional(),
  customer: z.string().max(64).default(''),
  customerClass: z.string().max(64).optional(),
  country: z.string().max(2).optional(),
  state: z.string().max(10).optional(),
  postalCode: z.string().max(16).optional(),
  orderType: z.string().max(30).default('standard'),
  channel: z.string().max(30).default('api'),
});
export const whichRule = z
  .object({
    version: z.int().meta({ description: '0: the company has no rules, the default counts' }),
    precedence: z.array(z.string()).meta({ description: 'What is compared first comes first' }),
    ofLine: z.string().meta({ description: 'Says which nodes may fill the line' }),
    ofOrder: z
      .string()
      .meta({ description: 'Says what plans are compared by, and what holds for all shipments' }),
    matching: z.array(z.object({ name: z.string(), when: json })),
  })
  .meta({ id: 'SourcingRuleInForce' });
export type WhichRuleView = z.infer<typeof whichRule>;

export const sourcingTrial = z
  .object({
    version: z.int().nullable().meta({ description: 'Of the set on trial; null: none is' }),
    orders: z.int(),
    untried: z.int(),
    differ: z.int(),
    live: json.meta({
      description: 'Sums over the orders: freight and nodeCost in minor units, distance in km',
    }),
    shadow: json,
    different: z.array(z.object({ orderId: recordId, orderNumber: z.string(), live: json, shadow: json })),
  })
  .meta({ id: 'SourcingTrial' });
export type SourcingTrialView = z.infer<typeof sourcingTrial>;

export const promoteBody = z
  .strictObject({
    version: z.int().min(1),
    note: z.string().trim().min(3, 'say why, in a few words').max(500),
  })
  .meta({ id: 'PromoteSourcing' });
export const switchNodeBody = z
  .strictObject({ active: z.boolean(), reason: z.string().trim().min(3, 'say why, in a few words').max(500) })
  .meta({ id: 'SwitchNode' });
export const nodeSwitched = z
  .object({ active: z.boolean(), ordersToSource: z.int() })
  .meta({ id: 'NodeSwitched' });

export const allowShipmentsBody = z
  .strictObject({
    maximumShipments: maximumShipmentsSchema,
    reason: z.string().trim().min(3, 'say why, in a few words').max(500),
  })
  .meta({ id: 'AllowShipments' });
export const shipmentsAllowed = z.object({ maximumShipments: z.int() }).meta({ id: 'ShipmentsAllowed' });
