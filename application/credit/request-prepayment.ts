import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';
import { localDateIn } from '../../domain/shared/dates';
import { formatMinor } from '../../domain/shared/money';
import { findCounted } from '../invoicing/link-payments';
import { proposeLinks } from '../invoicing/propose-links';
import { lockOrder, type OrderRow } from '../order/order-record';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { lockCreditAccount } from './check-credit';
import { type CreditRefusal, judgeCreditRaise } from './credit-authority';

type Terms = Extract<NonNullable<HoldDecision['terms']>, { kind: 'prepayment' }>;
type Refusal = Extract<HoldDecisionOutcome, { kind: 'refused' }>;
const refuse = (text: string): Refusal => ({ kind: 'refused', code: 'not-releasable', text });

/**
 * The order waits for a payment of its own instead of for credit, until a day; its hold expires then, and the order
 * with it. The payment that covers it releases it.
 */
export async function requestPrepayment(
  tx: Tx,
  order: OrderRow,
  hold: { readonly id: string; readonly line_number: number | null },
  decision: HoldDecision & { readonly terms: Terms },
  judged: { readonly ruleVersion: string; readonly by: { readonly inNameOf: string | null } },
  now: string,
): Promise<HoldDecisionOutcome> {
  const { expiresAt } = decision.terms;
  if (hold.line_number !== null)
    return refuse('A prepayment is asked for the whole order: this hold is about one line of it');
  if (expiresAt <= now) return refuse('The prepayment would be due before it is asked for');
  const open = await tx('prepayment_request').where({ order_id: order.id, status: 'open' }).first('id');
  if (open) return refuse('A prepayment is asked for already');
  const amountMinor = order.total_minor;
  await tx('prepayment_request').insert({
    hold_id: hold.id,
    order_id: order.id,
    amount_minor: amountMinor,
    currency: order.currency,
    requested_by: decision.person,
    in_name_of: judged.by.inNameOf,
    requested_at: now,
    expires_at: expiresAt,
    reason: decision.reason,
  });
  await tx('hold')
    .where({ id: hold.id })
    .update({ due_at: expiresAt, escalate_at: expiresAt, expires_at: expiresAt, on_expiry: 'reject' });
  const amount = `${formatMinor(amountMinor, order.currency)} ${order.currency}`;
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'approval',
      rule: 'authority:credit',
      ruleVersion: judged.ruleVersion,
      inputs: { holdId: hold.id, totalMinor: amountMinor, inNameOf: judged.by.inNameOf },
      outcome: { action: 'request-prepayment', reason: decision.reason, amountMinor, expiresAt },
      decidedAt: now,
      decidedBy: decision.person,
    },
  ]);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'prepayment-requested',
      actor: decision.person,
      text: `${decision.person} asks for ${amount} in advance, until ${expiresAt.slice(0, 10)}: ${decision.reason}`,
      data: { holdId: hold.id, amountMinor, expiresAt },
    },
  ]);
  return { kind: 'prepayment-requested', holdId: hold.id };
}

/** Where a day begins first: a payer's bank may be there. */
const FIRST_ZONE = 'Pacific/Kiritimati';

export interface Prepayment {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The payer's or the bank's number: the same again for one order is the same money. */
  readonly reference: string;
  readonly paidOn: string;
  readonly by: string;
  /** The person says that it is other money than a remittance's that counts for the order already. */
  readonly another?: boolean | undefined;
  /** What the person is judged by who books it by hand. */
  readonly roles?: readonly string[];
}

export type BookedPrepayment =
  | {
      readonly kind: 'booked';
      /** Money of remittances (820) that nothing takes and that may be the same: a person of finance says so. */
      readonly mayBe?: readonly {
        readonly entryId: string;
        readonly trace: string;
        readonly paidOn: string;
      }[];
    }
  | { readonly kind: 'known' }
  | CreditRefusal
  | {
      readonly kind: 'refused';
      readonly code: 'other-currency' | 'other-content' | 'counts-already' | 'not-paid-yet';
      readonly text: string;
    };

/**
 * Money for one order, before its invoice. Kept once; the order is looked at again and goes on when it is covered. What a
 * remittance may have brought before is booked beside it only where it does not count for the order, and proposed as one.
 */
export async function bookPrepayment(tx: Tx, payment: Prepayment, now: string): Promise<BookedPrepayment> {
  const order = await lockOrder(tx, payment.orderId);
  const account = (await tx('credit_account').where({ id: order.credit_account_id }).first('currency')) as {
    currency: string;
  };
  if (payment.currency !== order.currency || payment.currency !== account.currency) {
    const text = `The order is in ${order.currency}, its account in ${account.currency}: a payment in ${payment.currency} is booked by hand`;
    return { kind: 'refused', code: 'other-currency', text };
  }
  const before = (await tx('cash_entry')
    .where({ order_id: order.id, kind: 'prepayment', reference: payment.reference })
    .first('amount_minor')) as { amount_minor: number } | undefined;
  if (before) {
    return before.amount_minor === payment.amountMinor
      ? { kind: 'known' }
      : {
          kind: 'refused',
          code: 'other-content',
          text: `Payment ${payment.reference} came before over ${formatMinor(before.amount_minor, order.currency)}`,
        };
  }
  // With the remittances of the account one after the other: whichever comes second finds the first.
  await lockCreditAccount(tx, order.credit_account_id);
  const byHand = {
    orderId: order.id,
    creditAccountId: order.credit_account_id,
    usage: order.usage,
    amountMinor: payment.amountMinor,
    paidOn: payment.paidOn,
  };
  const counted = payment.another === true ? undefined : await findCounted(tx, byHand);
  if (counted) {
    const amount = `${formatMinor(payment.amountMinor, order.currency)} ${order.currency}`;
    const text = `Payment ${counted.trace} (820) of ${amount} on ${counted.paidOn} counts for this order already. If it is that money, there is nothing to book; if it is another payment, say so`;
    return { kind: 'refused', code: 'counts-already', text };
  }
  if (payment.roles !== undefined) {
    if (payment.paidOn > localDateIn(now, FIRST_ZONE)) {
      const text = `${payment.paidOn} is still to come: book the payment once it is there`;
      return { kind: 'refused', code: 'not-paid-yet', text };
    }
    const by = { person: payment.by, roles: payment.roles };
    const refusal = await judgeBooking(tx, order, { ...by, amountMinor: payment.amountMinor }, now);
    if (refusal) return refusal;
  }
  await tx('cash_entry').insert({
    credit_account_id: order.credit_account_id,
    usage: order.usage,
    kind: 'prepayment',
    order_id: order.id,
    amount_minor: payment.amountMinor,
    reference: payment.reference,
    effective_on: payment.paidOn,
    created_at: now,
    recorded_by: payment.by,
  });
  await tellOfPrepayment(tx, order, payment, now);
  const mayBe = await proposeLinks(tx, byHand, now);
  return {
    kind: 'booked',
    ...(mayBe.length > 0 && {
      mayBe: mayBe.map(({ id, trace, paidOn }) => ({ entryId: id, trace, paidOn })),
    }),
  };
}

interface Booking {
  readonly person: string;
  readonly roles: readonly string[];
  readonly amountMinor: number;
}

/**
 * Money that somebody says has come lets the order go, as a release of it would: within the person's authority, and by
 * four eyes. Whoever asked for the money or ordered does not say that it has come, neither through a substitute.
 */
async function judgeBooking(
  tx: Tx,
  order: OrderRow,
  { amountMinor, ...by }: Booking,
  now: string,
): Promise<CreditRefusal | null> {
  const asked = (await tx('prepayment_request')
    .where({ order_id: order.id })
    .select('requested_by', 'in_name_of')) as { requested_by: string; in_name_of: string | null }[];
  const askers = asked.flatMap((one) => [one.requested_by, one.in_name_of]);
  const why = askers.includes(by.person)
    ? 'You asked for this prepayment'
    : order.placed_by === by.person
      ? 'You placed this order yourself'
      : null;
  if (why !== null) {
    const text = `${why}: somebody else has to say that its money has come`;
    return { kind: 'refused', code: 'same-person', text };
  }
  const [{ booked }] = (await tx('cash_entry')
    .where({ order_id: order.id, kind: 'prepayment', remittance_id: null })
    .select(tx.raw('coalesce(sum(amount_minor), 0)::bigint as booked'))) as [{ booked: number }];
  const others = { notFor: [...askers, order.placed_by] };
  return judgeCreditRaise(
    tx,
    { ...by, ...others },
    {
      creditAccountId: order.credit_account_id,
      way: 'prepayment',
      amountMinor: booked + amountMinor,
      currency: order.currency,
    },
    now,
  );
}

/** In the timeline, and to whoever waits for it. */
export async function tellOfPrepayment(
  tx: Tx,
  order: { readonly id: string; readonly currency: string; readonly credit_account_id: string },
  { amountMinor, reference, by }: Pick<Prepayment, 'amountMinor' | 'reference' | 'by'>,
  now: string,
): Promise<void> {
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'prepaid',
      actor: by,
      text: `${formatMinor(amountMinor, order.currency)} ${order.currency} came in for this order in advance (${reference})`,
      data: { amountMinor, reference },
      once: `prepaid/${reference}`,
    },
  ]);
  const creditAccountId = order.credit_account_id;
  await addJob(tx, 'recheck-credit', { creditAccountId }, { key: creditAccountId });
}
