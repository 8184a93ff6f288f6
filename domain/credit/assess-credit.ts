import { countOf } from '../shared/count';
import type { Instant } from '../shared/dates';
import { sumMinor } from '../shared/money';
import type { PastDue } from './assess-ageing';

export interface ExposureDocument {
  readonly kind: 'order' | 'hub-invoice' | 'receivable' | 'credit-memo' | 'prepayment' | 'unapplied-cash';
  readonly id: string;
  /** Signed: cash and credits are negative. */
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

/** What of a credit memo, or of the money paid in advance for an order, no snapshot speaks for: see `countOwnCredits`. */
export interface Credit {
  readonly number: string;
  /** Positive, or 0: nothing is left of it. */
  readonly amountMinor: number;
}

export interface ExposureInputs {
  /** Orders that are not held, each with what is not yet invoiced; the order in question is not among them. */
  readonly openOrders: readonly { readonly orderId: string; readonly openMinor: number }[];
  readonly hubInvoices: readonly HubInvoice[];
  readonly receivables: Receivables | null;
  readonly creditMemos?: readonly Credit[];
  readonly prepayments?: readonly Credit[];
}

export interface Exposure {
  readonly totalMinor: number;
  readonly documents: readonly ExposureDocument[];
}

/**
 * Open orders + invoices of ours that the ERP's snapshot cannot know yet + the snapshot's open items - credits and
 * cash. Each document counts once: once the snapshot is later than its posting, the snapshot alone speaks for it.
 */
export function computeExposure(inputs: ExposureInputs): Exposure {
  const snapshot = inputs.receivables;
  const inSnapshot = new Set(snapshot?.openItems.map((item) => item.invoiceNumber));
  const unknownToErp = (number: string, knownAt: Instant | null) =>
    !inSnapshot.has(number) && (snapshot === null || knownAt === null || knownAt >= snapshot.asOf);
  const credits = (kind: 'credit-memo' | 'prepayment', those: readonly Credit[] | undefined) =>
    (those ?? [])
      .filter(({ amountMinor }) => amountMinor > 0)
      .map(({ number, amountMinor }) => ({ kind, id: number, amountMinor: -amountMinor }));
  const documents: ExposureDocument[] = [
    ...inputs.openOrders.map((order) => ({
      kind: 'order' as const,
      id: order.orderId,
      amountMinor: order.openMinor,
    })),
    ...inputs.hubInvoices
      .filter(({ invoiceNumber, postedAt }) => unknownToErp(invoiceNumber, postedAt))
      .map((invoice) => ({
        kind: 'hub-invoice' as const,
        id: invoice.invoiceNumber,
        amountMinor: invoice.totalMinor,
      })),
    ...(snapshot?.openItems ?? []).map((item) => ({
      kind: 'receivable' as const,
      id: item.invoiceNumber,
      amountMinor: item.openMinor,
    })),
    ...credits('credit-memo', inputs.creditMemos),
    ...credits('prepayment', inputs.prepayments),
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

/** One account of the chain from the order's own up to the root; amounts in its own currency. */
export interface CreditLevel {
  readonly accountId: string;
  readonly currency: string;
  readonly orderMinor: number;
  readonly limitMinor: number;
  readonly exposureMinor: number;
  readonly blocked: boolean;
  /** Why the limit does not count today. */
  readonly lapsed: 'not-yet-valid' | 'expired' | null;
}

export interface CreditQuestion {
  /** The order's own account first, then each above it. */
  readonly levels: readonly [CreditLevel, ...CreditLevel[]];
  /** Pairs of currencies ("EUR-USD") for which no rate is stated, though an amount needs one. */
  readonly missingRates: readonly string[];
  readonly pastDue: PastDue | null;
  readonly receivablesAgeSeconds: number | null;
  readonly maximumAgeSeconds: number;
  /** Of the own account: shown with the decision. */
  readonly exposure?: Exposure;
}

export const creditReasons = [
  'account-blocked',
  'no-exchange-rate',
  'receivables-unknown',
  'receivables-too-old',
  'limit-not-in-force',
  'past-due',
  'over-credit-limit',
] as const;
export type CreditReason = (typeof creditReasons)[number];

export type CreditDecision = CreditFigures &
  (
    | { readonly kind: 'within-limit' }
    | {
        readonly kind: 'held';
        /** The first of them. */
        readonly reason: CreditReason;
        readonly reasons: readonly CreditReason[];
        readonly text: string;
        /** Whose limit or block it is, where it is that of an account above. */
        readonly heldBy: string;
        readonly pastDue?: PastDue;
      }
  );

/** Of the account that leaves least room: the own one, unless one above is tighter. */
export interface CreditFigures {
  readonly exposureMinor: number;
  readonly orderMinor: number;
  readonly limitMinor: number;
  readonly headroomMinor: number;
  readonly overMinor: number;
  readonly currency: string;
  readonly accountId: string;
  readonly levels: readonly CreditLevel[];
}

const headroomOf = ({ limitMinor, exposureMinor }: CreditLevel) => limitMinor - exposureMinor;
const slackOf = (level: CreditLevel) => headroomOf(level) - level.orderMinor;

const SHOWN = 5;

function pastDueText({ items }: PastDue): string {
  const named = items
    .slice(0, SHOWN)
    .map(
      ({ number, daysPastDue }) =>
        `${number} (${daysPastDue === null ? 'no due date' : countOf(daysPastDue, 'day')})`,
    );
  const more = items.length > SHOWN ? ` and ${items.length - SHOWN} more` : '';
  return `Invoices are past due: ${named.join(', ')}${more}`;
}

interface Finding {
  readonly reason: CreditReason;
  readonly text: string;
  readonly heldBy: string;
}

/** An order passes when, in its account and in each above it, exposure without it plus its own amount is within the limit. */
export function assessCredit(question: CreditQuestion): CreditDecision {
  const [own] = question.levels;
  // The first that goes over, seen from the order; where none does, the own account's figures are what people look for.
  const tightest = question.levels.find((level) => slackOf(level) < 0) ?? own;
  const figures: CreditFigures = {
    exposureMinor: tightest.exposureMinor,
    orderMinor: tightest.orderMinor,
    limitMinor: tightest.limitMinor,
    headroomMinor: headroomOf(tightest),
    overMinor: Math.max(0, -slackOf(tightest)),
    currency: tightest.currency,
    accountId: tightest.accountId,
    levels: question.levels,
  };
  const findings = [
    blockedFinding(question),
    ratesFinding(question),
    receivablesFinding(question),
    question.pastDue && {
      reason: 'past-due' as const,
      text: pastDueText(question.pastDue),
      heldBy: own.accountId,
    },
    figures.overMinor > 0 ? limitFinding(tightest, own) : null,
  ].filter((finding) => finding !== null);
  const [first] = findings;
  if (!first) return { ...figures, kind: 'within-limit' };
  return {
    ...figures,
    kind: 'held',
    reason: first.reason,
    reasons: findings.map(({ reason }) => reason),
    text: findings.map(({ text }) => text).join('; '),
    heldBy: first.heldBy,
    ...(question.pastDue && { pastDue: question.pastDue }),
  };
}

function blockedFinding({ levels }: CreditQuestion): Finding | null {
  const blocked = levels.find((level) => level.blocked);
  if (!blocked) return null;
  const text =
    blocked === levels[0]
      ? 'The credit account is blocked'
      : `The account ${blocked.accountId}, to which this one belongs, is blocked`;
  return { reason: 'account-blocked', text, heldBy: blocked.accountId };
}

function ratesFinding({ missingRates, levels }: CreditQuestion): Finding | null {
  if (missingRates.length === 0) return null;
  const text = `No exchange rate is stated for ${missingRates.join(', ')}`;
  return { reason: 'no-exchange-rate', text, heldBy: levels[0].accountId };
}

function receivablesFinding({
  receivablesAgeSeconds,
  maximumAgeSeconds,
  levels,
}: CreditQuestion): Finding | null {
  const heldBy = levels[0].accountId;
  if (receivablesAgeSeconds === null) {
    const text = 'The ERP has not yet given the open receivables of this account';
    return { reason: 'receivables-unknown', text, heldBy };
  }
  if (receivablesAgeSeconds <= maximumAgeSeconds) return null;
  const hours = Math.floor(receivablesAgeSeconds / 3600);
  const text = `The open receivables are ${hours === 0 ? 'some minutes' : countOf(hours, 'hour')} old, too old to decide on`;
  return { reason: 'receivables-too-old', text, heldBy };
}

function limitFinding(tightest: CreditLevel, own: CreditLevel): Finding {
  const whose = tightest === own ? 'the account' : `${tightest.accountId}, to which the account belongs,`;
  const heldBy = tightest.accountId;
  if (tightest.lapsed === null) {
    const text = `The order takes ${whose} over its credit limit`;
    return { reason: 'over-credit-limit', text, heldBy };
  }
  const since = tightest.lapsed === 'expired' ? 'has run out' : 'is not valid yet';
  return { reason: 'limit-not-in-force', text: `The credit limit of ${whose} ${since}`, heldBy };
}
