import { createHash } from 'node:crypto';
import type { Tx } from '../../db/connection';
import {
  applyCash,
  type CashDecision,
  type CashTrouble,
  type PayableInvoice,
} from '../../domain/invoicing/apply-cash';
import type { RemittanceAdvice } from '../../domain/invoicing/remittance-advice';
import type { Usage } from '../../domain/order/order-request';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import { formatMinor } from '../../domain/shared/money';
import { lockCreditAccount } from '../credit/check-credit';
import { wakeCreditQueue } from '../credit/credit-queue';
import { tellOfPrepayment } from '../credit/request-prepayment';
import { paymentTermsSchema } from '../customer/customer-policy';
import type { ActOnContent, ContentOutcome, Received, Understood } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { raiseUnread } from '../record/raise-unread';
import { MOST_DAYS } from './link-payments';
import { raiseTroubles } from './raise-cash-troubles';

interface Account {
  readonly id: string;
  readonly currency: string;
  readonly timeZone: string;
}

/**
 * 820 in: each item is applied to its invoice once, whatever comes twice or at the same time. What no invoice takes is
 * unapplied cash; that, and every difference, is finance's to see. Credit-held orders are assessed again.
 */
export const applyRemittance: ActOnContent<Understood<RemittanceAdvice>> = async (tx, received, now) => {
  const { document: advice, unhandled } = received.body;
  if (advice.handling === 'P' || advice.handling === 'H') {
    return { kind: 'kept', note: `a notice (BPR01 ${advice.handling}): no money moves with it` };
  }
  if (!paying.has(advice.handling)) {
    return aside(received, `BPR01 ${advice.handling} tells of no payment`, now);
  }
  const account = await accountOf(tx, received.partnerId);
  if (!account) {
    return aside(received, 'the partner has no customer, so nobody knows whose account it is for', now);
  }
  const currency = advice.currency?.code ?? account.currency;
  if (currency !== account.currency) {
    return aside(received, `it pays in ${currency}, the account is in ${account.currency}`, now);
  }
  // One after the other for an account: the same payment twice at once, or two that pay one invoice.
  await lockCreditAccount(tx, account.id);
  const identity = identityOf(received);
  const before = await sameNumber(tx, account.id, received.usage, identity);
  if (before) {
    return before.fingerprint === identity.fingerprint
      ? { kind: 'kept', note: `payment ${identity.trace} was applied before: nothing is applied twice` }
      : aside(received, `payment ${identity.trace} came before with other content`, now);
  }
  const invoices = await payableInvoices(tx, account.id, received.usage, advice);
  const paidOn = advice.effectiveDate ?? localDateIn(received.receivedAt, account.timeZone);
  const decision = applyCash({
    advice,
    currency,
    invoices: invoices.map(({ payable }) => payable),
    credits: await openCredits(tx, account.id, received.usage),
    paidOn,
  });
  if (decision.kind === 'refused') return aside(received, decision.text, now);
  const remittanceId = await write(tx, received, { account, identity, invoices, decision, paidOn }, now);
  const prepaid = await takePrepayments(tx, { account, identity, by: received.partnerId }, now);
  const troubles = decision.troubles.filter((trouble) => !isExplained(trouble, prepaid));
  await raiseTroubles(tx, received, { trace: identity.trace, remittanceId }, troubles, now);
  await raiseUnread(tx, received, unhandled, 'finance', now);
  await wakeCreditQueue(tx, account.id);
  return outcomeOf(decision, invoices, currency);
};

/** Element 305: with or without the money, whoever splits it. */
const paying = new Set(['C', 'D', 'I', 'U', 'X', 'Z']);

interface Identity {
  readonly payer: string;
  readonly trace: string;
  readonly fingerprint: string;
}

/**
 * Trace number and payer. Without either (TRN is optional) what the advice says in its fields is its identity: what
 * stands beyond them makes no other payment of it.
 */
function identityOf({ partnerId, body }: Received<Understood<RemittanceAdvice>>): Identity {
  const { document: advice } = body;
  const { trace, originatorId, references, parties } = advice;
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([advice.amount, advice.effectiveDate ?? null, advice.entities], (key, value: unknown) =>
        key === 'beyond' ? undefined : value,
      ),
    )
    .digest('hex');
  const payer =
    originatorId ?? trace?.originatorId ?? parties.find(({ role }) => role === 'PR')?.id ?? partnerId;
  const number =
    trace?.number ?? references.find(({ qualifier }) => qualifier === 'TN' || qualifier === 'CK')?.value;
  return { payer, trace: number ?? `content ${fingerprint.slice(0, 32)}`, fingerprint };
}

async function sameNumber(
  tx: Tx,
  accountId: string,
  usage: Usage,
  { payer, trace }: Identity,
): Promise<{ readonly fingerprint: string } | undefined> {
  return tx('remittance')
    .where({ credit_account_id: accountId, usage, payer, trace_number: trace })
    .first('fingerprint');
}

async function accountOf(tx: Tx, partnerId: string): Promise<Account | undefined> {
  return tx('partner as p')
    .join('customer as c', 'c.id', 'p.customer_id')
    .join('credit_account as a', 'a.id', 'c.credit_account_id')
    .join('selling_entity as e', 'e.id', 'c.entity_id')
    .where({ 'p.id': partnerId })
    .first('a.id as id', 'a.currency as currency', 'e.time_zone as timeZone');
}

async function openCredits(
  tx: Tx,
  accountId: string,
  usage: Usage,
): Promise<readonly { readonly number: string; readonly amountMinor: number }[]> {
  return tx('invoice_adjustment')
    .where({ credit_account_id: accountId, usage, direction: 'out', credit_or_debit: 'C', status: 'open' })
    .orderBy('id')
    .select('adjustment_number as number', 'amount_minor as amountMinor');
}

interface InvoiceToPay {
  readonly id: string;
  readonly orderId: string;
  readonly payable: PayableInvoice;
}

/** The invoices that the advice names, or whose order it names, locked in one order for everybody. */
async function payableInvoices(
  tx: Tx,
  accountId: string,
  usage: Usage,
  advice: RemittanceAdvice,
): Promise<readonly InvoiceToPay[]> {
  const named = advice.entities
    .flatMap(({ items }) => items)
    .flatMap(({ reference }) => reference?.value?.trim().toUpperCase() ?? []);
  const rows = (await tx('invoice as i')
    .join('orders as o', 'o.id', 'i.order_id')
    .where({ 'i.credit_account_id': accountId, 'i.usage': usage })
    .andWhereRaw('(upper(i.invoice_number) = any(?) or upper(o.po_number) = any(?))', [named, named])
    .orderBy('i.id')
    .forUpdate('i')
    .select('i.*', 'o.po_number')) as {
    id: string;
    order_id: string;
    po_number: string;
    invoice_number: string;
    invoice_date: string;
    terms: unknown;
    total_minor: number;
    paid_minor: number;
    discounted_minor: number;
  }[];
  const booked = (await tx('cash_entry')
    .whereIn(
      'invoice_id',
      rows.map(({ id }) => id),
    )
    .andWhere({ kind: 'payment' })
    .whereNull('remittance_id')
    .orderBy('id')
    .select('invoice_id', 'amount_minor')) as { invoice_id: string; amount_minor: number }[];
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    payable: {
      number: row.invoice_number,
      purchaseOrderNumber: row.po_number,
      invoiceDate: row.invoice_date,
      terms: paymentTermsSchema.parse(row.terms),
      totalMinor: row.total_minor,
      openMinor: row.total_minor - row.paid_minor - row.discounted_minor,
      discountedMinor: row.discounted_minor,
      bookedMinor: booked.filter(({ invoice_id }) => invoice_id === row.id).map((one) => one.amount_minor),
    },
  }));
}

interface Applied {
  readonly account: Account;
  readonly identity: Identity;
  readonly invoices: readonly InvoiceToPay[];
  readonly decision: Extract<CashDecision, { kind: 'applied' }>;
  readonly paidOn: string;
}

async function write(
  tx: Tx,
  { documentId, partnerId, usage, receivedAt, body }: Received<Understood<RemittanceAdvice>>,
  { account, identity, invoices, decision, paidOn }: Applied,
  now: string,
): Promise<string> {
  const [remittance] = (await tx('remittance')
    .insert({
      document_id: documentId,
      partner_id: partnerId,
      credit_account_id: account.id,
      usage,
      payer: identity.payer,
      trace_number: identity.trace,
      amount_minor: decision.paidMinor,
      currency: account.currency,
      method: body.document.method,
      effective_on: paidOn,
      fingerprint: identity.fingerprint,
      received_at: receivedAt,
    })
    .returning('id')) as [{ id: string }];
  await writeEntries(
    tx,
    { account, invoices, decision, paidOn },
    { remittanceId: remittance.id, usage },
    now,
  );
  await recordEvents(
    tx,
    invoices.flatMap(({ orderId, payable }) => {
      const text = settledText(decision, payable.number, account.currency);
      return text === null
        ? []
        : [{ orderId, at: now, kind: 'paid', actor: partnerId, text, data: { trace: identity.trace } }];
    }),
  );
  return remittance.id;
}

const AT_ONCE = 500;

async function writeEntries(
  tx: Tx,
  { account, invoices, decision, paidOn }: Omit<Applied, 'identity'>,
  { remittanceId, usage }: { readonly remittanceId: string; readonly usage: Usage },
  now: string,
): Promise<void> {
  const idOf = new Map(invoices.map(({ id, payable }) => [payable.number, id]));
  const rows = decision.entries.map((entry, at) => ({
    entry,
    remittance_id: remittanceId,
    sequence: at,
    invoice_id: entry.invoiceNumber === null ? null : (idOf.get(entry.invoiceNumber) ?? null),
  }));
  for (const { entry, ...row } of rows.filter((one) => one.entry.explainsBooked)) {
    await tx.raw(
      `update cash_entry set remittance_id = ?, sequence = ? where id = (select id from cash_entry
         where invoice_id = ? and kind = 'payment' and remittance_id is null and amount_minor = ? order by id limit 1)`,
      [row.remittance_id, row.sequence, row.invoice_id, entry.amountMinor],
    );
  }
  const added = rows
    .filter(({ entry }) => !entry.explainsBooked)
    .map(({ entry, ...row }) => ({
      ...row,
      credit_account_id: account.id,
      usage,
      kind: entry.kind,
      amount_minor: entry.amountMinor,
      reason: entry.reason,
      reference: entry.reference,
      effective_on: paidOn,
      created_at: now,
    }));
  await tx.batchInsert('cash_entry', added, AT_ONCE);
  await tx.raw(
    `update invoice i set paid_minor = i.paid_minor + s.paid, discounted_minor = i.discounted_minor + s.discounted
     from (select invoice_id, coalesce(sum(amount_minor) filter (where kind = 'payment'), 0) as paid,
             coalesce(sum(amount_minor) filter (where kind = 'discount'), 0) as discounted
           from jsonb_to_recordset(cast(? as jsonb)) as e(invoice_id uuid, kind text, amount_minor bigint)
           where invoice_id is not null group by invoice_id) s
     where i.id = s.invoice_id`,
    [JSON.stringify(added.map(({ invoice_id, kind, amount_minor }) => ({ invoice_id, kind, amount_minor })))],
  );
  const taken = decision.entries.flatMap(({ takesCredit, reference }) =>
    takesCredit ? (reference ?? []) : [],
  );
  await tx('invoice_adjustment')
    .where({ credit_account_id: account.id, usage, direction: 'out' })
    .whereIn('adjustment_number', taken)
    .update({ status: 'settled' });
}

function settledText(decision: Applied['decision'], invoiceNumber: string, currency: string): string | null {
  const sum = (kind: string) =>
    decision.entries
      .filter((entry) => entry.invoiceNumber === invoiceNumber && entry.kind === kind)
      .reduce((total, { amountMinor }) => total + amountMinor, 0);
  const [paid, discount] = [sum('payment'), sum('discount')];
  if (paid === 0 && discount === 0) return null;
  const discounted = discount === 0 ? '' : ` and took ${formatMinor(discount, currency)} of discount`;
  return `The customer paid ${formatMinor(paid, currency)} ${currency}${discounted} on invoice ${invoiceNumber}`;
}

interface TakenPrepayment {
  readonly orderId: string;
  readonly reference: string;
  readonly amountMinor: number;
}

/**
 * What no invoice takes because it is paid before there is one: money for an order that waits for it, by its number; for
 * one that has ended meanwhile nobody waits. What
 * may be a prepayment that was booked by hand for the order stays unapplied until a person has said whether it is.
 */
async function takePrepayments(
  tx: Tx,
  { account, identity, by }: { readonly account: Account; readonly identity: Identity; readonly by: string },
  now: string,
): Promise<readonly TakenPrepayment[]> {
  const { rows } = await tx.raw<{ rows: TakenPrepayment[] }>(
    `update cash_entry c set kind = 'prepayment', order_id = o.id from remittance r, orders o
     where r.id = c.remittance_id and r.credit_account_id = ? and r.payer = ? and r.trace_number = ? and c.kind = 'unapplied'
       and o.credit_account_id = r.credit_account_id and o.usage = r.usage
       and upper(trim(c.reference)) in (upper(o.po_number), upper(o.order_number))
       and exists (select from prepayment_request p join hold h on h.id = p.hold_id
         where p.order_id = o.id and p.status = 'open' and h.status = 'open')
       and not exists (select from cash_entry h where h.order_id = o.id and h.kind = 'prepayment' and h.remittance_id is null
         and h.amount_minor = c.amount_minor and abs(h.effective_on - c.effective_on) <= ${MOST_DAYS})
     returning o.id as "orderId", c.reference, c.amount_minor as "amountMinor"`,
    [account.id, identity.payer, identity.trace],
  );
  for (const { orderId, reference, amountMinor } of rows) {
    const order = { id: orderId, currency: account.currency, credit_account_id: account.id };
    await tellOfPrepayment(
      tx,
      order,
      { amountMinor, reference: `${reference}, payment ${identity.trace}`, by },
      now,
    );
  }
  return rows;
}

const isExplained = (trouble: CashTrouble, prepaid: readonly TakenPrepayment[]): boolean =>
  trouble.kind === 'remittance-unknown-invoice' &&
  prepaid.some(
    ({ reference, amountMinor }) => trouble.amountMinor === amountMinor && trouble.text.includes(reference),
  );

function aside(
  { partnerId }: Received<unknown>,
  why: string,
  now: string,
): Extract<ContentOutcome, { kind: 'set-aside' }> {
  return {
    kind: 'set-aside',
    exception: {
      kind: 'remittance-not-applied',
      text: `The remittance (820) of ${partnerId} is not applied: ${why}. Settle it with the partner, or mend the cause and replay the document.`,
      ownerRole: 'finance',
      dueAt: addSeconds(now, 8 * 3600),
      priority: 2,
    },
  };
}

function outcomeOf(
  { paidMinor, entries, troubles }: Applied['decision'],
  invoices: readonly InvoiceToPay[],
  currency: string,
): ContentOutcome {
  const settled = new Set(entries.flatMap(({ invoiceNumber }) => invoiceNumber ?? []));
  const orders = new Set(
    invoices.filter(({ payable }) => settled.has(payable.number)).map(({ orderId }) => orderId),
  );
  const [orderId] = orders;
  const note = `${formatMinor(paidMinor, currency)} ${currency} on ${settled.size} invoices${troubles.length > 0 ? `, ${troubles.length} things to look at` : ''}`;
  return { kind: 'done', note, ...(orders.size === 1 && orderId !== undefined ? { orderId } : {}) };
}
