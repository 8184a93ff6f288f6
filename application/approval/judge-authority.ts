import type { Db } from '../../db/connection';
import {
  type Authority,
  type AuthorityDecision,
  authorityOver,
  decideAuthority,
  type EarlierApproval,
  mayDecide,
  UNKNOWN_PERCENT,
} from '../../domain/approval/authority';
import type { CreditDecision } from '../../domain/credit/assess-credit';
import type { ExchangeRate } from '../../domain/credit/convert-amount';
import type { HoldType } from '../../domain/order/hold-types';
import { compareDecimals, percentAtLeast } from '../../domain/shared/money';
import { readAuthorities, readHoldTypes, readTypeOfHold } from '../rules/rules';
import { readPrincipals } from './substitute';

/** Who decides, as whom, and by which rule: kept with the decision. */
export interface Capacity {
  readonly person: string;
  readonly inNameOf: string | null;
  readonly roles: readonly string[];
}

export interface JudgedAuthority {
  readonly decision: AuthorityDecision;
  readonly capacity: Capacity;
  /** Versions of the rules that were asked. */
  readonly ruleVersion: string;
}

/** What of an order and its hold an authority is measured by. */
export interface AuthorityMatter {
  readonly holdType: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly entityCurrency: string;
  readonly rates: readonly ExchangeRate[];
  readonly riskClass: string | null;
  readonly overLimitPercent: string | null;
  readonly earlierApprovals: readonly EarlierApproval[];
  /** Who ordered, or asked for what the order has become. */
  readonly requestedBy: readonly string[];
}

type Versioned = Authority & { readonly version?: number };

/** The rules by which somebody may decide a type of hold. */
export async function readAuthorityOver(
  db: Db,
  holdType: string,
): Promise<{ readonly type: HoldType | undefined; readonly authorities: readonly Versioned[] }> {
  const type = await readTypeOfHold(db, holdType, await readHoldTypes(db));
  const authorities = await readAuthorities(db);
  return { type, authorities: type ? authorityOver(authorities, type) : [] };
}

const strength = { sufficient: 2, 'needs-second-person': 1, refused: 0 } as const;

/** A person's word, as themselves or, where that is not enough, as the substitute of somebody whose word is. */
export function judgeCapacities(
  authorities: readonly Versioned[],
  capacities: readonly Capacity[],
  matter: AuthorityMatter,
): JudgedAuthority {
  const judged = capacities.map((capacity) => ({
    capacity,
    decision: decideAuthority(authorities, { ...matter, ...capacity }),
    ruleVersion: versionsOf(authorities, capacity.roles),
  }));
  const best = judged.toSorted((a, b) => strength[b.decision.kind] - strength[a.decision.kind])[0];
  if (!best) throw new Error('nobody decides');
  if (best.decision.kind !== 'refused') return best;
  // Of several refusals the one that came closest says most.
  return (
    judged.find(({ decision }) => decision.kind === 'refused' && decision.code !== 'not-authorised') ?? best
  );
}

/** The person, and everybody whom the person stands in for at this moment. */
export async function capacitiesOf(
  db: Db,
  by: { readonly person: string; readonly roles: readonly string[]; readonly customerId?: string },
  holdType: string,
  now: string,
): Promise<readonly Capacity[]> {
  const { person, roles, customerId = null } = by;
  const principals = await readPrincipals(db, { person, customerId, holdType }, now);
  return [
    { person, inNameOf: null, roles },
    ...principals.map((one) => ({ person, inNameOf: one.person, roles: one.roles })),
  ];
}

/** The first capacity in which the person may say no. */
export const mayReject = (
  authorities: readonly Versioned[],
  capacities: readonly Capacity[],
  holdType: string,
): Capacity | undefined => capacities.find(({ roles }) => mayDecide(authorities, holdType, roles));

export const versionsOf = (authorities: readonly Versioned[], roles: readonly string[]): string => {
  const named = authorities.filter(({ role }) => roles.includes(role));
  return [...new Set(named.map(({ role, version }) => `${role} v${version ?? 'hold-type'}`))].join(', ');
};

/** How far over its limit an account would be, in percent of the limit: the worst of the order's own and those above it. Not known without a rate. */
export function overLimitPercentOf(decision: CreditDecision): string {
  if (decision.kind === 'held' && decision.reasons.includes('no-exchange-rate')) return UNKNOWN_PERCENT;
  const percents = decision.levels.map(({ limitMinor, exposureMinor, orderMinor }) => {
    const overMinor = exposureMinor + orderMinor - limitMinor;
    if (overMinor <= 0) return '0';
    // Over a limit of nothing is over any percentage.
    return limitMinor <= 0 ? '1000000' : percentAtLeast(overMinor, limitMinor);
  });
  return percents.reduce((worst, one) => (compareDecimals(one, worst) > 0 ? one : worst), '0');
}
