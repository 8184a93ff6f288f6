import type { LocalDate } from '../shared/dates';
import type { WithBeyond } from './beyond-content';
import type {
  Contact,
  DocumentParty,
  DocumentReference,
  QualifiedAmount,
  QualifiedDate,
  QualifiedQuantity,
  Remark,
} from './document-parts';

/**
 * 824: what somebody's application made of documents that the syntax check (997) had let pass. Comes in about ours,
 * goes out about theirs.
 */
export interface ApplicationAdvice extends WithBeyond {
  readonly kind: 'application-advice';
  /** BGN01, element 353: 00 original, 11 response, ... */
  readonly purpose: string;
  /** BGN02: its own number. */
  readonly adviceNumber: string;
  readonly date: LocalDate;
  /** HHMM, seconds optional. */
  readonly time?: string;
  readonly zone?: string;
  /** BGN06: the number of a document or advice that it refers to as a whole. */
  readonly referenceNumber?: string;
  /** BGN07, element 640. */
  readonly transactionType?: string;
  /** BGN08, element 306: RJ rejected, ... */
  readonly action?: string;
  readonly parties: readonly DocumentParty[];
  readonly originals: readonly AdvisedDocument[];
}

/** OTI loop: one document, and what became of it. */
export interface AdvisedDocument extends WithBeyond {
  /**
   * OTI01, element 110. First letter: T transaction set, I item, B batch, G group; second: A accepted, C accepted with
   * changed data, E accepted with errors, P partly accepted, R rejected, N no error found.
   */
  readonly verdict: string;
  /** OTI02/03: by what its sender knows it, for example PO with the purchase order number, IV with the invoice number. */
  readonly reference: { readonly qualifier: string; readonly value: string };
  /** OTI04, 05: GS02 and GS03 of its group. */
  readonly senderCode?: string;
  readonly receiverCode?: string;
  readonly groupDate?: LocalDate;
  readonly groupTime?: string;
  /** OTI08: GS06. */
  readonly groupControlNumber?: string;
  /** OTI09: ST02. */
  readonly controlNumber?: string;
  /** OTI10: ST01. */
  readonly set?: string;
  /** OTI11: GS08. */
  readonly version?: string;
  readonly purpose?: string;
  readonly transactionType?: string;
  readonly applicationType?: string;
  readonly action?: string;
  readonly handling?: string;
  readonly status?: string;
  readonly references: readonly DocumentReference[];
  readonly dates: readonly QualifiedDate[];
  readonly contacts: readonly Contact[];
  readonly amounts: readonly QualifiedAmount[];
  readonly quantities: readonly QualifiedQuantity[];
  readonly errors: readonly AdviceError[];
}

/** TED loop: one thing that is wrong, and where. */
export interface AdviceError extends WithBeyond {
  /** TED01, element 647: 012 ..., ZZZ mutually defined. */
  readonly code: string;
  readonly text?: string;
  /** TED03: segment id. */
  readonly segment?: string;
  /** TED04: position in the transaction set, ST = 1. */
  readonly position?: string;
  /** TED05: element, component and repetition, 1-based. */
  readonly element?: { readonly position: string; readonly component?: string; readonly repetition?: string };
  /** TED06: data element reference. */
  readonly elementReference?: string;
  /** TED07: copy of what was bad. */
  readonly value?: string;
  /** TED08: what it was taken for instead. */
  readonly replacement?: string;
  /** Where in the document the business meets the fault (CTX, from 5010 on). */
  readonly contexts: readonly (WithBeyond & { readonly name: string })[];
  readonly remarks: readonly Remark[];
  /** RED: related data. */
  readonly details: readonly AdviceDetail[];
}

export interface AdviceDetail extends WithBeyond {
  readonly text: string;
  readonly code?: string;
  readonly agency?: string;
  readonly source?: string;
  readonly listQualifier?: string;
  readonly listCode?: string;
}
