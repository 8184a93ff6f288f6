import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ExposureView } from '../../../api/contract/holds';
import { creditAccountsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney } from '../parts/format';
import { Age } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';

const columns: readonly Column<ExposureView>[] = [
  {
    name: 'account',
    header: 'Account',
    wrap: true,
    cell: (account) => (
      <>
        <Link className="link" to={`/credit/${account.creditAccountId}`}>
          {account.name}
        </Link>{' '}
        {account.blocked && <StateBadge state="blocked" tone="bad" />}
        <div className="soft small">{account.creditAccountId}</div>
      </>
    ),
  },
  { name: 'limit', header: 'Limit', align: 'right', cell: (account) => formatMoney(account.limit) },
  { name: 'used', header: 'Exposure', align: 'right', cell: (account) => formatMoney(account.total) },
  {
    name: 'free',
    header: 'Still free',
    align: 'right',
    cell: (account) => (
      <span className={account.available.amountMinor < 0 ? 'overdue' : undefined}>
        {formatMoney(account.available)}
      </span>
    ),
  },
  { name: 'held', header: 'Held', align: 'right', cell: (account) => formatMoney(account.pending) },
  {
    name: 'asOf',
    header: 'Receivables',
    cell: (account) =>
      account.receivablesAsOf === null ? (
        <span className="soft">never read</span>
      ) : (
        <>
          <Age since={account.receivablesAsOf} /> old
        </>
      ),
  },
];

/** Every credit account with what is used of its limit. */
export function AccountsPage() {
  const cursor = useCursor('accounts');
  const accounts = useQuery(creditAccountsQuery({ limit: 25, after: cursor.after }));
  return (
    <>
      <PageHead title="Credit accounts" />
      {accounts.error && !accounts.data ? (
        <ProblemAlert error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Credit accounts"
            columns={columns}
            rows={accounts.data?.items}
            keyOf={(account) => account.creditAccountId}
            empty="There is no credit account."
          />
          <Pager cursor={cursor} next={accounts.data?.next} />
        </>
      )}
    </>
  );
}
