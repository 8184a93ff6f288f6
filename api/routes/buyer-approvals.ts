import { z } from 'zod';
import {
  lockBuyerBudget,
  lockBuyerPerson,
  readBuyerSettings,
  type Saved,
  saveBuyerBudget,
  saveBuyerPerson,
} from '../../application/approval/buyer-settings';
import { BUYER_APPROVAL, judgeBuyer } from '../../application/approval/buyer-spending';
import { removeBuyerBudget, removeBuyerPerson } from '../../application/approval/remove-buyer-setting';
import type { OrderRow } from '../../application/order/order-record';
import type { Db, Tx } from '../../db/connection';
import { findHeldOrder } from '../../db/repositories/hold-views';
import { parseHoldId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, requirePerson, visibilityOf } from '../auth/principal';
import {
  type BuyerApprovalView,
  type BuyerSettingsView,
  buyerApprovalList,
  buyerSettings,
  removeBuyerBudgetBody,
  removeBuyerPersonBody,
  saveBuyerBudgetBody,
  saveBuyerPersonBody,
} from '../contract/buyer-approvals';
import { recordId } from '../contract/common';
import { holdDecisionBody, holdDecisionOutcome } from '../contract/holds';
import { type Endpoint, endpoint, requireVersion } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';
import { moneyOf } from '../views/money';
import { decideAt } from './holds';

/** Whose company: a buyer's own, or the one that the seller's own people name. */
function companyOf(principal: Principal, named: string | undefined): string {
  if (principal.customerId !== null) {
    if (named !== undefined && named !== principal.customerId) throw notFound('customer');
    return principal.customerId;
  }
  if (!isOwnStaff(principal)) throw forbidden('This is between the people of a buyer’s company.');
  if (named === undefined)
    throw new Problem(
      400,
      'invalid-request',
      'The request is not valid',
      'Name the customer whose company it is.',
      {
        errors: [
          { parameter: 'customerId', code: 'missing', detail: 'is required of the seller’s own people' },
        ],
      },
    );
  return named;
}

/** Limits and budgets are edited by the company's own administrator, or set up for it by the seller. */
const mayEdit = (principal: Principal): boolean =>
  principal.customerId !== null
    ? principal.roles.includes('buyer-admin')
    : isOwnStaff(principal) && principal.scopes.has('partners:write');

function requireEditor(principal: Principal): string {
  if (!mayEdit(principal))
    throw forbidden('Limits and budgets are edited by the administrator of the buyer’s company.');
  return principal.person ?? principal.name;
}

async function approvalViews(db: Db, principal: Principal, customerId: string, now: string) {
  const { rows } = await db.raw<{
    rows: (OrderRow & {
      hold_id: string;
      reason: { text: string; details?: { totalMinor?: number } };
      change_id: string | null;
      opened_at: string;
      expires_at: string | null;
    })[];
  }>(
    `select o.*, h.id as hold_id, h.reason, h.change_id, h.opened_at, h.expires_at from hold h join orders o on o.id = h.order_id
     where h.status = 'open' and h.type = ? and o.customer_id = ? order by h.opened_at limit 200`,
    [BUYER_APPROVAL, customerId],
  );
  return Promise.all(
    rows.map(async (row): Promise<BuyerApprovalView> => {
      // Of a change that waits, what the order would come to with it.
      const totalMinor =
        row.change_id === null ? row.total_minor : (row.reason.details?.totalMinor ?? row.total_minor);
      const judged = await judgeBuyer(
        db as Tx,
        row,
        {
          holdId: row.hold_id,
          action: 'release',
          person: principal.person ?? '',
          roles: principal.roles,
          reason: '',
          ...(principal.customerId !== null && { customerId: principal.customerId }),
        },
        { totalMinor, changeId: row.change_id },
        now,
      );
      return {
        holdId: row.hold_id,
        orderId: row.id,
        orderNumber: row.order_number,
        purchaseOrderNumber: row.po_number,
        orderedBy: row.placed_by,
        costCentre: row.cost_centre,
        total: moneyOf(totalMinor, row.currency),
        ofChange: row.change_id !== null,
        reasonText: row.reason.text,
        openedAt: row.opened_at,
        expiresAt: row.expires_at,
        decidable: judged.kind === 'may',
        whyNot: judged.kind === 'may' ? null : judged.text,
      };
    }),
  );
}

const ofCustomer = z.object({ customerId: z.string().max(60).optional() });

const approvalsList = endpoint({
  method: 'get',
  path: '/buyer-approvals',
  tag: 'Buyer approvals',
  summary: 'Orders that wait for somebody of the buyer’s own company',
  scopes: ['orders:read'],
  query: ofCustomer,
  replies: { 200: { description: 'The longest waiting first', schema: buyerApprovalList } },
  handle: async ({ db, query, principal, deps }) => {
    const items = await approvalViews(db, principal, companyOf(principal, query.customerId), deps.now());
    return { status: 200, body: { items } };
  },
});

const decideApproval = endpoint({
  method: 'post',
  path: '/buyer-approvals/{holdId}/decisions',
  tag: 'Buyer approvals',
  summary: 'Approve or reject an order of your company',
  description:
    'By an approver of the company, not by who ordered. What is approved is taken from the budget, which is never overdrawn (409). Quantities are edited by a change of the order first.',
  scopes: ['orders:write'],
  params: { holdId: z.string() },
  body: holdDecisionBody,
  idempotency: { required: true, transaction: false },
  replies: {
    200: { description: 'Decided', schema: holdDecisionOutcome },
    403: { description: 'You are no approver, it is your own order, or above what you may approve' },
    409: { description: 'Decided already, or the budget has not so much left' },
    412: { description: 'It has become more since it was looked at' },
    503: { description: 'The workflow engine is away: nothing was decided, send it again' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    const person = requirePerson(principal);
    const { customerId } = principal;
    if (customerId === null) throw forbidden('Only the buyer’s own company decides this.');
    const row = await findHeldOrder(db, visibilityOf(principal), parseHoldId(params.holdId));
    if (!row || row.type !== BUYER_APPROVAL) throw notFound('hold');
    const decision = {
      holdId: row.id,
      action: body.action,
      person,
      roles: principal.roles,
      reason: body.reason,
      customerId,
      ...(body.seenTotalMinor !== undefined && { seenTotalMinor: body.seenTotalMinor }),
    };
    return decideAt(deps, row, decision, `${principal.keyId}/${header('Idempotency-Key') ?? ''}/${row.id}`);
  },
});

async function settingsView(db: Db, principal: Principal, customerId: string): Promise<BuyerSettingsView> {
  const customer = (await db('customer').where({ id: customerId }).first('currency')) as
    | { currency: string }
    | undefined;
  if (!customer) throw notFound('customer');
  const { people, budgets, withoutLimit, history } = await readBuyerSettings(db, customerId);
  const most = (minor: number | null) => (minor === null ? null : moneyOf(minor, customer.currency));
  return {
    customerId,
    currency: customer.currency,
    mayEdit: mayEdit(principal),
    withoutLimit: [...withoutLimit],
    people: people.map((row) => ({
      person: row.person,
      limit: most(row.limit_minor),
      costCentre: row.cost_centre,
      mayApprove: row.may_approve,
      approvesUpTo: most(row.approves_up_to_minor),
      savedBy: row.saved_by,
      savedAt: row.saved_at,
      version: row.version,
    })),
    budgets: budgets.map((row) => ({
      id: row.id,
      costCentre: row.cost_centre,
      from: row.valid_from,
      to: row.valid_to,
      amount: moneyOf(row.amount_minor, row.currency),
      spent: moneyOf(row.spent_minor, row.currency),
      left: moneyOf(row.amount_minor - row.spent_minor, row.currency),
      savedBy: row.saved_by,
      version: row.version,
    })),
    history: [...history],
  };
}

const settings = endpoint({
  method: 'get',
  path: '/buyer-settings',
  tag: 'Buyer approvals',
  summary: 'Spending limits, approvers and budgets of a buyer’s company, with what is left',
  scopes: ['orders:read'],
  query: ofCustomer,
  replies: { 200: { description: 'The settings', schema: buyerSettings } },
  handle: async ({ db, query, principal }) => ({
    status: 200,
    body: await settingsView(db, principal, companyOf(principal, query.customerId)),
  }),
});

function requireSaved(saved: Saved, title = 'It cannot be saved so'): void {
  if (saved.kind === 'refused') throw new Problem(409, 'not-saved', title, saved.text);
}

const savePerson = endpoint({
  method: 'post',
  path: '/buyer-settings/people',
  tag: 'Buyer approvals',
  summary: 'Set what a person of the company may spend and approve',
  description:
    'From the first one on every order of a person of the company is held against limits. With `If-Match: "<version>"` only if nobody has changed it since.',
  scopes: ['orders:write', 'partners:write'],
  body: saveBuyerPersonBody,
  idempotency: { required: true, transaction: true },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'The settings as they are now', schema: buyerSettings },
    409: { description: 'Nobody of that name has a key of the company' },
    412: { description: 'It was changed meanwhile' },
  },
  handle: async ({ db, body, principal, deps, header }) => {
    const customerId = companyOf(principal, body.customerId);
    const by = requireEditor(principal);
    requireVersion(header('If-Match'), await lockBuyerPerson(db as Tx, customerId, body.person));
    requireSaved(await saveBuyerPerson(db as Tx, customerId, body, by, deps.now()));
    return { status: 200, body: await settingsView(db, principal, customerId) };
  },
});

const saveBudget = endpoint({
  method: 'post',
  path: '/buyer-settings/budgets',
  tag: 'Buyer approvals',
  summary: 'Plan a budget for a cost centre and period, or give one another amount',
  description: 'With `If-Match: "<version>"` only if nobody has changed it since.',
  scopes: ['orders:write', 'partners:write'],
  body: saveBuyerBudgetBody,
  idempotency: { required: true, transaction: true },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'The settings as they are now', schema: buyerSettings },
    409: { description: 'Its period overlaps another, or more of it is spent already' },
    412: { description: 'It was changed meanwhile' },
  },
  handle: async ({ db, body, principal, deps, header }) => {
    const customerId = companyOf(principal, body.customerId);
    const by = requireEditor(principal);
    const { budgetId, ...wanted } = body;
    if (budgetId !== undefined)
      requireVersion(header('If-Match'), await lockBuyerBudget(db as Tx, customerId, budgetId));
    const budget = budgetId === undefined ? wanted : { ...wanted, budgetId };
    requireSaved(await saveBuyerBudget(db as Tx, customerId, budget, by, deps.now()));
    return { status: 200, body: await settingsView(db, principal, customerId) };
  },
});

const removePerson = endpoint({
  method: 'post',
  path: '/buyer-settings/people/removals',
  tag: 'Buyer approvals',
  summary: 'Remove the limit of a person of the company',
  description:
    'What the person orders needs approval from then on; without anybody named, nothing of the company does. The last approver stays while orders wait. With `If-Match: "<version>"` only if nobody has changed it since.',
  scopes: ['orders:write', 'partners:write'],
  body: removeBuyerPersonBody,
  idempotency: { required: true, transaction: true },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'The settings as they are now', schema: buyerSettings },
    409: { description: 'It is not there, or orders wait that nobody else may approve' },
    412: { description: 'It was changed meanwhile' },
  },
  handle: async ({ db, body, principal, deps, header }) => {
    const customerId = companyOf(principal, body.customerId);
    const by = requireEditor(principal);
    const { person, reason } = body;
    requireVersion(header('If-Match'), await lockBuyerPerson(db as Tx, customerId, person));
    const removal = { customerId, person, reason, by };
    requireSaved(await removeBuyerPerson(db as Tx, removal, deps.now()), 'It cannot be removed');
    return { status: 200, body: await settingsView(db, principal, customerId) };
  },
});

const removeBudget = endpoint({
  method: 'post',
  path: '/buyer-settings/budgets/{budgetId}/removals',
  tag: 'Buyer approvals',
  summary: 'Remove a budget',
  description:
    'What approved orders took of it stays approved. An order that waits is measured, when it is approved, by the budget that its cost centre has then, if any. With `If-Match: "<version>"` only if nobody has changed it since.',
  scopes: ['orders:write', 'partners:write'],
  params: { budgetId: recordId },
  body: removeBuyerBudgetBody,
  idempotency: { required: true, transaction: true },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'The settings as they are now', schema: buyerSettings },
    409: { description: 'It is not there' },
    412: { description: 'It was changed meanwhile' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    const customerId = companyOf(principal, body.customerId);
    const by = requireEditor(principal);
    const { budgetId } = params;
    requireVersion(header('If-Match'), await lockBuyerBudget(db as Tx, customerId, budgetId));
    const removal = { customerId, budgetId, reason: body.reason, by };
    requireSaved(await removeBuyerBudget(db as Tx, removal, deps.now()), 'It cannot be removed');
    return { status: 200, body: await settingsView(db, principal, customerId) };
  },
});

export const buyerApprovalEndpoints: readonly Endpoint[] = [
  approvalsList,
  decideApproval,
  settings,
  savePerson,
  saveBudget,
  removePerson,
  removeBudget,
];
