import type { Tx } from '../../db/connection';
import { replayDocument } from '../../gateway/intake/replay';
import { releaseHeld } from '../../gateway/outbound/release-held';
import { reissue, retransmit } from '../../gateway/outbound/resend';
import { isOwnStaff, type Principal, requirePerson } from '../auth/principal';
import { recordId } from '../contract/common';
import { documentAction, reissueBody, releaseHeldBody, replayBody } from '../contract/document-actions';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

const documentId = { documentId: recordId };
const idempotency = { required: false, transaction: true } as const;
const replies = {
  202: { description: 'It is under way', schema: documentAction },
  409: { description: 'Not possible as it stands, or to be confirmed' },
};

function requireOperator(principal: Principal): void {
  if (!isOwnStaff(principal))
    throw forbidden("Documents are replayed and sent again by the seller's own people.");
  requirePerson(principal);
}

const toConfirm = (detail: string) => new Problem(409, 'to-be-confirmed', 'To be confirmed', detail);

const replay = endpoint({
  method: 'post',
  path: '/documents/{documentId}/replays',
  tag: 'Documents',
  summary: 'Take in again what was set aside: a document, or an interchange in quarantine by its id',
  scopes: ['exceptions:write'],
  params: documentId,
  body: replayBody,
  idempotency,
  replies,
  handle: async ({ db, params, body, principal, deps }) => {
    requireOperator(principal);
    const outcome = await replayDocument(db, params.documentId, {
      confirmed: body.confirmed,
      now: deps.now(),
    });
    switch (outcome.kind) {
      case 'not-found':
        throw notFound('document');
      case 'not-replayable':
        throw new Problem(
          409,
          'not-replayable',
          'Not to be replayed',
          `It is ${outcome.status}: replaying it would do what it asks for twice.`,
        );
      case 'needs-confirmation':
        throw toConfirm(
          `The partner has sent ${outcome.purchaseOrderNumbers.join(', ')} again meanwhile. Confirm ("confirmed": true; --confirmed on the command line) to replay it nevertheless.`,
        );
      case 'queued':
        return { status: 202, body: { status: 'queued', reference: outcome.interchangeId } };
    }
  },
});

const retransmission = endpoint({
  method: 'post',
  path: '/documents/{documentId}/retransmissions',
  tag: 'Documents',
  summary: 'Send the interchange of a document again: the same bytes, the same control numbers',
  scopes: ['exceptions:write'],
  params: documentId,
  idempotency,
  replies,
  handle: async ({ db, params, principal, deps }) => {
    requireOperator(principal);
    const found = (await db('document')
      .where({ id: params.documentId, direction: 'out' })
      .first('interchange_id')) as { interchange_id: string } | undefined;
    if (!found) throw notFound('outbound document');
    const outcome = await retransmit(db as Tx, found.interchange_id, deps.now());
    if (outcome.kind === 'not-found') throw notFound('outbound document');
    if (outcome.kind === 'still-pending')
      throw new Problem(409, 'still-pending', 'Not sent yet', 'It has not left yet and goes out anyway.');
    return { status: 202, body: { status: 'queued', reference: outcome.interchangeId } };
  },
});

const reissueDocument = endpoint({
  method: 'post',
  path: '/documents/{documentId}/reissues',
  tag: 'Documents',
  summary: 'Send the content of a document as a new one with new control numbers, linked to the old',
  scopes: ['exceptions:write'],
  params: documentId,
  body: reissueBody,
  idempotency,
  replies,
  handle: async ({ db, params, body, principal }) => {
    requireOperator(principal);
    const outcome = await reissue(db as Tx, params.documentId, body);
    if (outcome.kind === 'not-found') throw notFound('outbound document');
    if (outcome.kind === 'needs-confirmation')
      throw toConfirm(
        `A second ${outcome.set} can be received or paid twice. Confirm ("confirmed": true; --confirmed on the command line) if it is meant.`,
      );
    return { status: 202, body: { status: 'requested', reference: outcome.subject } };
  },
});

const releaseHeldDocument = endpoint({
  method: 'post',
  path: '/held-documents/releases',
  tag: 'Documents',
  summary: 'Try again a document that could not be written or has no agreement, once the cause is mended',
  scopes: ['exceptions:write'],
  body: releaseHeldBody,
  idempotency,
  replies,
  handle: async ({ db, body, principal, deps }) => {
    requireOperator(principal);
    if (!(await releaseHeld(db as Tx, body.subject, deps.now()))) throw notFound('held document');
    return { status: 202, body: { status: 'queued', reference: body.subject } };
  },
});

export const documentActionEndpoints: readonly Endpoint[] = [
  replay,
  retransmission,
  reissueDocument,
  releaseHeldDocument,
];
