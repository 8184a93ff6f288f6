import {
  findLikelyPayments,
  findUnappliedPayment,
  linkPayments,
} from '../../application/invoicing/link-payments';
import type { Tx } from '../../db/connection';
import { requireOwnStaff } from '../auth/principal';
import {
  entryPath,
  linkPaymentsBody,
  paymentsLinked,
  unappliedPayment,
} from '../contract/unapplied-payments';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound } from '../problems';
import { moneyOf } from '../views/money';
import { requireFinance, throwRefused } from './credit';

const show = endpoint({
  method: 'get',
  path: '/unapplied-payments/{entryId}',
  tag: 'Credit',
  summary: 'Money of a remittance (820) that nothing takes, and the prepayments by hand that it may be',
  description:
    'Likely are those of the same account and amount within ten days. An exception about unapplied money names it as `cashEntryId` in its data.',
  scopes: ['credit:read'],
  params: entryPath,
  replies: { 200: { description: 'The payment', schema: unappliedPayment } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal, "What customers have paid is the seller's own.");
    const payment = await findUnappliedPayment(db, params.entryId);
    if (!payment) throw notFound('unapplied payment');
    const { id, creditAccountId, trace, reference, paidOn } = payment;
    const amount = moneyOf(payment.amountMinor, payment.currency);
    const likely = [...(await findLikelyPayments(db, payment))];
    return { status: 200, body: { id, creditAccountId, amount, trace, reference, paidOn, likely } };
  },
});

const link = endpoint({
  method: 'post',
  path: '/unapplied-payments/{entryId}/links',
  tag: 'Credit',
  summary: 'Say that it is a prepayment which was booked by hand: the money counts once',
  description: 'Exactly once, whoever asks at the same time. The exceptions about it are resolved.',
  scopes: ['holds:decide'],
  params: entryPath,
  body: linkPaymentsBody,
  idempotency: { required: true, transaction: true },
  replies: {
    200: { description: 'They are one payment', schema: paymentsLinked },
    409: { description: 'One of the two was linked already' },
    422: { description: 'They are not of the same account and amount within ten days' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const by = await requireFinance(db, principal, deps.now());
    const outcome = await linkPayments(
      db as Tx,
      { unappliedId: params.entryId, prepaymentId: body.prepayment, reason: body.reason, by },
      deps.now(),
    );
    throwRefused(outcome);
    return { status: 200, body: outcome };
  },
});

export const unappliedPaymentEndpoints: readonly Endpoint[] = [show, link];
