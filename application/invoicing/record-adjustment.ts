import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import type { CreditDebitAdjustment } from '../../domain/invoicing/credit-debit-adjustment';
import type { Usage } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { formatMinor, parseMinor } from '../../domain/shared/money';
import type { ActOnContent, Received, Understood } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { raiseException } from '../record/raise-exception';
import { raiseUnread } from '../record/raise-unread';

interface Customer {
  readonly accountId: string;
  readonly currency: string;
}

/**
 * 812 in: what a partner credits or debits us for is kept beside the invoice that it names, as a claim that finance
 * settles. Nothing is paid or forgiven by it.
 */
export const recordAdjustment: ActOnContent<Understood<CreditDebitAdjustment>> = async (
  tx,
  received,
  now,
) => {
  const { document: claim, unhandled } = received.body;
  const customer = await customerOf(tx, received.partnerId);
  if (!customer) return aside(received, 'the partner has no customer', now);
  const currency = claim.currency?.code ?? customer.currency;
  const amountMinor = parseMinor(claim.amount, currency);
  if (amountMinor === undefined) return aside(received, `${claim.amount} is no amount of ${currency}`, now);
  if (claim.creditOrDebit !== 'C' && claim.creditOrDebit !== 'D') {
    return aside(received, `BCD05 ${claim.creditOrDebit} is neither credit nor debit`, now);
  }
  const invoice = await invoiceOf(tx, customer.accountId, received.usage, claim.invoiceNumber);
  const content = toJson(claim);
  const inserted = (await tx('invoice_adjustment')
    .insert({
      direction: 'in',
      document_id: received.documentId,
      partner_id: received.partnerId,
      credit_account_id: customer.accountId,
      usage: received.usage,
      adjustment_number: claim.adjustmentNumber,
      credit_or_debit: claim.creditOrDebit,
      amount_minor: amountMinor,
      currency,
      invoice_id: invoice?.id ?? null,
      order_id: invoice?.order_id ?? null,
      content,
      recorded_by: received.partnerId,
      recorded_at: now,
    })
    .onConflict(['credit_account_id', 'usage', 'direction', 'adjustment_number'])
    .ignore()
    .returning('id')) as { id: string }[];
  const [adjustment] = inserted;
  if (!adjustment) return repeated(tx, received, customer.accountId, content, now);
  const text = claimText(claim, `${formatMinor(amountMinor, currency)} ${currency}`, invoice !== undefined);
  await raiseException(tx, {
    kind: 'adjustment-claimed',
    subjectKey: adjustment.id,
    text: `${received.partnerId} ${text}. Check it, and settle it with the partner.`,
    ownerRole: 'finance',
    dueAt: addSeconds(now, 3 * 24 * 3600),
    documentId: received.documentId,
    ...(invoice ? { orderId: invoice.order_id } : {}),
    data: { adjustmentId: adjustment.id, amountMinor, currency },
  });
  if (invoice) {
    await recordEvents(tx, [
      {
        orderId: invoice.order_id,
        at: now,
        kind: 'adjustment-claimed',
        actor: received.partnerId,
        text: `The customer ${text}`,
        data: { adjustmentId: adjustment.id },
      },
    ]);
  }
  await raiseUnread(tx, received, unhandled, 'finance', now);
  const note = invoice ? `kept with invoice ${claim.invoiceNumber ?? ''}` : 'kept without an invoice';
  return { kind: 'done', note, ...(invoice ? { orderId: invoice.order_id } : {}) };
};

/** The same claim again says nothing new; the same number with something else is a person's to settle. */
async function repeated(
  tx: Tx,
  received: Received<Understood<CreditDebitAdjustment>>,
  accountId: string,
  content: string,
  now: string,
) {
  const { adjustmentNumber } = received.body.document;
  const same = await tx('invoice_adjustment')
    .where({
      credit_account_id: accountId,
      usage: received.usage,
      direction: 'in',
      adjustment_number: adjustmentNumber,
    })
    .whereRaw('content = cast(? as jsonb)', [content])
    .first('id');
  return same
    ? ({ kind: 'kept', note: `${adjustmentNumber} is kept already` } as const)
    : aside(received, `number ${adjustmentNumber} came before with other content`, now);
}

async function customerOf(tx: Tx, partnerId: string): Promise<Customer | undefined> {
  return tx('partner as p')
    .join('customer as c', 'c.id', 'p.customer_id')
    .where({ 'p.id': partnerId })
    .first('c.credit_account_id as accountId', 'c.currency as currency');
}

async function invoiceOf(
  tx: Tx,
  accountId: string,
  usage: Usage,
  number: string | undefined,
): Promise<{ readonly id: string; readonly order_id: string } | undefined> {
  if (number === undefined) return undefined;
  return tx('invoice')
    .where({ credit_account_id: accountId, usage })
    .andWhereRaw('upper(invoice_number) = upper(?)', [number.trim()])
    .first('id', 'order_id');
}

const SHOWN = 10;

function claimText(claim: CreditDebitAdjustment, amount: string, known: boolean): string {
  const what = claim.creditOrDebit === 'D' ? 'debits us for' : 'credits us for';
  const about =
    claim.invoiceNumber === undefined
      ? 'no invoice'
      : `invoice ${claim.invoiceNumber}${known ? '' : ', which is none of this customer'}`;
  const reasons = claim.lines
    .slice(0, SHOWN)
    .map((line) =>
      [
        `reason ${line.reason}`,
        line.amount,
        line.quantity === undefined ? '' : `${line.quantity} ${line.unit ?? ''}`.trim(),
        line.item?.productIds.map(({ value }) => value).join('/'),
      ]
        .filter(Boolean)
        .join(' '),
    );
  const more = claim.lines.length > SHOWN ? `; and ${claim.lines.length - SHOWN} more` : '';
  const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')}${more})`;
  return `${what} ${amount} on ${about}, 812 ${claim.adjustmentNumber}${why}`;
}

function aside({ partnerId }: Received<unknown>, why: string, now: string) {
  return {
    kind: 'set-aside' as const,
    exception: {
      kind: 'adjustment-not-recorded',
      text: `The credit or debit adjustment (812) of ${partnerId} is not recorded: ${why}.`,
      ownerRole: 'finance',
      dueAt: addSeconds(now, 8 * 3600),
    },
  };
}
