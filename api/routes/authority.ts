import { z } from 'zod';
import { simulateAuthority } from '../../application/approval/simulate-authority';
import {
  endSubstitution,
  liveSubstitutions,
  makeSubstitution,
  type SubstitutionRow,
} from '../../application/approval/substitute';
import { readAuthorityMoney } from '../../application/credit/read-authority-money';
import { foreseeMatter } from '../../application/hold/judge-hold-decision';
import type { Db, Tx } from '../../db/connection';
import { findHeldOrder } from '../../db/repositories/hold-views';
import { isOwnStaff, type Principal, requirePerson, visibilityOf } from '../auth/principal';
import {
  authoritySimulation,
  newSubstitutionBody,
  type SimulateAuthorityBody,
  type SubstitutionView,
  simulateAuthorityBody,
  substitution,
  substitutionList,
} from '../contract/authority';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

const invalid = (detail: string) =>
  new Problem(400, 'invalid-request', 'The request is not valid', detail, { errors: [{ detail }] });

/** What is to be decided: a hold that is there, or what the caller makes up. */
async function matterOf(db: Db, principal: Principal, body: SimulateAuthorityBody, now: string) {
  if (body.holdId === undefined) {
    const { holdType, totalMinor, currency, riskClass, overLimitPercent, requestedBy } = body;
    if (holdType === undefined || totalMinor === undefined || currency === undefined)
      throw invalid('Name a hold, or the type of hold with an amount and its currency.');
    const asked = requestedBy === null ? [] : [requestedBy];
    const amount = { holdType, totalMinor, currency, riskClass, overLimitPercent };
    const money = await readAuthorityMoney(db, null, now);
    return { ...amount, ...money, requestedBy: asked, earlierApprovals: [] };
  }
  if (!(await findHeldOrder(db, visibilityOf(principal), body.holdId))) throw notFound('hold');
  return foreseeMatter(db, body.holdId, now);
}

const simulation = endpoint({
  method: 'post',
  path: '/authority-simulations',
  tag: 'Holds',
  summary: 'Who could decide a hold, and why the others could not',
  description:
    'For a hold that is there or one made up, by the rules in force or with drafts in the place of some. Nothing is kept.',
  scopes: ['holds:read', 'holds:decide'],
  body: simulateAuthorityBody,
  replies: { 200: { description: 'Everybody who has a key to decide with', schema: authoritySimulation } },
  handle: async ({ db, body, principal, deps }) => {
    if (!isOwnStaff(principal)) throw forbidden("Authority is the seller's own business.");
    const matter = await matterOf(db, principal, body, deps.now());
    const people = await simulateAuthority(db, matter, body.draft, deps.now());
    if (people === null) throw invalid(`There is no hold type "${matter.holdType}".`);
    const { holdType, totalMinor, currency } = matter;
    return { status: 200, body: { holdType, totalMinor, currency, people } };
  },
});

const view = (row: SubstitutionRow): SubstitutionView => ({
  id: row.id,
  person: row.person,
  substitute: row.substitute,
  from: row.valid_from,
  until: row.valid_until,
  holdTypes: row.hold_types === null ? null : [...row.hold_types],
  reason: row.reason,
  madeBy: row.made_by,
  madeAt: row.made_at,
});

/** Own people substitute own people, a buyer's a buyer's of the same company. */
const scopes = ['holds:decide', 'orders:write'] as const;
const mayArrange = (principal: Principal, person: string) =>
  principal.person === person ||
  principal.roles.some((role) => /(^|-)(manager|admin|operations)$/.test(role));

const substitutionsList = endpoint({
  method: 'get',
  path: '/substitutions',
  tag: 'Holds',
  summary: 'Who decides in whose name, now and to come',
  scopes: [...scopes, 'holds:read'],
  replies: { 200: { description: 'Those of your own company', schema: substitutionList } },
  handle: async ({ db, principal, deps }) => {
    if (principal.partnerId !== null) throw forbidden('Partners have no substitutes.');
    const rows = await liveSubstitutions(db, principal.customerId, deps.now());
    return { status: 200, body: { items: rows.map(view) } };
  },
});

const createSubstitution = endpoint({
  method: 'post',
  path: '/substitutions',
  tag: 'Holds',
  summary: 'Let somebody decide in your name for a while',
  description:
    'Both names are kept with every decision. It is not passed on: a substitute of a substitute decides nothing. Managers arrange it for others, not for themselves.',
  scopes: [...scopes],
  body: newSubstitutionBody,
  idempotency: { required: true, transaction: true },
  replies: {
    201: { description: 'In force from its beginning on', schema: substitution },
    409: { description: 'It would lead back to the same person, or nobody has such a name' },
  },
  handle: async ({ db, body, principal, deps }) => {
    const by = requirePerson(principal);
    if (principal.partnerId !== null) throw forbidden('Partners have no substitutes.');
    const person = body.person ?? by;
    if (!mayArrange(principal, person))
      throw forbidden('Only a manager arranges a substitute for somebody else.');
    if (person !== by && body.substitute === by)
      throw forbidden(
        'Nobody makes themselves the substitute of somebody else: have it arranged by another.',
      );
    const now = deps.now();
    const wanted = {
      person,
      substitute: body.substitute,
      from: new Date(body.from ?? now).toISOString(),
      until: new Date(body.until).toISOString(),
      holdTypes: body.holdTypes,
      customerId: principal.customerId,
      reason: body.reason,
      madeBy: by,
    };
    const outcome = await makeSubstitution(db as Tx, wanted, now);
    if (outcome.kind === 'refused')
      throw new Problem(409, 'no-substitute', 'It cannot be arranged so', outcome.text);
    const row = (await db('substitution').where({ id: outcome.id }).first()) as SubstitutionRow;
    return { status: 201, body: view(row) };
  },
});

const closeSubstitution = endpoint({
  method: 'post',
  path: '/substitutions/{substitutionId}/end',
  tag: 'Holds',
  summary: 'End a substitution before its time',
  scopes: [...scopes],
  params: { substitutionId: z.uuid() },
  body: z.strictObject({}),
  idempotency: { required: true, transaction: true },
  replies: { 204: { description: 'Ended' } },
  handle: async ({ db, params, principal, deps }) => {
    const by = requirePerson(principal);
    const row = (await db('substitution')
      .where({ id: params.substitutionId, customer_id: principal.customerId })
      .first()) as SubstitutionRow | undefined;
    if (!row) throw notFound('substitution');
    if (!mayArrange(principal, row.person)) throw forbidden('Only a manager ends it for somebody else.');
    if (!(await endSubstitution(db as Tx, row.id, principal.customerId, by, deps.now())))
      throw notFound('substitution');
    return { status: 204 };
  },
});

export const authorityEndpoints: readonly Endpoint[] = [
  simulation,
  substitutionsList,
  createSubstitution,
  closeSubstitution,
];
