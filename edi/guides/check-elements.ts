import type { Condition, ElementDef, ElementUsage, SegmentDef } from '../dictionary/dictionary';
import type { ComponentRule, ElementRule, GuideProblem } from './guide';

type Elements = Readonly<Record<string, ElementRule>>;

interface Asked {
  readonly where: string;
  /** what the path itself says of the segment's elements */
  readonly given?: Elements;
  /** what other rules say of the same segments */
  readonly together?: readonly Elements[];
  /** the segment may stand, so its conditions must be satisfiable */
  readonly isUsed?: boolean;
}

/** What of rules about a segment's elements the standard has no room for, or leaves nothing that satisfies them. */
export function checkElements(def: SegmentDef, elements: Elements, asked: Asked): GuideProblem[] {
  const problems: GuideProblem[] = [];
  const { where, given = {}, together = [] } = asked;
  for (const [position, rule] of Object.entries(elements)) {
    const usage = def.elements[Number(position) - 1];
    const place = `${def.id}${position.padStart(2, '0')}`;
    if (!usage) {
      problems.push({
        where,
        text: `${def.id} has ${def.elements.length} elements, ${place} is none of them`,
      });
      continue;
    }
    for (const text of elementTexts(rule, usage, place)) problems.push({ where, text });
    for (const other of [given, ...together]) {
      const one = other[position];
      if (one) for (const text of clashes(rule, one, place)) problems.push({ where, text });
    }
  }
  if (problems.length === 0 && asked.isUsed === true)
    for (const text of conditionTexts(def, [elements, given, ...together])) problems.push({ where, text });
  return problems;
}

function elementTexts(rule: ElementRule, usage: ElementUsage, place: string): string[] {
  const texts: string[] = [];
  if (rule.use === 'not-used') {
    if (usage.required) texts.push(`${place} is mandatory in the standard: it cannot be "not used"`);
    const { use: _, ...rest } = rule;
    if (Object.keys(rest).length > 0) texts.push(`${place} is not used, and yet says how it is to look`);
    return texts;
  }
  texts.push(...repeatTexts(rule, usage, place));
  if (usage.composite !== null) {
    const { use: _use, components = {}, minimumRepeats: _least, maximumRepeats: _most, ...rest } = rule;
    if (Object.keys(rest).length > 0) texts.push(`${place} is a composite: say it of its components`);
    for (const [position, componentRule] of Object.entries(components)) {
      const component = usage.composite.components[Number(position) - 1];
      const name = `${place}-${position.padStart(2, '0')}`;
      if (!component?.element) texts.push(`${place} has no component ${position}`);
      else if (componentRule.use === 'not-used' && component.required)
        texts.push(`${name} is mandatory in the standard: it cannot be "not used"`);
      else texts.push(...valueTexts(componentRule, component.element, name));
    }
    return texts;
  }
  if (rule.components) texts.push(`${place} is not a composite: it has no components`);
  if (usage.element) texts.push(...valueTexts(rule, usage.element, place));
  if (rule.fill !== undefined) texts.push(...fillTexts(rule, rule.fill, place, usage));
  return texts;
}

function repeatTexts(rule: ElementRule, usage: ElementUsage, place: string): string[] {
  const { minimumRepeats: least = 1, maximumRepeats: most = usage.max || Number.MAX_SAFE_INTEGER } = rule;
  const room = usage.max || Number.MAX_SAFE_INTEGER;
  if (most > room || least > room)
    return [
      `${place} repeats ${usage.max} times in the standard, the guide says ${Math.max(rule.maximumRepeats ?? 0, least)}`,
    ];
  return least > most ? [`${place} is asked for ${least} times and allowed ${most} times`] : [];
}

function fillTexts(rule: ElementRule, fill: string, place: string, usage: ElementUsage): string[] {
  const texts: string[] = [];
  if (rule.codes && !rule.codes.includes(fill))
    texts.push(`${place} is filled with "${fill}", which is not among its codes`);
  const { element } = usage;
  if (
    element &&
    (fill.length < element.min || fill.length > element.max || (element.codes && !element.codes.has(fill)))
  )
    texts.push(`${place} is filled with "${fill}", which the standard does not take`);
  return texts;
}

/** What each of the standard's types may be narrowed to. */
const narrower: Readonly<Record<string, readonly string[]>> = {
  AN: ['AN', 'ID', 'N', 'R', 'DT', 'TM'],
  ID: ['ID', 'N'],
  N: ['N'],
  R: ['R', 'N'],
  DT: ['DT'],
  TM: ['TM'],
  B: [],
};

function valueTexts(rule: ComponentRule, def: ElementDef, place: string): string[] {
  const texts: string[] = [];
  const { minimumLength: least = def.min, maximumLength: most = def.max } = rule;
  if (most > def.max)
    texts.push(`${place} has at most ${def.max} characters in the standard, the guide says ${most}`);
  if (least < def.min)
    texts.push(`${place} has at least ${def.min} characters in the standard, the guide says ${least}`);
  if (least > most) texts.push(`${place} is to have at least ${least} and at most ${most} characters`);
  if (rule.type !== undefined && !narrower[def.type]?.includes(rule.type))
    texts.push(`${place} is ${def.type} in the standard: ${rule.type} does not narrow it`);
  for (const code of rule.codes ?? []) {
    if (def.codes && !def.codes.has(code))
      texts.push(`${place}: the standard's element ${def.reference} has no code "${code}"`);
    else if (lengthOf(code, def) > most || lengthOf(code, def) < least)
      texts.push(`${place}: the code "${code}" does not fit ${least} to ${most} characters`);
    else if ((def.type === 'N' && !/^-?\d+$/.test(code)) || (def.type === 'R' && !/^-?\d*\.?\d+$/.test(code)))
      texts.push(`${place}: "${code}" is no number, which the standard asks for`);
  }
  for (const picture of rule.pictures ?? []) {
    const open = picture.endsWith('*');
    const length = open ? picture.length - 1 : picture.length;
    if (length > most || (!open && length < least))
      texts.push(`${place}: the picture "${picture}" does not fit ${least} to ${most} characters`);
  }
  return texts;
}

const lengthOf = (code: string, def: ElementDef): number =>
  def.type === 'N' || def.type === 'R' ? code.replace(/[-.]/g, '').length : code.length;

/** Two rules about one element that no value satisfies. */
function clashes(one: ElementRule, other: ElementRule, place: string): string[] {
  const texts: string[] = [];
  const uses = new Set([one.use, other.use]);
  if (uses.has('required') && uses.has('not-used')) texts.push(`${place} is both required and not used`);
  else if (uses.has('not-used') && (one.codes ?? other.codes) && one.use !== other.use)
    texts.push(`${place} is not used, and yet has codes`);
  if (one.codes && other.codes && !one.codes.some((code) => other.codes?.includes(code)))
    texts.push(`${place}: no code is in both lists (${one.codes.join(', ')} and ${other.codes.join(', ')})`);
  const least = Math.max(one.minimumLength ?? 0, other.minimumLength ?? 0);
  const most = Math.min(
    one.maximumLength ?? Number.MAX_SAFE_INTEGER,
    other.maximumLength ?? Number.MAX_SAFE_INTEGER,
  );
  if (least > most) texts.push(`${place} is to have at least ${least} and at most ${most} characters`);
  return texts;
}

/** The standard's relational conditions with what is required and what is not used. */
function conditionTexts(def: SegmentDef, all: readonly Elements[]): string[] {
  const must = new Set(def.elements.flatMap(({ required }, at) => (required ? [at + 1] : [])));
  const never = new Set<number>();
  for (const elements of all) {
    for (const [position, { use }] of Object.entries(elements)) {
      if (use === 'required') must.add(Number(position));
      if (use === 'not-used') never.add(Number(position));
    }
  }
  return def.conditions.flatMap((condition) => conditionText(def.id, condition, must, never) ?? []);
}

function conditionText(
  id: string,
  { kind, positions }: Condition,
  must: ReadonlySet<number>,
  never: ReadonlySet<number>,
): string | null {
  const [first, ...rest] = positions as [number, ...number[]];
  const name = (at: number) => `${id}${String(at).padStart(2, '0')}`;
  const required = positions.filter((at) => must.has(at));
  const unused = positions.filter((at) => never.has(at));
  const names = (list: readonly number[]) => list.map(name).join(', ');
  switch (kind) {
    case 'P':
      return required.length > 0 && unused.length > 0
        ? `the standard takes ${names(positions)} only together: ${names(required)} is required, ${names(unused)} not used`
        : null;
    case 'R':
      return unused.length === positions.length
        ? `the standard asks for one of ${names(positions)}: none of them is used`
        : null;
    case 'E':
      return required.length > 1
        ? `the standard takes only one of ${names(positions)}: ${names(required)} are required`
        : null;
    case 'C': {
      const missing = rest.filter((at) => never.has(at));
      return must.has(first) && missing.length > 0
        ? `where ${name(first)} is given the standard asks for ${names(missing)}, which is not used`
        : null;
    }
    case 'L':
      return must.has(first) && rest.every((at) => never.has(at))
        ? `where ${name(first)} is given the standard asks for one of ${names(rest)}: none of them is used`
        : null;
  }
}
