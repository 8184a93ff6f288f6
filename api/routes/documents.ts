import { z } from 'zod';
import {
  documentHistory,
  linkedDocuments,
  possibleActions,
} from '../../db/repositories/document-surroundings';
import { findDocument, listDocuments, readInterchangeOfDocument } from '../../db/repositories/document-views';
import { isOwnStaff, visibilityOf } from '../auth/principal';
import { recordId } from '../contract/common';
import {
  type DocumentView,
  document,
  documentActions,
  documentPage,
  listDocumentsQuery,
} from '../contract/documents';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound } from '../problems';
import { documentFilter } from '../views/document-filter';
import { documentHistoryView, documentLinksView, documentSummaryView } from '../views/document-view';
import { LARGEST_SHOWN, rawX12 } from '../views/raw-x12';
import { renderDocument } from '../views/render-document';

const documentsList = endpoint({
  method: 'get',
  path: '/documents',
  tag: 'Documents',
  summary: 'Documents in and out, newest first, found by any number they carry',
  scopes: ['documents:read'],
  query: listDocumentsQuery,
  replies: { 200: { description: 'A page of documents', schema: documentPage } },
  handle: async ({ db, query, principal }) => {
    const page = await listDocuments(db, visibilityOf(principal), documentFilter(query), {
      limit: query.limit,
      after: decodeCursor(query.after, 'record'),
    });
    return { status: 200, body: pageBody(page, documentSummaryView) };
  },
});

const documentId = { documentId: recordId };

const showDocument = endpoint({
  method: 'get',
  path: '/documents/{documentId}',
  tag: 'Documents',
  summary: 'One document for people, with its findings at their place and what became of it',
  scopes: ['documents:read'],
  params: documentId,
  replies: { 200: { description: 'The document', schema: document } },
  handle: async ({ db, params, principal }) => {
    const row = await findDocument(db, visibilityOf(principal), params.documentId);
    if (!row) throw notFound('document');
    const [raw, links, history, possible] = await Promise.all([
      readInterchangeOfDocument(db, row.id, LARGEST_SHOWN),
      linkedDocuments(db, row.id),
      documentHistory(db, row.id),
      possibleActions(db, row.id),
    ]);
    const own = isOwnStaff(principal);
    const rendered = raw === undefined || raw === 'too-large' ? null : renderDocument(raw, row);
    const body: DocumentView = {
      ...documentSummaryView(row),
      findings: row.findings,
      setErrors: row.set_errors,
      note: row.note,
      guide: row.guide,
      guideVersion: row.guide_version,
      acknowledgementFindings: row.acknowledgement_findings,
      answer: row.answer,
      segments: rendered?.segments ?? null,
      moreSegments: rendered?.more ?? false,
      ...documentLinksView(links),
      history: documentHistoryView(history, own),
      actions:
        own && principal.person !== null && principal.scopes.has('exceptions:write')
          ? documentActions.filter((action) => possible[action])
          : [],
    };
    return { status: 200, body };
  },
});

const rawDocument = endpoint({
  method: 'get',
  path: '/documents/{documentId}/raw',
  tag: 'Documents',
  summary: 'The interchange as it arrived or left, byte for byte',
  scopes: ['documents:read'],
  params: documentId,
  replies: {
    200: { description: 'X12', mediaType: 'application/edi-x12', schema: z.string() },
    413: { description: 'Larger than what is shown here' },
  },
  handle: async ({ db, params, principal }) => {
    const row = await findDocument(db, visibilityOf(principal), params.documentId);
    if (!row) throw notFound('document');
    const raw = await readInterchangeOfDocument(db, row.id, LARGEST_SHOWN);
    const bytes = typeof raw === 'object' ? raw.bytes : raw;
    return rawX12(bytes, `${row.set_id}-${row.interchange_control_number}`);
  },
});

export const documentEndpoints: readonly Endpoint[] = [documentsList, showDocument, rawDocument];
