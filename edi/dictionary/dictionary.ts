import { type MergedData, mergeVersion, readCodes, readUsage, setTokens, type VersionData } from './notation';
import { baseReleaseOf, releases } from './releases';

/** Data types of X12.6 section 3.3; `decimals` is the n of Nn. */
export type ElementType = 'AN' | 'ID' | 'N' | 'R' | 'DT' | 'TM' | 'B';

export interface ElementDef {
  /** data element reference: '353' */
  readonly reference: string;
  readonly type: ElementType;
  readonly decimals: number;
  readonly min: number;
  readonly max: number;
  /** null where the list is external, or not known to be complete for this release */
  readonly codes: ReadonlySet<string> | null;
}

export interface CompositeDef {
  /** 'C001' */
  readonly reference: string;
  readonly components: readonly ElementUsage[];
  readonly conditions: readonly Condition[];
}

export interface ElementUsage {
  readonly required: boolean;
  /** how often it may repeat; 0 = any number */
  readonly max: number;
  readonly element: ElementDef | null;
  readonly composite: CompositeDef | null;
}

/** P all or none, R at least one, E at most one, C if the first then all others, L if the first then one. */
export interface Condition {
  readonly kind: 'P' | 'R' | 'E' | 'C' | 'L';
  /** in the order of the note; 1 = element 01 */
  readonly positions: readonly number[];
}

export interface SegmentDef {
  readonly id: string;
  readonly elements: readonly ElementUsage[];
  readonly conditions: readonly Condition[];
}

/** A place in a set or loop: a segment, or a loop opened by that segment. */
export interface Place {
  readonly id: string;
  readonly required: boolean;
  /** 0 = any number */
  readonly max: number;
  readonly segment: SegmentDef;
  readonly loop: LoopDef | null;
}

export interface LoopDef {
  readonly id: string;
  readonly places: readonly Place[];
  /** places where a segment of this id may stand, in order */
  readonly byId: ReadonlyMap<string, readonly number[]>;
}

export interface SetDef {
  readonly set: string;
  readonly root: LoopDef;
  /** ids of all segments anywhere in the set */
  readonly segmentIds: ReadonlySet<string>;
}

export interface Dictionary {
  /** '004010' */
  readonly release: string;
  readonly sets: readonly string[];
  set(id: string): SetDef | null;
  segment(id: string): SegmentDef | null;
  /** true also for segments that only sets outside this dictionary use */
  knowsSegment(id: string): boolean;
  element(reference: string): ElementDef | null;
}

/** ST, SE and the envelope are known to every release, and never a part of a set's body. */
const controlSegments = new Set([
  'ISA',
  'IEA',
  'GS',
  'GE',
  'ST',
  'SE',
  'TA1',
  'ISB',
  'ISE',
  'TA3',
  'S1S',
  'S1E',
  'S2S',
  'S2E',
]);

class ReleaseDictionary implements Dictionary {
  readonly release: string;
  private readonly data: MergedData;
  private readonly builtSegments = new Map<string, SegmentDef>();
  private readonly builtElements = new Map<string, ElementDef>();
  private readonly builtSets = new Map<string, SetDef>();

  constructor(release: string, data: MergedData) {
    this.release = release;
    this.data = data;
  }

  get sets(): readonly string[] {
    return [...this.data.sets.keys()];
  }

  set(id: string): SetDef | null {
    const built = this.builtSets.get(id);
    if (built) return built;
    const line = this.data.sets.get(id);
    if (line === undefined) return null;
    const def = this.buildSet(id, line);
    this.builtSets.set(id, def);
    return def;
  }

  segment(id: string): SegmentDef | null {
    const built = this.builtSegments.get(id);
    if (built) return built;
    const line = this.data.segments.get(id);
    if (line === undefined) return null;
    const def = { id, ...this.buildElements(line) };
    this.builtSegments.set(id, def);
    return def;
  }

  knowsSegment(id: string): boolean {
    return this.data.segments.has(id) || this.data.otherSegments.has(id) || controlSegments.has(id);
  }

  element(reference: string): ElementDef | null {
    const built = this.builtElements.get(reference);
    if (built) return built;
    const line = this.data.elements.get(reference);
    const match = line === undefined ? null : /^([A-Z]+)(\d?) (\d+)\/(\d+)$/.exec(line);
    if (!match) return null;
    const min = Number(match[3]);
    const max = Number(match[4]);
    const def: ElementDef = {
      reference,
      type: match[1] as ElementType,
      decimals: Number(match[2] || '0'),
      min,
      max,
      codes: readCodes(this.data.codes.get(reference) ?? [], min, max),
    };
    this.builtElements.set(reference, def);
    return def;
  }

  private buildElements(line: string): { elements: ElementUsage[]; conditions: Condition[] } {
    const [usages = '', notes = ''] = line.split(';');
    const elements = usages
      .trim()
      .split(/\s+/)
      .map((word) => this.usage(word));
    const conditions = notes
      .trim()
      .split(/\s+/)
      .filter((note) => note !== '')
      .map(readCondition);
    return { elements, conditions };
  }

  private usage(word: string): ElementUsage {
    const { name, required, max } = readUsage(word);
    const element = this.element(name);
    if (element) return { required, max, element, composite: null };
    const line = this.data.composites.get(name);
    if (line === undefined) throw new Error(`dictionary ${this.release}: no element ${name}`);
    const { elements, conditions } = this.buildElements(line);
    return { required, max, element: null, composite: { reference: name, components: elements, conditions } };
  }

  private buildSet(set: string, line: string): SetDef {
    const tokens = setTokens(line);
    const segmentIds = new Set<string>();
    let at = 0;
    const places = (): Place[] => {
      const found: Place[] = [];
      while (at < tokens.length && !(tokens[at] as string).startsWith(')')) {
        const token = tokens[at] as string;
        at += 1;
        if (!token.endsWith('(')) {
          const { name, required, max } = readUsage(token);
          segmentIds.add(name);
          found.push({ id: name, required, max, segment: this.mustSegment(name), loop: null });
          continue;
        }
        const inner = places();
        const close = (tokens[at] ?? ')').slice(1);
        at += 1;
        const first = inner[0] as Place;
        const max = close === '' ? 1 : close === '*' ? 0 : Number(close.slice(1));
        const loop = loopOf(first.id, inner);
        found.push({ id: first.id, required: token.startsWith('!'), max, segment: first.segment, loop });
      }
      return found;
    };
    return { set, root: loopOf('', places()), segmentIds };
  }

  private mustSegment(id: string): SegmentDef {
    const def = this.segment(id);
    if (!def) throw new Error(`dictionary ${this.release}: no segment ${id}`);
    return def;
  }
}

function readCondition(note: string): Condition {
  const positions = (note.slice(1).match(/\d\d/g) ?? []).map(Number);
  return { kind: note[0] as Condition['kind'], positions };
}

function loopOf(id: string, places: readonly Place[]): LoopDef {
  const byId = new Map<string, number[]>();
  places.forEach((place, index) => {
    const known = byId.get(place.id);
    if (known) known.push(index);
    else byId.set(place.id, [index]);
  });
  return { id, places, byId };
}

const merged = new Map<string, MergedData>();
const dictionaries = new Map<string, Dictionary>();

function mergedData(release: string): MergedData | null {
  const known = merged.get(release);
  if (known) return known;
  const data: VersionData | undefined = releases.get(release);
  if (!data) return null;
  const built = mergeVersion(data.base === null ? null : mergedData(data.base), data);
  merged.set(release, built);
  return built;
}

/**
 * The dictionary for a GS08 ('004010', '004010VICS', '005010X231A1'): suffixes resolve to their
 * base release. null where the release is not held.
 */
export function dictionaryFor(version: string): Dictionary | null {
  const release = baseReleaseOf(version);
  if (release === null) return null;
  const known = dictionaries.get(release);
  if (known) return known;
  const data = mergedData(release);
  if (!data) return null;
  const built = new ReleaseDictionary(release, data);
  dictionaries.set(release, built);
  return built;
}
