import type { Finding } from '../validate/finding';
import type { Deviation } from '../x12/deviation';
import type { DocumentDraft, Separators, TransactionSet } from '../x12/model';

/** ISA01 ... ISA15 without padding, as far as they could be read. */
export interface EnvelopeValues {
  readonly authorizationQualifier: string;
  readonly authorization: string;
  readonly securityQualifier: string;
  readonly security: string;
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly date: string;
  readonly time: string;
  readonly standard: string;
  readonly version: string;
  readonly controlNumber: string;
  readonly ackRequested: string;
  readonly usage: string;
}

/** A TA1 that came in: an answer to an interchange of ours. */
export interface ReceivedTa1 {
  readonly controlNumber: string;
  readonly date: string;
  readonly time: string;
  readonly code: string;
  readonly note: string;
}

export interface JudgedTransaction {
  /** ST01, ST02, ST03 as sent */
  readonly set: string;
  readonly controlNumber: string;
  readonly implementation: string;
  /** AK501 */
  readonly ack: 'A' | 'E' | 'R';
  /** AK502 */
  readonly errors: readonly string[];
  readonly findings: readonly Finding[];
  /** what the document calls itself, e.g. BEG03 = PO9001; null where its definition names no such element */
  readonly businessUnit: { readonly place: string; readonly value: string } | null;
  readonly segmentCount: number;
  /** the tree of a set that is processed; null for any other */
  readonly document: TransactionSet | null;
}

export interface FunctionalAck {
  readonly draft: DocumentDraft;
  /** GS08 for the group that carries it */
  readonly version: string;
  /** ST to SE with ST02 0001, in the separators of the answer */
  readonly text: string;
}

export interface GroupHeader {
  readonly functionalId: string;
  readonly senderCode: string;
  readonly receiverCode: string;
  readonly date: string;
  readonly time: string;
  readonly controlNumber: string;
  readonly version: string;
}

/** How a group was judged as a whole. */
export interface GroupOutcome extends GroupHeader {
  /** AK901 */
  readonly ack: 'A' | 'E' | 'P' | 'R';
  /** AK905 */
  readonly errors: readonly string[];
  /** AK902: GE01, or what was received where that is no number */
  readonly included: number;
  readonly received: number;
  readonly accepted: number;
}

export interface JudgedGroup extends GroupOutcome {
  readonly transactions: readonly JudgedTransaction[];
  /** null for a group of acknowledgements: those are never acknowledged */
  readonly functionalAck: FunctionalAck | null;
}

/** What is known of an interchange beside its groups. */
export interface JudgedEnvelope {
  readonly envelope: EnvelopeValues;
  /** null where the header does not give them */
  readonly separators: Separators | null;
  readonly deviations: readonly Deviation[];
  /** TA104 and TA105 */
  readonly ta1: { readonly code: 'A' | 'E' | 'R'; readonly note: string };
  /** whether a TA1 is to be sent */
  readonly ta1Due: boolean;
  readonly receivedTa1s: readonly ReceivedTa1[];
  /** the same bytes were answered before: the stored answer goes out again, nothing else happens */
  readonly duplicate: boolean;
}

export interface Judgement extends JudgedEnvelope {
  /** empty when TA104 = R: nothing of it is processed */
  readonly groups: readonly JudgedGroup[];
}
