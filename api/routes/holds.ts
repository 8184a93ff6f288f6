import { z } from 'zod';
import { capacitiesOf } from '../../application/approval/judge-authority';
import { applyHold } from '../../application/hold/apply-hold';
import { readAuthorities, readHoldTypes, readTypeOfHold } from '../../application/rules/rules';
import type { Db, Tx } from '../../db/connection';
import { findHeldOrder, type HeldOrderRow, listHeldOrders } from '../../db/repositories/hold-views';
import { authorityOver, mayDecide } from '../../domain/approval/authority';
import type { HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';
import { parseHoldId, parseOrderId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, requireOwnStaff, requirePerson, visibilityOf } from '../auth/principal';
import {
  applyHoldBody,
  heldOrder,
  holdDecisionBody,
  holdDecisionOutcome,
  holdPage,
  listHoldsQuery,
} from '../contract/holds';
import { decodeCursor, pageBody } from '../cursor';
import type { ApiDependencies } from '../dependencies';
import { type Endpoint, endpoint, type Reply } from '../endpoint';
import { commandWhenThere } from '../engine';
import { notFound, Problem } from '../problems';
import { exposuresOf } from '../views/exposure-view';
import { heldOrderView } from '../views/hold-view';

/** Types that the caller may decide, by own roles or as somebody's substitute. */
async function decidableTypes(
  db: Db,
  principal: Principal,
  rows: readonly HeldOrderRow[],
  now: string,
): Promise<ReadonlySet<string>> {
  const { person, roles } = principal;
  const may = new Set<string>();
  if (person === null || !isOwnStaff(principal) || !principal.scopes.has('holds:decide')) return may;
  const authorities = await readAuthorities(db);
  const types = await readHoldTypes(db);
  for (const name of new Set(rows.map((row) => row.type))) {
    const type = await readTypeOfHold(db, name, types);
    if (!type) continue;
    const over = authorityOver(authorities, type);
    const capacities = await capacitiesOf(db, { person, roles }, name, now);
    if (capacities.some((one) => mayDecide(over, name, one.roles))) may.add(name);
  }
  return may;
}

const SELLERS =
  "Holds, with what speaks for and against them, are the seller's own business. What your company approves itself is at /buyer-approvals.";

/** Open holds with their accounts' exposure, as this caller may decide them. */
export async function heldOrderViews(
  db: Db,
  principal: Principal,
  rows: readonly HeldOrderRow[],
  now: string,
) {
  const exposures = await exposuresOf(
    db,
    rows.map((row) => row.credit_account_id),
  );
  const may = await decidableTypes(db, principal, rows, now);
  return (row: HeldOrderRow) =>
    heldOrderView(
      row,
      exposures.get(row.credit_account_id) ?? null,
      row.status === 'open' && may.has(row.type),
    );
}

const holdsList = endpoint({
  method: 'get',
  path: '/holds',
  tag: 'Holds',
  summary: 'The queue of holds by deadline, each with its order and the exposure of its credit account',
  scopes: ['holds:read', 'holds:decide'],
  query: listHoldsQuery,
  replies: { 200: { description: 'A page of holds', schema: holdPage } },
  handle: async ({ db, query, principal, deps }) => {
    requireOwnStaff(principal, SELLERS);
    const page = await listHeldOrders(
      db,
      visibilityOf(principal),
      {
        status: query.status,
        ...(query.type !== undefined && { type: query.type }),
        ...(query.role !== undefined && { role: query.role }),
        ...(query.order !== undefined && { orderId: parseOrderId(query.order) }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'due') },
    );
    return { status: 200, body: pageBody(page, await heldOrderViews(db, principal, page.rows, deps.now())) };
  },
});

const holdId = { holdId: z.string() };

const showHold = endpoint({
  method: 'get',
  path: '/holds/{holdId}',
  tag: 'Holds',
  summary: 'One hold',
  scopes: ['holds:read', 'holds:decide'],
  params: holdId,
  replies: { 200: { description: 'The hold', schema: heldOrder } },
  handle: async ({ db, params, principal, deps }) => {
    requireOwnStaff(principal, SELLERS);
    const row = await findHeldOrder(db, visibilityOf(principal), parseHoldId(params.holdId));
    if (!row) throw notFound('hold');
    const view = await heldOrderViews(db, principal, [row], deps.now());
    return { status: 200, body: view(row) };
  },
});

type Refused = Extract<HoldDecisionOutcome, { kind: 'refused' }>;

function refusalOf(outcome: Refused): Problem {
  const refusal = (status: number, title: string) => new Problem(status, outcome.code, title, outcome.text);
  switch (outcome.code) {
    case 'unknown-hold':
      return notFound('hold');
    case 'already-decided':
      return refusal(409, 'The hold is decided already');
    case 'order-closed':
      return refusal(409, 'The order is closed');
    case 'same-person':
      return refusal(409, 'A second person has to agree');
    case 'grown-meanwhile':
      return refusal(412, 'It has become more meanwhile');
    case 'budget-exhausted':
      return refusal(409, 'The budget has not so much left');
    case 'own-order':
      return refusal(403, 'Your own order');
    case 'over-authority':
      return refusal(403, 'Above your authority');
    case 'not-authorised':
      return refusal(403, 'Not yours to decide');
    default:
      return refusal(409, 'It cannot be decided so');
  }
}

function replyOf(outcome: HoldDecisionOutcome): Reply {
  if (outcome.kind === 'refused') throw refusalOf(outcome);
  if (outcome.kind === 'needs-second-person') return { status: 202, body: outcome };
  return { status: 200, body: outcome };
}

/** Has the order's workflow take the decision; the record answers for what is over. */
export async function decideAt(
  deps: ApiDependencies,
  row: HeldOrderRow,
  decision: HoldDecision,
  commandId: string,
): Promise<Reply> {
  if (row.status !== 'open') {
    const by = row.resolved_by === null ? '' : `, by ${row.resolved_by}`;
    throw refusalOf({
      kind: 'refused',
      code: 'already-decided',
      text: `The hold is ${row.status} already${by}`,
    });
  }
  const answer = await commandWhenThere(deps.engine, () =>
    deps.engine.resolveHold(row.order_id, decision, commandId),
  );
  if (answer.kind === 'decided') return replyOf(answer.outcome);
  throw refusalOf({
    kind: 'refused',
    code: 'order-closed',
    text: `Order ${row.order_number} was closed meanwhile`,
  });
}

const decideHold = endpoint({
  method: 'post',
  path: '/holds/{holdId}/decisions',
  tag: 'Holds',
  summary: 'Release or reject what is on hold',
  description:
    'Taken by a person, with a reason that is kept. Above a limit a second person has to agree (202).',
  scopes: ['holds:decide'],
  params: holdId,
  body: holdDecisionBody,
  idempotency: { required: true, transaction: false },
  replies: {
    200: { description: 'Decided', schema: holdDecisionOutcome },
    202: { description: 'Kept; a second person has to agree', schema: holdDecisionOutcome },
    403: { description: 'Not a person, or not within its authority' },
    409: { description: 'Decided already, or the order is closed' },
    412: { description: 'It has become more since it was looked at' },
    503: { description: 'The workflow engine is away: nothing was decided, send it again' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    requireOwnStaff(principal, SELLERS);
    const person = requirePerson(principal);
    const id = parseHoldId(params.holdId);
    const row = await findHeldOrder(db, visibilityOf(principal), id);
    if (!row) throw notFound('hold');
    const { action, reason, terms, decisionCode, seenTotalMinor } = body;
    const decision = {
      holdId: id,
      action,
      person,
      roles: principal.roles,
      reason,
      ...(terms && {
        terms:
          terms.kind === 'part' ? terms : { ...terms, expiresAt: new Date(terms.expiresAt).toISOString() },
      }),
      ...(decisionCode !== undefined && { decisionCode }),
      ...(seenTotalMinor !== undefined && { seenTotalMinor }),
    };
    // A decision whose reply was lost on the way is told again under the caller's key, not made again.
    return decideAt(deps, row, decision, `${principal.keyId}/${header('Idempotency-Key') ?? ''}/${id}`);
  },
});

const createHold = endpoint({
  method: 'post',
  path: '/orders/{orderId}/holds',
  tag: 'Holds',
  summary: 'Put a hold on an order, on one of its lines or on a shipment',
  description:
    'By a person whose role the hold type lets apply it, with a reason that is kept. The rest of the order flows on where only a line or a shipment is held. Lifted by a decision on the hold. Taken also while the workflow engine is away.',
  scopes: ['holds:decide', 'orders:write'],
  params: { orderId: z.string() },
  body: applyHoldBody,
  idempotency: { required: true, transaction: true },
  replies: {
    201: { description: 'The hold', schema: heldOrder },
    403: { description: 'Not a person, or not of a role that applies this type' },
    409: { description: 'Nothing is there to hold, it is held already, or it is too late' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const person = requirePerson(principal);
    requireOwnStaff(principal, "Holds are put on by the seller's own people.");
    const orderId = parseOrderId(params.orderId);
    if (!(await db('orders').where({ id: orderId }).first('id'))) throw notFound('order');
    const wanted = {
      orderId,
      type: body.type,
      lineNumber: body.lineNumber ?? null,
      shipmentId: body.shipmentId ?? null,
      reason: body.reason,
      person,
      roles: principal.roles,
    };
    const outcome = await applyHold(db as Tx, wanted, deps.now());
    if (outcome.kind === 'refused') {
      const status = outcome.code === 'not-authorised' ? 403 : 409;
      throw new Problem(status, outcome.code, 'The hold cannot be put on', outcome.text);
    }
    const row = (await findHeldOrder(db, {}, outcome.holdId)) as HeldOrderRow;
    const holdViewOf = await heldOrderViews(db, principal, [row], deps.now());
    return { status: 201, body: holdViewOf(row), headers: { Location: `/api/v1/holds/${outcome.holdId}` } };
  },
});

export const holdEndpoints: readonly Endpoint[] = [holdsList, showHold, decideHold, createHold];
