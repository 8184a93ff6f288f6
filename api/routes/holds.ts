import { z } from 'zod';
import { readAuthorities } from '../../application/rules';
import type { Db } from '../../db/connection';
import { findHeldOrder, type HeldOrderRow, listHeldOrders } from '../../db/repositories/hold-views';
import { mayDecide } from '../../domain/approval/authority';
import type { HoldDecisionOutcome } from '../../domain/order/progress';
import { parseHoldId, parseOrderId } from '../../domain/shared/ids';
import { type Principal, requirePerson, visibilityOf } from '../auth/principal';
import {
  heldOrder,
  holdDecisionBody,
  holdDecisionOutcome,
  holdPage,
  listHoldsQuery,
} from '../contract/holds';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint, type Reply } from '../endpoint';
import { commandWhenThere } from '../engine';
import { notFound, Problem } from '../problems';
import { exposuresOf } from '../views/exposure-view';
import { heldOrderView } from '../views/hold-view';

/** Open holds with their accounts' exposure, as this caller may decide them. */
async function heldOrderViews(db: Db, principal: Principal, rows: readonly HeldOrderRow[]) {
  const exposures = await exposuresOf(
    db,
    rows.map((row) => row.credit_account_id),
  );
  const person = principal.person !== null && principal.scopes.has('holds:decide');
  const authorities = person ? await readAuthorities(db) : [];
  return (row: HeldOrderRow) =>
    heldOrderView(
      row,
      exposures.get(row.credit_account_id) ?? null,
      row.status === 'open' && mayDecide(authorities, row.type, principal.roles),
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
  handle: async ({ db, query, principal }) => {
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
    return { status: 200, body: pageBody(page, await heldOrderViews(db, principal, page.rows)) };
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
  handle: async ({ db, params, principal }) => {
    const row = await findHeldOrder(db, visibilityOf(principal), parseHoldId(params.holdId));
    if (!row) throw notFound('hold');
    const view = await heldOrderViews(db, principal, [row]);
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
    503: { description: 'The workflow engine is away: nothing was decided, send it again' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    const person = requirePerson(principal);
    const id = parseHoldId(params.holdId);
    const row = await findHeldOrder(db, visibilityOf(principal), id);
    if (!row) throw notFound('hold');
    // The record answers for what is over: the order's workflow may have ended long ago.
    if (row.status !== 'open') {
      const by = row.resolved_by === null ? '' : `, by ${row.resolved_by}`;
      throw refusalOf({
        kind: 'refused',
        code: 'already-decided',
        text: `The hold is ${row.status} already${by}`,
      });
    }
    const decision = { holdId: id, action: body.action, person, roles: principal.roles, reason: body.reason };
    // A decision whose reply was lost on the way is told again under the caller's key, not made again.
    const commandId = `${principal.keyId}/${header('idempotency-key') ?? ''}/${id}`;
    const answer = await commandWhenThere(deps.engine, () =>
      deps.engine.resolveHold(row.order_id, decision, commandId),
    );
    if (answer.kind === 'decided') return replyOf(answer.outcome);
    throw refusalOf({
      kind: 'refused',
      code: 'order-closed',
      text: `Order ${row.order_number} was closed meanwhile`,
    });
  },
});

export const holdEndpoints: readonly Endpoint[] = [holdsList, showHold, decideHold];
