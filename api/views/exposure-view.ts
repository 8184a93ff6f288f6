import { readExposure } from '../../application/check-credit';
import type { Db } from '../../db/connection';
import {
  type CreditAccountRow,
  findCreditAccounts,
  listOpenOrdersOfAccount,
} from '../../db/repositories/credit-views';
import type { ExposureDocument } from '../../domain/credit/assess-credit';
import { sumMinor } from '../../domain/shared/money';
import type { CreditAccountView, ExposureView } from '../contract/holds';
import { moneyOf } from './money';

type Known = Awaited<ReturnType<typeof readExposure>>;

const sumOf = (documents: readonly ExposureDocument[], kind: ExposureDocument['kind']) =>
  sumMinor(documents.filter((document) => document.kind === kind).map((document) => document.amountMinor));

function viewOf(account: CreditAccountRow, known: Known): ExposureView {
  const money = (amountMinor: number) => moneyOf(amountMinor, account.currency);
  const { documents, totalMinor } = known.exposure;
  return {
    creditAccountId: account.id,
    name: account.name,
    limit: money(account.limit_minor),
    blocked: account.blocked,
    openOrders: money(sumOf(documents, 'order')),
    openInvoices: money(sumOf(documents, 'hub-invoice')),
    receivables: money(sumOf(documents, 'receivable')),
    // Shown as what it is, an amount of cash; in the exposure it counts negative.
    unappliedCash: money(-sumOf(documents, 'unapplied-cash')),
    total: money(totalMinor),
    available: money(account.limit_minor - totalMinor),
    pending: money(known.pendingMinor),
    receivablesAsOf: known.asOf,
  };
}

/** The same exposure that the credit rule decides on, per account. */
export async function exposuresOf(
  db: Db,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, ExposureView>> {
  const accounts = await findCreditAccounts(db, [...new Set(accountIds)]);
  const views = await Promise.all(
    accounts.map(
      async (account) =>
        [account.id, viewOf(account, await readExposure(db, account.id, 'P', null))] as const,
    ),
  );
  return new Map(views);
}

const ORDERS_SHOWN = 500;

export async function creditAccountView(db: Db, accountId: string): Promise<CreditAccountView | undefined> {
  const [account] = await findCreditAccounts(db, [accountId]);
  if (!account) return undefined;
  const known = await readExposure(db, accountId, 'P', null);
  const orders = await listOpenOrdersOfAccount(db, accountId, ORDERS_SHOWN);
  const kinds = { 'hub-invoice': 'invoice', receivable: 'receivable', 'unapplied-cash': 'cash' } as const;
  return {
    ...viewOf(account, known),
    documents: [
      ...orders.map((order) => ({
        kind: order.pending ? ('pending' as const) : ('order' as const),
        reference: order.order_number,
        orderId: order.id,
        amount: moneyOf(order.open_minor, account.currency),
        dueDate: null,
      })),
      ...known.exposure.documents.flatMap((document) =>
        document.kind === 'order'
          ? []
          : [
              {
                kind: kinds[document.kind],
                reference: document.id,
                orderId: null,
                amount: moneyOf(document.amountMinor, account.currency),
                dueDate: null,
              },
            ],
      ),
    ],
  };
}
