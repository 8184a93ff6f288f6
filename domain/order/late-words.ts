import { countOf } from '../shared/count';

/**
 * What a date is called in "4 hours after ...": something that happened, of one and of several and where it is not
 * over yet, or a day or deadline that belongs to it.
 */
export type DateWords = { readonly happened: Said; readonly happens: Said } | { readonly its: string };

interface Said {
  readonly one: string;
  readonly several: string;
}

/** "2 days", "1 hour", "1 hour 30 minutes". */
export function spanWords(hours: number): string {
  const minutes = Math.round(hours * 60);
  if (minutes % 60 !== 0) {
    const [whole, rest] = [Math.floor(minutes / 60), countOf(minutes % 60, 'minute')];
    return whole === 0 ? rest : `${countOf(whole, 'hour')} ${rest}`;
  }
  return minutes >= 2880 && minutes % 1440 === 0
    ? countOf(minutes / 1440, 'day')
    : countOf(minutes / 60, 'hour');
}

interface Measured {
  /** "not <words>". */
  readonly milestone: string;
  readonly side: 'before' | 'after';
  readonly hours: number;
  readonly date: DateWords;
}

/**
 * What a rule says of what is late, after its name: "is not answered 4 hours after it was placed", "is not resolved by
 * its deadline"; of one subject and of several that stand together.
 */
export function lateWords({ milestone, side, hours, date }: Measured): Said {
  const said = (of: keyof Said): string => {
    const [be, they, their] =
      of === 'one' ? (['is', 'it', 'its'] as const) : (['are', 'they', 'their'] as const);
    const lacks = `${be} not ${milestone}`;
    const when =
      Math.round(hours * 60) === 0 ? atOnce(of, their) : `${spanWords(hours)} ${side} ${past(of, their)}`;
    return side === 'before' ? `${be} predicted late: ${they} ${lacks} ${when}` : `${lacks} ${when}`;
  };
  const atOnce = (of: keyof Said, their: string) =>
    'its' in date ? `by ${their} ${date.its}` : `as soon as ${date.happens[of]}`;
  const past = (of: keyof Said, their: string) =>
    'its' in date ? `${their} ${date.its}` : date.happened[of];
  return { one: said('one'), several: said('several') };
}
