import type { TransactionSet } from '../x12/model';
import type { GuideBreach } from './apply-guide';
import type { Guide } from './guide';

const names = { element: 'elements', component: 'components', repetition: 'repeats', segment: 'segments' };

/** A separator that nobody sees is named by its code. */
const shown = (character: string): string =>
  /^[\u0021-\u007e]$/.test(character)
    ? `"${character}"`
    : `0x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * What comes in with other separators than its guide names, at its ST: for people, since the envelope says which ones
 * it uses. A sender that has no component or repetition separator breaks nothing. [] for another set.
 */
export function separatorBreaches(document: TransactionSet, guide: Guide): readonly GuideBreach[] {
  const { separators: wanted, breach = 'warn' } = guide.interchange;
  if (!wanted || document.set !== guide.set) return [];
  const differing = (Object.keys(names) as (keyof typeof names)[]).flatMap((name) => {
    const is = document.separators[name];
    const due = wanted[name];
    if (is === null || is === '' || due === undefined || due === is) return [];
    return [`${names[name]} by ${shown(due)}, not ${shown(is)}`];
  });
  if (differing.length === 0) return [];
  return [
    {
      rule: 'interchange.separators',
      action: breach,
      finding: {
        segment: 'ST',
        position: 1,
        loop: null,
        segmentError: '8',
        element: null,
        component: null,
        repetition: null,
        reference: null,
        elementError: null,
        value: '',
        severity: 'guide',
        text: `${guide.name} separates ${differing.join(', ')}`,
      },
    },
  ];
}
