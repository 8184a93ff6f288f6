import type { Tx } from '../../db/connection';
import type { DisputeReason } from '../../domain/credit/assess-ageing';
import { addDays } from '../../domain/shared/dates';
import { formatMinor, sumMinor } from '../../domain/shared/money';
import { recordEvents } from '../record/keep-history';
import { lockCreditAccount } from './check-credit';
import { type CreditRefusal, judgeCreditRaise } from './credit-authority';
import { wakeCreditQueue } from './credit-queue';
import { readExposure } from './read-exposure';

export interface DisputeWanted {
  readonly creditAccountId: string;
  readonly invoiceNumber: string;
  /** What of it is contested; absent: all that is open. */
  readonly amountMinor?: number | undefined;
  /** The last day on which its age holds no order. */
  readonly until: string;
  readonly reasonCode: DisputeReason;
  readonly reason: string;
  readonly person: string;
  readonly roles: readonly string[];
}

type Refused =
  | CreditRefusal
  | {
      readonly kind: 'refused';
      readonly code:
        | 'unknown-account'
        | 'unknown-invoice'
        | 'disputed-already'
        | 'unknown-dispute'
        | 'more-than-open'
        | 'ends-too-soon-or-late';
      readonly text: string;
    };

const LONGEST_DAYS = 90;

/**
 * The customer contests an invoice: it stays owed, but its age holds no order until the dispute is closed or its last day
 * has passed. That lets orders go on, so it is within the person's authority for the amount, as more credit is, and not by
 * who ordered what the invoice is for.
 */
export async function openDispute(
  tx: Tx,
  wanted: DisputeWanted,
  now: string,
): Promise<{ readonly kind: 'opened'; readonly id: string } | Refused> {
  const { creditAccountId, invoiceNumber, person, until } = wanted;
  const account = (await tx('credit_account').where({ id: creditAccountId }).first('id', 'currency')) as
    | { currency: string }
    | undefined;
  if (!account)
    return {
      kind: 'refused',
      code: 'unknown-account',
      text: `There is no credit account ${creditAccountId}`,
    };
  await lockCreditAccount(tx, creditAccountId);
  const { chain, today } = await readExposure(tx, creditAccountId, 'P', null, now);
  if (until < today || until > addDays(today, LONGEST_DAYS)) {
    const text = `A dispute ends on a day from ${today} to ${addDays(today, LONGEST_DAYS)}, not on ${until}; where it lasts longer it is opened again`;
    return { kind: 'refused', code: 'ends-too-soon-or-late', text };
  }
  await endLapsed(tx, wanted, today, now);
  const parts = chain[0].openItems.filter(
    ({ number, openMinor }) => number === invoiceNumber && openMinor > 0,
  );
  if (parts.some(({ disputed }) => disputed))
    return { kind: 'refused', code: 'disputed-already', text: `${invoiceNumber} is disputed already` };
  const openMinor = sumMinor(parts.map((one) => one.openMinor));
  if (openMinor === 0)
    return {
      kind: 'refused',
      code: 'unknown-invoice',
      text: `${invoiceNumber} is no open invoice of this account`,
    };
  const amountMinor = wanted.amountMinor ?? openMinor;
  const amount = `${formatMinor(amountMinor, account.currency)} ${account.currency}`;
  if (amountMinor > openMinor) {
    const text = `Of ${invoiceNumber} ${formatMinor(openMinor, account.currency)} ${account.currency} are open, ${amount} cannot be contested`;
    return { kind: 'refused', code: 'more-than-open', text };
  }
  const refusal = await judgeDispute(tx, wanted, { amountMinor, currency: account.currency, today }, now);
  if (refusal) return refusal;
  const [row] = (await tx('invoice_dispute')
    .insert({
      credit_account_id: creditAccountId,
      invoice_number: invoiceNumber,
      amount_minor: amountMinor,
      until,
      reason_code: wanted.reasonCode,
      reason: wanted.reason,
      opened_by: person,
      opened_at: now,
    })
    .returning('id')) as [{ id: string }];
  await tellHeldOrders(
    tx,
    wanted,
    `${person} disputes ${amount} of invoice ${invoiceNumber} until ${until}, so that its age holds no order: ${wanted.reason}`,
    now,
  );
  await wakeCreditQueue(tx, creditAccountId);
  return { kind: 'opened', id: row.id };
}

/** A dispute whose last day has passed makes room for another about the same invoice. */
const endLapsed = (
  tx: Tx,
  { creditAccountId, invoiceNumber }: DisputeWanted,
  today: string,
  now: string,
): Promise<unknown> =>
  tx('invoice_dispute')
    .where({ credit_account_id: creditAccountId, invoice_number: invoiceNumber, closed_at: null })
    .andWhere('until', '<', today)
    .update({ closed_at: now, closed_by: 'hub', closing_reason: 'Its last day has passed' });

async function judgeDispute(
  tx: Tx,
  { creditAccountId, invoiceNumber, person, roles }: DisputeWanted,
  { today, ...amount }: { readonly amountMinor: number; readonly currency: string; readonly today: string },
  now: string,
): Promise<CreditRefusal | null> {
  const order = (await tx('invoice as i')
    .join('orders as o', 'o.id', 'i.order_id')
    .where({ 'i.credit_account_id': creditAccountId, 'i.invoice_number': invoiceNumber })
    .first('o.placed_by')) as { placed_by: string | null } | undefined;
  const placedBy = order?.placed_by ?? null;
  if (placedBy === person) {
    const text = 'You placed the order of this invoice yourself: somebody else has to dispute it';
    return { kind: 'refused', code: 'same-person', text };
  }
  const [{ disputed }] = (await tx('invoice_dispute')
    .where({ credit_account_id: creditAccountId, opened_by: person, closed_at: null })
    .andWhere('until', '>=', today)
    .select(tx.raw('coalesce(sum(amount_minor), 0)::bigint as disputed'))) as [{ disputed: number }];
  return judgeCreditRaise(
    tx,
    { person, roles, notFor: [placedBy] },
    { creditAccountId, way: 'dispute', ...amount, amountMinor: amount.amountMinor + Number(disputed) },
    now,
  );
}

/** Whoever decides one of the account's orders just now reads of it in the order's timeline. */
async function tellHeldOrders(
  tx: Tx,
  { creditAccountId, invoiceNumber, person }: DisputeWanted,
  text: string,
  now: string,
): Promise<void> {
  const held = (await tx('hold as h')
    .join('orders as o', 'o.id', 'h.order_id')
    .where({ 'o.credit_account_id': creditAccountId, 'h.type': 'credit', 'h.status': 'open' })
    .distinct('h.order_id')) as { order_id: string }[];
  await recordEvents(
    tx,
    held.map((one) => ({
      orderId: one.order_id,
      at: now,
      kind: 'invoice-disputed',
      actor: person,
      text,
      data: { creditAccountId, invoiceNumber },
    })),
  );
}

export async function closeDispute(
  tx: Tx,
  wanted: { readonly id: string; readonly reason: string; readonly person: string },
  now: string,
): Promise<{ readonly kind: 'closed' } | Refused> {
  const changed = await tx('invoice_dispute')
    .where({ id: wanted.id, closed_at: null })
    .update({ closed_at: now, closed_by: wanted.person, closing_reason: wanted.reason });
  return changed > 0
    ? { kind: 'closed' }
    : { kind: 'refused', code: 'unknown-dispute', text: 'There is no such open dispute' };
}
