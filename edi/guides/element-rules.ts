import type { ElementDef, ElementUsage } from '../dictionary/dictionary';
import type { ImplementationError } from '../validate/finding';
import type { Separators } from '../x12/model';
import type { ComponentRule, ElementRule } from './guide';

/** What of an element's value a guide does not take. */
export interface ElementBreach {
  readonly component: number | null;
  readonly repetition: number | null;
  readonly reference: string | null;
  /** AK403 */
  readonly error: string;
  /** IK403 of a 999, where it has a code of its own for guides */
  readonly implementation: ImplementationError | null;
  readonly value: string;
  readonly text: string;
}

interface Reading {
  readonly separators: Separators;
  /** the rule holds under a condition only */
  readonly depends: boolean;
}

export function elementBreaches(
  value: string,
  usage: ElementUsage,
  rule: ElementRule,
  { separators, depends }: Reading,
): ElementBreach[] {
  const reference = usage.element?.reference ?? usage.composite?.reference ?? null;
  const place = { component: null, repetition: null, reference };
  const presence = presenceBreach(value, rule, place, depends);
  if (presence !== null) return presence;
  const repeats =
    separators.repetition === null || usage.max === 1 ? [value] : value.split(separators.repetition);
  const found: ElementBreach[] = [];
  if (rule.minimumRepeats !== undefined && repeats.length < rule.minimumRepeats) {
    const text = `the guide asks for ${rule.minimumRepeats} repetitions`;
    found.push({ ...place, error: '1', implementation: 'I11', value: '', text });
  }
  if (rule.maximumRepeats !== undefined && repeats.length > rule.maximumRepeats) {
    const text = `the guide takes ${rule.maximumRepeats} repetitions`;
    const repetition = rule.maximumRepeats + 1;
    found.push({ ...place, repetition, error: '12', implementation: null, value: '', text });
  }
  repeats.forEach((one, index) => {
    const repetition = repeats.length > 1 ? index + 1 : null;
    if (one === '') return;
    if (usage.element !== null)
      found.push(...valueBreaches(one, rule, usage.element, { ...place, repetition }));
    const parts =
      usage.composite === null ? [] : separators.component === '' ? [one] : one.split(separators.component);
    for (const [position, componentRule] of Object.entries(rule.components ?? {})) {
      const component = Number(position);
      const def = usage.composite?.components[component - 1]?.element;
      if (!def) continue;
      const at = { component, repetition, reference: def.reference };
      const part = (parts[component - 1] ?? '').trimEnd();
      found.push(
        ...(presenceBreach(part, componentRule, at, depends) ?? valueBreaches(part, componentRule, def, at)),
      );
    }
  });
  return found;
}

type PlaceInSegment = Pick<ElementBreach, 'component' | 'repetition' | 'reference'>;

/** null where a value is there and may be: then it is looked at itself. */
function presenceBreach(
  value: string,
  { use }: ComponentRule,
  place: PlaceInSegment,
  depends: boolean,
): ElementBreach[] | null {
  if (value === '') {
    if (use !== 'required') return [];
    const text = 'the guide requires it';
    return [{ ...place, error: depends ? '2' : '1', implementation: depends ? 'I9' : null, value, text }];
  }
  if (use !== 'not-used') return null;
  const text = `the guide does not use it ("${shown(value)}")`;
  return [{ ...place, error: '10', implementation: depends ? 'I13' : 'I10', value, text }];
}

/** The first thing that is wrong with a value, as the standard's own check names one error an element. */
function valueBreaches(
  value: string,
  rule: ComponentRule,
  def: ElementDef,
  place: PlaceInSegment,
): ElementBreach[] {
  const breach = (
    error: string,
    implementation: ImplementationError | null,
    text: string,
  ): ElementBreach[] => [{ ...place, error, implementation, value, text: `"${shown(value)}" ${text}` }];
  if (rule.codes && !rule.codes.includes(value)) {
    const listed =
      rule.codes.length > 12 ? `${rule.codes.slice(0, 12).join(', ')}, ...` : rule.codes.join(', ');
    return breach('7', 'I6', `is not among the guide's codes ${listed}`);
  }
  const length = lengthOf(value, rule.type ?? def.type);
  if (rule.minimumLength !== undefined && length < rule.minimumLength)
    return breach('4', null, `is shorter than the guide's ${rule.minimumLength}`);
  if (rule.maximumLength !== undefined && length > rule.maximumLength)
    return breach('5', null, `is longer than the guide's ${rule.maximumLength}`);
  if (rule.type !== undefined && !isOfType(value, rule.type))
    return breach('6', 'I12', `is not ${typeNames[rule.type]}, as the guide asks`);
  if (rule.pictures && !rule.pictures.some((picture) => looksLike(value, picture)))
    return breach('7', 'I12', `does not look like ${rule.pictures.join(' or ')}`);
  return [];
}

const shown = (value: string): string => (value.length > 40 ? `${value.slice(0, 40)}...` : value);

/** Of a number sign and point do not count (X12.6 3.3.1). */
function lengthOf(value: string, type: string): number {
  return type === 'N' || type === 'R' ? value.replace(/[-.]/g, '').length : value.length;
}

const typeNames = {
  AN: 'a text',
  ID: 'a code',
  N: 'a whole number',
  R: 'a number',
  DT: 'a date',
  TM: 'a time of day',
} as const;

function isOfType(value: string, type: keyof typeof typeNames): boolean {
  switch (type) {
    case 'AN':
    case 'ID':
      return true;
    case 'N':
      return /^-?\d{1,80}$/.test(value);
    case 'R':
      return /^-?(\d{1,80}(\.\d{0,80})?|\.\d{1,80})$/.test(value);
    case 'DT':
      return isDate(value);
    case 'TM':
      return /^([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?$/.test(value);
  }
}

function isDate(value: string): boolean {
  const match = /^(\d\d|\d{4})(\d\d)(\d\d)$/.exec(value);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year < 100 ? 2000 + year : year, month - 1, day));
  return month >= 1 && month <= 12 && date.getUTCDate() === day;
}

const classes: Readonly<Record<string, RegExp>> = { 9: /\d/, A: /[A-Za-z]/, X: /[A-Za-z0-9]/ };

/** 9 a digit, A a letter, X either, anything else itself; a last * any rest. A picture never takes more time than its value. */
export function looksLike(value: string, picture: string): boolean {
  const open = picture.endsWith('*');
  const signs = open ? picture.slice(0, -1) : picture;
  if (open ? value.length < signs.length : value.length !== signs.length) return false;
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[at] as string;
    const character = value[at] as string;
    const wanted = classes[sign];
    if (wanted === undefined ? character !== sign : !wanted.test(character)) return false;
  }
  return true;
}
