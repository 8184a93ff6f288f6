import { addDays, type LocalDate } from '../shared/dates';
import { cumulativeShareMinor, lineAmountMinor, sumMinor } from '../shared/money';

export interface BillableLine {
  readonly lineNumber: number;
  /** Shipped now, in the ordered unit. */
  readonly quantity: string;
  readonly unitPrice: string;
  readonly priceBasis: number;
}

export interface OrderCharge {
  readonly indicator: 'allowance' | 'charge';
  readonly code: string;
  /** Element 559: whose code it is, where it is not the standard's. */
  readonly agency?: string;
  readonly description: string;
  /** For the whole order or line, always positive. */
  readonly amountMinor: number;
  /** Of this line alone; absent: of the whole order. */
  readonly lineNumber?: number;
}

/** How far a line has come with a bill, in base units of what is left of it. */
export interface LineProgress {
  readonly shipped: number;
  readonly whole: number;
}

export interface BillingQuestion {
  readonly currency: string;
  readonly lines: readonly BillableLine[];
  readonly orderSubtotalMinor: number;
  /** Line amounts of the order's earlier invoices. */
  readonly billedBeforeMinor: number;
  readonly charges: readonly OrderCharge[];
  readonly taxMinor: number;
  /** Nothing of the order is left after this one: it takes what is left of the order-level amounts. */
  readonly last: boolean;
  /** Order-level amounts on earlier invoices, by position in `charges`, and their tax. */
  readonly chargedBefore: readonly number[];
  readonly taxedBeforeMinor: number;
  /** Line number -> how far it is, this shipment included; a line's own charges go by it. */
  readonly lineProgress: Readonly<Record<number, LineProgress>>;
}

export interface Bill {
  readonly lines: readonly (BillableLine & { readonly amountMinor: number })[];
  readonly subtotalMinor: number;
  readonly charges: readonly OrderCharge[];
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/**
 * The invoice of one shipment. Its total is the sum of its own rounded lines, plus charges, minus allowances, plus
 * tax. Order-level amounts are allocated cumulatively, so that they sum to the order's to the cent; a line's own amounts
 * likewise, by the quantity that has left.
 */
export function billShipment(question: BillingQuestion): Bill {
  const lines = question.lines.map((line) => ({
    ...line,
    amountMinor: lineAmountMinor(line.quantity, line.unitPrice, question.currency, line.priceBasis),
  }));
  const subtotalMinor = sumMinor(lines.map((line) => line.amountMinor));
  const ofLine = ({ amountMinor, lineNumber }: OrderCharge) =>
    lineNumber === undefined ? 0 : shareOfLine(amountMinor, question.lineProgress[lineNumber]);
  const { whole, upToNow } = shareBasis(question, subtotalMinor, ofLine);
  const share = (amountMinor: number, before: number) =>
    cumulativeShareMinor(amountMinor, upToNow, whole) - before;
  const charges = question.charges.map((charge, i) => {
    const before = question.chargedBefore[i] ?? 0;
    const amountMinor =
      charge.lineNumber === undefined ? share(charge.amountMinor, before) : ofLine(charge) - before;
    return { ...charge, amountMinor };
  });
  const chargesMinor = signedSum(charges);
  const taxMinor = share(question.taxMinor, question.taxedBeforeMinor);
  return {
    lines,
    subtotalMinor,
    charges,
    chargesMinor,
    taxMinor,
    totalMinor: subtotalMinor + chargesMinor + taxMinor,
  };
}

/**
 * What order-level amounts are shared by: goods with their lines' own charges and allowances, so that no shipment is
 * allowed more than its goods still cost; by the goods alone where these leave nothing of the order.
 */
function shareBasis(
  question: BillingQuestion,
  subtotalMinor: number,
  ofLine: (charge: OrderCharge) => number,
): { readonly whole: number; readonly upToNow: number } {
  const { orderSubtotalMinor, billedBeforeMinor, last } = question;
  const ownOfLines = question.charges.filter(({ lineNumber }) => lineNumber !== undefined);
  const net = orderSubtotalMinor + signedSum(ownOfLines);
  const goneBy = billedBeforeMinor + subtotalMinor;
  const [whole, gone] =
    net > 0
      ? [net, goneBy + signedSum(ownOfLines.map((charge) => ({ ...charge, amountMinor: ofLine(charge) })))]
      : [orderSubtotalMinor, goneBy];
  return { whole, upToNow: last ? whole : Math.min(whole, gone) };
}

function shareOfLine(amountMinor: number, progress: LineProgress | undefined): number {
  if (progress === undefined || progress.shipped === 0) return 0;
  return cumulativeShareMinor(amountMinor, Math.min(progress.shipped, progress.whole), progress.whole);
}

/**
 * An order may have two charges of one code (freight, and freight for the island): they are told apart by their words.
 * Those without any that would do so are one to whoever bills them.
 */
const isSame = (a: OrderCharge, b: OrderCharge) =>
  a.code === b.code &&
  a.indicator === b.indicator &&
  a.description === b.description &&
  a.lineNumber === b.lineNumber;

function joinSame(charges: readonly OrderCharge[]): readonly OrderCharge[] {
  return charges.flatMap((charge, at) => {
    if (charges.findIndex((one) => isSame(one, charge)) < at) return [];
    const amounts = charges.filter((one) => isSame(one, charge)).map(({ amountMinor }) => amountMinor);
    return [{ ...charge, amountMinor: sumMinor(amounts) }];
  });
}

/**
 * The order's charges with what earlier invoices billed of each. What was billed and is no longer of the order (a
 * change took its lines) is among them with nothing, so that it is given back.
 */
export function chargesToBill(
  current: readonly OrderCharge[],
  billed: readonly OrderCharge[],
): { readonly charges: readonly OrderCharge[]; readonly chargedBefore: readonly number[] } {
  const dropped = joinSame(billed)
    .filter((charge) => !current.some((one) => isSame(one, charge)))
    .map((charge) => ({ ...charge, amountMinor: 0 }));
  const charges = [...joinSame(current), ...dropped];
  return {
    charges,
    chargedBefore: charges.map((charge) =>
      sumMinor(billed.filter((one) => isSame(one, charge)).map(({ amountMinor }) => amountMinor)),
    ),
  };
}

/** Charges minus allowances. */
export function signedSum(charges: readonly OrderCharge[]): number {
  return sumMinor(
    charges.map((charge) => (charge.indicator === 'charge' ? charge.amountMinor : -charge.amountMinor)),
  );
}

export interface PaymentTerms {
  readonly discountPercent?: string | undefined;
  readonly discountDays?: number | undefined;
  readonly netDays: number;
}

export function dueDate(invoiceDate: LocalDate, terms: PaymentTerms): LocalDate {
  return addDays(invoiceDate, terms.netDays);
}
