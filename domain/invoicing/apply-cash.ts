import type { LocalDate } from '../shared/dates';
import { addDays } from '../shared/dates';
import type { Currency } from '../shared/money';
import { formatMinor, parseMinor, percentOfMinor, sumMinor } from '../shared/money';
import type { PaymentTerms } from './bill-shipment';
import type { RemittanceAdjustment, RemittanceAdvice, RemittedItem } from './remittance-advice';

/** An invoice that a remittance may mean. */
export interface PayableInvoice {
  readonly number: string;
  readonly purchaseOrderNumber: string;
  readonly invoiceDate: LocalDate;
  readonly terms: PaymentTerms;
  readonly totalMinor: number;
  /** What is neither paid nor discounted. */
  readonly openMinor: number;
  readonly discountedMinor: number;
  /** Payments that the ERP has booked on it and no remittance has explained yet. */
  readonly bookedMinor: readonly number[];
}

export interface CashEntry {
  /**
   * payment and discount settle an invoice. unapplied: money that no invoice takes. deduction, below zero: what the
   * payer keeps back for a reason of his own. Payments, unapplied cash and deductions sum to what was paid.
   */
  readonly kind: 'payment' | 'discount' | 'unapplied' | 'deduction';
  readonly invoiceNumber: string | null;
  readonly amountMinor: number;
  /** Element 426 where the payer gives one. */
  readonly reason: string | null;
  readonly reference: string | null;
  /** It takes a credit that we granted, whole: that is what it was for. */
  readonly takesCredit?: true;
  /** The ERP booked this money before: it explains that entry and settles nothing more. */
  readonly explainsBooked?: true;
}

export interface CashTrouble {
  readonly kind:
    | 'remittance-unknown-invoice'
    | 'remittance-overpaid'
    | 'remittance-short'
    | 'remittance-deduction'
    | 'remittance-difference';
  readonly invoiceNumber: string | null;
  readonly amountMinor: number;
  readonly text: string;
  /** Which of the entries is the money that it is about, where it is unapplied. */
  readonly entry?: number;
}

export type CashDecision =
  | {
      readonly kind: 'applied';
      readonly paidMinor: number;
      readonly entries: readonly CashEntry[];
      readonly troubles: readonly CashTrouble[];
    }
  | { readonly kind: 'refused'; readonly text: string };

interface Question {
  readonly advice: RemittanceAdvice;
  readonly currency: Currency;
  readonly invoices: readonly PayableInvoice[];
  /** Credits that we granted and nobody has taken yet. */
  readonly credits?: readonly { readonly number: string; readonly amountMinor: number }[];
  /** The day that counts for the discount. */
  readonly paidOn: LocalDate;
}

/** Which invoices a remittance settles, by how much, and what of it somebody in finance must look at. */
export function applyCash(question: Question): CashDecision {
  const { advice, currency } = question;
  const amounts = readAmounts(question);
  if ('problem' in amounts) return { kind: 'refused', text: amounts.problem };
  if (advice.creditOrDebit !== 'C') {
    return { kind: 'refused', text: `it is no credit to us (BPR03 is ${advice.creditOrDebit})` };
  }
  const { paidMinor, items, deductions } = amounts;
  if (paidMinor < 0) return { kind: 'refused', text: 'the payment is below zero' };
  const listed = sumMinor([...items.map(({ paid }) => paid), ...deductions.map(({ amount }) => amount)]);
  const unexplained = paidMinor - listed;
  if (unexplained < 0) {
    const said = `${formatMinor(paidMinor, currency)}, its items come to ${formatMinor(listed, currency)}`;
    return { kind: 'refused', text: `the payment is ${said}` };
  }
  const cash = new Cash(question);
  for (const item of items) cash.settle(item);
  cash.finish();
  for (const { adjustment, amount } of deductions) cash.adjust(adjustment, amount);
  if (unexplained > 0) {
    cash.park(unexplained, null, {
      kind: 'remittance-difference',
      text: `${formatMinor(unexplained, currency)} ${currency} of the payment are for no item of its advice`,
    });
  }
  return { kind: 'applied', paidMinor, entries: cash.entries, troubles: cash.troubles };
}

interface ItemAmounts {
  readonly item: RemittedItem;
  readonly paid: number;
  readonly discount: number;
}

interface Amounts {
  readonly paidMinor: number;
  readonly items: readonly ItemAmounts[];
  readonly deductions: readonly { readonly adjustment: RemittanceAdjustment; readonly amount: number }[];
}

/**
 * RMR04 is what is paid; without it RMR05 less the discount. Some payers write RMR04 before the adjustments of the
 * item (ADX), some after: whichever makes the items come to BPR02 is meant.
 */
function readAmounts({ advice, currency }: Question): Amounts | { readonly problem: string } {
  const bad: string[] = [];
  const minor = (text: string | undefined, where: string): number => {
    const value = text === undefined ? 0 : parseMinor(text, currency);
    if (value === undefined) bad.push(`${where} ${text ?? ''} is no amount of ${currency}`);
    return value ?? 0;
  };
  const paidMinor = minor(advice.amount, 'BPR02');
  const read = advice.entities
    .flatMap(({ items }) => items)
    .map((item) => {
      const discount = minor(item.discount, 'RMR06');
      const adjusted = sumMinor([
        minor(item.adjustment, 'RMR08'),
        ...item.adjustments.map(({ amount }) => minor(amount, 'ADX01')),
      ]);
      const stated = item.paid !== undefined;
      const paid = stated ? minor(item.paid, 'RMR04') : minor(item.total, 'RMR05') - discount;
      return { item, discount, paid, adjusted: stated ? adjusted : 0, net: stated ? paid : paid + adjusted };
    });
  const deductions = advice.entities
    .flatMap(({ adjustments }) => adjustments)
    .map((adjustment) => ({ adjustment, amount: minor(adjustment.amount, 'ADX01') }));
  if (bad.length > 0) return { problem: bad.join('; ') };
  const rest = sumMinor(deductions.map(({ amount }) => amount));
  const asStated = sumMinor(read.map(({ net }) => net)) + rest;
  const afterAdjustments = sumMinor(read.map(({ net, adjusted }) => net + adjusted)) + rest;
  const adjusts = asStated !== paidMinor && afterAdjustments === paidMinor;
  return {
    paidMinor,
    deductions,
    items: read.map(({ item, discount, net, adjusted }) => ({
      item,
      discount,
      paid: adjusts ? net + adjusted : net,
    })),
  };
}

/** The invoices as they stand while one item after the other is applied to them. */
class Cash {
  readonly entries: CashEntry[] = [];
  readonly troubles: CashTrouble[] = [];
  private readonly question: Question;
  private readonly byNumber = new Map<string, PayableInvoice>();
  private readonly open = new Map<string, number>();
  private readonly discounted = new Map<string, number>();
  private readonly taken = new Set<unknown>();
  private readonly booked = new Map<string, number[]>();
  private readonly said = new Map<PayableInvoice, { readonly partial: boolean; readonly texts: string[] }>();

  constructor(question: Question) {
    this.question = question;
    for (const invoice of question.invoices) {
      this.byNumber.set(invoice.number.toUpperCase(), invoice);
      this.open.set(invoice.number, invoice.openMinor);
      this.discounted.set(invoice.number, invoice.discountedMinor);
      this.booked.set(invoice.number, [...invoice.bookedMinor]);
    }
  }

  settle({ item, paid, discount }: ItemAmounts): void {
    const name =
      [item.reference?.qualifier, item.reference?.value].filter(Boolean).join(' ') || 'no reference';
    const reference = item.reference?.value ?? null;
    if (paid < 0) {
      if (this.takesCredit(reference, -paid)) return;
      this.keepBack(
        paid,
        item.adjustmentReason ?? null,
        reference,
        [`for ${name}`, reasons(item)].filter(Boolean).join('; '),
      );
      return;
    }
    const invoice = this.find(item);
    if (invoice === undefined) {
      if (paid === 0 && discount === 0) return;
      this.park(paid, reference, {
        kind: 'remittance-unknown-invoice',
        text: `${this.text(paid)} are paid for ${name}, which is no open invoice of this customer`,
      });
      return;
    }
    this.pay(invoice, paid);
    const said = this.said.get(invoice) ?? { partial: true, texts: [] };
    // PP: the payer says himself that more is to come.
    const unearned = this.discount(invoice, discount);
    this.said.set(invoice, {
      partial: said.partial && item.action === 'PP' && unearned === '',
      texts: [...said.texts, unearned, reasons(item)].filter(Boolean),
    });
  }

  /** After the last item: what the payer meant to settle and did not. */
  finish(): void {
    for (const [{ number }, { partial, texts }] of this.said) {
      const left = this.open.get(number) ?? 0;
      if (left <= 0 || partial) continue;
      this.troubles.push({
        kind: 'remittance-short',
        invoiceNumber: number,
        amountMinor: left,
        text: [`Invoice ${number} stays open by ${this.text(left)}`, ...texts].join('; '),
      });
    }
  }

  /** An adjustment that belongs to no invoice: a chargeback, a rebate; above zero it is money on account. */
  adjust({ reason, reference, ...adjustment }: RemittanceAdjustment, amount: number): void {
    const value = reference?.value ?? null;
    const about = [`reason ${reason}`, value, ...adjustment.remarks.map(({ text }) => text)].filter(Boolean);
    if (amount < 0) this.keepBack(amount, reason, value, `(${about.join(', ')})`);
    else if (amount > 0) {
      this.park(amount, value, {
        kind: 'remittance-difference',
        text: `${this.text(amount)} are added to the payment for no invoice (${about.join(', ')})`,
      });
    }
  }

  park(amountMinor: number, reference: string | null, trouble: Pick<CashTrouble, 'kind' | 'text'>): void {
    if (amountMinor !== 0) {
      this.entries.push({ kind: 'unapplied', invoiceNumber: null, amountMinor, reason: null, reference });
    }
    const about = amountMinor === 0 ? {} : { entry: this.entries.length - 1 };
    this.troubles.push({ ...trouble, invoiceNumber: null, amountMinor, ...about });
  }

  private takesCredit(reference: string | null, amountMinor: number): boolean {
    const number = reference?.trim().toUpperCase();
    const credit = this.question.credits?.find(
      (one) => one.number.toUpperCase() === number && one.amountMinor === amountMinor && !this.taken.has(one),
    );
    if (credit === undefined) return false;
    this.taken.add(credit);
    this.entries.push({
      kind: 'deduction',
      invoiceNumber: null,
      amountMinor: -amountMinor,
      reason: null,
      reference: credit.number,
      takesCredit: true,
    });
    return true;
  }

  private keepBack(
    amountMinor: number,
    reason: string | null,
    reference: string | null,
    about: string,
  ): void {
    this.entries.push({ kind: 'deduction', invoiceNumber: null, amountMinor, reason, reference });
    this.troubles.push({
      kind: 'remittance-deduction',
      invoiceNumber: null,
      amountMinor,
      text: `The payer keeps back ${this.text(-amountMinor)} ${about}`,
    });
  }

  private pay(invoice: PayableInvoice, paid: number): void {
    if (paid === 0) return;
    const { number } = invoice;
    const entry = { kind: 'payment', invoiceNumber: number, reason: null, reference: null } as const;
    const booked = this.booked.get(number) ?? [];
    const known = booked.indexOf(paid);
    if (known >= 0) {
      booked.splice(known, 1);
      this.entries.push({ ...entry, amountMinor: paid, explainsBooked: true });
      return;
    }
    const open = Math.max(0, this.open.get(number) ?? 0);
    const amountMinor = Math.min(paid, open);
    if (amountMinor > 0) this.entries.push({ ...entry, amountMinor });
    this.open.set(number, open - amountMinor);
    if (paid <= amountMinor) return;
    this.park(paid - amountMinor, number, {
      kind: 'remittance-overpaid',
      text: `${this.text(paid)} are paid for invoice ${number}, of which ${this.text(amountMinor)} were open`,
    });
  }

  /** @returns why some of it was not granted; '' where all was */
  private discount(invoice: PayableInvoice, taken: number): string {
    if (taken <= 0) return '';
    const { number, terms, totalMinor, invoiceDate } = invoice;
    const before = this.discounted.get(number) ?? 0;
    const lastDay = addDays(invoiceDate, terms.discountDays ?? -1);
    const inTime = terms.discountPercent !== undefined && this.question.paidOn <= lastDay;
    const most = inTime ? percentOfMinor(totalMinor, terms.discountPercent ?? '0') : 0;
    // Payers round line by line: a difference of one smallest unit is nobody's work.
    const allowed = taken <= most - before + 1 ? taken : Math.max(0, most - before);
    const open = this.open.get(number) ?? 0;
    const granted = inTime ? Math.min(allowed, open) : 0;
    if (granted > 0) {
      this.entries.push({
        kind: 'discount',
        invoiceNumber: number,
        amountMinor: granted,
        reason: null,
        reference: null,
      });
      this.open.set(number, open - granted);
      this.discounted.set(number, before + granted);
    }
    if (granted === taken) return '';
    if (terms.discountPercent === undefined) return `${this.text(taken)} of discount taken, none was agreed`;
    if (!inTime) return `${this.text(taken)} of discount taken, which could be earned until ${lastDay}`;
    return `${this.text(taken)} of discount taken, ${this.text(granted)} are earned`;
  }

  private find({ reference }: RemittedItem): PayableInvoice | undefined {
    const value = reference?.value?.trim().toUpperCase();
    if (value === undefined) return undefined;
    const { invoices } = this.question;
    if (reference?.qualifier !== 'PO') return this.byNumber.get(value);
    const ofOrder = invoices.filter(
      ({ purchaseOrderNumber, number }) =>
        purchaseOrderNumber.toUpperCase() === value && (this.open.get(number) ?? 0) > 0,
    );
    // Two open invoices of one order: nobody can tell which is meant.
    return ofOrder.length === 1 ? ofOrder[0] : undefined;
  }

  private text(amountMinor: number): string {
    return `${formatMinor(amountMinor, this.question.currency)} ${this.question.currency}`;
  }
}

function reasons(item: RemittedItem): string {
  const given = [
    item.adjustmentReason === undefined ? '' : `${item.adjustmentReason} ${item.adjustment ?? ''}`.trim(),
    ...item.adjustments.map(({ reason, amount, reference, remarks }) =>
      [reason, amount, reference?.value, ...remarks.map(({ text }) => text)].filter(Boolean).join(' '),
    ),
    ...item.remarks.map(({ text }) => text),
  ].filter(Boolean);
  return given.length === 0 ? '' : `the payer says ${given.join(', ')}`;
}
