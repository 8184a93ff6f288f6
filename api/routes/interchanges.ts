import { z } from 'zod';
import { readInterchange } from '../../db/repositories/document-views';
import { findInterchange, listInterchanges } from '../../db/repositories/interchange-views';
import { isOwnStaff, visibilityOf } from '../auth/principal';
import { recordId } from '../contract/common';
import { interchange, interchangePage, listInterchangesQuery } from '../contract/interchanges';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound } from '../problems';
import { interchangeSummaryView, interchangeView } from '../views/interchange-view';
import { LARGEST_SHOWN, rawX12 } from '../views/raw-x12';

const interchangesList = endpoint({
  method: 'get',
  path: '/interchanges',
  tag: 'Documents',
  summary:
    'Interchanges in and out, newest first; with status=quarantined what waits for its sender to be set up',
  scopes: ['documents:read'],
  query: listInterchangesQuery,
  replies: { 200: { description: 'A page of interchanges', schema: interchangePage } },
  handle: async ({ db, query, principal }) => {
    const { limit, after, partner, sender, controlNumber, direction, status } = query;
    const filter = Object.fromEntries(
      Object.entries({
        direction,
        status,
        partnerId: partner,
        senderId: sender,
        controlNumber: controlNumber?.padStart(9, '0'),
      }).filter(([, value]) => value !== undefined),
    );
    const page = await listInterchanges(db, visibilityOf(principal), filter, {
      limit,
      after: decodeCursor(after, 'sequence'),
    });
    return { status: 200, body: pageBody(page, interchangeSummaryView) };
  },
});

const interchangeId = { interchangeId: recordId };

const showInterchange = endpoint({
  method: 'get',
  path: '/interchanges/{interchangeId}',
  tag: 'Documents',
  summary: 'One interchange with its groups and their answers',
  scopes: ['documents:read'],
  params: interchangeId,
  replies: { 200: { description: 'The interchange', schema: interchange } },
  handle: async ({ db, params, principal }) => {
    const row = await findInterchange(db, visibilityOf(principal), params.interchangeId);
    if (!row) throw notFound('interchange');
    const mayReplay =
      isOwnStaff(principal) && principal.person !== null && principal.scopes.has('exceptions:write');
    return { status: 200, body: interchangeView(row, mayReplay) };
  },
});

const rawInterchange = endpoint({
  method: 'get',
  path: '/interchanges/{interchangeId}/raw',
  tag: 'Documents',
  summary: 'An interchange as it arrived or left, byte for byte',
  scopes: ['documents:read'],
  params: interchangeId,
  replies: {
    200: { description: 'X12', mediaType: 'application/edi-x12', schema: z.string() },
    413: { description: 'Larger than what is shown here' },
  },
  handle: async ({ db, params, principal }) => {
    const row = await findInterchange(db, visibilityOf(principal), params.interchangeId);
    if (!row) throw notFound('interchange');
    return rawX12(await readInterchange(db, row.id, LARGEST_SHOWN), row.control_number);
  },
});

export const interchangeEndpoints: readonly Endpoint[] = [interchangesList, showInterchange, rawInterchange];
