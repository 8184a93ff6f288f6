import type { Tx } from '../db/connection';
import { toJson } from '../db/json';
import { requestDocument } from '../db/repositories/document-requests';
import type { CreditDebitAdjustment } from '../domain/invoicing/credit-debit-adjustment';
import type { Party } from '../domain/order/order-request';
import { localDateIn } from '../domain/shared/dates';
import { formatMinor } from '../domain/shared/money';
import { answerHeader } from './answer-order';
import { drawNumber } from './draw-number';
import { recordEvents } from './keep-history';
import { lockOrder } from './order-record';

export interface CreditMemoWanted {
  readonly invoiceId: string;
  readonly amountMinor: number;
  /** Element 426: 01 pricing error, 04 item not accepted (damaged), ... */
  readonly reason: string;
  /** Whose decision it is. */
  readonly person: string;
}

export type CreditMemoOutcome =
  | { readonly kind: 'issued'; readonly adjustmentId: string; readonly number: string }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-invoice' | 'amount-not-positive' | 'more-than-invoiced';
      readonly text: string;
    };

/** Grants a credit on an invoice and tells the partner (812). All credits of an invoice are at most its total. */
export async function issueCreditMemo(
  tx: Tx,
  wanted: CreditMemoWanted,
  now: string,
): Promise<CreditMemoOutcome> {
  const found = (await tx('invoice').where({ id: wanted.invoiceId }).first('order_id')) as
    | { order_id: string }
    | undefined;
  if (!found) {
    return { kind: 'refused', code: 'unknown-invoice', text: `There is no invoice ${wanted.invoiceId}` };
  }
  if (!Number.isSafeInteger(wanted.amountMinor) || wanted.amountMinor <= 0) {
    return { kind: 'refused', code: 'amount-not-positive', text: 'A credit is more than nothing' };
  }
  // The order's lock makes the credits of its invoices wait for each other.
  const order = await lockOrder(tx, found.order_id);
  const invoice = (await tx('invoice').where({ id: wanted.invoiceId }).first()) as InvoiceRow;
  const [{ sum }] = (await tx('invoice_adjustment')
    .where({ invoice_id: invoice.id, direction: 'out', credit_or_debit: 'C' })
    .select(tx.raw('coalesce(sum(amount_minor), 0)::bigint as sum'))) as [{ sum: number }];
  const left = invoice.total_minor - sum;
  if (wanted.amountMinor > left) {
    const text = `Of invoice ${invoice.invoice_number} ${formatMinor(left, invoice.currency)} ${invoice.currency} can still be credited`;
    return { kind: 'refused', code: 'more-than-invoiced', text };
  }
  const entity = (await tx('selling_entity').where({ id: order.entity_id }).first('name', 'time_zone')) as {
    name: string;
    time_zone: string;
  };
  const number = await drawNumber(tx, { entityId: order.entity_id, kind: 'credit-memo', usage: order.usage });
  const header = await answerHeader(tx, order, now);
  const memo = creditMemo(wanted, invoice, number, {
    date: localDateIn(now, entity.time_zone),
    seller: entity.name,
    parties: header.parties,
    purchaseOrderNumber: order.po_number,
    purchaseOrderDate: order.po_date,
  });
  const [adjustment] = (await tx('invoice_adjustment')
    .insert({
      direction: 'out',
      partner_id: order.partner_id,
      credit_account_id: order.credit_account_id,
      usage: order.usage,
      adjustment_number: number,
      credit_or_debit: 'C',
      amount_minor: wanted.amountMinor,
      currency: invoice.currency,
      invoice_id: invoice.id,
      order_id: order.id,
      content: toJson(memo),
      recorded_by: wanted.person,
      recorded_at: now,
    })
    .returning('id')) as [{ id: string }];
  const text = `Credit ${number} over ${formatMinor(wanted.amountMinor, invoice.currency)} ${invoice.currency} on invoice ${invoice.invoice_number}`;
  await recordEvents(tx, [
    { orderId: order.id, at: now, kind: 'credited', actor: wanted.person, text, data: { number } },
  ]);
  if (order.partner_id !== null) {
    await requestDocument(tx, {
      subject: `credit-memo/${number}/${order.usage}/812`,
      partnerId: order.partner_id,
      set: '812',
      usage: order.usage,
      orderId: order.id,
      payload: memo,
    });
  }
  return { kind: 'issued', adjustmentId: adjustment.id, number };
}

interface InvoiceRow {
  readonly id: string;
  readonly invoice_number: string;
  readonly invoice_date: string;
  readonly currency: string;
  readonly total_minor: number;
}

interface MemoFacts {
  readonly date: string;
  readonly seller: string;
  readonly parties: readonly Party[];
  readonly purchaseOrderNumber: string;
  readonly purchaseOrderDate: string;
}

function creditMemo(
  { amountMinor, reason }: CreditMemoWanted,
  invoice: InvoiceRow,
  number: string,
  facts: MemoFacts,
): CreditDebitAdjustment {
  const amount = formatMinor(amountMinor, invoice.currency);
  return {
    kind: 'credit-debit-adjustment',
    date: facts.date,
    adjustmentNumber: number,
    // Element 305 L: to be applied on account.
    handling: 'L',
    amount,
    creditOrDebit: 'C',
    invoiceDate: invoice.invoice_date,
    invoiceNumber: invoice.invoice_number,
    purchaseOrderDate: facts.purchaseOrderDate,
    purchaseOrderNumber: facts.purchaseOrderNumber,
    purpose: '00',
    currency: { party: 'SE', code: invoice.currency },
    references: [],
    contacts: [],
    dates: [],
    charges: [],
    parties: [
      { role: 'SE', name: facts.seller, references: [], contacts: [] },
      ...facts.parties
        .filter(({ role }) => role !== 'SE')
        .map((party) => ({ ...party, references: [], contacts: [] })),
    ],
    lines: [{ reason, creditOrDebit: 'C', amount, references: [], dates: [] }],
  };
}
