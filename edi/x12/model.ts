/**
 * What every room of edi speaks: an interchange's separators, its segments with their place, the
 * loops of a transaction set, and the draft of a document that is to be written.
 */

/** Read anew at every ISA (X12.5, X12.6 section 3.5). A character may be longer than one byte. */
export interface Separators {
  readonly element: string;
  /** '' where the sender left ISA16 out: such an interchange has no components */
  readonly component: string;
  /** null before 00402, and where ISA11 holds no separator */
  readonly repetition: string | null;
  readonly segment: string;
}

export interface Segment {
  readonly id: string;
  /** elements[0] is element 01: raw text, including component and repetition separators */
  readonly elements: readonly string[];
  /** place in its transaction set; ST is 1 */
  readonly position: number;
  /** byte offset in the file it arrived in */
  readonly offset: number;
}

export interface Loop {
  /** 'PO1', 'N1', 'HL' ...; '' for the set itself */
  readonly id: string;
  /** its own segments in order, the one that opens it first; not those of loops inside */
  readonly segments: readonly Segment[];
  readonly loops: readonly Loop[];
}

export interface TransactionSet {
  /** ST01 */
  readonly set: string;
  /** ST02 */
  readonly controlNumber: string;
  /** GS08 as sent, suffix included */
  readonly version: string;
  readonly separators: Separators;
  readonly root: Loop;
  /** ST and SE included */
  readonly segmentCount: number;
}

/** A simple element is a string, a composite the list of its components, a repeating one its repeats. */
export type DraftElement =
  | string
  | readonly string[]
  | { readonly repeats: readonly (string | readonly string[])[] };

/** A segment to be written: its id, then its elements; trailing empty ones are left out by the writer. */
export type DraftSegment = readonly DraftElement[];

/** What an outbound mapping makes: the segments between ST and SE. */
export interface DocumentDraft {
  readonly set: string;
  /** ST03, e.g. 005010X231A1 (from 5010 on) */
  readonly implementation?: string;
  /** ['BAK', '00', 'AC', ...] */
  readonly segments: readonly DraftSegment[];
}
