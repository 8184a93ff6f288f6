import { convertMinor, type ExchangeRate } from '../credit/convert-amount';
import { compareDecimals } from '../shared/money';

/** What one role may decide: edited by the company, versioned with every decision. Several of a role add up. */
export interface Authority {
  readonly role: string;
  readonly holdTypes: readonly string[];
  /** Largest order total this role may let through; null has no limit. */
  readonly maximumMinor: number | null;
  /** Above this a second person has to agree; null never. */
  readonly secondPersonAboveMinor: number | null;
  /** The currency of both amounts; absent: the selling entity's. */
  readonly currency?: string | undefined;
  /** Risk classes of the credit account that it reaches; absent: all. An account without a class is in none. */
  readonly riskClasses?: readonly string[] | undefined;
  /** How far the order may take the account over its limit, in percent of the limit; absent: any. */
  readonly maximumOverLimitPercent?: string | undefined;
}

/** A first approval and who gave it; `inNameOf` where a substitute did. */
export interface EarlierApproval {
  readonly person: string;
  readonly inNameOf?: string | null | undefined;
}

export const UNKNOWN_PERCENT = 'unknown';

export interface AuthorityQuestion {
  readonly holdType: string;
  readonly totalMinor: number;
  readonly currency: string;
  /** Of the selling entity: of an authority that names no currency. */
  readonly entityCurrency: string;
  /** In force; an order in another currency than an authority's is measured by the stated rate. */
  readonly rates: readonly ExchangeRate[];
  readonly riskClass?: string | null;
  /** Null where the hold is not about a limit; `UNKNOWN_PERCENT`: nobody has stated a rate for its currency. */
  readonly overLimitPercent?: string | null;
  readonly person: string;
  /** Whom the person stands in for; the roles are theirs then. */
  readonly inNameOf?: string | null;
  readonly roles: readonly string[];
  /** Who agreed already, to an order no smaller than it is now. */
  readonly earlierApprovals: readonly EarlierApproval[];
  /** Who ordered, or asked for what the order has become: nobody approves that, nor through or as a substitute. */
  readonly requestedBy?: readonly string[];
}

export type AuthorityRefusal = {
  readonly kind: 'refused';
  readonly code: 'not-authorised' | 'over-authority' | 'same-person' | 'own-order';
  readonly text: string;
};

export type AuthorityDecision =
  | { readonly kind: 'sufficient'; readonly role: string }
  | { readonly kind: 'needs-second-person'; readonly role: string }
  | AuthorityRefusal;

const refuse = (code: AuthorityRefusal['code'], text: string): AuthorityRefusal => ({
  kind: 'refused',
  code,
  text,
});

/** Whether a person's word is enough to let an order through. Rejecting needs the role alone: see `mayDecide`. */
export function decideAuthority(
  authorities: readonly Authority[],
  question: AuthorityQuestion,
): AuthorityDecision {
  const own = authorities.filter(
    (a) => question.roles.includes(a.role) && a.holdTypes.includes(question.holdType),
  );
  if (own.length === 0)
    return refuse('not-authorised', `None of your roles may decide a hold of type "${question.holdType}"`);
  const involved = [question.person, ...(question.inNameOf ? [question.inNameOf] : [])];
  if (question.requestedBy?.some((one) => involved.includes(one)))
    return refuse('own-order', ownOrderText(question));
  const reasons = own.map((authority) => whyTooSmall(authority, question));
  const reaching = own.filter((_, at) => reasons[at] === null);
  const able = reaching.find((authority) => isEnoughAlone(authority, question)) ?? reaching[0];
  if (!able) {
    const why = [...new Set(reasons.filter((reason) => reason !== null))].join('; ');
    return refuse('over-authority', `${why}: pass it on to somebody with a higher limit`);
  }
  if (isEnoughAlone(able, question)) return { kind: 'sufficient', role: able.role };
  const agreed = question.earlierApprovals.filter(
    ({ person, inNameOf }) => !involved.includes(person) && !(inNameOf && involved.includes(inNameOf)),
  );
  if (agreed.length > 0) return { kind: 'sufficient', role: able.role };
  return question.earlierApprovals.length > 0
    ? refuse('same-person', 'You approved this already; an order of this size needs a second person')
    : { kind: 'needs-second-person', role: able.role };
}

const ownOrderText = ({ person, inNameOf, requestedBy }: AuthorityQuestion) =>
  requestedBy?.includes(person)
    ? 'You ordered this yourself, or asked for the change: somebody else has to approve it'
    : `${inNameOf ?? ''}, for whom you stand in, ordered this or asked for the change: somebody else has to approve it`;

/** The total in the currency of an authority's amounts; undefined where nobody has stated a rate. */
const totalFor = ({ currency }: Authority, question: AuthorityQuestion): number | undefined =>
  convertMinor(question.totalMinor, question.currency, currency ?? question.entityCurrency, question.rates);

function isEnoughAlone(authority: Authority, question: AuthorityQuestion): boolean {
  const { secondPersonAboveMinor } = authority;
  if (secondPersonAboveMinor === null) return true;
  const totalMinor = totalFor(authority, question);
  return totalMinor !== undefined && totalMinor <= secondPersonAboveMinor;
}

/** Why an authority does not reach so far, in words; null where it does. */
function whyTooSmall(authority: Authority, question: AuthorityQuestion): string | null {
  const { role, maximumMinor, riskClasses, maximumOverLimitPercent, currency } = authority;
  const isMeasured =
    currency !== undefined || maximumMinor !== null || authority.secondPersonAboveMinor !== null;
  const totalMinor = isMeasured ? totalFor(authority, question) : 0;
  if (totalMinor === undefined)
    return `the authority of "${role}" is in ${currency ?? question.entityCurrency}, the order in ${question.currency}, and no exchange rate is stated from one to the other`;
  if (maximumMinor !== null && totalMinor > maximumMinor)
    return `The order total is above what your role "${role}" may approve`;
  if (riskClasses !== undefined && !riskClasses.includes(question.riskClass ?? ''))
    return `The account's risk class ${question.riskClass ?? '(none)'} is beyond what your role "${role}" may approve`;
  const over = question.overLimitPercent ?? null;
  if (maximumOverLimitPercent !== undefined && over === UNKNOWN_PERCENT)
    return `How far the account would be over its limit is not known without an exchange rate: your role "${role}" reaches to ${maximumOverLimitPercent} %`;
  if (
    maximumOverLimitPercent !== undefined &&
    over !== null &&
    compareDecimals(over, maximumOverLimitPercent) > 0
  )
    return `The account would be ${over} % over its limit, beyond the ${maximumOverLimitPercent} % of your role "${role}"`;
  return null;
}

/** Whether a person may decide at all, however large the order. */
export function mayDecide(
  authorities: readonly Authority[],
  holdType: string,
  roles: readonly string[],
): boolean {
  return authorities.some((a) => roles.includes(a.role) && a.holdTypes.includes(holdType));
}

/**
 * Authority over one type as its own rule narrows it: only the roles it names, each with its own authority, or without
 * a limit where it has none.
 */
export function authorityOver<A extends Authority>(
  authorities: readonly A[],
  type: { readonly type: string; readonly resolvedBy: readonly string[] | null },
): readonly (A | Authority)[] {
  const { resolvedBy } = type;
  const own = authorities.filter(({ holdTypes }) => holdTypes.includes(type.type));
  if (resolvedBy === null) return own;
  const named = own.filter(({ role }) => resolvedBy.includes(role));
  const without = resolvedBy.filter((role) => !named.some((one) => one.role === role));
  return [
    ...named,
    ...without.map((role) => ({
      role,
      holdTypes: [type.type],
      maximumMinor: null,
      secondPersonAboveMinor: null,
    })),
  ];
}
