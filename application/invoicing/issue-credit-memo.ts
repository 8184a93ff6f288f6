import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import { requestDocument } from '../../db/repositories/document-requests';
import type { CreditDebitAdjustment } from '../../domain/invoicing/credit-debit-adjustment';
import { type BilledItem, creditItems, type ItemToCredit } from '../../domain/invoicing/credit-items';
import type { Party } from '../../domain/order/order-request';
import { countOf } from '../../domain/shared/count';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import { formatMinor, scaleDecimal, sumMinor } from '../../domain/shared/money';
import { lockCreditAccount } from '../credit/check-credit';
import { type CreditRefusal, judgeCreditRaise } from '../credit/credit-authority';
import { DAYS_LOOKED_BACK } from '../credit/credit-given';
import { wakeCreditQueue } from '../credit/credit-queue';
import { answerHeader } from '../order/answer-order';
import { lockOrder, type OrderRow } from '../order/order-record';
import { drawNumber } from '../record/draw-number';
import { recordEvents } from '../record/keep-history';

export interface CreditMemoWanted {
  readonly invoiceId: string;
  /** An amount, or items at what they were billed for: of a bundle its components by their shares of it. */
  readonly amountMinor?: number;
  readonly items?: readonly ItemToCredit[];
  /** Element 426: 01 pricing error, 04 item not accepted (damaged), ... */
  readonly reason: string;
  /** Whose decision it is. */
  readonly person: string;
  /** What the person is judged by; absent: another system's word. */
  readonly roles?: readonly string[];
}

export type CreditMemoOutcome =
  | {
      readonly kind: 'issued';
      readonly adjustmentId: string;
      readonly number: string;
      readonly amountMinor: number;
      readonly items: readonly BilledItem[];
    }
  | CreditRefusal
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-invoice' | 'amount-not-positive' | 'more-than-invoiced' | 'not-invoiced';
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
  // The order's lock makes the credits of its invoices wait for each other.
  const order = await lockOrder(tx, found.order_id);
  const invoice = (await tx('invoice').where({ id: wanted.invoiceId }).first()) as InvoiceRow;
  const [{ sum }] = (await tx('invoice_adjustment')
    .where({ invoice_id: invoice.id, direction: 'out', credit_or_debit: 'C' })
    .select(tx.raw('coalesce(sum(amount_minor), 0)::bigint as sum'))) as [{ sum: number }];
  const of = await whatOf(tx, invoice, wanted);
  if (of.kind === 'refused') return of;
  const { amountMinor, items } = of;
  const left = invoice.total_minor - sum;
  if (amountMinor > left) {
    const text = `Of invoice ${invoice.invoice_number} ${formatMinor(left, invoice.currency)} ${invoice.currency} can still be credited`;
    return { kind: 'refused', code: 'more-than-invoiced', text };
  }
  const refusal = await judgeMemo(tx, order, { ...wanted, amountMinor, currency: invoice.currency }, now);
  if (refusal) return refusal;
  const entity = (await tx('selling_entity').where({ id: order.entity_id }).first('name', 'time_zone')) as {
    name: string;
    time_zone: string;
  };
  const number = await drawNumber(tx, { entityId: order.entity_id, kind: 'credit-memo', usage: order.usage });
  const header = await answerHeader(tx, order, now);
  const memo = creditMemo({ ...wanted, amountMinor, items }, invoice, number, {
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
      amount_minor: amountMinor,
      currency: invoice.currency,
      invoice_id: invoice.id,
      order_id: order.id,
      content: toJson(memo),
      recorded_by: wanted.person,
      recorded_at: now,
    })
    .returning('id')) as [{ id: string }];
  const text = `Credit ${number} over ${formatMinor(amountMinor, invoice.currency)} ${invoice.currency} on invoice ${invoice.invoice_number}`;
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
  // What is owed has fallen: who waits for credit is looked at.
  await wakeCreditQueue(tx, order.credit_account_id);
  return { kind: 'issued', adjustmentId: adjustment.id, number, amountMinor, items };
}

/** What is credited is given like more credit: within the person's authority, small memos of 30 days together. */
async function judgeMemo(
  tx: Tx,
  order: OrderRow,
  {
    person,
    roles,
    amountMinor,
    currency,
  }: Pick<CreditMemoWanted, 'person' | 'roles'> & { readonly amountMinor: number; readonly currency: string },
  now: string,
): Promise<CreditRefusal | null> {
  if (roles === undefined) return null;
  if (order.placed_by === person) {
    const text = 'You placed this order yourself: somebody else has to credit its invoices';
    return { kind: 'refused', code: 'same-person', text };
  }
  await lockCreditAccount(tx, order.credit_account_id);
  const [{ given }] = (await tx('invoice_adjustment')
    .where({ credit_account_id: order.credit_account_id, currency, recorded_by: person })
    .andWhere({ direction: 'out', credit_or_debit: 'C' })
    .andWhere('recorded_at', '>', addSeconds(now, -DAYS_LOOKED_BACK * 86_400))
    .select(tx.raw('coalesce(sum(amount_minor), 0)::bigint as given'))) as [{ given: number }];
  const by = { person, roles, notFor: [order.placed_by] };
  return judgeCreditRaise(
    tx,
    by,
    {
      creditAccountId: order.credit_account_id,
      way: 'credit-memo',
      amountMinor: given + amountMinor,
      currency,
    },
    now,
  );
}

type Credited =
  | Extract<CreditMemoOutcome, { kind: 'refused' }>
  | {
      readonly kind: 'credit';
      readonly amountMinor: number;
      readonly items: readonly CreditedItem[];
    };

interface CreditedItem extends BilledItem {
  readonly baseUnit: string;
}

/** The caller holds the order's lock: no other credit of the invoice is on its way. */
async function whatOf(
  tx: Tx,
  invoice: InvoiceRow,
  { amountMinor = 0, items = [] }: CreditMemoWanted,
): Promise<Credited> {
  const nothing = {
    kind: 'refused',
    code: 'amount-not-positive',
    text: 'A credit is more than nothing',
  } as const;
  if (items.length === 0)
    return Number.isSafeInteger(amountMinor) && amountMinor > 0
      ? { kind: 'credit', amountMinor, items: [] }
      : nothing;
  const billed = invoice.lines.flatMap(({ components, ...line }) => components ?? [line]);
  const credit = creditItems(billed, await creditedBefore(tx, invoice.id), items);
  if (credit.kind === 'beyond') {
    const text = `Of ${credit.itemId} ${countOf(credit.left, 'base unit')} of invoice ${invoice.invoice_number} can still be credited`;
    return { kind: 'refused', code: 'not-invoiced', text };
  }
  const units = (await tx('item')
    .whereIn(
      'id',
      items.map(({ itemId }) => itemId),
    )
    .select('id', 'base_unit')) as { id: string; base_unit: string }[];
  const named = credit.items.map((item) => ({
    ...item,
    baseUnit: units.find(({ id }) => id === item.itemId)?.base_unit ?? 'EA',
  }));
  const total = sumMinor(named.map((item) => item.amountMinor));
  return total > 0 ? { kind: 'credit', amountMinor: total, items: named } : nothing;
}

/** Base units of items that earlier credit memos of the invoice name. */
async function creditedBefore(tx: Tx, invoiceId: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.raw<{ rows: { item: string; units: string }[] }>(
    `select x -> 'item' -> 'productIds' -> 0 ->> 'value' as item, sum((x ->> 'quantity')::numeric)::bigint as units
     from invoice_adjustment a cross join jsonb_array_elements(a.content -> 'lines') x
     where a.invoice_id = ? and a.direction = 'out' and a.credit_or_debit = 'C' and x -> 'item' is not null group by 1`,
    [invoiceId],
  );
  return new Map(rows.map(({ item, units }) => [item, Number(units)]));
}

interface InvoiceRow {
  readonly id: string;
  readonly lines: readonly (BilledItem & { readonly components?: readonly BilledItem[] })[];
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
  {
    amountMinor,
    items,
    reason,
  }: Pick<CreditMemoWanted, 'reason'> & {
    readonly amountMinor: number;
    readonly items: readonly CreditedItem[];
  },
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
    lines:
      items.length === 0
        ? [{ reason, creditOrDebit: 'C', amount, references: [], dates: [] }]
        : items.map((item) => ({
            reason,
            creditOrDebit: 'C',
            amount: formatMinor(item.amountMinor, invoice.currency),
            quantity: String(item.baseUnits),
            unit: item.baseUnit,
            priceCode: 'NET',
            // To six places, so that it need not multiply out: the amount is what is credited.
            unitPrice: scaleDecimal(formatMinor(item.amountMinor, invoice.currency), 1, item.baseUnits),
            item: { productIds: [{ qualifier: 'VP', value: item.itemId }] },
            references: [],
            dates: [],
          })),
  };
}
