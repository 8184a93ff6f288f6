import type { DocumentDraft, DraftSegment, Loop, TransactionSet } from '../x12/model';
import { sentValue } from './layout-read';

/** Everything a set says, segment by segment: for sets of which the domain has no picture of its own. */
export interface WholeDocument {
  readonly set: string;
  /** GS08 as sent. */
  readonly version: string;
  readonly segments: readonly {
    /** Position in the set, ST = 1. */
    readonly position: number;
    /** The loops it stands in, from the outside in: 'N1', 'LX/W12'; '' outside of any. */
    readonly loop: string;
    readonly segment: DraftSegment;
  }[];
}

/** The segments between ST and SE; nothing of them is lost. */
export function readWholeDocument(set: TransactionSet): WholeDocument {
  const segments: WholeDocument['segments'][number][] = [];
  const walk = (loop: Loop, path: string) => {
    for (const { id, elements, position } of loop.segments) {
      if (id === 'ST' || id === 'SE') continue;
      const values = elements.map((text) => sentValue(text, set.separators));
      segments.push({ position, loop: path, segment: [id, ...values] });
    }
    for (const inner of loop.loops) walk(inner, path === '' ? inner.id : `${path}/${inner.id}`);
  };
  walk(set.root, '');
  segments.sort((a, b) => a.position - b.position);
  return { set: set.set, version: set.version, segments };
}

/** The same segments again, for whoever wants the document back. */
export function renderWholeDocument(document: WholeDocument): DocumentDraft {
  return { set: document.set, segments: document.segments.map(({ segment }) => segment) };
}
