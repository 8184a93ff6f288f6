import { Group, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { CreditAccountView } from '../../../api/contract/holds';
import { ExposureBar } from '../holds/exposure-bar';
import { creditQuery } from '../http/queries';
import { AskButton } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { Facts } from '../parts/facts';
import { formatDate, formatMoney } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { AgeingChart } from './ageing-chart';
import { ChangeAccount } from './change-account';
import { CreditHistory } from './credit-history';
import { CreditFigures, LevelsAbove } from './figures';
import { Disputes, OpenItems } from './receivables';
import { TemporaryLimitForm } from './temporary-limit-form';
import { TemporaryLimits } from './temporary-limits';

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
  const may = useMay();
  const session = useSession();
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
  const mayDecide = may('holds:decide') && session.person !== null;
  const section = { account, mayDecide };
  return (
    <>
      <PageHead
        title={`Credit of ${account.name}`}
        beside={account.blocked ? <StateBadge state="blocked" tone="bad" /> : undefined}
      >
        {mayDecide && (
          <Group gap="xs">
            <ChangeAccount account={account} />
            <AskButton label="Temporary limit…" title={`Temporary limit of ${account.name}`}>
              {(close) => (
                <TemporaryLimitForm
                  creditAccountId={account.creditAccountId}
                  currency={account.currency}
                  onDone={close}
                />
              )}
            </AskButton>
          </Group>
        )}
      </PageHead>
      <Stack gap="lg">
        <section className="panel" aria-label="Exposure">
          <ExposureBar exposure={account} linked={false} />
          <div style={{ marginTop: '1rem' }}>
            <CreditFigures account={account} />
          </div>
        </section>
        <Terms account={account} />
        <section className="panel" aria-labelledby="ageing">
          <Title order={2} size="h4" mb="xs" id="ageing">
            Receivables by age
          </Title>
          <AgeingChart ageing={account.ageing} />
        </section>
        <Part title="Open receivables">
          <OpenItems {...section} />
        </Part>
        {account.disputes.length > 0 && (
          <Part title="Disputes">
            <Disputes {...section} />
          </Part>
        )}
        {account.temporaryLimits.length > 0 && (
          <Part title="Temporary limits">
            <TemporaryLimits {...section} />
          </Part>
        )}
        <Part title="What the exposure is made of">
          <DataTable
            caption="Documents behind the exposure"
            columns={columns}
            rows={account.documents}
            keyOf={(document) => `${document.kind}/${document.reference}`}
            empty="Nothing is open."
          />
        </Part>
        <Part title="Who set what, and why">
          <CreditHistory account={account} />
        </Part>
      </Stack>
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

/** The limit as it was set, apart from what is in force today, and where the account stands in its family. */
function Terms({ account }: { readonly account: CreditAccountView }) {
  const { limitValidFrom: from, limitValidTo: to, limitLapsed } = account;
  const lapsed = { 'not-yet-valid': 'not valid yet', expired: 'expired' } as const;
  const days = [from !== null && `from ${formatDate(from)}`, to !== null && `until ${formatDate(to)}`];
  const validity = days.filter((text) => text !== false).join(' ') || 'always';
  return (
    <section className="panel" aria-label="Limit and hierarchy">
      <Facts
        facts={[
          ['Limit as set', formatMoney(account.standingLimit)],
          ['Valid', `${validity}${limitLapsed === null ? '' : ` (${lapsed[limitLapsed]})`}`],
          ['Risk class', account.riskClass ?? 'none'],
          ['Account above', account.parentId ?? 'none'],
        ]}
      />
      <LevelsAbove account={account} />
      {account.below.length > 0 && (
        <p className="small" style={{ margin: '0.5rem 0 0' }}>
          Accounts below:{' '}
          {account.below.map((one, at) => (
            <span key={one.creditAccountId}>
              {at > 0 && ', '}
              <Link className="link" to={`/credit/${one.creditAccountId}`}>
                {one.name}
              </Link>
            </span>
          ))}
        </p>
      )}
      {account.missingRates.length > 0 && (
        <p className="small overdue" style={{ margin: '0.5rem 0 0' }}>
          No exchange rate for {account.missingRates.join(', ')}: its orders are held.
        </p>
      )}
    </section>
  );
}
