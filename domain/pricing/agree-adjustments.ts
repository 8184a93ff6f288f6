import type { OrderCharge } from '../invoicing/bill-shipment';
import type { RequestedAdjustment } from '../order/order-request';
import {
  compareDecimals,
  cumulativeShareMinor,
  parseMinor,
  roundToMinor,
  scaleDecimal,
  sumMinor,
} from '../shared/money';

/** An allowance or charge that was agreed with a customer: what a purchase order says of this kind stands. */
export interface AdjustmentAgreement {
  readonly indicator: 'allowance' | 'charge';
  /** Element 1300. */
  readonly code: string;
  /** Of what it is taken from; null where any amount was agreed. */
  readonly maximumPercent: string | null;
}

/** An allowance or charge that stands with an order. What it comes to follows from what is left of the order. */
export interface StandingAdjustment {
  readonly indicator: 'allowance' | 'charge';
  readonly code: string;
  /** Element 559: whose code it is, where it is not the standard's. */
  readonly agency?: string;
  readonly description: string;
  /** null: of the whole order. */
  readonly lineNumber: number | null;
  /** One of both: an amount, of a line for `forQuantity` of it, or a percent of what is left. */
  readonly amountMinor?: number;
  readonly forQuantity?: string;
  readonly percent?: string;
  /** Of a promotion of the whole order: what its lines came to when it was given; of less it is less. */
  readonly forSubtotalMinor?: number;
  /** The lines that it is taken from, where it is not all of them. */
  readonly forLines?: readonly number[];
  readonly promotion?: {
    readonly id: string;
    readonly version: number;
    /** The line's price has it in it: nothing is taken off beside. */
    readonly inPrice?: boolean;
  };
}

/** A line as its allowances and charges see it. */
export interface AdjustedLine {
  readonly lineNumber: number;
  readonly amountMinor: number;
  /** What is left of it, in the ordered unit. */
  readonly quantity: string;
}

export interface AdjustmentQuestion {
  readonly ofOrder: readonly RequestedAdjustment[];
  readonly ofLines: readonly (AdjustedLine & { readonly requested: readonly RequestedAdjustment[] })[];
  readonly agreed: readonly AdjustmentAgreement[];
  /** What the customer is charged or allowed with every order: repeated by the buyer, it is not counted twice. */
  readonly ours: readonly OrderCharge[];
  readonly subtotalMinor: number;
  readonly currency: string;
}

/** What of a purchase order's allowances and charges stands, and in words what does not, with its place. */
export function agreeAdjustments(question: AdjustmentQuestion): {
  readonly standing: readonly StandingAdjustment[];
  readonly texts: readonly string[];
} {
  const standing: StandingAdjustment[] = [];
  const texts: string[] = [];
  const decide = (request: RequestedAdjustment, line: AdjustedLine | null) => {
    const outcome = decideOne(request, line, question);
    if (typeof outcome === 'string')
      texts.push(`SAC at segment ${request.at.segment}: ${words(request)} ${outcome}`);
    else if (outcome !== null) standing.push(outcome);
  };
  for (const request of question.ofOrder) decide(request, null);
  for (const line of question.ofLines) for (const request of line.requested) decide(request, line);
  return { standing, texts };
}

/** A standing adjustment, null where it is charged or allowed anyway, or why it does not stand. */
function decideOne(
  request: RequestedAdjustment,
  line: AdjustedLine | null,
  { agreed, ours, subtotalMinor, currency }: AdjustmentQuestion,
): StandingAdjustment | null | string {
  const { indicator, code, handling } = request;
  const onInvoice = handling === undefined || handling === (indicator === 'allowance' ? '02' : '06');
  if (!onInvoice)
    return `is settled otherwise than on the invoice (SAC12 ${handling}), which is not handled: the invoice is without it`;
  const worth = worthOf(request, line, currency);
  if (worth === null) return 'comes to no exact amount: released, the invoice is without it';
  const base = line?.amountMinor ?? subtotalMinor;
  const minor = worth.amountMinor ?? percentOf(worth.percent ?? '0', base);
  const isOurs =
    line === null &&
    ours.some((c) => c.indicator === indicator && c.code === code && c.amountMinor === minor);
  if (isOurs) return null;
  const agreement = agreed.find((one) => one.indicator === indicator && one.code === code);
  if (!agreement) return 'is not agreed: released, the invoice is without it';
  const { maximumPercent } = agreement;
  if (maximumPercent !== null && minor > percentOf(maximumPercent, base))
    return `is above the ${maximumPercent} percent that are agreed: released, the invoice is without it`;
  return {
    indicator,
    code,
    ...(request.agency === undefined ? {} : { agency: request.agency }),
    description: request.description,
    lineNumber: line?.lineNumber ?? null,
    ...worth,
  };
}

function worthOf(
  { amount, percent, rate, quantity }: RequestedAdjustment,
  line: AdjustedLine | null,
  currency: string,
): Pick<StandingAdjustment, 'amountMinor' | 'forQuantity' | 'percent'> | null {
  const forLine = line === null ? {} : { forQuantity: line.quantity };
  if (amount !== undefined) {
    const amountMinor = parseMinor(amount, currency);
    return amountMinor === undefined ? null : { amountMinor, ...forLine };
  }
  if (percent !== undefined) return { percent };
  const units = quantity ?? line?.quantity;
  if (rate === undefined || units === undefined) return null;
  return { amountMinor: roundToMinor(scaleDecimal(rate, units, 1, 12), currency), ...forLine };
}

const percentOf = (percent: string, minor: number) => Number(scaleDecimal(String(minor), percent, 100, 0));

function words({ indicator, code, description, amount, percent, rate }: RequestedAdjustment): string {
  return [
    indicator,
    code,
    description,
    amount,
    percent === undefined ? undefined : `${percent} percent`,
    rate === undefined ? undefined : `rate ${rate}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * What standing adjustments come to for what is left of an order. A line's amount was meant for the quantity that was
 * ordered: of half the line it is half; a percentage is of what is left. Those that come to nothing are left out.
 */
export function chargesOf(
  standing: readonly StandingAdjustment[],
  lines: readonly AdjustedLine[],
  subtotalMinor: number,
): readonly OrderCharge[] {
  const find = findLine(lines);
  return standing
    .filter(({ promotion }) => promotion?.inPrice !== true)
    .flatMap((one) => {
      const { indicator, code, agency, description, lineNumber } = one;
      const minor = worthNow(one, find, subtotalMinor);
      if (minor === 0) return [];
      return [
        {
          indicator,
          code,
          ...(agency === undefined ? {} : { agency }),
          description,
          amountMinor: minor,
          ...(lineNumber === null ? {} : { lineNumber }),
        },
      ];
    });
}

/** What each promotion has given for what is left of an order, in its lines' prices or beside them, by its id. */
export function promotionShares(
  standing: readonly StandingAdjustment[],
  lines: readonly AdjustedLine[],
  subtotalMinor: number,
): ReadonlyMap<string, number> {
  const find = findLine(lines);
  const shares = new Map<string, number>();
  for (const one of standing) {
    if (one.promotion === undefined) continue;
    const { id } = one.promotion;
    shares.set(id, (shares.get(id) ?? 0) + worthNow(one, find, subtotalMinor));
  }
  return shares;
}

type FindLine = (lineNumber: number) => AdjustedLine | undefined;

function findLine(lines: readonly AdjustedLine[]): FindLine {
  const byNumber = new Map(lines.map((line) => [line.lineNumber, line]));
  return (lineNumber) => byNumber.get(lineNumber);
}

function worthNow(
  { lineNumber, amountMinor = 0, forQuantity, percent, forSubtotalMinor, forLines }: StandingAdjustment,
  find: FindLine,
  subtotalMinor: number,
): number {
  const line = lineNumber === null ? undefined : find(lineNumber);
  if (lineNumber !== null && line === undefined) return 0;
  if (percent !== undefined) return percentOf(percent, line?.amountMinor ?? subtotalMinor);
  if (line !== undefined && forQuantity !== undefined && compareDecimals(forQuantity, '0') > 0)
    return cumulativeShareMinor(amountMinor, Number(line.quantity), Number(forQuantity));
  // Whoever orders more is given no more: that is for pricing it anew to say.
  const leftMinor =
    forLines === undefined ? subtotalMinor : sumMinor(forLines.map((one) => find(one)?.amountMinor ?? 0));
  if (line === undefined && forSubtotalMinor !== undefined && leftMinor < forSubtotalMinor)
    return cumulativeShareMinor(amountMinor, leftMinor, forSubtotalMinor);
  return amountMinor;
}
