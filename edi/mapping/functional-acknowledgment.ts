import type { Loop, Segment, TransactionSet } from '../x12/model';

/** 715/717: A accepted, E accepted with errors, P partially accepted, R rejected; M, W, X concern security. */
export type AcknowledgmentStatus = 'A' | 'E' | 'P' | 'R' | 'M' | 'W' | 'X';

/** AK4/IK4: what the partner found in one element of ours. */
export interface ElementNote {
  /** Element position in its segment, 1-based. */
  readonly position: number;
  readonly component?: number;
  readonly repetition?: number;
  /** Data element reference (725). */
  readonly reference?: string;
  /** AK403/IK403 (723, 621). */
  readonly code: string;
  /** Copy of what we had sent. */
  readonly value?: string;
}

/** AK3/IK3: a segment of ours that the partner objects to. */
export interface SegmentNote {
  readonly segment: string;
  /** Position in our transaction set, ST = 1. */
  readonly position: number;
  readonly loop?: string;
  /** AK304/IK304 (720, 620). */
  readonly code?: string;
  readonly elements: readonly ElementNote[];
  /** CTX segments of a 999, as text: the situation or the business unit. */
  readonly context: readonly string[];
}

export interface SetAcknowledgment {
  readonly set: string;
  readonly controlNumber: string;
  /** AK501/IK501; null where AK5 is missing. */
  readonly status: AcknowledgmentStatus | null;
  /** AK502 to AK506. */
  readonly errors: readonly string[];
  readonly notes: readonly SegmentNote[];
}

export interface GroupAcknowledgment {
  /** AK101 = our GS01 */
  readonly functionalId: string;
  /** AK102 = our GS06 */
  readonly groupControlNumber: string;
  readonly status: AcknowledgmentStatus | null;
  /** AK905 to AK909. */
  readonly errors: readonly string[];
  readonly included: number | null;
  readonly received: number | null;
  readonly accepted: number | null;
  readonly sets: readonly SetAcknowledgment[];
}

export interface FunctionalAcknowledgment {
  readonly groups: readonly GroupAcknowledgment[];
}

/** TA1: what became of a whole interchange of ours. */
export interface InterchangeAcknowledgment {
  /** TA101 = our ISA13 */
  readonly controlNumber: string;
  /** TA102, TA103 = our ISA09, ISA10 */
  readonly date: string;
  readonly time: string;
  readonly status: 'A' | 'E' | 'R' | null;
  /** TA105 */
  readonly note: string;
}

const statuses: readonly string[] = ['A', 'E', 'P', 'R', 'M', 'W', 'X'];

function statusOf(text: string): AcknowledgmentStatus | null {
  return statuses.includes(text) ? (text as AcknowledgmentStatus) : null;
}

function element(segment: Segment, number: number): string {
  return (segment.elements[number - 1] ?? '').trim();
}

/** Elements from `first` on that say something. */
function codes(segment: Segment, first: number): string[] {
  return segment.elements
    .slice(first - 1)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function count(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** All segments of a set in the order they were sent, whatever loops they were put in. */
function inOrder(loop: Loop): Segment[] {
  return [...loop.segments, ...loop.loops.flatMap(inOrder)].toSorted((a, b) => a.position - b.position);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenSet = Mutable<Omit<SetAcknowledgment, 'notes'>> & { readonly notes: OpenNote[] };
type OpenGroup = Mutable<Omit<GroupAcknowledgment, 'sets'>> & { readonly sets: OpenSet[] };
interface OpenNote extends Omit<SegmentNote, 'elements' | 'context'> {
  readonly elements: ElementNote[];
  readonly context: string[];
}

/**
 * 997 or 999 (AK3/AK4/AK5 and IK3/IK4/IK5 have the same layout). Sent by many kinds of software, so nothing is taken for
 * granted: missing AK2, AK5 or AK9 show as empty lists and null.
 */
export function readFunctionalAcknowledgment(set: TransactionSet): FunctionalAcknowledgment {
  const groups: OpenGroup[] = [];
  const group = () => groups[groups.length - 1];
  const current = () => group()?.sets[(group()?.sets.length ?? 0) - 1];
  for (const segment of inOrder(set.root)) {
    switch (segment.id) {
      case 'AK1':
        groups.push({
          functionalId: element(segment, 1),
          groupControlNumber: element(segment, 2),
          status: null,
          errors: [],
          included: null,
          received: null,
          accepted: null,
          sets: [],
        });
        break;
      case 'AK2':
        group()?.sets.push({
          set: element(segment, 1),
          controlNumber: element(segment, 2),
          status: null,
          errors: [],
          notes: [],
        });
        break;
      case 'AK5':
      case 'IK5': {
        const open = current();
        if (open === undefined) break;
        open.status = statusOf(element(segment, 1));
        open.errors = codes(segment, 2);
        break;
      }
      case 'AK9': {
        const open = group();
        if (open === undefined) break;
        open.status = statusOf(element(segment, 1));
        open.included = count(element(segment, 2));
        open.received = count(element(segment, 3));
        open.accepted = count(element(segment, 4));
        open.errors = codes(segment, 5);
        break;
      }
      default:
        addNote(current(), segment, set.separators.component);
    }
  }
  return { groups };
}

function addNote(open: OpenSet | undefined, segment: Segment, component: string): void {
  if (open === undefined) return;
  const last = open.notes[open.notes.length - 1];
  if (segment.id === 'AK3' || segment.id === 'IK3') {
    const loop = element(segment, 3);
    const code = element(segment, 4);
    open.notes.push({
      segment: element(segment, 1),
      position: count(element(segment, 2)) ?? 0,
      ...(loop === '' ? {} : { loop }),
      ...(code === '' ? {} : { code }),
      elements: [],
      context: [],
    });
  } else if (segment.id === 'CTX') {
    last?.context.push(codes(segment, 1).join(' '));
  } else if (segment.id === 'AK4' || segment.id === 'IK4') {
    last?.elements.push(elementNote(segment, component));
  }
}

function elementNote(segment: Segment, separator: string): ElementNote {
  // AK401 (C030): position, component, repetition
  const place = element(segment, 1);
  const [position, component, repetition] = separator === '' ? [place] : place.split(separator);
  const reference = element(segment, 2);
  const value = element(segment, 4);
  const inner = count(component ?? '');
  const repeat = count(repetition ?? '');
  return {
    position: count(position ?? '') ?? 0,
    ...(inner === null ? {} : { component: inner }),
    ...(repeat === null ? {} : { repetition: repeat }),
    ...(reference === '' ? {} : { reference }),
    code: element(segment, 3),
    ...(value === '' ? {} : { value }),
  };
}

/** @returns null when the segment is no TA1 */
export function readInterchangeAcknowledgment(segment: Segment): InterchangeAcknowledgment | null {
  if (segment.id !== 'TA1') return null;
  const status = element(segment, 4);
  return {
    controlNumber: element(segment, 1),
    date: element(segment, 2),
    time: element(segment, 3),
    status: status === 'A' || status === 'E' || status === 'R' ? status : null,
    note: element(segment, 5),
  };
}

/** What a group's acknowledgment means for one set that we had sent in it. */
export type SetVerdict = 'accepted' | 'accepted-with-errors' | 'rejected' | 'unclear';

/**
 * A set that is not listed shares the group's fate: accepted with A or E, rejected with R. With P it was accepted where
 * the partner lists all that it refused (AK902 - AK904 of them); otherwise nobody can tell.
 */
export function verdictOnSet(group: GroupAcknowledgment, set: string, controlNumber: string): SetVerdict {
  const listed = group.sets.find(
    (one) => one.set === set && sameControlNumber(one.controlNumber, controlNumber),
  );
  if (group.status === 'R') return 'rejected';
  if (listed !== undefined) {
    if (listed.status === 'A') return 'accepted';
    if (listed.status === 'E') return 'accepted-with-errors';
    return listed.status === null || listed.status === 'P' ? 'unclear' : 'rejected';
  }
  if (group.status === 'A') return 'accepted';
  if (group.status === 'E') return 'accepted-with-errors';
  const refused = group.sets.filter((one) => one.status !== 'A' && one.status !== 'E').length;
  const missing = (group.included ?? 0) - (group.accepted ?? 0);
  return group.status === 'P' && refused > 0 && refused === missing ? 'accepted' : 'unclear';
}

/** "0001" and "1" are the same number; anything that is no number must be the same text. */
function sameControlNumber(a: string, b: string): boolean {
  return a === b || (/^\d+$/.test(a) && /^\d+$/.test(b) && Number(a) === Number(b));
}
