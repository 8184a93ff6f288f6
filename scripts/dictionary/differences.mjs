/**
 * The differences between the dictionary of one release and other tables' facts, statement by
 * statement. A statement is a line such as `850/PO1/PID max`; for each the dictionary's value and
 * that of every source that speaks of it are kept, so that one look says who stands where.
 */

/** Statements of which at least one source differs from the dictionary, with everybody's value. */
export class Statements {
  #held = new Map();
  compared = 0;

  /** `ours` and `theirs` are compared as text; undefined is "does not say". */
  compare(key, source, ours, theirs) {
    if (theirs === undefined) return;
    this.compared += 1;
    const line = this.#held.get(key) ?? { ours: String(ours), said: new Map() };
    line.said.set(source, String(theirs));
    this.#held.set(key, line);
  }

  /** [key, ours, Map of source -> value] */
  differing() {
    return [...this.#held]
      .filter(([, { ours, said }]) => [...said.values()].some((value) => value !== ours))
      .map(([key, { ours, said }]) => [key, ours, said]);
  }
}

/** Longest common subsequence by id: pairs of indices. */
function aligned(ours, theirs) {
  const rows = ours.length + 1;
  const columns = theirs.length + 1;
  const length = Array.from({ length: rows }, () => new Int32Array(columns));
  for (let i = ours.length - 1; i >= 0; i -= 1)
    for (let j = theirs.length - 1; j >= 0; j -= 1)
      length[i][j] =
        ours[i].id === theirs[j].id ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const pairs = [];
  for (let i = 0, j = 0; i < ours.length && j < theirs.length; ) {
    if (ours[i].id === theirs[j].id) pairs.push([i++, j++]);
    else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}

const times = (max) => (max === 0 ? '>1' : String(max));

/** How often, as far as the source counts: a table that stops at 99999 says nothing of 100000. */
function compareMax(out, key, source, ours, theirs) {
  if (theirs === undefined) return;
  const beyond = theirs === 0 && source.countsUpTo !== undefined && ours >= source.countsUpTo;
  out.compare(`${key} max`, source.source, times(ours), times(beyond ? ours : theirs));
}

/** A loop that holds one segment is that segment, repeated: tables draw it either way. */
const isLoop = (place) => (place.loop?.length ?? 0) > 1;

function comparePlaces(out, source, path, ours, theirs) {
  const pairs = aligned(ours, theirs);
  const matchedOurs = new Map(pairs);
  const matchedTheirs = new Set(pairs.map(([, j]) => j));
  const seen = new Map();
  for (const [i, place] of ours.entries()) {
    const nth = (seen.get(place.id) ?? 0) + 1;
    seen.set(place.id, nth);
    const key = `${path}/${place.id}${nth > 1 ? `(${nth})` : ''}`;
    const j = matchedOurs.get(i);
    out.compare(`${key} held`, source.source, 'yes', j === undefined ? 'no' : 'yes');
    if (j === undefined) continue;
    const other = theirs[j];
    // The first segment of a loop opens it: its requirement and number are the loop's.
    if (i > 0 || path.split('/').length === 1) {
      out.compare(`${key} required`, source.source, place.required, other.required);
      compareMax(out, key, source, place.max, other.max);
      out.compare(`${key} loop`, source.source, isLoop(place), isLoop(other));
    }
    if (isLoop(place) && isLoop(other)) comparePlaces(out, source, key, place.loop, other.loop);
  }
  for (const [j, other] of theirs.entries()) {
    if (matchedTheirs.has(j)) continue;
    const before = theirs[j - 1]?.id ?? 'the beginning';
    const shape = isLoop(other) ? `loop of ${other.loop.map((place) => place.id).join(' ')}` : 'segment';
    out.compare(
      `${path}/${other.id} after ${before} held`,
      source.source,
      'no',
      `${other.required ? 'mandatory ' : ''}${shape}, ${times(other.max)}`,
    );
  }
}

/** The places of a set of the dictionary in the shape of a facts file. */
function placesOf(loop) {
  return loop.places.map((place) => ({
    id: place.id,
    required: place.required,
    max: place.max,
    loop: place.loop === null ? null : placesOf(place.loop),
  }));
}

const numeric = (type) => /^[NR]/.test(type);

/** `coarse` tables know only text and numbers: AN of every code, R of every number, no least length. */
function compareType(out, source, element, theirs) {
  const key = `element ${element.reference}`;
  const type = element.type === 'N' ? `N${element.decimals}` : element.type;
  const said = theirs.type === 'N' ? 'N0' : theirs.type;
  const alike = source.coarse && ((said === 'AN' && type === 'ID') || (numeric(said ?? '') && numeric(type)));
  out.compare(`${key} type`, source.source, type, alike ? type : said);
  if (!source.coarse) out.compare(`${key} least`, source.source, element.min, theirs.min);
  out.compare(`${key} most`, source.source, element.max, theirs.max);
}

const noteOf = ({ kind, positions }) => kind + positions.map((at) => String(at).padStart(2, '0')).join('');

const asText = (one, other) => (one < other ? -1 : 1);

/** P and R and E say the same in any order; of C and L the first stands apart. */
function sameNote(note) {
  const [first, ...rest] = note.slice(1).match(/\d\d/g) ?? [];
  return 'PRE'.includes(note[0])
    ? note[0] + [first, ...rest].toSorted(asText).join('')
    : note[0] + first + rest.toSorted(asText).join('');
}

function compareNotes(out, source, key, conditions, theirs) {
  if (!theirs) return;
  const ours = new Set(conditions.map(noteOf).map(sameNote));
  const said = new Set(theirs.map(sameNote));
  for (const note of new Set([...ours, ...said]))
    out.compare(`${key} condition ${note}`, source.source, ours.has(note), said.has(note));
}

function compareUsages(out, source, key, ours, theirs) {
  out.compare(`${key} elements`, source.source, ours.length, theirs.length);
  for (const [i, usage] of ours.entries()) {
    const other = theirs[i];
    if (!other) continue;
    const at = `${key}${String(i + 1).padStart(2, '0')}`;
    const reference = usage.element?.reference ?? usage.composite.reference;
    out.compare(`${at} reference`, source.source, reference, other.ref);
    out.compare(`${at} required`, source.source, usage.required, other.required);
    if (other.repeats !== undefined)
      out.compare(`${at} repeats`, source.source, times(usage.max), times(other.repeats));
    if (usage.element !== null && other.type !== undefined) compareType(out, source, usage.element, other);
    if (usage.composite !== null && other.components)
      compareUsages(out, source, `${at}-`, usage.composite.components, other.components);
  }
}

/** Every segment, element and composite that these sets use, once. */
function usedBy(dictionary, sets) {
  const segments = new Map();
  const elements = new Map();
  const composites = new Map();
  for (const set of sets)
    for (const id of dictionary.set(set)?.segmentIds ?? []) segments.set(id, dictionary.segment(id));
  const note = (usages) => {
    for (const { element, composite } of usages) {
      if (element !== null) elements.set(element.reference, element);
      if (composite === null || composites.has(composite.reference)) continue;
      composites.set(composite.reference, composite);
      note(composite.components);
    }
  };
  for (const { elements: usages } of segments.values()) note(usages);
  return { segments, elements, composites };
}

function compareCodes(out, source, element, theirs) {
  if (!theirs.codes || element.codes === null) return;
  const said = new Set(theirs.codes);
  for (const code of new Set([...element.codes, ...said])) {
    const key = `element ${element.reference} code ${code}`;
    out.compare(key, source.source, element.codes.has(code) ? 'yes' : 'no', said.has(code) ? 'yes' : 'no');
  }
}

/**
 * `facts` are of one release, in the form that docs/operations/developing.md gives; `sets` narrows what is
 * looked at (null: all). Sets that only one side has are no difference.
 */
export function differences(dictionary, facts, sets) {
  const out = {
    sets: new Statements(),
    segments: new Statements(),
    elements: new Statements(),
    codes: new Statements(),
  };
  const wanted = dictionary.sets.filter((set) => sets === null || sets.includes(set));
  const used = usedBy(dictionary, wanted);
  for (const source of facts) {
    for (const set of wanted) {
      const theirs = source.sets?.[set];
      if (theirs) comparePlaces(out.sets, source, set, placesOf(dictionary.set(set).root), theirs);
    }
    for (const [id, { elements, conditions }] of used.segments) {
      const theirs = source.segments?.[id];
      if (!theirs) continue;
      compareUsages(out.segments, source, id, elements, theirs.elements);
      compareNotes(out.segments, source, id, conditions, theirs.conditions);
    }
    for (const [id, { components, conditions }] of used.composites) {
      const theirs = source.composites?.[id];
      if (!theirs) continue;
      compareUsages(out.segments, source, `${id}-`, components, theirs.elements);
      compareNotes(out.segments, source, id, conditions, theirs.conditions);
    }
    for (const [reference, element] of used.elements) {
      const theirs = source.elements?.[reference];
      if (!theirs) continue;
      compareType(out.elements, source, element, theirs);
      compareCodes(out.codes, source, element, theirs);
    }
  }
  return out;
}
