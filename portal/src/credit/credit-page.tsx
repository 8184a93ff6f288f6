import { Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { CreditAccountView } from '../../../api/contract/holds';
import { ExposureBar } from '../holds/exposure-bar';
import { creditQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { AgeingChart } from './ageing-chart';

type ExposureDocument = CreditAccountView['documents'][number];

const kinds = {
  order: 'Open order',
  pending: 'Held order (not counted)',
  invoice: 'Invoice, not yet in the ERP’s figures',
  receivable: 'Open receivable',
  'credit-memo': 'Credit memo',
  prepayment: 'Prepayment',
  cash: 'Unapplied cash',
} as const;

const columns: readonly Column<ExposureDocument>[] = [
  { name: 'kind', header: 'Kind', cell: (document) => kinds[document.kind] },
  {
    name: 'reference',
    header: 'Document',
    cell: (document) =>
      document.orderId === null ? (
        document.reference
      ) : (
        <Link className="link" to={`/orders/${document.orderId}`}>
          {document.reference}
        </Link>
      ),
  },
  {
    name: 'amount',
    header: 'Amount',
    align: 'right',
    cell: (document) => (
      <span className={document.kind === 'pending' ? 'soft' : undefined}>{formatMoney(document.amount)}</span>
    ),
  },
];

export function CreditPage() {
  const { creditAccountId = '' } = useParams();
  const query = useQuery(creditQuery(creditAccountId));
  const account = query.data;
  if (query.error && !account) {
    return (
      <>
        <PageHead title="Credit account" />
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!account) return <Skeleton height={200} />;
  const facts = [
    ['Limit', formatMoney(account.limit)],
    ['Open orders', formatMoney(account.openOrders)],
    ['Invoices not yet in the ERP’s figures', formatMoney(account.openInvoices)],
    ['Open receivables', formatMoney(account.receivables)],
    ['Credits and prepayments', formatMoney(account.credits)],
    ['Unapplied cash', formatMoney(account.unappliedCash)],
    ['Exposure', formatMoney(account.total)],
    ['Still free', formatMoney(account.available)],
    ['Held, not counted', formatMoney(account.pending)],
  ] as const;
  return (
    <>
      <PageHead title={`Credit of ${account.name}`} />
      <Stack gap="lg">
        <section className="panel" aria-label="Exposure">
          <ExposureBar exposure={account} linked={false} />
          <dl className="facts" style={{ marginTop: '1rem' }}>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            <div>
              <dt>Receivables as of</dt>
              <dd>
                {account.receivablesAsOf === null ? 'never read' : <Instant at={account.receivablesAsOf} />}
              </dd>
            </div>
          </dl>
        </section>
        <section className="panel" aria-labelledby="ageing">
          <Title order={2} size="h4" mb="xs" id="ageing">
            Receivables by age
          </Title>
          <AgeingChart ageing={account.ageing} />
        </section>
        <section className="panel" aria-labelledby="history">
          <Title order={2} size="h4" mb="xs" id="history">
            Who set what, and why
          </Title>
          {account.history.length === 0 && <p className="soft">Nothing was changed yet.</p>}
          {account.history.map((change) => (
            <p className="small" key={change.at + change.reason}>
              <Instant at={change.at} />, {change.person}: {change.reason} ({JSON.stringify(change.before)} →{' '}
              {JSON.stringify(change.after)})
            </p>
          ))}
        </section>
        <section aria-labelledby="documents">
          <Title order={2} size="h4" mb="xs" id="documents">
            What the exposure is made of
          </Title>
          <DataTable
            caption="Documents behind the exposure"
            columns={columns}
            rows={account.documents}
            keyOf={(document) => `${document.kind}/${document.reference}`}
            empty="Nothing is open."
            minWidth={480}
          />
        </section>
      </Stack>
    </>
  );
}
