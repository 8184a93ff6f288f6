import { hasCheckDigit, tidy } from './arithmetic';
import type { ReadSegment } from './read-x12';
import type { Document } from './understand';

interface Level {
  readonly number: string;
  readonly parent: string;
  readonly kind: string;
  readonly segments: ReadSegment[];
}

/** Which level may stand under which: shipment, order, pack, item, in the nestings that the trade uses. */
const parents: Readonly<Record<string, readonly string[]>> = {
  S: [''],
  O: ['S', 'P'],
  T: ['O', 'S'],
  P: ['O', 'S', 'T', 'I'],
  I: ['O', 'P'],
};

/** Reads an 856: its levels must hang together, and its labels must scan. */
export function readShipNotice(segments: readonly ReadSegment[]): Document {
  const problems: string[] = [];
  const levels = levelsOf(segments);
  checkLevels(levels, problems);
  const ctt = segments.find((one) => one.id === 'CTT');
  if (Number(ctt?.at(1)) !== levels.length)
    problems.push(`856: CTT01 ${ctt?.at(1)}, HL segments ${levels.length}`);
  const packages = levels.filter((one) => one.kind === 'P').map((one) => ssccOf(one, problems));
  if (new Set(packages).size !== packages.length) problems.push('856: an SSCC is there twice');
  return {
    set: '856',
    purchaseOrder: find(segments, 'PRF')?.at(1) ?? '',
    shipment: find(segments, 'BSN')?.at(2) ?? '',
    lines: shippedLines(levels),
    packages,
    problems,
  };
}

function levelsOf(segments: readonly ReadSegment[]): readonly Level[] {
  const levels: Level[] = [];
  for (const segment of segments) {
    if (segment.id === 'HL')
      levels.push({ number: segment.at(1), parent: segment.at(2), kind: segment.at(3), segments: [] });
    else if (segment.id !== 'CTT') levels.at(-1)?.segments.push(segment);
  }
  return levels;
}

function checkLevels(levels: readonly Level[], problems: string[]): void {
  const seen = new Map<string, string>();
  levels.forEach((level, at) => {
    if (level.number !== String(at + 1)) problems.push(`856: HL01 ${level.number} is not ${at + 1}`);
    const under = level.parent === '' ? '' : seen.get(level.parent);
    if (under === undefined || !(parents[level.kind] ?? []).includes(under))
      problems.push(`856: HL ${level.number} (${level.kind}) hangs under "${level.parent}"`);
    seen.set(level.number, level.kind);
  });
}

/** MAN01 GM: the SSCC, with or without its application identifier 00. */
function ssccOf(level: Level, problems: string[]): string {
  const mark = level.segments.find((one) => one.id === 'MAN' && one.at(1) === 'GM')?.at(2) ?? '';
  const sscc = mark.length === 20 && mark.startsWith('00') ? mark.slice(2) : mark;
  if (sscc.length !== 18 || !hasCheckDigit(sscc)) problems.push(`856: "${mark}" is no SSCC`);
  return sscc;
}

/** A line that lies in several cartons is added up. */
function shippedLines(levels: readonly Level[]): readonly (readonly [string, string])[] {
  const shipped = new Map<string, number>();
  for (const level of levels.filter((one) => one.kind === 'I')) {
    const line = find(level.segments, 'LIN')?.at(1) || find(level.segments, 'SN1')?.at(1) || '';
    shipped.set(line, (shipped.get(line) ?? 0) + Number(find(level.segments, 'SN1')?.at(2) ?? 0));
  }
  return [...shipped].map(([line, quantity]) => [line, tidy(String(quantity))] as const);
}

function find(segments: readonly ReadSegment[], id: string): ReadSegment | undefined {
  return segments.find((one) => one.id === id);
}
