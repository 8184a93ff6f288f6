/** When a held order goes through without a person: data that finance edits, per risk class or for all. */
export interface ReleaseRule {
  /** As the rule is called in the record: its scope. */
  readonly name: string;
  readonly version: number;
  /** Largest amount of an order that the rule lets through. */
  readonly orderUpToMinor: number;
  /** How far the account, orders let through before included, may go over its limit. */
  readonly overLimitUpToPercent: number;
  /** Past-due money up to which an order goes through. */
  readonly pastDueUpToMinor: number;
}

export interface ReleaseQuestion {
  readonly reason: string;
  readonly orderMinor: number;
  readonly limitMinor: number;
  /** Over the tightest limit of the account and those above it. */
  readonly overMinor: number;
  readonly pastDueMinor: number;
}

/** A rule weighs money. An account that is blocked, unknown or without a limit in force is a person's to judge. */
const weighable = new Set(['over-credit-limit', 'past-due']);

/** The first rule that lets the order through, the most specific first; null: a person decides. */
export function findRelease(
  rules: readonly ReleaseRule[],
  { reason, orderMinor, limitMinor, overMinor, pastDueMinor }: ReleaseQuestion,
): ReleaseRule | null {
  if (!weighable.has(reason)) return null;
  const fits = (rule: ReleaseRule) =>
    orderMinor <= rule.orderUpToMinor &&
    overMinor * 100 <= limitMinor * rule.overLimitUpToPercent &&
    pastDueMinor <= rule.pastDueUpToMinor;
  return rules.find(fits) ?? null;
}
