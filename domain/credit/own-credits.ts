import type { Instant } from '../shared/dates';
import { sumMinor } from '../shared/money';

/** An invoice on which a credit was granted, or of an order that was paid in advance. */
export interface CreditedInvoice {
  readonly id: string;
  readonly number: string;
  readonly orderId: string;
  readonly totalMinor: number;
  readonly postedAt: Instant | null;
  /** Payments and discounts the hub knows of that the snapshot has: all of them, and those that a remittance explains. */
  readonly bookedMinor: number;
  readonly bookedRemittedMinor: number;
  /** Those that the snapshot has not, without a remittance: the ERP tells of them by themselves. */
  readonly sinceMinor: number;
}

/** A credit memo of ours that is still open. Amounts are positive. */
export interface MemoFact {
  readonly number: string;
  readonly amountMinor: number;
  readonly recordedAt: Instant | null;
  /** As of when a snapshot listed it under its own number; from then on snapshots speak for it. */
  readonly bookedAt: Instant | null;
  /** Null: of no invoice that is known. */
  readonly invoiceId: string | null;
}

/** What was paid in advance for one order, in sum: before the snapshot's moment and since. */
export interface PrepaidOrder {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly beforeMinor: number;
  readonly sinceMinor: number;
  /** The order counts in the exposure; money of one that waits is its own, and nobody's headroom. */
  readonly counts: boolean;
  /** Nothing of the order is left to come: its money is cash of the account like any other. */
  readonly isOver: boolean;
}

export interface OwnCredits {
  readonly memos: readonly { readonly number: string; readonly amountMinor: number }[];
  /** What is left of each order's money, whether it counts or not. */
  readonly prepaid: readonly (PrepaidOrder & { readonly leftMinor: number })[];
  /** Of the snapshot's unapplied cash, what is not money that was paid in advance for an order. */
  readonly otherCashMinor: number;
}

interface Snapshot {
  readonly asOf: Instant;
  readonly openItems: readonly { readonly invoiceNumber: string; readonly openMinor: number }[];
  readonly unappliedCashMinor: number;
}

/**
 * Counts what the hub credits a customer with once, though the ERP books it in its own way and does not say which:
 * - An invoice of which the ERP has less open than its payments explain was lowered by its memos, oldest first.
 * - Whatever else an invoice of a prepaid order was lowered by, no remittance explaining it, is taken from that money.
 * - What is left of it is in the ERP's unapplied cash as soon as the snapshot is later than the payment.
 * Where the ERP is late the exposure is too high until it is not, never too low.
 */
export function countOwnCredits(
  snapshot: Snapshot | null,
  given: {
    readonly invoices: readonly CreditedInvoice[];
    readonly memos: readonly MemoFact[];
    readonly prepaid: readonly PrepaidOrder[];
  },
): OwnCredits {
  const openOf = new Map(snapshot?.openItems.map((item) => [item.invoiceNumber, item.openMinor]));
  const inSnapshot = (at: Instant | null) => snapshot !== null && at !== null && at < snapshot.asOf;
  const loweredBy = new Map<string, number>();
  for (const invoice of given.invoices) {
    const known = openOf.has(invoice.number) || inSnapshot(invoice.postedAt);
    loweredBy.set(
      invoice.id,
      known ? Math.max(0, invoice.totalMinor - (openOf.get(invoice.number) ?? 0)) : 0,
    );
  }
  const unexplained = new Map(
    given.invoices.map(({ id, bookedMinor }) => [id, Math.max(0, (loweredBy.get(id) ?? 0) - bookedMinor)]),
  );
  const byMemos = new Map<string, number>();
  const memos = given.memos.map((memo) => {
    const { number, amountMinor, invoiceId, recordedAt, bookedAt } = memo;
    if (openOf.has(number) || inSnapshot(bookedAt)) return { number, amountMinor: 0 };
    if (invoiceId === null || !inSnapshot(recordedAt)) return { number, amountMinor };
    const left = (unexplained.get(invoiceId) ?? 0) - (byMemos.get(invoiceId) ?? 0);
    const taken = Math.min(amountMinor, left);
    byMemos.set(invoiceId, (byMemos.get(invoiceId) ?? 0) + taken);
    return { number, amountMinor: amountMinor - taken };
  });
  const cashMinor = snapshot?.unappliedCashMinor ?? 0;
  let inCash = 0;
  const prepaid = given.prepaid.map((order) => {
    const own = given.invoices.filter(({ orderId }) => orderId === order.orderId);
    const used = sumMinor(
      own.map(({ id, bookedRemittedMinor }) =>
        Math.max(0, (loweredBy.get(id) ?? 0) - (byMemos.get(id) ?? 0) - bookedRemittedMinor),
      ),
    );
    const since = sumMinor(own.map(({ sinceMinor }) => sinceMinor));
    const before = order.isOver ? 0 : Math.max(0, order.beforeMinor - used);
    inCash += before;
    return { ...order, leftMinor: Math.max(0, before + order.sinceMinor - since) };
  });
  return {
    memos,
    prepaid,
    otherCashMinor: Math.min(cashMinor, Math.max(0, cashMinor - inCash)),
  };
}
