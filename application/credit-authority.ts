import type { Db } from '../db/connection';
import { capacitiesOf, judgeCapacities, mayReject, readAuthorityOver } from './judge-authority';

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

/**
 * Whether a person may give an account so much more credit alone, by the same limits as for releasing an order of that
 * amount. Nothing more is anybody's who decides on credit at all.
 */
export async function judgeCreditRaise(
  db: Db,
  by: Person,
  account: { readonly currency: string; readonly risk_class: string | null },
  amountMinor: number,
  now: string,
): Promise<CreditRefusal | null> {
  if (amountMinor <= 0) return judgeCreditWork(db, by, now);
  const { authorities } = await readAuthorityOver(db, 'credit');
  const { notFor = [] } = by;
  const capacities = (await capacitiesOf(db, by, 'credit', now)).filter(
    ({ inNameOf }) => inNameOf === null || !notFor.includes(inNameOf),
  );
  const { decision } = judgeCapacities(authorities, capacities, {
    holdType: 'credit',
    totalMinor: amountMinor,
    currency: account.currency,
    riskClass: account.risk_class,
    overLimitPercent: null,
    earlierApprovals: [],
    requestedBy: [],
  });
  if (decision.kind === 'sufficient') return null;
  if (decision.kind === 'needs-second-person') {
    const text =
      'That is more credit than one person may give alone: have it set by somebody with a higher limit';
    return { kind: 'refused', code: 'over-authority', text };
  }
  const code = decision.code === 'not-authorised' ? 'not-authorised' : 'over-authority';
  return { kind: 'refused', code, text: decision.text };
}
