import { findPerson } from '../../application/approval/substitute';
import { assignException, resolveException } from '../../application/record/raise-exception';
import type { Db } from '../../db/connection';
import { type ExceptionRow, findException, listExceptions } from '../../db/repositories/exception-views';
import { isOwnStaff, type Principal, requirePerson } from '../auth/principal';
import { recordId } from '../contract/common';
import {
  assignExceptionBody,
  type ExceptionView,
  exception,
  exceptionPage,
  listExceptionsQuery,
  resolveExceptionBody,
} from '../contract/exceptions';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint, requireMatch } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

const exceptionView = (row: ExceptionRow): ExceptionView => ({
  id: row.id,
  kind: row.kind,
  text: row.text,
  data: row.data,
  ownerRole: row.owner_role,
  owner: row.owner,
  priority: row.priority,
  status: row.status,
  openedAt: row.opened_at,
  dueAt: row.due_at,
  resolvedAt: row.resolved_at,
  resolvedBy: row.resolved_by,
  resolution: row.resolution,
  orderId: row.order_id,
  orderNumber: row.order_number,
  documentId: row.document_id,
  occurrences: row.occurrences,
});

function requireOwnStaff(principal: Principal): void {
  if (!isOwnStaff(principal)) throw forbidden("Exceptions are shown to the seller's own people only.");
}

async function readException(db: Db, id: string): Promise<ExceptionView> {
  const row = await findException(db, id);
  if (!row) throw notFound('exception');
  return exceptionView(row);
}

const exceptionId = { exceptionId: recordId };

const exceptionsList = endpoint({
  method: 'get',
  path: '/exceptions',
  tag: 'Exceptions',
  summary: 'What needs a person, by deadline',
  scopes: ['exceptions:read', 'exceptions:write'],
  query: listExceptionsQuery,
  replies: { 200: { description: 'A page of exceptions', schema: exceptionPage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal);
    const page = await listExceptions(
      db,
      {
        status: query.status,
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.owner !== undefined && { owner: query.owner }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'due') },
    );
    return { status: 200, body: pageBody(page, exceptionView) };
  },
});

const showException = endpoint({
  method: 'get',
  path: '/exceptions/{exceptionId}',
  tag: 'Exceptions',
  summary: 'One exception',
  scopes: ['exceptions:read', 'exceptions:write'],
  params: exceptionId,
  replies: { 200: { description: 'The exception', schema: exception } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal);
    return { status: 200, body: await readException(db, params.exceptionId) };
  },
});

const alreadyResolved = (text: string) =>
  new Problem(409, 'already-resolved', 'It is resolved already', text);

/** An exception that is given to a slip of the pen, or to somebody who cannot close it, would be nobody's. */
async function whyNotOwner(db: Db, name: string): Promise<string | null> {
  const found = await findPerson(db, name, null);
  if (!found) return `Nobody of the company called "${name}" has a key that works`;
  return found.scopes.includes('exceptions:write') ? null : `${name} has no key that works on exceptions`;
}

const assign = endpoint({
  method: 'post',
  path: '/exceptions/{exceptionId}/assignments',
  tag: 'Exceptions',
  summary: 'Give an exception an owner',
  scopes: ['exceptions:write'],
  params: exceptionId,
  body: assignExceptionBody,
  idempotency: { required: false, transaction: true },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'The exception', schema: exception },
    409: { description: 'Resolved already' },
    412: { description: 'Changed meanwhile' },
    422: { description: 'Nobody of that name works on exceptions' },
  },
  handle: async ({ db, params, body, principal, header }) => {
    requireOwnStaff(principal);
    requirePerson(principal);
    const current = await readException(db, params.exceptionId);
    requireMatch(header('If-Match'), current);
    const unfit = body.owner === null ? null : await whyNotOwner(db, body.owner);
    if (unfit !== null) throw new Problem(422, 'no-such-owner', 'Nobody can own it by that name', unfit);
    if (!(await assignException(db, params.exceptionId, body.owner)))
      throw alreadyResolved(`${current.resolvedBy ?? 'Somebody'} resolved it.`);
    return { status: 200, body: await readException(db, params.exceptionId) };
  },
});

const resolve = endpoint({
  method: 'post',
  path: '/exceptions/{exceptionId}/resolutions',
  tag: 'Exceptions',
  summary: 'Close an exception with what was done about it',
  scopes: ['exceptions:write'],
  params: exceptionId,
  body: resolveExceptionBody,
  idempotency: { required: true, transaction: true },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'The exception', schema: exception },
    409: { description: 'Resolved already' },
    412: { description: 'Changed meanwhile' },
  },
  handle: async ({ db, params, body, principal, header, deps }) => {
    requireOwnStaff(principal);
    const person = requirePerson(principal);
    requireMatch(header('If-Match'), await readException(db, params.exceptionId));
    const outcome = await resolveException(db, params.exceptionId, person, body.reason, deps.now());
    if (outcome.kind === 'refused')
      throw outcome.code === 'unknown-exception' ? notFound('exception') : alreadyResolved(outcome.text);
    return { status: 200, body: await readException(db, params.exceptionId) };
  },
});

export const exceptionEndpoints: readonly Endpoint[] = [exceptionsList, showException, assign, resolve];
