import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import { localDateIn } from '../../domain/shared/dates';
import { formatMinor } from '../../domain/shared/money';
import { lockCreditAccount } from './check-credit';
import { type CreditRefusal, judgeCreditRaise, judgeCreditWork } from './credit-authority';
import { wakeCreditQueue } from './credit-queue';

export interface TemporaryLimitWanted {
  readonly creditAccountId: string;
  readonly amountMinor: number;
  /** Days of the selling entity; the last one still counts. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly reason: string;
  readonly person: string;
  readonly roles: readonly string[];
  /** The order that it was set for, where there is one. */
  readonly orderId: string | null;
}

type Refused =
  | CreditRefusal
  | {
      readonly kind: 'refused';
      readonly code: 'unknown' | 'ends-before-it-begins' | 'over-already';
      readonly text: string;
    };

interface Account {
  readonly id: string;
  readonly entity_id: string;
  readonly currency: string;
}

/** More credit for a time, on top of the limit, within the person's authority. Held orders are looked at again. */
export async function setTemporaryLimit(
  tx: Tx,
  wanted: TemporaryLimitWanted,
  now: string,
): Promise<{ readonly kind: 'set'; readonly id: string } | Refused> {
  const account = (await tx('credit_account').where({ id: wanted.creditAccountId }).first()) as
    | Account
    | undefined;
  if (!account)
    return { kind: 'refused', code: 'unknown', text: `There is no credit account ${wanted.creditAccountId}` };
  if (wanted.validTo < wanted.validFrom) {
    const text = `It would be valid from ${wanted.validFrom} to ${wanted.validTo}`;
    return { kind: 'refused', code: 'ends-before-it-begins', text };
  }
  const { time_zone: zone } = (await tx('selling_entity')
    .where({ id: account.entity_id })
    .first('time_zone')) as {
    time_zone: string;
  };
  if (wanted.validTo < localDateIn(now, zone)) {
    const text = `${wanted.validTo} is over: a temporary limit lasts until today at least`;
    return { kind: 'refused', code: 'over-already', text };
  }
  await lockCreditAccount(tx, account.id);
  // What one person gives in small pieces for the same days is judged as what it comes to.
  const given = (await tx('temporary_credit_limit')
    .where({ credit_account_id: account.id, set_by: wanted.person, withdrawn_at: null })
    .andWhere('valid_from', '<=', wanted.validTo)
    .andWhere('valid_to', '>=', wanted.validFrom)
    .sum('amount_minor as minor')
    .first()) as { minor: string | number | null };
  const refusal = await judgeCreditRaise(
    tx,
    wanted,
    {
      creditAccountId: account.id,
      way: 'temporary-limit',
      amountMinor: wanted.amountMinor + Number(given.minor ?? 0),
      currency: account.currency,
      days: { from: wanted.validFrom, to: wanted.validTo },
    },
    now,
  );
  if (refusal) return refusal;
  const [row] = (await tx('temporary_credit_limit')
    .insert({
      credit_account_id: account.id,
      amount_minor: wanted.amountMinor,
      valid_from: wanted.validFrom,
      valid_to: wanted.validTo,
      reason: wanted.reason,
      order_id: wanted.orderId,
      set_by: wanted.person,
      set_at: now,
    })
    .returning('id')) as [{ id: string }];
  const amount = `${formatMinor(wanted.amountMinor, account.currency)} ${account.currency}`;
  await keepChange(
    tx,
    account.id,
    wanted,
    {},
    { temporaryLimit: amount, validFrom: wanted.validFrom, validTo: wanted.validTo },
    now,
  );
  await wakeCreditQueue(tx, account.id);
  return { kind: 'set', id: row.id };
}

/** Takes a temporary limit back before its last day; what it let through stays through. */
export async function withdrawTemporaryLimit(
  tx: Tx,
  wanted: {
    readonly id: string;
    readonly person: string;
    readonly roles: readonly string[];
    readonly reason: string;
  },
  now: string,
): Promise<{ readonly kind: 'withdrawn' } | Refused> {
  const row = (await tx('temporary_credit_limit as t')
    .join('credit_account as a', 'a.id', 't.credit_account_id')
    .where({ 't.id': wanted.id })
    .first('t.credit_account_id', 't.amount_minor', 'a.currency')) as
    | { credit_account_id: string; amount_minor: number; currency: string }
    | undefined;
  if (!row) return { kind: 'refused', code: 'unknown', text: 'There is no such temporary limit' };
  const refusal = await judgeCreditWork(tx, wanted, now);
  if (refusal) return refusal;
  await lockCreditAccount(tx, row.credit_account_id);
  const changed = await tx('temporary_credit_limit')
    .where({ id: wanted.id, withdrawn_at: null })
    .update({ withdrawn_at: now, withdrawn_by: wanted.person });
  if (changed > 0) {
    const amount = `${formatMinor(row.amount_minor, row.currency)} ${row.currency}`;
    await keepChange(
      tx,
      row.credit_account_id,
      wanted,
      { temporaryLimit: amount },
      { temporaryLimit: null },
      now,
    );
  }
  return { kind: 'withdrawn' };
}

async function keepChange(
  tx: Tx,
  accountId: string,
  { person, reason }: { readonly person: string; readonly reason: string },
  before: object,
  after: object,
  now: string,
): Promise<void> {
  await tx('credit_account_change').insert({
    credit_account_id: accountId,
    at: now,
    person,
    reason,
    before: toJson(before),
    after: toJson(after),
  });
}
