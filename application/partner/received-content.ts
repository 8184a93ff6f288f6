import type { Tx } from '../../db/connection';
import type { UnhandledContent, Usage } from '../../domain/order/order-request';
import type { NewException } from '../record/raise-exception';

/** What a partner sent, as its mapping read it, for the use case that acts on it. */
export interface Received<Body> {
  readonly documentId: string;
  readonly partnerId: string;
  readonly usage: Usage;
  /** ST01. */
  readonly set: string;
  readonly receivedAt: string;
  readonly body: Body;
}

export type ContentOutcome =
  /** It was acted on; what it asked for that could not be done has exceptions of its own. */
  | { readonly kind: 'done'; readonly note: string; readonly orderId?: string }
  /** Nothing follows from it (an information copy): it is kept, and nobody need look. */
  | { readonly kind: 'kept'; readonly note: string }
  /**
   * Nothing of it could be acted on: nothing else was written, and somebody gets to see it. Replaying the document
   * works it again.
   */
  | {
      readonly kind: 'set-aside';
      readonly exception: Omit<NewException, 'subjectKey' | 'documentId'>;
    };

/**
 * A use case for one kind of received content, in the caller's transaction. A document is acted on once, so whatever
 * it changes is in that transaction; one that came twice (the same content under other control numbers) is the use
 * case's own to recognise. Throw only for faults that may pass.
 */
export type ActOnContent<Body> = (tx: Tx, received: Received<Body>, now: string) => Promise<ContentOutcome>;

/** A document that its mapping understood, and what of it found no field. */
export interface Understood<Document> {
  readonly document: Document;
  readonly unhandled: readonly UnhandledContent[];
}
