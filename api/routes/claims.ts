import { issueCreditMemo } from '../../application/invoicing/issue-credit-memo';
import { answerReturnRequest } from '../../application/invoicing/record-return-request';
import type { Tx } from '../../db/connection';
import {
  findReturnRequest,
  listReturnRequests,
  type ReturnRequestRow,
} from '../../db/repositories/return-views';
import { type Principal, requireOwnStaff, requirePerson } from '../auth/principal';
import {
  answerReturnBody,
  creditMemo,
  creditMemoBody,
  listReturnRequestsQuery,
  type ReturnRequestView,
  returnRequest,
  returnRequestPage,
} from '../contract/claims';
import { recordId } from '../contract/common';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

/** A person of the seller's own, in the role whose business it is. */
function requireRole(principal: Principal, role: string): string {
  requireOwnStaff(principal, "This is for the seller's own people only.");
  const person = requirePerson(principal);
  if (!principal.roles.includes(role)) throw forbidden(`This is for people with the role ${role}.`);
  return person;
}

const issueMemo = endpoint({
  method: 'post',
  path: '/invoices/{invoiceId}/credit-memos',
  tag: 'Invoices',
  summary: 'Credit something of an invoice; its partner is told by an 812',
  scopes: ['holds:decide'],
  params: { invoiceId: recordId },
  body: creditMemoBody,
  idempotency: { required: true, transaction: true },
  replies: {
    201: { description: 'The credit memo', schema: creditMemo },
    403: { description: 'Not a person, or more than the person may give' },
    409: { description: 'More than is left of the invoice' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal, "This is for the seller's own people only.");
    const person = requirePerson(principal);
    const outcome = await issueCreditMemo(
      db as Tx,
      {
        invoiceId: params.invoiceId,
        person,
        roles: principal.roles,
        reason: body.reason,
        ...(body.amountMinor !== undefined && { amountMinor: body.amountMinor }),
        ...(body.items !== undefined && {
          items: body.items.map(({ item, quantity }) => ({ itemId: item, baseUnits: quantity })),
        }),
      },
      deps.now(),
    );
    if (outcome.kind === 'issued') {
      const items = outcome.items.map(({ itemId, baseUnits, amountMinor }) => ({
        item: itemId,
        quantity: baseUnits,
        amountMinor,
      }));
      const { adjustmentId: id, number, amountMinor } = outcome;
      return { status: 201, body: { id, number, amountMinor, items } };
    }
    if (outcome.code === 'unknown-invoice') throw notFound('invoice');
    if (['not-authorised', 'over-authority', 'same-person'].includes(outcome.code))
      throw new Problem(403, outcome.code, 'It is not yours to credit', outcome.text);
    throw new Problem(409, outcome.code, 'It cannot be credited', outcome.text);
  },
});

const returnView = (row: ReturnRequestRow): ReturnRequestView => ({
  id: row.id,
  requestNumber: row.request_number,
  partnerId: row.partner_id,
  customerId: row.customer_id,
  orderId: row.order_id,
  documentId: row.document_id,
  status: row.status,
  returnNumber: row.return_number,
  receivedAt: row.received_at,
  answeredBy: row.answered_by,
  answeredAt: row.answered_at,
  content: row.content,
});

const returnsList = endpoint({
  method: 'get',
  path: '/return-requests',
  tag: 'Returns',
  summary: 'Returns that partners ask for (180), newest first',
  scopes: ['orders:read'],
  query: listReturnRequestsQuery,
  replies: { 200: { description: 'A page of return requests', schema: returnRequestPage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, "This is for the seller's own people only.");
    const page = await listReturnRequests(db, query.status, {
      limit: query.limit,
      after: decodeCursor(query.after, 'record'),
    });
    return { status: 200, body: pageBody(page, returnView) };
  },
});

const answerReturn = endpoint({
  method: 'post',
  path: '/return-requests/{returnRequestId}/answers',
  tag: 'Returns',
  summary: 'Authorize or refuse a return; its partner is told by a 180',
  scopes: ['orders:write'],
  params: { returnRequestId: recordId },
  body: answerReturnBody,
  idempotency: { required: true, transaction: true },
  replies: {
    200: { description: 'The return request', schema: returnRequest },
    403: { description: 'Not a person in the role customer-service' },
    409: { description: 'Answered already' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const person = requireRole(principal, 'customer-service');
    const outcome = await answerReturnRequest(
      db as Tx,
      {
        returnRequestId: params.returnRequestId,
        authorize: body.action === 'authorize',
        text: body.text,
        ...(body.reason === undefined ? {} : { reason: body.reason }),
        person,
      },
      deps.now(),
    );
    const row = await findReturnRequest(db, params.returnRequestId);
    if (!row) throw notFound('return request');
    if (outcome.kind === 'refused') {
      throw new Problem(409, outcome.code, 'It is answered already', outcome.text);
    }
    return { status: 200, body: returnView(row) };
  },
});

export const claimEndpoints: readonly Endpoint[] = [issueMemo, returnsList, answerReturn];
