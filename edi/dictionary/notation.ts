/**
 * The notation of the data files: facts of the standard, one line each, so that a person can compare
 * them with a partner's guide and a difference between two releases reads as a difference.
 *
 * elements    `330 R 1/15`                  reference, type, least/greatest length
 * composites  `C001 !355 1018 649`          components; `!` mandatory
 * segments    `PO1 350 330 ... ; C0302`     elements, `*n` may repeat n times, `*` any number; after
 *                                           `;` the relational conditions (X12.6: P R E C L)
 * sets        `850`, then indented          segments and loops in order; `(N1 N2*2 ...)*200` a loop
 *                                           opened by its first segment
 * codes       `353 00 01 ...`               only lists known to be complete (docs/decisions); an
 *                                           element without a line here never yields an invalid code
 * otherSegments                             ids the release knows that no set here uses
 * #                                         a remark on what follows
 *
 * A release with a base holds only what differs: a line replaces the base's line, a set `-` is
 * taken away, codes `+X -Y` change a list, `?` makes it incomplete, otherSegments `+X` knows one
 * more and `-Y` does not know the base's.
 */
export interface VersionData {
  readonly version: string;
  readonly base: string | null;
  readonly elements: string;
  readonly composites: string;
  readonly segments: string;
  readonly sets: string;
  readonly codes: string;
  readonly otherSegments: string;
}

/** What a release says, still as text: base and difference put together. */
export interface MergedData {
  readonly elements: Map<string, string>;
  readonly composites: Map<string, string>;
  readonly segments: Map<string, string>;
  readonly sets: Map<string, string>;
  readonly codes: Map<string, readonly string[]>;
  readonly otherSegments: Set<string>;
}

/** Lines that are indented go on with the line before. */
function entries(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let key = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (line.startsWith(' ')) {
      found.set(key, `${found.get(key) ?? ''} ${line.trim()}`.trim());
      continue;
    }
    const blank = line.indexOf(' ');
    key = blank < 0 ? line : line.slice(0, blank);
    found.set(key, blank < 0 ? '' : line.slice(blank + 1).trim());
  }
  return found;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** What the releases say of a list, the eldest first; it is put together when an element is first asked for. */
function mergeCodes(base: MergedData | null, text: string): Map<string, readonly string[]> {
  const codes = new Map(base?.codes);
  for (const [element, line] of entries(text)) codes.set(element, [...(codes.get(element) ?? []), line]);
  return codes;
}

/**
 * The codes of an element's lines: null where the list is not known to be complete. An element that was
 * shorter in its release has none of the longer codes that a later one brought.
 */
export function readCodes(lines: readonly string[], min: number, max: number): ReadonlySet<string> | null {
  let codes: Set<string> | null = null;
  for (const line of lines) {
    const listed = words(line);
    if (listed[0] === '?') {
      codes = null;
      continue;
    }
    const changes = listed.every((word) => word.startsWith('+') || word.startsWith('-'));
    if (!changes || codes === null) codes = new Set();
    for (const word of listed) {
      if (!changes) codes.add(word);
      else if (word.startsWith('+')) codes.add(word.slice(1));
      else codes.delete(word.slice(1));
    }
  }
  for (const code of codes ?? []) if (code.length < min || code.length > max) codes?.delete(code);
  return codes;
}

function mergeOthers(base: MergedData | null, text: string): Set<string> {
  const others = new Set(base === null ? [] : [...base.otherSegments, ...base.segments.keys()]);
  for (const word of words(text)) {
    if (word.startsWith('-')) others.delete(word.slice(1));
    else others.add(word.replace(/^\+/, ''));
  }
  return others;
}

export function mergeVersion(base: MergedData | null, data: VersionData): MergedData {
  const segments = new Map([...(base?.segments ?? []), ...entries(data.segments)]);
  for (const word of words(data.otherSegments)) if (word.startsWith('-')) segments.delete(word.slice(1));
  const sets = new Map([...(base?.sets ?? []), ...entries(data.sets)]);
  for (const [set, line] of sets) if (line === '-') sets.delete(set);
  return {
    elements: new Map([...(base?.elements ?? []), ...entries(data.elements)]),
    composites: new Map([...(base?.composites ?? []), ...entries(data.composites)]),
    segments,
    sets,
    codes: mergeCodes(base, data.codes),
    otherSegments: mergeOthers(base, data.otherSegments),
  };
}

/** `!N1*200` taken apart. max 0 = any number. */
export function readUsage(word: string): {
  readonly name: string;
  readonly required: boolean;
  readonly max: number;
} {
  const match = /^(!?)([A-Z0-9]+)(?:\*(\d*))?$/.exec(word);
  if (!match) throw new Error(`dictionary: cannot read ${JSON.stringify(word)}`);
  const max = match[3];
  return {
    name: match[2] as string,
    required: match[1] === '!',
    max: max === undefined ? 1 : max === '' ? 0 : Number(max),
  };
}

/** A set's line as tokens: `(`, `)` with its maximum, or a segment. */
export function setTokens(line: string): string[] {
  return line.match(/!?\(|\)(?:\*\d*)?|!?[A-Z0-9]+(?:\*\d*)?/g) ?? [];
}
