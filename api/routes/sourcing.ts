import { z } from 'zod';
import { allowShipments } from '../../application/fulfilment/shipments-used-up';
import { switchNode } from '../../application/sourcing/close-node';
import { readSourcingFacts } from '../../application/sourcing/sourcing-facts';
import { promoteShadow } from '../../application/sourcing/try-sourcing';
import type { Tx } from '../../db/connection';
import { isOrderVisible } from '../../db/repositories/order-views';
import {
  type AllocationRow,
  listAllocations,
  listDifferent,
  summariseTrial,
} from '../../db/repositories/sourcing-views';
import { type UnfilledReason, unfilledWords } from '../../domain/allocation/constraints';
import {
  rankedRules,
  ruleOfLine,
  ruleOfOrder,
  sourcingPrecedence,
} from '../../domain/allocation/sourcing-rules';
import { parseOrderId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, requirePerson, visibilityOf } from '../auth/principal';
import {
  allowShipmentsBody,
  nodeSwitched,
  type OrderSourcingView,
  orderSourcing,
  promoteBody,
  shipmentsAllowed,
  sourcingTrial,
  switchNodeBody,
  whichRule,
  whichRuleQuery,
} from '../contract/sourcing';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

function requireOwnStaff(principal: Principal): void {
  if (!isOwnStaff(principal))
    throw forbidden("Where orders ship from, and at what cost, is the seller's own.");
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

/** Stored by whatever version decided it: what is missing there is null here. */
function allocationView(row: AllocationRow): OrderSourcingView['items'][number] {
  const outcome = fieldsOf(row.outcome);
  return {
    decidedAt: row.decided_at,
    rule: row.rule,
    ruleVersion: row.rule_version,
    summary: outcome['sourcing'] ?? null,
    inputs: row.inputs,
    allocations: outcome['allocations'] ?? [],
    shortages: listOf(outcome['shortages']).map((one) => {
      const reason = textOrNull(one['reason']);
      return {
        lineNumber: Number(one['lineNumber']),
        itemId: String(one['itemId']),
        quantity: Number(one['quantity']),
        reason,
        text: reason === null ? null : (unfilledWords[reason as UnfilledReason] ?? null),
      };
    }),
    considered: listOf(outcome['considered']).map((one) => ({
      nodeId: String(one['nodeId']),
      fills: Number(one['fills'] ?? 0),
      taken: one['taken'] === true,
      code: textOrNull(one['code']),
      reason: textOrNull(one['reason']) ?? '',
      difference: one['difference'] ?? null,
    })),
  };
}

const ofOrder = endpoint({
  method: 'get',
  path: '/orders/{orderId}/sourcing',
  tag: 'Orders',
  summary:
    'Where an order ships from and why: every choice of nodes, with what speaks against each other node',
  scopes: ['orders:read'],
  params: { orderId: z.string() },
  replies: { 200: { description: 'The latest choice first', schema: orderSourcing } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal);
    const id = parseOrderId(params.orderId);
    if (!(await isOrderVisible(db, visibilityOf(principal), id))) throw notFound('order');
    return { status: 200, body: { items: (await listAllocations(db, id)).map(allocationView) } };
  },
});

const inForce = endpoint({
  method: 'get',
  path: '/sourcing/rule',
  tag: 'Sourcing',
  summary: 'Which sourcing rule would apply to a line like this',
  scopes: ['rules:read', 'rules:write'],
  query: whichRuleQuery,
  replies: {
    200: { description: 'The rule, and every other that matches, by precedence', schema: whichRule },
  },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal);
    const facts = await readSourcingFacts(db);
    const set = facts[query.set];
    const rules = set?.rules ?? [];
    const subject = {
      item: query.item ?? null,
      itemClass: query.itemClass ?? null,
      customer: query.customer,
      customerClass: query.customerClass ?? null,
      country: query.country ?? null,
      state: query.state ?? null,
      postalCode: query.postalCode ?? null,
      orderType: query.orderType,
      channel: query.channel,
    };
    return {
      status: 200,
      body: {
        version: set?.version ?? 0,
        precedence: sourcingPrecedence,
        ofLine: ruleOfLine(rules, subject).name,
        ofOrder: ruleOfOrder(rules, subject).name,
        matching: rankedRules(rules, subject).map(({ name, when }) => ({ name, when })),
      },
    };
  },
});

const trial = endpoint({
  method: 'get',
  path: '/sourcing/trial',
  tag: 'Sourcing',
  summary: 'What the set of rules on trial would have done to the orders placed since, beside what was done',
  scopes: ['rules:read', 'rules:write'],
  replies: { 200: { description: 'Sums, and the latest orders that differ', schema: sourcingTrial } },
  handle: async ({ db, principal }) => {
    requireOwnStaff(principal);
    const { shadow } = await readSourcingFacts(db);
    const none = { version: null, orders: 0, untried: 0, differ: 0, live: {}, shadow: {}, different: [] };
    if (shadow === null) return { status: 200, body: none };
    const { orders, untried, differ, live, shadow: tried } = await summariseTrial(db, shadow.version);
    const different = (await listDifferent(db, shadow.version, 100)).map((row) => ({
      orderId: row.order_id,
      orderNumber: row.order_number,
      live: row.live,
      shadow: row.shadow,
    }));
    return {
      status: 200,
      body: { version: shadow.version, orders, untried, differ, live, shadow: tried, different },
    };
  },
});

const promote = endpoint({
  method: 'post',
  path: '/sourcing/trial/promotion',
  tag: 'Sourcing',
  summary: 'Make the set of rules on trial the live one, and end the trial, in one step',
  scopes: ['rules:write'],
  body: promoteBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: { description: 'The new version of the live set', schema: z.object({ version: z.int() }) },
    409: { description: 'No set is on trial' },
    412: { description: 'Another version is on trial meanwhile' },
  },
  handle: async ({ db, body, principal }) => {
    requireOwnStaff(principal);
    const outcome = await promoteShadow(db as Tx, { ...body, person: requirePerson(principal) });
    if (outcome.kind === 'saved') return { status: 200, body: { version: outcome.version } };
    if (outcome.kind === 'changed-meanwhile')
      throw new Problem(
        412,
        'changed-meanwhile',
        'It was changed meanwhile',
        `Version ${outcome.version} is on trial now: look at it, and promote that one.`,
      );
    const text =
      outcome.kind === 'refused' ? outcome.problems.map((one) => one.text).join('; ') : 'No such rules';
    throw new Problem(409, 'not-promoted', 'Nothing was promoted', text);
  },
});

const switchOne = endpoint({
  method: 'post',
  path: '/nodes/{nodeId}/state',
  tag: 'Sourcing',
  summary: 'Close a node, or open it again; what is reserved at a closed one is sourced again',
  scopes: ['rules:write'],
  params: { nodeId: z.string().min(1).max(64) },
  body: switchNodeBody,
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Switched', schema: nodeSwitched } },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal);
    const person = requirePerson(principal);
    const outcome = await switchNode(db as Tx, params.nodeId, { ...body, person }, deps.now());
    if (outcome.kind === 'unknown-node') throw notFound('node');
    return { status: 200, body: { active: outcome.active, ordersToSource: outcome.ordersToSource } };
  },
});

const allow = endpoint({
  method: 'post',
  path: '/orders/{orderId}/maximum-shipments',
  tag: 'Orders',
  summary: 'Decide how many shipments an order may have, whatever its customer, the order or a rule says',
  scopes: ['orders:write'],
  params: { orderId: z.string() },
  body: allowShipmentsBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: {
      description: 'Decided; what waits for one more shipment is sourced again',
      schema: shipmentsAllowed,
    },
    409: { description: 'The order is closed, or has more shipments already' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal);
    const person = requirePerson(principal);
    const id = parseOrderId(params.orderId);
    if (!(await isOrderVisible(db, visibilityOf(principal), id))) throw notFound('order');
    const outcome = await allowShipments(db as Tx, id, { ...body, person }, deps.now());
    if (outcome.kind === 'refused')
      throw new Problem(409, 'shipments-not-allowed', 'That cannot be decided', outcome.text);
    return { status: 200, body: { maximumShipments: outcome.maximumShipments } };
  },
});

export const sourcingEndpoints: readonly Endpoint[] = [ofOrder, inForce, trial, promote, switchOne, allow];
