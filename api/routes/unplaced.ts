import type { z } from 'zod';
import { convertUnplaced } from '../../application/order/convert-unplaced';
import {
  answerQuote,
  createDraft,
  parseUnplacedRequest,
  requestQuote,
  reviseDraft,
  type UnplacedOutcome,
  type UnplacedRefusal,
  withdrawUnplaced,
} from '../../application/order/unplaced-order';
import type { Db, Tx } from '../../db/connection';
import { findUnplaced, listUnplaced } from '../../db/repositories/unplaced-views';
import type { OrderRequest, OrderRequestLine } from '../../domain/order/order-request';
import type { UnplacedType } from '../../domain/order/order-types';
import { isOwnStaff, type Principal, requireOwnStaff, requirePerson, visibilityOf } from '../auth/principal';
import { recordId } from '../contract/common';
import { order } from '../contract/orders';
import {
  answerQuoteBody,
  convertBody,
  type DraftBody,
  draftBody,
  draftLinesBody,
  listUnplacedQuery,
  quoteBody,
  type UnplacedView,
  unplaced,
  unplacedPage,
} from '../contract/unplaced';
import { decodeCursor, pageBody } from '../cursor';
import type { ApiDependencies } from '../dependencies';
import { type Endpoint, endpoint, requireVersion } from '../endpoint';
import { buyerOf, refusalOf, requireFitting } from '../order-buyer';
import { orderRequestOf, shipToParty } from '../order-request';
import { notFound, Problem } from '../problems';
import { readNewOrderView } from '../views/order-view';
import { readUnplacedView, unplacedSummaryView } from '../views/unplaced-view';

const noun = { draft: 'draft', quote: 'quote' } as const;

/** What it can no longer become is a conflict; what is asked for wrongly can be corrected. */
const conflicts: readonly UnplacedRefusal['code'][] = [
  'expired',
  'converted',
  'withdrawn',
  'currency-changed',
  'changed-meanwhile',
];

function problemOf(refusal: UnplacedRefusal, type: UnplacedType): Problem {
  if (refusal.code === 'unknown') return notFound(noun[type]);
  if (refusal.code === 'over-authority')
    return new Problem(403, refusal.code, 'You may not quote this price', refusal.text, {
      errors: (refusal.lines ?? []).map(({ line, text }) => ({
        pointer: `/lines/${line - 1}`,
        detail: text,
      })),
    });
  const isConflict = conflicts.includes(refusal.code) || refusal.code === 'not-answered';
  return new Problem(
    isConflict ? 409 : 422,
    refusal.code,
    isConflict ? `The ${noun[type]} is not open any more` : 'It cannot be taken as it stands',
    refusal.text,
    {
      ...(refusal.orderId !== undefined && {
        headers: { Location: `/api/v1/orders/${refusal.orderId}` },
      }),
      ...(refusal.lines && {
        errors: refusal.lines.map(({ line, text }) => ({ pointer: `/lines/${line - 1}`, detail: text })),
      }),
    },
  );
}

const actorOf = (principal: Principal) =>
  principal.person ?? (principal.partnerId === null ? principal.name : `partner:${principal.partnerId}`);

async function readBack(db: Db, principal: Principal, type: UnplacedType, id: string, deps: ApiDependencies) {
  const view = await readUnplacedView(db, visibilityOf(principal), type, id, deps.now());
  if (!view) throw notFound(noun[type]);
  return view;
}

const kept = (outcome: UnplacedOutcome, type: UnplacedType): string => {
  if (outcome.kind === 'refused') throw problemOf(outcome, type);
  return outcome.id;
};

interface Context {
  readonly db: Db;
  readonly principal: Principal;
  readonly deps: ApiDependencies;
}

async function requestFrom({ db, principal, deps }: Context, body: DraftBody) {
  requireFitting(body);
  const buyer = await buyerOf(db, principal, body);
  const channel = principal.sessionId === null ? 'api' : 'portal';
  return orderRequestOf(body, {
    channel,
    buyer,
    partnerId: principal.partnerId,
    person: principal.person,
    isBuyer: principal.customerId !== null,
    now: deps.now(),
  });
}

function listOf(type: UnplacedType) {
  return endpoint({
    method: 'get',
    path: `/${type}s`,
    tag: 'Drafts and quotes',
    summary: `List ${type}s, newest first`,
    scopes: ['orders:read'],
    query: listUnplacedQuery,
    replies: { 200: { description: `A page of ${type}s`, schema: unplacedPage } },
    handle: async ({ db, query, principal, deps }) => {
      const page = await listUnplaced(
        db,
        visibilityOf(principal),
        {
          type,
          ...(query.state !== undefined && { state: query.state }),
          ...(query.customer !== undefined && { customerId: query.customer }),
        },
        { limit: query.limit, after: decodeCursor(query.after, 'record') },
      );
      return { status: 200, body: pageBody(page, (row) => unplacedSummaryView(row, deps.now())) };
    },
  });
}

function showOf(type: UnplacedType) {
  return endpoint({
    method: 'get',
    path: `/${type}s/{id}`,
    tag: 'Drafts and quotes',
    summary:
      type === 'draft' ? "One draft, at today's prices" : 'One quote, with the prices that were quoted',
    scopes: ['orders:read'],
    params: { id: recordId },
    replies: { 200: { description: `The ${type}`, schema: unplaced } },
    handle: async ({ db, params, principal, deps }) => ({
      status: 200,
      body: await readBack(db, principal, type, params.id, deps),
    }),
  });
}

function createOf(type: UnplacedType) {
  return endpoint({
    method: 'post',
    path: `/${type}s`,
    tag: 'Drafts and quotes',
    summary: type === 'draft' ? 'Begin a draft' : 'Ask for a quote',
    description:
      type === 'draft'
        ? 'An unfinished order: it takes no stock and no credit, is priced whenever it is read, and expires when nobody works on it.'
        : 'Answered at once where every line has a price; otherwise a person answers it. The prices hold until it expires. It takes no stock and no credit.',
    scopes: ['orders:write'],
    body: type === 'draft' ? draftBody : quoteBody,
    idempotency: { required: true, transaction: true },
    replies: {
      201: { description: `The ${type}`, schema: unplaced },
      422: { description: 'Lines are to be corrected' },
    },
    handle: async ({ db, body, principal, deps }) => {
      const request = await requestFrom({ db, principal, deps }, body);
      const keep = type === 'draft' ? createDraft : requestQuote;
      const id = kept(await keep(db as Tx, request, actorOf(principal), deps.now()), type);
      const view = await readBack(db, principal, type, id, deps);
      return { status: 201, body: view, headers: { Location: `/api/v1/${type}s/${id}` } };
    },
  });
}

/** A draft's new content, whichever part of it is said: the rest stays. */
function changeOfDraft<Body extends z.ZodType>(change: {
  readonly part: 'revisions' | 'lines';
  readonly summary: string;
  readonly description: string;
  readonly body: Body;
  readonly requestOf: (context: Context, before: UnplacedView, body: z.output<Body>) => Promise<OrderRequest>;
}) {
  return endpoint({
    method: 'post',
    path: `/drafts/{id}/${change.part}`,
    tag: 'Drafts and quotes',
    summary: change.summary,
    description: change.description,
    scopes: ['orders:write'],
    params: { id: recordId },
    body: change.body,
    idempotency: { required: false, transaction: true },
    conditions: ['If-Match'],
    replies: {
      200: { description: 'The draft', schema: unplaced },
      409: { description: 'Converted, expired or withdrawn' },
      412: { description: 'Changed meanwhile' },
    },
    handle: async ({ db, params, body, principal, deps, header }) => {
      const before = await readBack(db, principal, 'draft', params.id, deps);
      requireVersion(header('If-Match'), before.version);
      const request = await change.requestOf({ db, principal, deps }, before, body);
      const actor = actorOf(principal);
      kept(await reviseDraft(db as Tx, params.id, request, before.version, actor, deps.now()), 'draft');
      return { status: 200, body: await readBack(db, principal, 'draft', params.id, deps) };
    },
  });
}

const revise = changeOfDraft({
  part: 'revisions',
  summary: 'Replace what a draft says',
  description: 'With `If-Match: "<version>"` only if nobody has changed it since. Its time starts again.',
  body: draftBody,
  requestOf: (context, before, body) => requestFrom(context, { ...body, customerId: before.customer.id }),
});

const replaceLines = changeOfDraft({
  part: 'lines',
  summary: "Replace a draft's lines",
  description:
    'Everything else of it stays. A line of the same item and unit keeps what else was said of it (expected price, days, references) where the request says nothing. With `If-Match: "<version>"` only if nobody has changed it since.',
  body: draftLinesBody,
  requestOf: async (context, before, body) => {
    const { db, principal } = context;
    const row = await findUnplaced(db, visibilityOf(principal), 'draft', before.id);
    const stored = parseUnplacedRequest(row?.request);
    const { lines } = await requestFrom(context, {
      ...draftBody.parse({}),
      lines: body.lines,
      customerId: before.customer.id,
    });
    return {
      ...stored,
      purchaseOrderNumber: body.purchaseOrderNumber ?? stored.purchaseOrderNumber,
      lines: keepLineDetails(stored.lines, lines),
    };
  },
});

/** Each line of before is taken up once, so that two of an item keep what is theirs in their order. */
function keepLineDetails(
  before: readonly OrderRequestLine[],
  lines: readonly OrderRequestLine[],
): readonly OrderRequestLine[] {
  const left = [...before];
  const nameOf = ({ productIds, unit }: OrderRequestLine) => `${productIds[0]?.value} ${unit}`;
  return lines.map((line) => {
    const at = left.findIndex((one) => nameOf(one) === nameOf(line));
    const [old] = at < 0 ? [] : left.splice(at, 1);
    if (old === undefined) return line;
    const dates = line.dates.length > 0 ? line.dates : old.dates;
    const references = line.references.length > 0 ? line.references : old.references;
    return { ...old, ...line, dates, references };
  });
}

function withdrawOf(type: UnplacedType) {
  return endpoint({
    method: 'post',
    path: `/${type}s/{id}/withdrawals`,
    tag: 'Drafts and quotes',
    summary: `Withdraw a ${type}: nothing can come of it any more`,
    scopes: ['orders:write'],
    params: { id: recordId },
    idempotency: { required: false, transaction: true },
    replies: {
      200: { description: `The ${type}`, schema: unplaced },
      409: { description: 'Converted, expired or withdrawn before' },
    },
    handle: async ({ db, params, principal, deps }) => {
      await readBack(db, principal, type, params.id, deps);
      kept(await withdrawUnplaced(db as Tx, params.id, actorOf(principal), deps.now()), type);
      return { status: 200, body: await readBack(db, principal, type, params.id, deps) };
    },
  });
}

const answer = endpoint({
  method: 'post',
  path: '/quotes/{id}/answers',
  tag: 'Drafts and quotes',
  summary: 'Answer a quote with prices',
  description:
    'By the seller\'s own people, also again while it is open: the prices of the last answer hold. Where there is a price of ours, another one is within what the rules "price-override" let the person set; none is below the margin floor unless the person may go there.',
  scopes: ['orders:write'],
  params: { id: recordId },
  body: answerQuoteBody,
  idempotency: { required: true, transaction: true },
  replies: {
    200: { description: 'The quote', schema: unplaced },
    403: { description: 'Not a person, or a price beyond what the person may set' },
    409: { description: 'Converted, expired or withdrawn' },
    422: { description: 'A line has no price yet' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal, "Quotes are answered by the seller's own people.");
    const person = requirePerson(principal);
    const prices = new Map(body.prices.map((one) => [one.lineNumber, one.unitPrice]));
    const { validUntil, reason } = body;
    const given = {
      prices,
      reason,
      roles: principal.roles,
      ...(validUntil !== undefined && { validUntil: new Date(validUntil).toISOString() }),
    };
    kept(await answerQuote(db as Tx, params.id, given, person, deps.now()), 'quote');
    return { status: 200, body: await readBack(db, principal, 'quote', params.id, deps) };
  },
});

function convertOf(type: UnplacedType) {
  return endpoint({
    method: 'post',
    path: `/${type}s/{id}/conversions`,
    tag: 'Drafts and quotes',
    summary: type === 'draft' ? 'Make an order of a draft' : 'Make an order of a quote at the quoted prices',
    description:
      'Exactly once, and not after it has expired. Stock, credit and holds are decided as for any order; where it cannot be placed it stays as it is.',
    scopes: ['orders:write'],
    params: { id: recordId },
    body: convertBody,
    idempotency: { required: true, transaction: true },
    replies: {
      201: { description: 'The order as assessed', schema: order },
      409: {
        description: 'Converted before (Location says to what), expired or withdrawn; or stock is short',
      },
      422: { description: 'Lines are to be corrected, or the purchase order number is missing' },
    },
    handle: async ({ db, params, body, principal, deps }) => {
      await readBack(db, principal, type, params.id, deps);
      const outcome = await convertUnplaced(
        db as Tx,
        params.id,
        {
          channel: principal.sessionId === null ? 'api' : 'portal',
          by: actorOf(principal),
          person: principal.person,
          isBuyer: principal.customerId !== null,
          ...(body.purchaseOrderNumber !== undefined && { purchaseOrderNumber: body.purchaseOrderNumber }),
          ...(body.shipTo && { shipTo: shipToParty(body.shipTo) }),
          ...(body.pickupAt !== undefined && { pickupAt: body.pickupAt }),
          ...(body.notify !== undefined && { notify: body.notify }),
        },
        deps.now(),
      );
      if (outcome.kind === 'refused' && 'of' in outcome) throw problemOf(outcome, type);
      if (outcome.kind !== 'placed') throw refusalOf(outcome);
      const view = await readNewOrderView(db, outcome.orderId, { ownStaff: isOwnStaff(principal) });
      return { status: 201, body: view, headers: { Location: `/api/v1/orders/${outcome.orderId}` } };
    },
  });
}

export const unplacedEndpoints: readonly Endpoint[] = [
  ...(['draft', 'quote'] as const).flatMap((type) => [
    createOf(type),
    listOf(type),
    showOf(type),
    withdrawOf(type),
    convertOf(type),
  ]),
  revise,
  replaceLines,
  answer,
];
