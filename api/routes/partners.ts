import { z } from 'zod';
import { findPartner, listPartners, type PartnerRow } from '../../db/repositories/partner-views';
import { parsePartnerId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal } from '../auth/principal';
import { listPartnersQuery, type PartnerView, partner, partnerPage } from '../contract/partners';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound } from '../problems';

/** Who of ours decided what about a partner is not shown to it. */
const partnerView = (row: PartnerRow, principal: Principal): PartnerView => ({
  id: row.id,
  name: row.name,
  status: row.status,
  customerId: row.customer_id,
  interchangeAgreements: row.agreements.map((agreement) => ({
    ...agreement,
    documents: [...agreement.documents],
  })),
  history: isOwnStaff(principal)
    ? row.history.map((one) => ({ ...one, at: new Date(one.at).toISOString() }))
    : [],
});

/** A partner's key sees its own row; a buyer's key none. */
function visiblePartner(principal: Principal): string | undefined {
  if (principal.partnerId !== null) return principal.partnerId;
  if (principal.customerId !== null) throw forbidden('Partners are not shown to buyers.');
  return undefined;
}

const partnersList = endpoint({
  method: 'get',
  path: '/partners',
  tag: 'Partners',
  summary: 'Trading partners with their agreements',
  scopes: ['partners:read'],
  query: listPartnersQuery,
  replies: { 200: { description: 'A page of partners', schema: partnerPage } },
  handle: async ({ db, query, principal }) => {
    const page = await listPartners(db, visiblePartner(principal), {
      limit: query.limit,
      after: decodeCursor(query.after, 'code'),
    });
    return { status: 200, body: pageBody(page, (row) => partnerView(row, principal)) };
  },
});

const showPartner = endpoint({
  method: 'get',
  path: '/partners/{partnerId}',
  tag: 'Partners',
  summary: 'One trading partner',
  scopes: ['partners:read'],
  params: { partnerId: z.string() },
  replies: { 200: { description: 'The partner', schema: partner } },
  handle: async ({ db, params, principal }) => {
    const id = parsePartnerId(params.partnerId);
    const own = visiblePartner(principal);
    const row = own !== undefined && own !== id ? undefined : await findPartner(db, id);
    if (!row) throw notFound('partner');
    return { status: 200, body: partnerView(row, principal) };
  },
});

export const partnerEndpoints: readonly Endpoint[] = [partnersList, showPartner];
