import { type Dictionary, dictionaryFor, type ElementUsage } from '../dictionary/dictionary';
import type { JudgedGroup, JudgedTransaction, Judgement } from '../judge/judgement';
import type { Finding } from '../validate/finding';
import type { ArrivedInterchange } from '../x12/arrival';
import { SegmentScanner } from '../x12/scanner';
import { codeNames, elementNames, segmentNames } from './names';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Longest value that a page shows in full; the file has the rest. */
const longestShown = 120;

/** One interchange for people: every segment and element with its name, every known code said, findings at their place. */
export function showInterchange(
  interchange: ArrivedInterchange,
  judgement: Judgement,
  paint: Paint,
): readonly string[] {
  const { separators } = interchange.header;
  const lines: string[] = [];
  for (const { code, text } of judgement.deviations) lines.push(paint.red(`  ! ${code}: ${text}`));
  if (separators === null) return [...lines, paint.red('  ! the separators cannot be read')];
  const scanner = new SegmentScanner(interchange.bytes, separators, 0);
  const place = new SetPlace(judgement.groups);
  let dictionary: Dictionary | null = null;
  while (scanner.next()) {
    const elements = Array.from({ length: scanner.count }, (_, i) => scanner.text(i + 1));
    if (scanner.id === 'GS') dictionary = dictionaryFor(elements[7] ?? '');
    const findings = place.enter(scanner.id);
    lines.push(...showSegment(scanner.id, elements, dictionary, findings, place.position, paint));
  }
  return lines;
}

/** Which set of the judgement the walk is in, and which findings belong to the segment at hand. */
class SetPlace {
  position = 0;
  readonly #groups: readonly JudgedGroup[];
  #group = -1;
  #set = -1;

  constructor(groups: readonly JudgedGroup[]) {
    this.#groups = groups;
  }

  enter(id: string): readonly Finding[] {
    if (id === 'GS') {
      this.#group += 1;
      this.#set = -1;
    }
    if (id === 'ST') {
      this.#set += 1;
      this.position = 0;
    }
    if (id === 'ISA' || id === 'IEA' || id === 'GS' || id === 'GE' || id === 'TA1') this.position = 0;
    else this.position += 1;
    const transaction: JudgedTransaction | undefined = this.#groups[this.#group]?.transactions[this.#set];
    return this.position === 0
      ? []
      : (transaction?.findings.filter((finding) => finding.position === this.position) ?? []);
  }
}

function showSegment(
  id: string,
  elements: readonly string[],
  dictionary: Dictionary | null,
  findings: readonly Finding[],
  position: number,
  paint: Paint,
): string[] {
  const usages = dictionary?.segment(id)?.elements ?? [];
  const number = position > 0 ? String(position).padStart(5) : '     ';
  const lines = [`${paint.dim(number)} ${paint.bold(id.padEnd(3))}  ${segmentNames[id] ?? ''}`.trimEnd()];
  for (const [i, value] of elements.entries()) {
    if (value === '') continue;
    lines.push(
      `        ${paint.dim(`${id}${String(i + 1).padStart(2, '0')}`)} ${nameOf(usages[i]).padEnd(22)} ${shown(value)}${meaningOf(usages[i], value)}`,
    );
  }
  for (const finding of findings) {
    const at =
      finding.element === null ? '' : `${finding.segment}${String(finding.element).padStart(2, '0')}: `;
    lines.push(paint.red(`      ! ${at}${finding.text}`));
  }
  return lines;
}

const nameOf = (usage: ElementUsage | undefined): string => {
  const reference = usage?.element?.reference ?? usage?.composite?.reference;
  return reference === undefined ? '' : (elementNames[reference] ?? `element ${reference}`);
};

function meaningOf(usage: ElementUsage | undefined, value: string): string {
  const reference = usage?.element?.reference;
  const meaning = reference === undefined ? undefined : codeNames[reference]?.[value];
  return meaning === undefined ? '' : ` (${meaning})`;
}

/** Control characters would move the reader's cursor; they are shown as what they are. */
function shown(value: string): string {
  const visible = Array.from(value.slice(0, longestShown), (c) =>
    c < ' ' || c === '\u007f' ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c,
  ).join('');
  return value.length > longestShown ? `${visible}... (${value.length} characters)` : visible;
}
