import type { Instant } from '../shared/dates';
import { sumMinor } from '../shared/money';

export interface ExposureDocument {
  readonly kind: 'order' | 'hub-invoice' | 'receivable' | 'unapplied-cash';
  readonly id: string;
  /** Signed: cash is negative. */
  readonly amountMinor: number;
}

export interface HubInvoice {
  readonly invoiceNumber: string;
  readonly totalMinor: number;
  readonly postedAt: Instant | null;
}

export interface Receivables {
  readonly asOf: Instant;
  readonly openItems: readonly { readonly invoiceNumber: string; readonly openMinor: number }[];
  readonly unappliedCashMinor: number;
}

export interface ExposureInputs {
  /** Orders that are not held, each with what is not yet invoiced; the order in question is not among them. */
  readonly openOrders: readonly { readonly orderId: string; readonly openMinor: number }[];
  readonly hubInvoices: readonly HubInvoice[];
  readonly receivables: Receivables | null;
}

export interface Exposure {
  readonly totalMinor: number;
  readonly documents: readonly ExposureDocument[];
}

/**
 * Open orders + invoices of ours that the ERP's snapshot cannot know yet + the snapshot's open items - unapplied
 * cash. Each invoice counts once: once the snapshot is later than its posting, the snapshot alone speaks for it.
 */
export function computeExposure(inputs: ExposureInputs): Exposure {
  const snapshot = inputs.receivables;
  const inSnapshot = new Set(snapshot?.openItems.map((item) => item.invoiceNumber));
  const ours = inputs.hubInvoices.filter(
    (invoice) =>
      !inSnapshot.has(invoice.invoiceNumber) &&
      (snapshot === null || invoice.postedAt === null || invoice.postedAt >= snapshot.asOf),
  );
  const documents: ExposureDocument[] = [
    ...inputs.openOrders.map((order) => ({
      kind: 'order' as const,
      id: order.orderId,
      amountMinor: order.openMinor,
    })),
    ...ours.map((invoice) => ({
      kind: 'hub-invoice' as const,
      id: invoice.invoiceNumber,
      amountMinor: invoice.totalMinor,
    })),
    ...(snapshot?.openItems ?? []).map((item) => ({
      kind: 'receivable' as const,
      id: item.invoiceNumber,
      amountMinor: item.openMinor,
    })),
  ];
  if (snapshot && snapshot.unappliedCashMinor !== 0) {
    documents.push({
      kind: 'unapplied-cash',
      id: 'unapplied cash',
      amountMinor: -snapshot.unappliedCashMinor,
    });
  }
  return { totalMinor: sumMinor(documents.map((document) => document.amountMinor)), documents };
}

export interface CreditQuestion {
  readonly orderMinor: number;
  readonly limitMinor: number;
  readonly accountBlocked: boolean;
  readonly exposure: Exposure;
  readonly receivablesAgeSeconds: number | null;
  readonly maximumAgeSeconds: number;
}

export type CreditDecision = CreditFigures &
  (
    | { readonly kind: 'within-limit' }
    | {
        readonly kind: 'held';
        readonly reason:
          | 'over-credit-limit'
          | 'account-blocked'
          | 'receivables-too-old'
          | 'receivables-unknown';
        readonly text: string;
      }
  );

export interface CreditFigures {
  readonly exposureMinor: number;
  readonly orderMinor: number;
  readonly limitMinor: number;
  readonly headroomMinor: number;
  readonly overMinor: number;
}

/** An order passes when exposure without it plus its own amount stays within the limit. */
export function assessCredit(question: CreditQuestion): CreditDecision {
  const exposureMinor = question.exposure.totalMinor;
  const headroomMinor = question.limitMinor - exposureMinor;
  const figures: CreditFigures = {
    exposureMinor,
    orderMinor: question.orderMinor,
    limitMinor: question.limitMinor,
    headroomMinor,
    overMinor: Math.max(0, question.orderMinor - headroomMinor),
  };
  if (question.accountBlocked)
    return { ...figures, kind: 'held', reason: 'account-blocked', text: 'The credit account is blocked' };
  if (question.receivablesAgeSeconds === null) {
    return {
      ...figures,
      kind: 'held',
      reason: 'receivables-unknown',
      text: 'The ERP has not yet given the open receivables of this account',
    };
  }
  if (question.receivablesAgeSeconds > question.maximumAgeSeconds) {
    const hours = Math.floor(question.receivablesAgeSeconds / 3600);
    return {
      ...figures,
      kind: 'held',
      reason: 'receivables-too-old',
      text: `The open receivables are ${hours} hours old, too old to decide on`,
    };
  }
  if (figures.overMinor > 0)
    return {
      ...figures,
      kind: 'held',
      reason: 'over-credit-limit',
      text: 'The order takes the account over its credit limit',
    };
  return { ...figures, kind: 'within-limit' };
}
