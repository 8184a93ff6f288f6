import { z } from 'zod';
import { listCreditAccountIds } from '../../db/repositories/credit-views';
import { parseCreditAccountId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal } from '../auth/principal';
import { pageQuery } from '../contract/common';
import { creditAccount, creditAccountPage } from '../contract/holds';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound } from '../problems';
import { creditAccountView, exposuresOf } from '../views/exposure-view';

function requireOwnStaff(principal: Principal): void {
  if (!isOwnStaff(principal)) throw forbidden("Credit accounts are shown to the seller's own people only.");
}

const accountsList = endpoint({
  method: 'get',
  path: '/credit-accounts',
  tag: 'Credit',
  summary: 'Credit accounts with limit and exposure',
  scopes: ['credit:read', 'holds:decide'],
  query: z.object({ ...pageQuery }),
  replies: { 200: { description: 'A page of accounts', schema: creditAccountPage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal);
    const page = await listCreditAccountIds(db, {
      limit: query.limit,
      after: decodeCursor(query.after, 'code'),
    });
    const exposures = await exposuresOf(
      db,
      page.rows.map((row) => row.id),
    );
    const body = pageBody(page, (row) => exposures.get(row.id));
    return { status: 200, body: { ...body, items: body.items.filter((item) => item !== undefined) } };
  },
});

const showAccount = endpoint({
  method: 'get',
  path: '/credit-accounts/{creditAccountId}',
  tag: 'Credit',
  summary: 'One credit account: its exposure with every document behind it',
  scopes: ['credit:read', 'holds:decide'],
  params: { creditAccountId: z.string() },
  replies: { 200: { description: 'The account', schema: creditAccount } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal);
    const view = await creditAccountView(
      db,
      parseCreditAccountId(params.creditAccountId),
      new Date().toISOString(),
    );
    if (!view) throw notFound('credit account');
    return { status: 200, body: view };
  },
});

export const creditEndpoints: readonly Endpoint[] = [accountsList, showAccount];
