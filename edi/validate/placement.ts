import type { Dictionary, LoopDef, Place, SegmentDef, SetDef } from '../dictionary/dictionary';
import type { Loop, Segment } from '../x12/model';
import { type SegmentError, segmentErrors } from './finding';

/** A loop while it is read: the same object becomes part of the document's tree. */
export interface OpenLoop extends Loop {
  readonly id: string;
  readonly segments: Segment[];
  readonly loops: OpenLoop[];
}

interface Frame {
  readonly def: LoopDef;
  /** the place that was used last; -1 before the first segment of a set */
  at: number;
  /** how often that place was used */
  count: number;
  readonly tree: OpenLoop;
}

/** Where a segment goes, or why it goes nowhere. */
export interface Placed {
  /** null when the id has no definition here: then its elements cannot be checked */
  readonly segment: SegmentDef | null;
  readonly error: SegmentError | null;
  /** where the segment belongs in the tree; null when it belongs nowhere */
  readonly loop: OpenLoop | null;
}

/**
 * Follows a transaction set through the loops of its definition. A segment goes to the nearest
 * place ahead, innermost loop first; what was mandatory and is passed on the way is reported missing.
 * A segment that fits nowhere changes nothing, so that one stray segment does not spoil the rest.
 */
export class Placement {
  readonly root: OpenLoop = { id: '', segments: [], loops: [] };
  private readonly dictionary: Dictionary;
  private readonly set: SetDef;
  private readonly frames: Frame[];
  private justOpened = false;
  private readonly missing: (id: string) => void;

  constructor(dictionary: Dictionary, set: SetDef, missing: (id: string) => void) {
    this.dictionary = dictionary;
    this.set = set;
    this.missing = missing;
    this.frames = [{ def: set.root, at: -1, count: 0, tree: this.root }];
  }

  /** How many loops are open around the segment that was placed last. */
  get openLoops(): number {
    return this.frames.length - 1;
  }

  /** Whether the segment that was placed last opened the innermost of them. */
  get opened(): boolean {
    return this.justOpened;
  }

  /** `loopCode` is LS01: it tells brackets apart where a loop has several (the two of an 832 from 004040 on). */
  place(id: string, loopCode?: string): Placed {
    this.justOpened = false;
    let overDepth = -1;
    for (let depth = this.frames.length - 1; depth >= 0; depth -= 1) {
      const frame = this.frames[depth] as Frame;
      const candidates = candidatesIn(frame.def, id, loopCode);
      for (const index of candidates) {
        if (index > frame.at) return this.moveTo(depth, index, null);
        // A loop's first segment again is the loop again, and so its parent's matter.
        if (index < frame.at || (index === 0 && depth > 0)) continue;
        const { max } = frame.def.places[index] as Place;
        if (max === 0 || frame.count < max) return this.moveTo(depth, index, null);
        if (overDepth < 0) overDepth = depth;
      }
    }
    if (overDepth >= 0) return this.overMaximum(overDepth);
    return { segment: null, error: this.strayError(id), loop: null };
  }

  /** SE: whatever is still due is missing. */
  finish(): void {
    this.closeTo(-1);
  }

  private overMaximum(depth: number): Placed {
    const frame = this.frames[depth] as Frame;
    const { loop } = frame.def.places[frame.at] as Place;
    const error = loop === null ? segmentErrors.overMaximumUse : segmentErrors.loopOverMaximum;
    return this.moveTo(depth, frame.at, error);
  }

  private strayError(id: string): SegmentError {
    if (!this.set.segmentIds.has(id)) {
      return this.dictionary.knowsSegment(id) ? segmentErrors.notInSet : segmentErrors.unrecognized;
    }
    const { frames } = this;
    if (frames.some(({ def, at }) => def.byId.get(id)?.some((index) => index < at)))
      return segmentErrors.outOfSequence;
    // It stands inside loops that are not open: too early for them, or too late for all of them.
    const ahead = frames.some(({ def, at }) =>
      def.places.some(({ loop }, index) => index > at && loop !== null && contains(loop, id)),
    );
    return ahead ? segmentErrors.unexpected : segmentErrors.outOfSequence;
  }

  private moveTo(depth: number, index: number, error: SegmentError | null): Placed {
    this.closeTo(depth);
    const frame = this.frames[depth] as Frame;
    const place = frame.def.places[index] as Place;
    if (index === frame.at) frame.count += 1;
    else {
      this.reportMissing(frame, index);
      frame.at = index;
      frame.count = 1;
    }
    if (place.loop === null) return { segment: place.segment, error, loop: frame.tree };
    const tree: OpenLoop = { id: place.loop.id, segments: [], loops: [] };
    frame.tree.loops.push(tree);
    this.frames.push({ def: place.loop, at: 0, count: 1, tree });
    this.justOpened = true;
    return { segment: place.segment, error, loop: tree };
  }

  private closeTo(depth: number): void {
    while (this.frames.length - 1 > depth) {
      const frame = this.frames.pop() as Frame;
      this.reportMissing(frame, frame.def.places.length);
    }
  }

  private reportMissing(frame: Frame, before: number): void {
    for (let index = frame.at + 1; index < before; index += 1) {
      const place = frame.def.places[index] as Place;
      if (place.required) this.missing(place.id);
    }
  }
}

const none: readonly number[] = [];

function candidatesIn(def: LoopDef, id: string, loopCode: string | undefined): readonly number[] {
  const found = def.byId.get(id) ?? none;
  if (id !== 'LS' || found.length < 2 || loopCode === undefined) return found;
  const named = found.filter((index) => def.places[index]?.loop?.byId.has(loopCode));
  return named.length > 0 ? named : found;
}

function contains(loop: LoopDef, id: string): boolean {
  return loop.byId.has(id) || loop.places.some((place) => place.loop !== null && contains(place.loop, id));
}
