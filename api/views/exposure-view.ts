import { type AccountStanding, readExposure } from '../../application/credit/read-exposure';
import type { Db } from '../../db/connection';
import {
  listAccountDetails,
  listChildAccounts,
  listOpenOrdersOfAccount,
} from '../../db/repositories/credit-views';
import { ageOpenItems, bucketOf } from '../../domain/credit/assess-ageing';
import type { ExposureDocument } from '../../domain/credit/assess-credit';
import { sumMinor } from '../../domain/shared/money';
import type { CreditAccountView, CreditLevelView, ExposureView } from '../contract/holds';
import { moneyOf } from './money';

const sumOf = (documents: readonly ExposureDocument[], kind: ExposureDocument['kind']) =>
  sumMinor(documents.filter((document) => document.kind === kind).map((document) => document.amountMinor));

function viewOf(standing: AccountStanding): ExposureView {
  const money = (amountMinor: number) => moneyOf(amountMinor, standing.currency);
  const { documents, totalMinor } = standing.exposure;
  return {
    creditAccountId: standing.id,
    name: standing.name,
    limit: money(standing.limit.totalMinor),
    blocked: standing.blocked,
    openOrders: money(sumOf(documents, 'order')),
    openInvoices: money(sumOf(documents, 'hub-invoice')),
    receivables: money(sumOf(documents, 'receivable')),
    // Shown as what they are, amounts of cash and credit; in the exposure they count negative.
    unappliedCash: money(-sumOf(documents, 'unapplied-cash')),
    credits: money(-sumOf(documents, 'credit-memo') - sumOf(documents, 'prepayment')),
    total: money(totalMinor),
    available: money(standing.limit.totalMinor - totalMinor),
    pending: money(standing.pendingMinor),
    receivablesAsOf: standing.asOf,
  };
}

/** The same exposure that the credit rule decides on, per account. */
export async function exposuresOf(
  db: Db,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, ExposureView>> {
  const now = new Date().toISOString();
  const views = await Promise.all(
    [...new Set(accountIds)].map(async (id) => {
      const { chain } = await readExposure(db, id, 'P', null, now);
      return [id, viewOf(chain[0])] as const;
    }),
  );
  return new Map(views);
}

const ORDERS_SHOWN = 500;

const levelView = (standing: AccountStanding): CreditLevelView => ({
  creditAccountId: standing.id,
  name: standing.name,
  limit: moneyOf(standing.limit.totalMinor, standing.currency),
  total: moneyOf(standing.exposure.totalMinor, standing.currency),
  available: moneyOf(standing.limit.totalMinor - standing.exposure.totalMinor, standing.currency),
  blocked: standing.blocked,
});

export async function creditAccountView(
  db: Db,
  accountId: string,
  now: string,
): Promise<CreditAccountView | undefined> {
  const details = await listAccountDetails(db, accountId);
  if (!details) return undefined;
  const reading = await readExposure(db, accountId, 'P', null, now);
  const [own, ...above] = reading.chain;
  const money = (amountMinor: number) => moneyOf(amountMinor, own.currency);
  const ageing = ageOpenItems(own.openItems, reading.today);
  return {
    ...viewOf(own),
    version: own.version,
    currency: own.currency,
    riskClass: own.riskClass,
    parentId: details.parent_id,
    standingLimit: money(details.limit_minor),
    limitValidFrom: details.limit_valid_from,
    limitValidTo: details.limit_valid_to,
    limitLapsed: own.limit.lapsed,
    above: above.map(levelView),
    below: (await listChildAccounts(db, accountId)).map(({ id, name }) => ({ creditAccountId: id, name })),
    temporaryLimits: details.temporary_limits.map(({ amount_minor, ...one }) => ({
      ...one,
      amount: money(amount_minor),
      inForce: own.limit.temporary.includes(one.id),
    })),
    disputes: details.disputes.map(({ amount_minor, ...one }) => ({
      ...one,
      amount: amount_minor === null ? null : money(amount_minor),
      inForce: one.closedAt === null && reading.today <= one.until,
    })),
    history: [...details.changes],
    ageing: {
      today: reading.today,
      rule: reading.rules.ageing,
      buckets: ageing.buckets.map(({ bucket, amountMinor }) => ({ bucket, amount: money(amountMinor) })),
      items: ageing.items.map((item) => ({
        reference: item.number,
        amount: money(item.openMinor),
        dueDate: item.dueDate,
        daysPastDue: item.daysPastDue,
        bucket: bucketOf(item),
      })),
    },
    missingRates: [...own.missingRates],
    documents: await documentsOf(db, own),
  };
}

const kinds = {
  'hub-invoice': 'invoice',
  receivable: 'receivable',
  'unapplied-cash': 'cash',
  'credit-memo': 'credit-memo',
  prepayment: 'prepayment',
} as const;

/** Orders by number, largest first; of the rest every document that the exposure is made of. */
async function documentsOf(db: Db, own: AccountStanding): Promise<CreditAccountView['documents']> {
  const orders = await listOpenOrdersOfAccount(db, own.id, ORDERS_SHOWN);
  const due = new Map(own.openItems.map(({ number, dueDate }) => [number, dueDate] as const));
  return [
    ...orders.flatMap((order) => {
      const reference = order.order_number;
      const row = { reference, orderId: order.id, dueDate: null };
      const amounts = [
        { kind: 'order' as const, amountMinor: order.open_minor },
        { kind: 'pending' as const, amountMinor: order.pending_minor },
      ];
      return amounts
        .filter(({ amountMinor }) => amountMinor > 0)
        .map(({ kind, amountMinor }) => ({ ...row, kind, amount: moneyOf(amountMinor, order.currency) }));
    }),
    ...own.exposure.documents.flatMap((document) =>
      document.kind === 'order'
        ? []
        : [
            {
              kind: kinds[document.kind],
              reference: document.id,
              orderId: null,
              amount: moneyOf(document.amountMinor, own.currency),
              dueDate: due.get(document.id) ?? null,
            },
          ],
    ),
  ];
}
