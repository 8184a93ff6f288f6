import type { SourcePosition } from '../order/order-request';

/** An element as it was sent: a value, the components of a composite, or the repeats of either. */
export type SentValue =
  | string
  | readonly string[]
  | { readonly repeats: readonly (string | readonly string[])[] };

/** A loop of segments that a document has no picture of. */
export interface SentLoop {
  readonly id: string;
  /** ['N9', 'LI', '1'] */
  readonly segments: readonly (readonly SentValue[])[];
  readonly loops: readonly SentLoop[];
}

/**
 * Something that a partner said and that the document has no field for: kept where it stood, shown to people, and
 * given back when the document is written.
 */
export type BeyondContent =
  /** One element (`at.element`) of a segment that is otherwise known. */
  | { readonly at: SourcePosition; readonly value: SentValue }
  | { readonly at: SourcePosition; readonly segment: readonly SentValue[] }
  | { readonly at: SourcePosition; readonly loop: SentLoop };

/** Each part of a document keeps what stood in its own loop. */
export interface WithBeyond {
  readonly beyond?: readonly BeyondContent[];
}
