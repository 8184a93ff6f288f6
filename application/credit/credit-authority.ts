import type { Db } from '../../db/connection';
import { formatMinor } from '../../domain/shared/money';
import { capacitiesOf, judgeCapacities, mayReject, readAuthorityOver } from '../approval/judge-authority';
import { type CreditWay, readCreditGiven } from './credit-given';
import { readAuthorityMoney } from './read-authority-money';

export interface CreditRefusal {
  readonly kind: 'refused';
  readonly code: 'not-authorised' | 'over-authority' | 'same-person';
  readonly text: string;
}

interface Person {
  readonly person: string;
  readonly roles: readonly string[];
  /** Whose word does not count here, spoken through a substitute neither. */
  readonly notFor?: readonly (string | null)[];
}

/** Whether a person decides on credit at all, of whatever amount: who may say no may also look after cases and disputes. */
export async function judgeCreditWork(db: Db, by: Person, now: string): Promise<CreditRefusal | null> {
  const { authorities } = await readAuthorityOver(db, 'credit');
  if (mayReject(authorities, await capacitiesOf(db, by, 'credit', now), 'credit')) return null;
  return { kind: 'refused', code: 'not-authorised', text: 'None of your roles may decide on credit' };
}

export interface CreditRaise {
  readonly creditAccountId: string;
  readonly way: CreditWay;
  /** With what the person has given in the same way. */
  readonly amountMinor: number;
  readonly currency: string;
  /** The days for which it is given; absent: from today on. */
  readonly days?: { readonly from: string; readonly to: string };
  /** The class that the account gets with it; absent: its own. */
  readonly riskClass?: string | null;
}

/**
 * Whether a person may give an account so much more credit alone, by the same limits as for releasing an order of that
 * amount, and with what the same person has given it in other ways. Nothing more is anybody's who decides on credit at
 * all. The caller holds the account's lock, so that of two ways at once the second sees the first.
 */
export async function judgeCreditRaise(
  db: Db,
  by: Person,
  raise: CreditRaise,
  now: string,
): Promise<CreditRefusal | null> {
  const { creditAccountId, way, amountMinor, currency } = raise;
  if (amountMinor <= 0) return judgeCreditWork(db, by, now);
  const { authorities } = await readAuthorityOver(db, 'credit');
  const { notFor = [] } = by;
  const capacities = (await capacitiesOf(db, by, 'credit', now)).filter(
    ({ inNameOf }) => inNameOf === null || !notFor.includes(inNameOf),
  );
  const account = (await db('credit_account')
    .where({ id: creditAccountId })
    .first('entity_id', 'risk_class')) as {
    entity_id: string;
    risk_class: string | null;
  };
  const money = await readAuthorityMoney(db, account.entity_id, now);
  const days = raise.days ?? { from: money.today, to: null };
  const question = { creditAccountId, person: by.person, way, currency, days };
  const givenMinor = await readCreditGiven(db, question, money.rates, now);
  const judge = (totalMinor: number) =>
    judgeCapacities(authorities, capacities, {
      holdType: 'credit',
      totalMinor,
      currency,
      ...money,
      riskClass: raise.riskClass === undefined ? account.risk_class : raise.riskClass,
      overLimitPercent: null,
      earlierApprovals: [],
      requestedBy: [],
    }).decision;
  const alone = judge(amountMinor);
  if (alone.kind === 'refused' && alone.code === 'not-authorised')
    return { kind: 'refused', code: 'not-authorised', text: alone.text };
  if (alone.kind === 'refused') return tooMuch(alone.text);
  if (alone.kind === 'needs-second-person')
    return tooMuch(
      'That is more credit than one person may give alone: have it set by somebody with a higher limit',
    );
  if (givenMinor === undefined)
    return tooMuch(
      `What you have given this account in another currency has no exchange rate to ${currency}: have it set by somebody else`,
    );
  if (givenMinor === 0 || judge(amountMinor + givenMinor).kind === 'sufficient') return null;
  return tooMuch(
    `With the ${formatMinor(givenMinor, currency)} ${currency} that you have given this account in other ways it is more credit than you may give alone: have it set by somebody else`,
  );
}

const tooMuch = (text: string): CreditRefusal => ({ kind: 'refused', code: 'over-authority', text });
