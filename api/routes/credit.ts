import { z } from 'zod';
import { judgeCreditWork } from '../../application/credit/credit-authority';
import { closeDispute, openDispute } from '../../application/credit/dispute-invoice';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { saveCreditAccount } from '../../application/credit/save-credit-account';
import { setTemporaryLimit, withdrawTemporaryLimit } from '../../application/credit/temporary-limit';
import { assignCase, noteOnCase } from '../../application/credit/work-credit-case';
import type { Db, Tx } from '../../db/connection';
import { findCreditCase } from '../../db/repositories/credit-case-views';
import { listCreditAccountIds } from '../../db/repositories/credit-views';
import { findHeldOrder } from '../../db/repositories/hold-views';
import { parseCreditAccountId, parseHoldId, parseOrderId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, requirePerson, visibilityOf } from '../auth/principal';
import { pageQuery, recordId } from '../contract/common';
import {
  accountChangeBody,
  type CreditCaseView,
  creditCase,
  disputeBody,
  done,
  noteBody,
  ownerBody,
  prepaymentBody,
  prepaymentBooked,
  reasonBody,
  temporaryLimitBody,
} from '../contract/credit';
import { creditAccount, creditAccountPage } from '../contract/holds';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';
import { creditAccountView, exposuresOf } from '../views/exposure-view';
import { moneyOf } from '../views/money';
import { heldOrderViews } from './holds';

function requireOwnStaff(principal: Principal): void {
  if (!isOwnStaff(principal)) throw forbidden("Credit accounts are shown to the seller's own people only.");
}

const accountsList = endpoint({
  method: 'get',
  path: '/credit-accounts',
  tag: 'Credit',
  summary: 'Credit accounts with limit and exposure',
  scopes: ['credit:read', 'holds:decide'],
  query: z.object({ ...pageQuery }),
  replies: { 200: { description: 'A page of accounts', schema: creditAccountPage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal);
    const page = await listCreditAccountIds(db, {
      limit: query.limit,
      after: decodeCursor(query.after, 'code'),
    });
    const exposures = await exposuresOf(
      db,
      page.rows.map((row) => row.id),
    );
    const body = pageBody(page, (row) => exposures.get(row.id));
    return { status: 200, body: { ...body, items: body.items.filter((item) => item !== undefined) } };
  },
});

const showAccount = endpoint({
  method: 'get',
  path: '/credit-accounts/{creditAccountId}',
  tag: 'Credit',
  summary: 'One credit account: its exposure with every document behind it',
  scopes: ['credit:read', 'holds:decide'],
  params: { creditAccountId: z.string() },
  replies: { 200: { description: 'The account', schema: creditAccount } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal);
    const view = await creditAccountView(
      db,
      parseCreditAccountId(params.creditAccountId),
      new Date().toISOString(),
    );
    if (!view) throw notFound('credit account');
    return { status: 200, body: view };
  },
});

interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly text: string;
}

const statuses: Readonly<Record<string, number>> = {
  'not-authorised': 403,
  'over-authority': 403,
  'same-person': 403,
  'changed-meanwhile': 412,
  'disputed-already': 409,
  'other-content': 409,
  'case-closed': 409,
  'already-linked': 409,
  'counts-already': 409,
  busy: 503,
};

/** What is not there is 404, what may not be 403, what happened meanwhile 409; the rest the caller can mend. */
export function throwRefused(outcome: { readonly kind: string } | Refusal): void {
  if (outcome.kind !== 'refused') return;
  const { code, text } = outcome as Refusal;
  if (['unknown', 'unknown-account', 'unknown-case', 'unknown-dispute'].includes(code))
    throw notFound('credit record');
  throw new Problem(statuses[code] ?? 422, code, 'It cannot be done so', text);
}

const accountPath = { creditAccountId: z.string() };
const commonReplies = {
  403: { description: 'Not a person, or not within its authority' },
  404: { description: 'There is no such account' },
  422: { description: 'It cannot be so; the problem says why' },
};
/** Kept once under the caller's key; everything or nothing. */
const onceOnly = { required: true, transaction: true } as const;

/** A person of the seller's own who may decide on credit at all. */
export async function requireFinance(db: Db, principal: Principal, now: string): Promise<string> {
  requireOwnStaff(principal);
  const person = requirePerson(principal);
  const refusal = await judgeCreditWork(db, { person, roles: principal.roles }, now);
  if (refusal) throwRefused(refusal);
  return person;
}

const changeAccount = endpoint({
  method: 'post',
  path: '/credit-accounts/{creditAccountId}/changes',
  tag: 'Credit',
  summary: 'Set limit, validity, block, risk class or the account above',
  description:
    'What is left out stays as it is. More credit is within the authority of the person, steps of 30 days together; the limit counts in full where it comes into force again, leaves an account above it or gets another risk class. A circle of accounts is refused.',
  scopes: ['holds:decide'],
  params: accountPath,
  body: accountChangeBody,
  idempotency: onceOnly,
  replies: {
    200: { description: 'Saved', schema: done },
    ...commonReplies,
    412: { description: 'Changed meanwhile' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const creditAccountId = parseCreditAccountId(params.creditAccountId);
    const person = await requireFinance(db, principal, deps.now());
    const { limitMinor, limitValidFrom, limitValidTo, blocked, riskClass, parentId, reason, basedOn } = body;
    const outcome = await saveCreditAccount(
      db as Tx,
      {
        creditAccountId,
        person,
        roles: principal.roles,
        reason,
        basedOn,
        ...(limitMinor !== undefined && { limitMinor }),
        ...(limitValidFrom !== undefined && { limitValidFrom }),
        ...(limitValidTo !== undefined && { limitValidTo }),
        ...(blocked !== undefined && { blocked }),
        ...(riskClass !== undefined && { riskClass }),
        ...(parentId !== undefined && { parentId }),
      },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: { kind: outcome.kind } };
  },
});

const setTemporary = endpoint({
  method: 'post',
  path: '/credit-accounts/{creditAccountId}/temporary-limits',
  tag: 'Credit',
  summary: 'More credit for a time, on top of the limit',
  scopes: ['holds:decide'],
  params: accountPath,
  body: temporaryLimitBody,
  idempotency: onceOnly,
  replies: { 200: { description: 'Set', schema: done }, ...commonReplies },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal);
    const creditAccountId = parseCreditAccountId(params.creditAccountId);
    const by = { person: requirePerson(principal), roles: principal.roles };
    const outcome = await setTemporaryLimit(db as Tx, { ...body, ...by, creditAccountId }, deps.now());
    throwRefused(outcome);
    return { status: 200, body: outcome };
  },
});

const withdrawTemporary = endpoint({
  method: 'post',
  path: '/temporary-limits/{temporaryLimitId}/withdrawals',
  tag: 'Credit',
  summary: 'Take a temporary limit back before its last day',
  scopes: ['holds:decide'],
  params: { temporaryLimitId: recordId },
  body: reasonBody,
  idempotency: onceOnly,
  replies: { 200: { description: 'Withdrawn', schema: done }, ...commonReplies },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal);
    const by = { person: requirePerson(principal), roles: principal.roles };
    const outcome = await withdrawTemporaryLimit(
      db as Tx,
      { id: params.temporaryLimitId, reason: body.reason, ...by },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: outcome };
  },
});

const disputeInvoice = endpoint({
  method: 'post',
  path: '/credit-accounts/{creditAccountId}/disputes',
  tag: 'Credit',
  summary: 'An invoice is contested: its age holds no order until the dispute is closed or ends',
  description:
    'Within the authority of the person for the amount, as more credit is, and not by who ordered. It ends by itself after its last day, at most 90 days ahead. Held orders of the account say so in their timelines.',
  scopes: ['holds:decide'],
  params: accountPath,
  body: disputeBody,
  idempotency: onceOnly,
  replies: {
    200: { description: 'Opened', schema: done },
    ...commonReplies,
    409: { description: 'Disputed already' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const creditAccountId = parseCreditAccountId(params.creditAccountId);
    const person = await requireFinance(db, principal, deps.now());
    const outcome = await openDispute(
      db as Tx,
      { ...body, creditAccountId, person, roles: principal.roles },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: outcome };
  },
});

const settleDispute = endpoint({
  method: 'post',
  path: '/disputes/{disputeId}/closings',
  tag: 'Credit',
  summary: 'Close a dispute: from now on the invoice counts by its age again',
  scopes: ['holds:decide'],
  params: { disputeId: recordId },
  body: reasonBody,
  idempotency: onceOnly,
  replies: { 200: { description: 'Closed', schema: done }, ...commonReplies },
  handle: async ({ db, params, body, principal, deps }) => {
    const person = await requireFinance(db, principal, deps.now());
    const outcome = await closeDispute(
      db as Tx,
      { id: params.disputeId, reason: body.reason, person },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: outcome };
  },
});

const holdPath = { holdId: z.string() };

const showCase = endpoint({
  method: 'get',
  path: '/credit-cases/{holdId}',
  tag: 'Credit',
  summary: 'The case of a credit hold: figures when it was opened and decided, lines, prepayment, notes',
  description: 'Decided at /holds/{holdId}/decisions, as every hold is.',
  scopes: ['credit:read', 'holds:decide'],
  params: holdPath,
  replies: { 200: { description: 'The case', schema: creditCase } },
  handle: async ({ db, params, principal, deps }) => {
    requireOwnStaff(principal);
    const id = parseHoldId(params.holdId);
    const row = await findHeldOrder(db, visibilityOf(principal), id);
    const found = await findCreditCase(db, id);
    if (!row || !found) throw notFound('credit case');
    const held = await heldOrderViews(db, principal, [row], deps.now());
    const money = (minor: number) => moneyOf(minor, found.currency);
    const body: CreditCaseView = {
      ...held(row),
      creditAccountId: found.credit_account_id,
      riskClass: found.risk_class,
      priority: found.priority,
      lines: found.lines.map(({ amountMinor, ...line }) => ({ ...line, amount: money(amountMinor) })),
      opened: found.opened,
      decided: found.decided,
      outcome: found.outcome,
      decisionCode: found.decision_code,
      paidInAdvance: money(found.paid_minor),
      prepayment: found.prepayment && {
        id: found.prepayment.id,
        amount: money(found.prepayment.amountMinor),
        paid: money(found.paid_minor),
        requestedBy: found.prepayment.requestedBy,
        requestedAt: found.prepayment.requestedAt,
        expiresAt: found.prepayment.expiresAt,
        status: found.prepayment.status,
        reason: found.prepayment.reason,
      },
      notes: [...found.notes],
    };
    return { status: 200, body };
  },
});

const addNote = endpoint({
  method: 'post',
  path: '/credit-cases/{holdId}/notes',
  tag: 'Credit',
  summary: 'A note that stays with the case',
  scopes: ['holds:decide'],
  params: holdPath,
  body: noteBody,
  idempotency: onceOnly,
  replies: { 200: { description: 'Kept', schema: done }, 404: { description: 'There is no such case' } },
  handle: async ({ db, params, body, principal, deps }) => {
    const person = await requireFinance(db, principal, deps.now());
    const outcome = await noteOnCase(
      db as Tx,
      { holdId: parseHoldId(params.holdId), person, text: body.text },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: { kind: outcome.kind } };
  },
});

const setOwner = endpoint({
  method: 'post',
  path: '/credit-cases/{holdId}/owners',
  tag: 'Credit',
  summary: 'Take a case, pass it on, or give it back to the queue',
  scopes: ['holds:decide'],
  params: holdPath,
  body: ownerBody,
  idempotency: onceOnly,
  replies: {
    200: { description: 'Done', schema: done },
    404: { description: 'There is no such case' },
    409: { description: 'The case is closed' },
    422: { description: 'Nobody of that name decides on credit' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const person = await requireFinance(db, principal, deps.now());
    const outcome = await assignCase(
      db as Tx,
      { holdId: parseHoldId(params.holdId), person, owner: body.owner },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: { kind: outcome.kind } };
  },
});

const prepay = endpoint({
  method: 'post',
  path: '/orders/{orderId}/prepayments',
  tag: 'Credit',
  summary: 'Money that came in for one order before its invoice',
  description:
    'The same reference again is the same money. Once the order is covered it goes on: what is booked by hand is within the authority of the person, and not by whoever asked for the prepayment or ordered.',
  scopes: ['holds:decide'],
  params: { orderId: z.string() },
  body: prepaymentBody,
  idempotency: onceOnly,
  replies: {
    200: { description: 'Booked, or known already', schema: prepaymentBooked },
    ...commonReplies,
    409: {
      description:
        'The reference came before with another amount, or a remittance brought the money already (`counts-already`)',
    },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const orderId = parseOrderId(params.orderId);
    const person = await requireFinance(db, principal, deps.now());
    if (!(await db('orders').where({ id: orderId }).first('id'))) throw notFound('order');
    const outcome = await bookPrepayment(
      db as Tx,
      { ...body, orderId, by: person, roles: principal.roles },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: outcome };
  },
});

export const creditEndpoints: readonly Endpoint[] = [
  accountsList,
  showAccount,
  changeAccount,
  setTemporary,
  withdrawTemporary,
  disputeInvoice,
  settleDispute,
  showCase,
  addNote,
  setOwner,
  prepay,
];
