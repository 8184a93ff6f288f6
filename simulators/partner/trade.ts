import type { Finding } from './read-acknowledgment';
import type { Document } from './understand';

/** One interchange that the partner sent, and what the hub said of it. */
export interface Sent {
  readonly set: '850' | '860';
  readonly interchangeNumber: string;
  readonly groupNumber: string;
  readonly text: string;
  readonly sentAt: string;
  /** Set when its 997 has come. */
  readonly acknowledgment: { readonly code: string; readonly findings: readonly Finding[] } | null;
}

/** Everything about one purchase order, from the side of the buyer. */
export interface Trade {
  readonly identity: string;
  readonly purchaseOrder: string;
  readonly startedAt: string;
  readonly sent: readonly Sent[];
  /** As they came. */
  readonly documents: readonly Document[];
  readonly payments: readonly {
    readonly invoice: string;
    readonly amountCents: number;
    readonly discountCents: number;
  }[];
}

export function newTrade(identity: string, purchaseOrder: string): Trade {
  return {
    identity,
    purchaseOrder,
    startedAt: new Date().toISOString(),
    sent: [],
    documents: [],
    payments: [],
  };
}
