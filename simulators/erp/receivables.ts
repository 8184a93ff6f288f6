import { z } from 'zod';
import type { Receivables } from '../../adapters/erp/contract';
import type { KeptInvoice } from './server';

/** POST /bank/payments: what the bank reports. `reference` is the payer's own number of the transfer. */
export const bankPayment = z.object({
  reference: z.string().min(1).max(80),
  creditAccountId: z.string().optional(),
  invoiceNumber: z.string().optional(),
  amountMinor: z.int().positive(),
  /** Cash discount that the payer took. */
  discountMinor: z.int().nonnegative().default(0),
});

/** What an account owed before the hub came: due dates count from today, negative is overdue. */
export interface OpenAccount {
  readonly creditAccountId: string;
  readonly currency: string;
  readonly unappliedCashMinor: number;
  readonly openItems: readonly {
    readonly invoiceNumber: string;
    readonly openMinor: number;
    readonly dueInDays: number;
    readonly disputed: boolean;
  }[];
}

/** The open items of an account, true at this moment. An account that never bought anything owes nothing. */
export function receivablesOf(
  creditAccountId: string,
  account: OpenAccount | undefined,
  invoices: readonly KeptInvoice[],
  payments: readonly z.infer<typeof bankPayment>[],
): Receivables {
  const known = new Set(invoices.map((invoice) => invoice.posting.invoiceNumber));
  const unappliedMinor = payments
    .filter(
      (payment) => payment.creditAccountId === creditAccountId && !known.has(payment.invoiceNumber ?? ''),
    )
    .reduce((sum, payment) => sum + payment.amountMinor, account?.unappliedCashMinor ?? 0);
  const posted = invoices
    .filter((invoice) => invoice.posting.creditAccountId === creditAccountId)
    .map(({ posting, documents, paidMinor, discountMinor }) => ({
      invoiceNumber: posting.invoiceNumber,
      // An invoice that was posted twice is owed twice: that is why it must not happen.
      openMinor: posting.totalMinor * documents - paidMinor - discountMinor,
      dueDate: posting.dueDate,
      disputed: false,
    }))
    .filter((item) => item.openMinor !== 0);
  const opening = (account?.openItems ?? []).map(({ dueInDays, ...item }) => ({
    ...item,
    dueDate: inDays(dueInDays),
  }));
  return {
    creditAccountId,
    asOf: new Date().toISOString(),
    currency:
      account?.currency ??
      invoices.find((one) => one.posting.creditAccountId === creditAccountId)?.posting.currency ??
      'USD',
    openItems: [...opening, ...posted],
    unappliedCashMinor: unappliedMinor,
  };
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
