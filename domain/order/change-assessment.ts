import type { Instant, LocalDate } from '../shared/dates';

/** A line as it stands, or would: quantities are decimal strings in `unit`, amounts minor units of the order's currency. */
export interface LineStanding {
  readonly lineNumber: number;
  readonly buyerLineNumber: string | null;
  readonly itemId: string | null;
  readonly description: string | null;
  readonly unit: string;
  /** What is still wanted of it: ordered less cancelled. */
  readonly quantity: string;
  readonly unitPrice: string | null;
  readonly amountMinor: number;
  /** Set aside for it, or gone already. */
  readonly covered: string;
  readonly backordered: string;
  readonly shipNotBefore: LocalDate | null;
  readonly deliverBy: LocalDate | null;
  readonly cancelAfter: Instant | null;
  readonly rejection: string | null;
}

/** What an order's account has left. `exposureMinor` is with the order in it. */
export interface CreditStanding {
  readonly limitMinor: number;
  readonly exposureMinor: number;
  readonly headroomMinor: number;
}

export interface OrderStanding {
  readonly lines: readonly LineStanding[];
  readonly subtotalMinor: number;
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly shipTo: unknown;
  readonly deliverBy: LocalDate | null;
  readonly shipNotBefore: Instant | null;
  readonly cancelAfter: Instant | null;
  /** Null for a blanket order: what is called off takes credit, not the frame. */
  readonly credit: CreditStanding | null;
}

export interface AssessedLine {
  readonly lineNumber: number;
  readonly buyerLineNumber: string | null;
  /** POC02 as asked. */
  readonly changeCode: string;
  readonly accepted: boolean;
  readonly partly: boolean;
  /** Why not, or what of it; empty where it is done as asked. */
  readonly text: string;
}

export interface CausedHold {
  readonly type: string;
  readonly lineNumber: number | null;
  readonly text: string;
}

/** A change computed as a whole, before anything of it is done: what it makes of lines, price, stock and credit. */
export interface ChangeAssessment {
  readonly before: OrderStanding;
  readonly after: OrderStanding;
  readonly lines: readonly AssessedLine[];
  /** Dates, ship-to, references and notes of the order as a whole. */
  readonly head: readonly { readonly type: string; readonly accepted: boolean; readonly text: string }[];
  /** Holds that it would cause: it waits for them, and the order stands as it was confirmed. */
  readonly holds: readonly CausedHold[];
  /** Shipments that are at a warehouse and have to be recalled first; `after` is as if they were. */
  readonly recalls: readonly string[];
}
