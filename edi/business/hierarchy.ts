import type { Loop, Segment, TransactionSet } from '../x12/model';
import { at, type BusinessNotes, everySegment } from './business-finding';

/** BSN05 (1005): the levels from the outside in; T, the tare, may stand under O (0001) or S (0003). */
const structures: Readonly<Record<string, readonly string[]>> = {
  '0001': ['S', 'O', 'T', 'P', 'I'],
  '0002': ['S', 'O', 'I', 'P'],
  '0003': ['S', 'T', 'P', 'O', 'I'],
  '0004': ['S', 'O', 'I'],
};
/** Levels that a structure may leave out on the way. */
const mayMiss = new Set(['T', 'P']);

interface Level {
  readonly segment: Segment;
  readonly code: string;
}

/** HL: numbers unique and ascending, parents earlier, one root, HL04 telling the truth, levels as BSN05 nests them. */
export function checkHierarchy({ set, root }: TransactionSet, notes: BusinessNotes): void {
  const loops = root.loops.filter((loop) => loop.id === 'HL');
  if (loops.length === 0) return;
  const structure = set === '856' ? structures[structureOf(root)] : undefined;
  const levels = new Map<string, Level>();
  const withChildren = new Set<string>();
  let last = 0n;
  loops.forEach((loop, n) => {
    const [segment] = loop.segments;
    if (!segment) return;
    const number = at(segment, 1);
    const parent = at(segment, 2);
    const code = at(segment, 3);
    last = checkNumber(segment, number, levels, last, notes);
    if (parent === '') {
      if (n > 0 && code !== at(loops[0]?.segments[0] ?? segment, 3))
        notes.add('hl-tree', segment, 2, '734', `HL ${number} (${code}) names no parent`);
    } else if (parent === number || !levels.has(parent)) {
      notes.add('hl-tree', segment, 2, '734', `no HL ${parent} stands before HL ${number}`);
    } else withChildren.add(parent);
    if (structure)
      checkLevel(segment, code, parent === '' ? null : (levels.get(parent)?.code ?? ''), structure, notes);
    if (number !== '' && !levels.has(number)) levels.set(number, { segment, code });
  });
  for (const [number, { segment }] of levels) {
    const said = at(segment, 4);
    const has = withChildren.has(number);
    if ((said === '0' && has) || (said === '1' && !has))
      notes.add(
        'hl-tree',
        segment,
        4,
        '736',
        `HL ${number} says ${said}, and has ${has ? '' : 'no '}children`,
      );
  }
}

function structureOf(root: Loop): string {
  const bsn = root.segments.find(({ id }) => id === 'BSN');
  return bsn === undefined ? '' : at(bsn, 5);
}

function checkNumber(
  segment: Segment,
  number: string,
  levels: ReadonlyMap<string, Level>,
  last: bigint,
  notes: BusinessNotes,
): bigint {
  const before = levels.get(number);
  if (before) {
    notes.add('hl-tree', segment, 1, '628', `HL ${number} stands at ${before.segment.position} already`);
    return last;
  }
  // HL01 is alphanumeric: only numbers can be said to ascend.
  if (!/^\d{1,12}$/.test(number)) return last;
  const value = BigInt(number);
  if (value <= last) notes.add('hl-tree', segment, 1, '628', `HL ${number} comes after HL ${last}`);
  return value > last ? value : last;
}

/** @param parent the level above, null for a root, '' where it is not known */
function checkLevel(
  segment: Segment,
  code: string,
  parent: string | null,
  structure: readonly string[],
  notes: BusinessNotes,
): void {
  const name = structure.filter((level) => level !== 'T').join('-');
  const depth = structure.indexOf(code);
  if (depth < 0) {
    notes.add('hl-level', segment, 3, '735', `BSN05 promises ${name}, there is no level ${code} in it`);
    return;
  }
  if (parent === '') return;
  if (parent === null) {
    if (depth > 0)
      notes.add('hl-level', segment, 3, '735', `level ${code} stands under nothing, BSN05 promises ${name}`);
    return;
  }
  const above = structure.indexOf(parent);
  const isUnder =
    above >= 0 && above < depth && structure.slice(above + 1, depth).every((level) => mayMiss.has(level));
  if (!isUnder)
    notes.add('hl-level', segment, 3, '735', `level ${code} stands under ${parent}, BSN05 promises ${name}`);
}

/** MAN: the SSCC under GM (with or without its application identifier 00) and AA (without), GS1's check digit. */
export function checkMarks({ root }: TransactionSet, notes: BusinessNotes): void {
  const seen = new Map<string, number>();
  for (const segment of everySegment(root, 'MAN')) {
    for (const [qualifier, element] of [
      [1, 2],
      [4, 5],
    ] as const) {
      const code = at(segment, qualifier);
      if (code !== 'GM' && code !== 'AA') continue;
      const value = at(segment, element);
      const problem = ssccProblem(value, code);
      if (problem !== null) {
        notes.add('sscc', segment, element, '87', problem);
        continue;
      }
      const sscc = value.slice(-18);
      const before = seen.get(sscc);
      if (before !== undefined)
        notes.add('sscc-repeated', segment, element, '87', `SSCC ${sscc} stands at ${before} already`);
      else seen.set(sscc, segment.position);
    }
  }
}

function ssccProblem(value: string, code: 'GM' | 'AA'): string | null {
  if (!/^\d+$/.test(value)) return `"${value.slice(0, 48)}" is no SSCC: it is not of digits alone`;
  const isWithIdentifier = code === 'GM' && value.length === 20;
  if (value.length !== 18 && !isWithIdentifier) {
    const wanted = code === 'GM' ? '18 digits, or 20 with the identifier 00' : '18 digits';
    return `an SSCC has ${wanted}, this has ${value.length}`;
  }
  if (isWithIdentifier && !value.startsWith('00'))
    return `of 20 digits the first two are 00, these are ${value.slice(0, 2)}`;
  const digits = value.slice(-18);
  const wanted = checkDigit(digits.slice(0, 17));
  return digits.endsWith(wanted) ? null : `the check digit of ${digits} should be ${wanted}`;
}

/** GS1 General Specifications 7.9: weights 3 and 1 from the right. */
function checkDigit(digits: string): string {
  let total = 0;
  for (let n = 0; n < digits.length; n += 1)
    total += Number(digits[digits.length - 1 - n]) * (n % 2 === 0 ? 3 : 1);
  return String((10 - (total % 10)) % 10);
}
