import { z } from 'zod';
import { findDocument, listDocuments, readInterchangeOfDocument } from '../../db/repositories/document-views';
import { parseOrderId } from '../../domain/shared/ids';
import { visibilityOf } from '../auth/principal';
import { recordId } from '../contract/common';
import { document, documentPage, listDocumentsQuery } from '../contract/documents';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound, Problem } from '../problems';
import { documentSummaryView } from '../views/document-view';
import { renderDocument } from '../views/render-document';

/** What a browser or a page of text can take; larger interchanges are fetched where they are archived. */
const LARGEST_SHOWN = 8 * 1024 * 1024;

const documentsList = endpoint({
  method: 'get',
  path: '/documents',
  tag: 'Documents',
  summary: 'Documents in and out, newest first',
  scopes: ['documents:read'],
  query: listDocumentsQuery,
  replies: { 200: { description: 'A page of documents', schema: documentPage } },
  handle: async ({ db, query, principal }) => {
    const { limit, after, set, partner, order, ...same } = query;
    const filter = {
      ...Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined)),
      ...(set !== undefined && { setId: set }),
      ...(partner !== undefined && { partnerId: partner }),
      ...(order !== undefined && { orderId: parseOrderId(order) }),
    };
    const page = await listDocuments(db, visibilityOf(principal), filter, {
      limit,
      after: decodeCursor(after, 'record'),
    });
    return { status: 200, body: pageBody(page, documentSummaryView) };
  },
});

const documentId = { documentId: recordId };

const showDocument = endpoint({
  method: 'get',
  path: '/documents/{documentId}',
  tag: 'Documents',
  summary: 'One document with its findings, rendered for people',
  scopes: ['documents:read'],
  params: documentId,
  replies: { 200: { description: 'The document', schema: document } },
  handle: async ({ db, params, principal }) => {
    const row = await findDocument(db, visibilityOf(principal), params.documentId);
    if (!row) throw notFound('document');
    const raw = await readInterchangeOfDocument(db, row.id, LARGEST_SHOWN);
    return {
      status: 200,
      body: {
        ...documentSummaryView(row),
        findings: row.findings,
        setErrors: row.set_errors,
        acknowledgementFindings: row.acknowledgement_findings,
        answer: row.answer,
        rendered: raw === undefined || raw === 'too-large' ? null : renderDocument(raw, row),
      },
    };
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
    if (raw === undefined) throw notFound('archived interchange');
    if (raw === 'too-large')
      throw new Problem(413, 'too-large', 'Too large', 'The interchange is larger than what is shown here.');
    return {
      status: 200,
      // Text, never something that a browser would run.
      raw: { type: 'text/plain; charset=utf-8', content: raw.bytes },
      headers: {
        'Content-Disposition': `inline; filename="${row.set_id}-${raw.controlNumber.replaceAll(/\W/g, '')}.edi"`,
        'Content-Security-Policy': "default-src 'none'",
      },
    };
  },
});

export const documentEndpoints: readonly Endpoint[] = [documentsList, showDocument, rawDocument];
