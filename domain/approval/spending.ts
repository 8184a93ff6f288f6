/** What a buyer's company allows one of its people, and what is left where the order is booked. */
export interface SpendingQuestion {
  readonly totalMinor: number;
  /** Largest order of the person; null without a limit; undefined: the company names nobody of the name. */
  readonly limitMinor: number | null | undefined;
  /** Null where the company plans no budget for the cost centre; 'none-now' where it does, but none for this day. */
  readonly budget: { readonly amountMinor: number; readonly spentMinor: number } | 'none-now' | null;
}

export type SpendingDecision =
  | { readonly kind: 'within' }
  /** Somebody of the buyer's own company has to approve it first. */
  | {
      readonly kind: 'waits';
      readonly code: 'over-spending-limit' | 'over-budget' | 'no-budget' | 'unknown-person';
      readonly text: string;
    };

const waits = (
  code: Extract<SpendingDecision, { kind: 'waits' }>['code'],
  text: string,
): SpendingDecision => ({
  kind: 'waits',
  code,
  text,
});

/** Whether an order of a buyer's person is placed by the person's word alone. */
export function decideSpending({ totalMinor, limitMinor, budget }: SpendingQuestion): SpendingDecision {
  if (limitMinor === undefined)
    return waits('unknown-person', 'The buyer’s company has set no limit for the person who orders');
  if (limitMinor !== null && totalMinor > limitMinor)
    return waits('over-spending-limit', 'The order is above the spending limit of the person who orders');
  if (budget === 'none-now')
    return waits('no-budget', 'The cost centre has no budget for the day of the order');
  if (budget !== null && !fitsBudget(budget, totalMinor))
    return waits('over-budget', 'The budget of the cost centre has not so much left');
  return { kind: 'within' };
}

export const fitsBudget = (
  { amountMinor, spentMinor }: { readonly amountMinor: number; readonly spentMinor: number },
  moreMinor: number,
): boolean => spentMinor + moreMinor <= amountMinor;

export interface ApproverQuestion {
  readonly totalMinor: number;
  /** Undefined: the company names nobody of the name. */
  readonly approver: { readonly mayApprove: boolean; readonly upToMinor: number | null } | undefined;
  readonly person: string;
  readonly inNameOf: string | null;
  /** Who ordered, or asked for what the order has become: neither they nor a substitute of theirs approve it, nor through another's name. */
  readonly requestedBy: readonly string[];
}

/** Why somebody of the buyer's company may not approve an order; null where they may. */
export function whyNotApprove(question: ApproverQuestion): {
  readonly code: 'not-authorised' | 'over-authority' | 'own-order';
  readonly text: string;
} | null {
  const { totalMinor, approver, person, inNameOf, requestedBy } = question;
  if (!approver?.mayApprove) return { code: 'not-authorised', text: 'You are no approver of your company' };
  if (requestedBy.includes(person) || (inNameOf !== null && requestedBy.includes(inNameOf)))
    return {
      code: 'own-order',
      text: 'Nobody approves an own order, or a change that they asked for: somebody else of your company has to',
    };
  if (approver.upToMinor !== null && totalMinor > approver.upToMinor)
    return { code: 'over-authority', text: 'The order is above what you may approve: pass it on' };
  return null;
}
