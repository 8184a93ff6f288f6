import type { Party, Reference } from '../order/order-request';
import type { LocalDate } from '../shared/dates';
import type { WithBeyond } from './beyond-content';

/**
 * What finance and status documents are made of. Amounts and quantities are decimal strings as their document says
 * them: whoever applies them brings the currency.
 */

/** PER: whom to ask. */
export interface Contact extends WithBeyond {
  /** Element 366: IC information contact, AR accounts receivable, ... */
  readonly role: string;
  readonly name?: string;
  /** Element 365 with the number: TE telephone, EM e-mail, FX fax. */
  readonly numbers: readonly { readonly qualifier: string; readonly value: string }[];
  readonly reference?: string;
}

/** REF or N9. */
export interface DocumentReference extends Reference, WithBeyond {}

/** A party with what its loop says beyond name and address. */
export interface DocumentParty extends Party, WithBeyond {
  /** N2: the rest of the name, a department. */
  readonly additionalNames?: readonly string[];
  readonly references: readonly DocumentReference[];
  readonly contacts: readonly Contact[];
}

/** DTM: a day, a time or a period by element 374. */
export interface QualifiedDate extends WithBeyond {
  readonly qualifier: string;
  readonly date?: LocalDate;
  /** HHMM, seconds and hundredths optional. */
  readonly time?: string;
  readonly zone?: string;
  readonly period?: { readonly format: string; readonly value: string };
}

/** NTE: element 363 and the text. */
export interface Remark extends WithBeyond {
  readonly code?: string;
  readonly text: string;
}

/** AMT: element 522 with its amount. */
export interface QualifiedAmount extends WithBeyond {
  readonly qualifier: string;
  readonly amount: string;
  /** Element 478: C credit, D debit. */
  readonly creditOrDebit?: string;
}

/** QTY: element 673 with its quantity. */
export interface QualifiedQuantity extends WithBeyond {
  readonly qualifier: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly text?: string;
}

/** PID: element 349 says whether text, code or both. */
export interface ItemDescription extends WithBeyond {
  readonly form: string;
  readonly characteristic?: string;
  readonly agency?: string;
  readonly code?: string;
  readonly text?: string;
}
