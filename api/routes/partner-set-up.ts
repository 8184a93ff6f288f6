import { z } from 'zod';
import type { Tx } from '../../db/connection';
import { parsePartnerId } from '../../domain/shared/ids';
import { changePartnerStatus } from '../../gateway/onboarding/change-partner-status';
import { givePartnerKey } from '../../gateway/onboarding/give-partner-key';
import { partnerSetUp } from '../../gateway/onboarding/partner-set-up';
import { proposeSetUp } from '../../gateway/onboarding/propose-set-up';
import { setUpPartner } from '../../gateway/onboarding/set-up-partner';
import { type Principal, requireOwnStaff, requirePerson } from '../auth/principal';
import { recordId } from '../contract/common';
import {
  changeStatusBody,
  partnerKey,
  partnerSetUpDone,
  partnerSetUpProposal,
  partnerStatus,
} from '../contract/partners';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound, Problem } from '../problems';

const idempotency = { required: false, transaction: true } as const;

function requireOperator(principal: Principal): string {
  requireOwnStaff(principal, "Partners are set up by the seller's own people.");
  return requirePerson(principal);
}

const proposal = endpoint({
  method: 'get',
  path: '/interchanges/{interchangeId}/partner-set-up',
  tag: 'Partners',
  summary:
    'How the sender of an interchange would be set up, by what its file says; to be completed and sent back',
  scopes: ['partners:write'],
  params: { interchangeId: recordId },
  replies: { 200: { description: 'The body of a set-up', schema: partnerSetUpProposal } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal, "Partners are set up by the seller's own people.");
    const proposed = await proposeSetUp(db, params.interchangeId);
    if (!proposed) throw notFound('inbound interchange that can be read');
    return { status: 200, body: proposed };
  },
});

const setUp = endpoint({
  method: 'post',
  path: '/partner-set-ups',
  tag: 'Partners',
  summary: 'Set up a partner with its channel, interchange agreement and document agreements, all or nothing',
  description: 'A partner or channel that is there already is named by its id and stays as it is.',
  scopes: ['partners:write'],
  body: partnerSetUp,
  idempotency,
  replies: {
    201: { description: 'It is set up', schema: partnerSetUpDone },
    409: { description: 'Something of it is there already or is not there' },
  },
  handle: async ({ db, body, principal, deps }) => {
    const by = requireOperator(principal);
    const outcome = await setUpPartner(db as Tx, body, { by, at: deps.now() });
    if (outcome.kind === 'refused')
      throw new Problem(409, 'set-up-refused', 'Not set up', `${outcome.text}. Nothing was changed.`, {
        errors: [{ pointer: `/${outcome.field}`, code: 'refused', detail: outcome.text }],
      });
    return { status: 201, body: { partnerId: outcome.partnerId, agreementId: outcome.agreementId } };
  },
});

const changeStatus = endpoint({
  method: 'post',
  path: '/partners/{partnerId}/status-changes',
  tag: 'Partners',
  summary: 'Suspend a partner, or exchange documents with it (again)',
  description:
    'While it is suspended, what it sends is kept in quarantine unanswered, and what is to be sent to it waits. While it is onboarding, that holds for production interchanges.',
  scopes: ['partners:write'],
  params: { partnerId: z.string() },
  body: changeStatusBody,
  idempotency,
  replies: { 200: { description: 'It is changed', schema: partnerStatus } },
  handle: async ({ db, params, body, principal, deps }) => {
    const by = requireOperator(principal);
    const id = parsePartnerId(params.partnerId);
    if (!(await changePartnerStatus(db as Tx, id, body.status, { by, at: deps.now() })))
      throw notFound('partner');
    return { status: 200, body: { partnerId: id, status: body.status } };
  },
});

const giveKey = endpoint({
  method: 'post',
  path: '/partners/{partnerId}/keys',
  tag: 'Partners',
  summary: 'Give a partner another key to send and to poll its mailbox with',
  description: 'The key is shown this once; keys that it has stay valid.',
  scopes: ['partners:write'],
  params: { partnerId: z.string() },
  // No Idempotency-Key: a kept reply would keep the key.
  replies: {
    201: { description: 'The key', schema: partnerKey },
    404: { description: 'No such partner, or no agreement with it' },
  },
  handle: async ({ db, params, principal, deps }) => {
    const by = requireOperator(principal);
    const id = parsePartnerId(params.partnerId);
    const given = await db.transaction((tx) => givePartnerKey(tx, id, { by, at: deps.now() }));
    if (!given) throw notFound('partner with an agreement');
    return { status: 201, body: { key: given.key, isaIds: [...given.isaIds] } };
  },
});

export const partnerSetUpEndpoints: readonly Endpoint[] = [proposal, setUp, changeStatus, giveKey];
