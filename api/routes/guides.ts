import { z } from 'zod';
import type { Tx } from '../../db/connection';
import {
  assignGuide,
  findGuide,
  type GuideRow,
  guideVersions,
  listGuides,
  saveGuide,
} from '../../db/repositories/guides';
import { readGuide } from '../../edi/guides/check-guide';
import type { GuideProblem } from '../../edi/guides/guide';
import { requireOwnStaff, requirePerson } from '../auth/principal';
import {
  assignGuideBody,
  checkGuideBody,
  type GuideSummaryView,
  guide,
  guideCheck,
  guidePage,
  guideSummary,
  listGuidesQuery,
  saveGuideBody,
  showGuideQuery,
} from '../contract/guides';
import { decodeCursor, encodeCursor } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound, Problem } from '../problems';

/** How a partner wants its documents is between the seller and that partner. */
const whose = "Guides are kept by the seller's own people.";

const summaryView = (row: Omit<GuideRow, 'body'>): GuideSummaryView => ({
  name: row.name,
  version: row.version,
  set: row.set_id,
  release: row.release,
  title: row.title,
  effectiveFrom: row.effective_from,
  effectiveUntil: row.effective_until,
  savedBy: row.saved_by,
  savedAt: row.saved_at,
});

const guideName = { name: z.string().regex(/^[a-z0-9-]{1,60}$/) };

const guidesList = endpoint({
  method: 'get',
  path: '/guides',
  tag: 'Guides',
  summary: 'Partner guides, each with its latest version',
  scopes: ['partners:read'],
  query: listGuidesQuery,
  replies: { 200: { description: 'A page of guides', schema: guidePage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, whose);
    const after = decodeCursor(query.after, 'code') ?? undefined;
    const { rows, more } = await listGuides(db, { limit: query.limit, after });
    const last = rows.at(-1);
    const next = more && last ? encodeCursor(last.name) : null;
    return { status: 200, body: { items: rows.map(summaryView), next } };
  },
});

const showGuide = endpoint({
  method: 'get',
  path: '/guides/{name}',
  tag: 'Guides',
  summary: 'One version of a guide, and which others there are',
  scopes: ['partners:read'],
  params: guideName,
  query: showGuideQuery,
  replies: { 200: { description: 'The guide', schema: guide } },
  handle: async ({ db, params, query, principal }) => {
    requireOwnStaff(principal, whose);
    const row = await findGuide(db, params.name, query.version);
    if (!row) throw notFound('guide');
    const versions = (await guideVersions(db, params.name)).map(summaryView);
    return { status: 200, body: { ...summaryView(row), body: row.body, versions } };
  },
});

const checkGuide = endpoint({
  method: 'post',
  path: '/guides/checks',
  tag: 'Guides',
  summary: 'Hold a guide against the standard without saving it',
  scopes: ['partners:read', 'partners:write'],
  body: checkGuideBody,
  replies: { 200: { description: 'What is wrong with it', schema: guideCheck } },
  handle: async ({ body, principal }) => {
    requireOwnStaff(principal, whose);
    const read = readGuide(body.guide);
    const problems = read.kind === 'refused' ? read.problems : [];
    return { status: 200, body: { valid: problems.length === 0, problems } };
  },
});

function refused(problems: readonly GuideProblem[]): Problem {
  const [first] = problems;
  return new Problem(
    400,
    'invalid-guide',
    'The guide cannot be saved',
    `${problems.length === 1 ? 'One rule' : `${problems.length} rules`} cannot stand, first: ${first?.where ?? ''}: ${first?.text ?? ''}`,
    { errors: problems.map(({ where, text }) => ({ code: 'guide', detail: `${where}: ${text}` })) },
  );
}

const saveNewVersion = endpoint({
  method: 'post',
  path: '/guides',
  tag: 'Guides',
  summary: 'Save the next version of a guide; what is saved never changes',
  scopes: ['partners:write'],
  body: saveGuideBody,
  idempotency: { required: false, transaction: true },
  replies: {
    201: { description: 'The new version', schema: guideSummary },
    200: { description: 'It is the latest version already', schema: guideSummary },
    400: { description: 'Rules that the standard has no room for, or that contradict each other' },
  },
  handle: async ({ db, body, principal, deps }) => {
    requireOwnStaff(principal, whose);
    const person = requirePerson(principal);
    const read = readGuide(body.guide);
    if (read.kind === 'refused') throw refused(read.problems);
    const { name, set, version: release, title } = read.guide;
    const from = body.effectiveFrom ?? deps.now().slice(0, 10);
    const until = body.effectiveUntil ?? null;
    if (until !== null && until < from)
      throw refused([{ where: 'effectiveUntil', text: `${until} is before ${from}` }]);
    const { version, saved } = await db.transaction((tx) =>
      saveGuide(tx, {
        name,
        set_id: set,
        release,
        title,
        effective_from: from,
        effective_until: until,
        body: read.guide,
        saved_by: person,
      }),
    );
    const row = await findGuide(db, name, version);
    if (!row) throw notFound('guide');
    return { status: saved ? 201 : 200, body: summaryView(row) };
  },
});

const assign = endpoint({
  method: 'post',
  path: '/guides/assignments',
  tag: 'Guides',
  summary: 'Let a set of an agreement go by a guide, or by the standard alone',
  scopes: ['partners:write'],
  body: assignGuideBody,
  idempotency: { required: false, transaction: true },
  replies: { 204: { description: 'Documents from now on go by it' } },
  handle: async ({ db, body, principal, deps }) => {
    requireOwnStaff(principal, whose);
    const by = requirePerson(principal);
    if (body.guide !== null) {
      const row = await findGuide(db, body.guide);
      if (!row) throw notFound('guide');
      if (row.set_id !== body.set)
        throw refused([{ where: body.guide, text: `it is for the ${row.set_id}, not for the ${body.set}` }]);
    }
    if (!(await assignGuide(db as Tx, body, { by, at: deps.now() }))) throw notFound('document agreement');
    return { status: 204 };
  },
});

export const guideEndpoints: readonly Endpoint[] = [
  guidesList,
  checkGuide,
  assign,
  saveNewVersion,
  showGuide,
];
