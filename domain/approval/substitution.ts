import { findCircle } from '../order/hold-circles';

/** For a while one person decides in the name of another. */
export interface Substitution {
  readonly person: string;
  readonly substitute: string;
  /** Instants; until is not included. */
  readonly from: string;
  readonly until: string;
  /** Null: every type that the person may decide. */
  readonly holdTypes: readonly string[] | null;
}

const longestDays = 366;

/** Why a substitution cannot be made, in words; null where it can. */
export function whyNotSubstitute(wanted: Substitution, others: readonly Substitution[]): string | null {
  if (wanted.person === wanted.substitute) return 'Nobody can be their own substitute';
  if (wanted.until <= wanted.from) return 'It ends before it begins';
  if (Date.parse(wanted.until) - Date.parse(wanted.from) > longestDays * 86_400_000)
    return `A substitution lasts a year at most`;
  const meanwhile = others.filter(({ from, until }) => from < wanted.until && wanted.from < until);
  const next = new Map<string, string[]>();
  for (const { person, substitute } of [wanted, ...meanwhile])
    next.set(person, [...(next.get(person) ?? []), substitute]);
  const circle = findCircle(next);
  return circle === null ? null : `Substitutes would lead back to the same person: ${circle.join(' to ')}`;
}

/** Whom a person may decide for at this moment. A substitute's substitute is not one: nothing is passed on twice. */
export const standsInFor = (
  substitutions: readonly Substitution[],
  person: string,
  holdType: string,
  now: string,
): readonly string[] =>
  substitutions
    .filter(
      (one) =>
        one.substitute === person &&
        one.from <= now &&
        now < one.until &&
        (one.holdTypes === null || one.holdTypes.includes(holdType)),
    )
    .map((one) => one.person);
