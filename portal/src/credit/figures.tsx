import { Link } from 'react-router';
import type { CreditAccountView, ExposureView } from '../../../api/contract/holds';
import { type FactList, Facts } from '../parts/facts';
import { formatMoney } from '../parts/format';
import { Instant } from '../parts/instant';

/** What a credit decision looks at, figure by figure: the same on the account's page and on a case. */
export function CreditFigures({ account }: { readonly account: ExposureView }) {
  const facts: FactList = [
    ['Limit in force', formatMoney(account.limit)],
    ['Open orders', formatMoney(account.openOrders)],
    ['Invoices not yet in the ERP’s figures', formatMoney(account.openInvoices)],
    ['Open receivables', formatMoney(account.receivables)],
    ['Credits and prepayments', formatMoney(account.credits)],
    ['Unapplied cash', formatMoney(account.unappliedCash)],
    ['Exposure', formatMoney(account.total)],
    ['Still free', formatMoney(account.available)],
    ['Held, not counted', formatMoney(account.pending)],
    [
      'Receivables as of',
      account.receivablesAsOf === null ? 'never read' : <Instant at={account.receivablesAsOf} />,
    ],
  ];
  return <Facts facts={facts} />;
}

/** The accounts above, each with its own limit that an order has to fit in. */
export function LevelsAbove({ account }: { readonly account: CreditAccountView }) {
  return account.above.map((level) => (
    <p className="small" style={{ margin: '0.5rem 0 0' }} key={level.creditAccountId}>
      Under{' '}
      <Link className="link" to={`/credit/${level.creditAccountId}`}>
        {level.name}
      </Link>
      : {formatMoney(level.total)} of {formatMoney(level.limit)} used, {formatMoney(level.available)} free
      {level.blocked && ', blocked'}
    </p>
  ));
}
