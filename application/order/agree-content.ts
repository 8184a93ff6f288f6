import { isFurtherComponent } from '../../domain/order/line-supply';
import type {
  OrderChangeRequest,
  OrderRequest,
  RequestedAdjustment,
  RequestedTax,
  RequestedTerms,
} from '../../domain/order/order-request';
import {
  type AdjustedLine,
  agreeAdjustments,
  type StandingAdjustment,
} from '../../domain/pricing/agree-adjustments';
import { countOf } from '../../domain/shared/count';
import { compareDecimals, parseMinor } from '../../domain/shared/money';
import { type ChargeTerms, type CustomerPolicy, paymentTermsSchema } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import type { ResolvedLine } from './resolve-lines';
import { joinParts, type OrderTotals, totalOrder } from './total-order';

export interface AgreedContent {
  readonly totals: OrderTotals;
  readonly adjustments: readonly StandingAdjustment[];
  /** What is not as agreed with the customer, with its place: a person looks at it. */
  readonly texts: readonly string[];
}

type Said = Pick<OrderRequest, 'terms' | 'taxes' | 'adjustments'>;

/** What a purchase order says about money and packing besides its prices, held against what the customer has. */
export function agreeContent(
  said: Said,
  lines: readonly ResolvedLine[],
  customer: CustomerRow,
  policy: CustomerPolicy,
  promotions: readonly StandingAdjustment[],
): AgreedContent {
  const { currency } = customer;
  const adjusted = lines.map(asAdjusted);
  const before = totalOrder(adjusted, policy, []);
  const requestedOf = requestedByLine(lines);
  const { standing, texts } = agreeAdjustments({
    ofOrder: said.adjustments ?? [],
    ofLines: joinParts(adjusted).map((whole) => ({
      ...whole,
      requested: requestedOf(whole.lineNumber),
    })),
    agreed: policy.agreedAdjustments,
    ours: policy.charges,
    subtotalMinor: before.subtotalMinor,
    currency,
  });
  const adjustments = [...standing, ...promotions];
  const totals = totalOrder(adjusted, policy, adjustments);
  return {
    totals,
    adjustments,
    texts: [
      ...texts,
      ...(said.terms ?? []).flatMap((terms) => termsTexts(terms, customer.terms)),
      ...(said.taxes ?? []).flatMap((tax) => taxTexts(tax, policy.taxPercent, totals.taxMinor, currency)),
      ...lines.flatMap(packTexts),
    ],
  };
}

function requestedByLine(
  lines: readonly ResolvedLine[],
): (lineNumber: number) => readonly RequestedAdjustment[] {
  const byLine = new Map<number, readonly RequestedAdjustment[]>();
  for (const { lineNumber, splitFrom, request } of lines) {
    const number = splitFrom ?? lineNumber;
    if (!byLine.has(number)) byLine.set(number, request.adjustments ?? []);
  }
  return (lineNumber) => byLine.get(lineNumber) ?? [];
}

/** Charges and allowances of a line belong to all its parts together. */
export const asAdjusted = (line: ResolvedLine): AdjustedLine => ({
  lineNumber: line.splitFrom ?? line.lineNumber,
  amountMinor: line.amountMinor,
  quantity: isFurtherComponent(line.supply) ? '0' : line.request.quantity,
});

/** The buyer's terms are those of the customer, or less than it has anyway; else somebody has to agree to them. */
export function termsTexts(asked: RequestedTerms, stored: unknown): readonly string[] {
  const ours = paymentTermsSchema.parse(stored);
  const sameDiscount =
    asked.discountPercent === undefined ||
    compareDecimals(asked.discountPercent, '0') === 0 ||
    (ours.discountPercent !== undefined &&
      compareDecimals(asked.discountPercent, ours.discountPercent) === 0 &&
      (asked.discountDays === undefined || asked.discountDays === ours.discountDays));
  const sameNet = asked.netDays === undefined || asked.netDays === ours.netDays;
  if (sameDiscount && sameNet && asked.basis === undefined) return [];
  const basis =
    asked.basis === undefined ? '' : `, counted from another day than the invoice's (ITD02 ${asked.basis})`;
  const agreed = [
    ours.discountPercent === undefined
      ? ''
      : `${ours.discountPercent} percent ${ours.discountDays ? `in ${countOf(ours.discountDays, 'day')}` : 'at once'}`,
    ours.netDays === 0 ? 'due at once' : `net ${countOf(ours.netDays, 'day')}`,
  ]
    .filter(Boolean)
    .join(', ');
  return [
    `ITD at segment ${asked.at.segment}: terms of payment ${asked.text}${basis}; agreed are ${agreed}, and these stand if the order is released`,
  ];
}

function taxTexts(tax: RequestedTax, percent: string, taxMinor: number, currency: string): readonly string[] {
  const untaxed = compareDecimals(percent, '0') === 0;
  const samePercent = tax.percent === undefined || compareDecimals(tax.percent, percent) === 0;
  const sameAmount = tax.amount === undefined || parseMinor(tax.amount, currency) === taxMinor;
  if (samePercent && sameAmount && (!tax.exempt || untaxed)) return [];
  const said = tax.exempt
    ? 'exempt'
    : [tax.percent && `${tax.percent} percent`, tax.amount].filter(Boolean).join(' ');
  return [
    `TXI at segment ${tax.at.segment}: tax ${tax.type} ${said}; the customer is taxed at ${percent} percent`,
  ];
}

/** A pack of another size than ours is another article on the shelf, or the wrong number of units in what is ordered. */
function packTexts({ request, item, unitFactor, splitFrom }: ResolvedLine): readonly string[] {
  if (item === null || splitFrom !== null) return [];
  const ours = unitFactor > 1 ? [unitFactor] : [...Object.values(item.factors), item.unitsPerCarton];
  const usual = ours.filter((units) => units > 1);
  return (request.packs ?? [])
    .filter(({ unitsPerPack }) => unitsPerPack > 1 && usual.length > 0 && !usual.includes(unitsPerPack))
    .map(
      ({ unitsPerPack, at }) =>
        `PO4 at segment ${at.segment}: a pack of ${unitsPerPack}; item ${item.itemId} is packed in ${[...new Set(usual)].join(' or ')}`,
    );
}

/**
 * What a change says about charges and taxes: repeated from the order it asks for nothing. Anything else has no rule: a
 * person looks.
 */
export function changedContentTexts(
  change: OrderChangeRequest,
  original: OrderRequest,
  order: { readonly tax_minor: number; readonly currency: string },
  terms: ChargeTerms,
): readonly string[] {
  const known = [
    ...(original.adjustments ?? []),
    ...original.lines.flatMap((line) => line.adjustments ?? []),
  ];
  const said = [...(change.adjustments ?? []), ...change.lines.flatMap(({ line }) => line.adjustments ?? [])];
  const isKnown = (asked: RequestedAdjustment) => known.some((one) => sameAdjustment(one, asked));
  return [
    ...said
      .filter((asked) => !isKnown(asked))
      .map(
        ({ at, indicator, code, amount, percent, rate }) =>
          `SAC at segment ${at.segment}: ${[indicator, code, amount, percent && `${percent} percent`, rate].filter(Boolean).join(' ')} in a change is not handled`,
      ),
    ...(change.taxes ?? []).flatMap((tax) =>
      taxTexts(tax, terms.taxPercent, order.tax_minor, order.currency),
    ),
  ];
}

const sameAdjustment = (a: RequestedAdjustment, b: RequestedAdjustment) =>
  (['indicator', 'code', 'amount', 'percent', 'rate', 'quantity'] as const).every((key) => a[key] === b[key]);
