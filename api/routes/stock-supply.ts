import { z } from 'zod';
import {
  cancelExpected,
  type ExpectedStock,
  type ExpectOutcome,
  expectStock,
} from '../../application/stock/expect-stock';
import { endKeep, keepStock } from '../../application/stock/keep-stock';
import type { Tx } from '../../db/connection';
import { findStockReserve, listStockReserves, type StockReserveRow } from '../../db/repositories/keep-views';
import { addDays, startOfLocalDay } from '../../domain/shared/dates';
import { requireOwnStaff } from '../auth/principal';
import {
  expectedStock,
  expectStockBody,
  keepStockBody,
  listReservesQuery,
  type StockReserveView,
  stockReserve,
  stockReservePage,
} from '../contract/stock';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound, Problem } from '../problems';

const whose = "Stock is kept by the seller's own people.";

const reserveView = (row: StockReserveRow): StockReserveView => ({
  id: row.id,
  kind: row.kind,
  customerId: row.customer_id,
  channel: row.channel,
  item: row.item_id,
  node: row.node_id,
  usage: row.usage,
  kept: row.kept,
  left: row.quantity,
  until: row.until,
  reason: row.reason,
  by: row.kept_by,
  at: row.kept_at,
});

const keep = endpoint({
  method: 'post',
  path: '/stock-reserves',
  tag: 'Inventory',
  summary: 'Keep units at a node for a customer or a channel',
  description:
    'Others see them no more; orders of the customer or channel draw them down first. What orders wait for cannot be kept.',
  scopes: ['orders:write'],
  body: keepStockBody,
  idempotency: { required: true, transaction: true },
  replies: {
    201: { description: 'Kept', schema: stockReserve },
    409: { description: 'Less is free' },
    422: { description: 'There is no such item, node or customer' },
  },
  handle: async ({ db, body, principal, deps }) => {
    requireOwnStaff(principal, whose);
    const node = (await db('node').where({ id: body.node }).first('time_zone')) as
      | { time_zone: string }
      | undefined;
    const until =
      body.until === undefined ? null : startOfLocalDay(addDays(body.until, 1), node?.time_zone ?? 'UTC');
    if (until !== null && until <= deps.now())
      throw new Problem(422, 'day-is-over', 'Not kept', `${body.until ?? ''} is over.`);
    const outcome = await keepStock(
      db as Tx,
      {
        for:
          body.customerId === undefined
            ? { kind: 'channel', channel: body.channel ?? 'api' }
            : { kind: 'customer', customerId: body.customerId },
        itemId: body.item,
        nodeId: body.node,
        usage: body.usage,
        quantity: body.quantity,
        until,
        reason: body.reason,
        person: principal.person ?? principal.name,
      },
      deps.now(),
    );
    if (outcome.kind === 'refused')
      throw new Problem(outcome.code === 'stock-short' ? 409 : 422, outcome.code, 'Not kept', outcome.text);
    const row = await findStockReserve(db, outcome.keepId);
    return { status: 201, body: reserveView(row as StockReserveRow) };
  },
});

const listReserves = endpoint({
  method: 'get',
  path: '/stock-reserves',
  tag: 'Inventory',
  summary: 'What is kept for customers and channels and not drawn yet',
  scopes: ['inventory:read'],
  query: listReservesQuery,
  replies: { 200: { description: 'A page of reserves', schema: stockReservePage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, whose);
    const filter = { usage: query.usage, ...(query.item !== undefined && { itemId: query.item }) };
    const page = await listStockReserves(db, filter, {
      limit: query.limit,
      after: decodeCursor(query.after, 'record'),
    });
    return { status: 200, body: pageBody(page, reserveView) };
  },
});

const endReserve = endpoint({
  method: 'post',
  path: '/stock-reserves/{reserveId}/end',
  tag: 'Inventory',
  summary: 'End what is kept; the rest of it is free again',
  scopes: ['orders:write'],
  params: { reserveId: z.uuid() },
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Ended', schema: stockReserve } },
  handle: async ({ db, params, principal, deps }) => {
    requireOwnStaff(principal, whose);
    const ended = await endKeep(db as Tx, params.reserveId, deps.now());
    const row = ended && (await findStockReserve(db, params.reserveId));
    if (!row) throw notFound('stock-reserve');
    return { status: 200, body: reserveView(row) };
  },
});

function expectedOr(outcome: ExpectOutcome) {
  if (outcome.kind === 'expected') return [...outcome.items];
  throw new Problem(
    outcome.code === 'unknown-inbound' ? 404 : 422,
    outcome.code,
    'Not taken in',
    outcome.text,
  );
}

const expect = endpoint({
  method: 'post',
  path: '/inbound-stock',
  tag: 'Inventory',
  summary: 'Say what is expected to come in at a node, and when',
  description:
    'The whole of a number, in place of what was said under it before: a new day or quantity, or an item that it has no more. Orders that wait are promised anew; who was told another day is told.',
  scopes: ['orders:write'],
  body: expectStockBody,
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Taken in', schema: expectedStock } },
  handle: async ({ db, body, principal, deps }) => {
    requireOwnStaff(principal, whose);
    const by = principal.person ?? principal.name;
    const items = expectedOr(await expectStock(db as Tx, body as ExpectedStock, by, deps.now()));
    return { status: 200, body: { number: body.number, items } };
  },
});

const cancelBody = z.strictObject({
  nodeId: z.string().min(1).max(64),
  usage: z.enum(['P', 'T']).default('P'),
});
const cancelInbound = endpoint({
  method: 'post',
  path: '/inbound-stock/{number}/cancel',
  tag: 'Inventory',
  summary: 'Nothing more is expected under a number',
  scopes: ['orders:write'],
  params: { number: z.string().min(1).max(22) },
  body: cancelBody,
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Taken in', schema: expectedStock } },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal, whose);
    const of = { nodeId: body.nodeId, usage: body.usage, number: params.number };
    const by = principal.person ?? principal.name;
    const items = expectedOr(await cancelExpected(db as Tx, of, by, deps.now()));
    return { status: 200, body: { number: params.number, items } };
  },
});

export const stockSupplyEndpoints: readonly Endpoint[] = [
  keep,
  listReserves,
  endReserve,
  expect,
  cancelInbound,
];
