/** What one role may decide: edited by the company, versioned with every decision. */
export interface Authority {
  readonly role: string;
  readonly holdTypes: readonly string[];
  /** Largest order total this role may let through; null has no limit. */
  readonly maximumMinor: number | null;
  /** Above this a second person has to agree; null never. */
  readonly secondPersonAboveMinor: number | null;
}

export interface AuthorityQuestion {
  readonly holdType: string;
  readonly totalMinor: number;
  readonly person: string;
  readonly roles: readonly string[];
  /** Persons who agreed already. */
  readonly earlierApprovals: readonly string[];
}

export type AuthorityDecision =
  | { readonly kind: 'sufficient'; readonly role: string }
  | { readonly kind: 'needs-second-person'; readonly role: string }
  | {
      readonly kind: 'refused';
      readonly code: 'not-authorised' | 'over-authority' | 'same-person';
      readonly text: string;
    };

/** Whether a person's word is enough to let an order through. Rejecting needs the role alone: see `mayDecide`. */
export function decideAuthority(
  authorities: readonly Authority[],
  question: AuthorityQuestion,
): AuthorityDecision {
  const own = authorities.filter(
    (a) => question.roles.includes(a.role) && a.holdTypes.includes(question.holdType),
  );
  if (own.length === 0) {
    return {
      kind: 'refused',
      code: 'not-authorised',
      text: `None of your roles may decide a hold of type "${question.holdType}"`,
    };
  }
  const able = own
    .filter((a) => a.maximumMinor === null || question.totalMinor <= a.maximumMinor)
    .toSorted(
      (a, b) =>
        (b.secondPersonAboveMinor ?? Number.MAX_SAFE_INTEGER) -
        (a.secondPersonAboveMinor ?? Number.MAX_SAFE_INTEGER),
    )[0];
  if (!able) {
    return {
      kind: 'refused',
      code: 'over-authority',
      text: 'The order total is above what your role may approve: pass it on to somebody with a higher limit',
    };
  }
  if (able.secondPersonAboveMinor === null || question.totalMinor <= able.secondPersonAboveMinor)
    return { kind: 'sufficient', role: able.role };
  if (question.earlierApprovals.includes(question.person)) {
    return {
      kind: 'refused',
      code: 'same-person',
      text: 'You approved this already; an order of this size needs a second person',
    };
  }
  return question.earlierApprovals.length > 0
    ? { kind: 'sufficient', role: able.role }
    : { kind: 'needs-second-person', role: able.role };
}

/** Whether a person may decide at all, however large the order. */
export function mayDecide(
  authorities: readonly Authority[],
  holdType: string,
  roles: readonly string[],
): boolean {
  return authorities.some((a) => roles.includes(a.role) && a.holdTypes.includes(holdType));
}
