import { Button, Group, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { BuyerApprovalView, BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import type { MoneyView } from '../../../api/contract/common';
import { useAskForDecision } from '../holds/decision-dialog';
import { buyerApprovalsQuery, buyerSettingsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMoney } from '../parts/format';
import { Age, Deadline } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { Delegate } from './delegate';

/** What waits for somebody of the buyer's own company, with the limits and budgets that it is held against. */
export function ApprovalsPage() {
  const approvals = useQuery(buyerApprovalsQuery());
  const settings = useQuery(buyerSettingsQuery());
  return (
    <>
      <PageHead title="Approvals">
        <Delegate />
      </PageHead>
      {approvals.error && !approvals.data ? (
        <ProblemAlert error={approvals.error} onRetry={() => void approvals.refetch()} />
      ) : (
        <DataTable
          caption="Orders that wait for your company"
          columns={columns}
          rows={approvals.data?.items}
          keyOf={(approval) => approval.holdId}
          empty="No order of your company waits for approval."
          minWidth={860}
        />
      )}
      {settings.data && settings.data.people.length > 0 && (
        <>
          <Title order={2} size="h4" mt="xl" mb="sm">
            Budgets
          </Title>
          <Budgets settings={settings.data} />
          <Title order={2} size="h4" mt="xl" mb="sm">
            Who may order and approve how much
          </Title>
          <People settings={settings.data} />
        </>
      )}
    </>
  );
}

const columns: readonly Column<BuyerApprovalView>[] = [
  {
    name: 'order',
    header: 'Order',
    wrap: true,
    cell: (one) => (
      <>
        <Link className="link no-wrap" to={`/orders/${one.orderId}`}>
          {one.orderNumber}
        </Link>
        <div className="soft small">{one.purchaseOrderNumber}</div>
        {one.ofChange && <div className="small">A change of it</div>}
      </>
    ),
  },
  {
    name: 'by',
    header: 'Ordered by',
    cell: (one) => (
      <>
        {one.orderedBy ?? '–'}
        {one.costCentre !== null && <div className="soft small">{one.costCentre}</div>}
      </>
    ),
  },
  { name: 'total', header: 'Total', align: 'right', cell: (one) => formatMoney(one.total) },
  { name: 'why', header: 'Why it waits', wrap: true, cell: (one) => one.reasonText },
  {
    name: 'since',
    header: 'Waits for, until',
    cell: (one) => (
      <>
        <Age since={one.openedAt} />
        {one.expiresAt !== null && (
          <div className="small">
            <Deadline at={one.expiresAt} />
          </div>
        )}
      </>
    ),
  },
  {
    name: 'decide',
    header: 'Decide',
    wrap: true,
    cell: (one) =>
      one.decidable ? <Decide approval={one} /> : <span className="soft small">{one.whyNot}</span>,
  },
];

function Decide({ approval }: { readonly approval: BuyerApprovalView }) {
  const ask = useAskForDecision();
  const { orderNumber } = approval;
  const question = {
    path: `/api/v1/buyer-approvals/${approval.holdId}/decisions`,
    orderNumber,
    about: `${formatMoney(approval.total)}, ordered by ${approval.orderedBy ?? 'your company'}: ${approval.reasonText}.`,
    done: { release: 'The order goes to the seller.', reject: 'The order is rejected.' },
  };
  return (
    <Group gap="xs">
      <Button
        size="xs"
        onClick={() => ask({ ...question, action: 'release' })}
        aria-label={`Approve ${orderNumber}`}
      >
        Approve…
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => ask({ ...question, action: 'reject' })}
        aria-label={`Reject ${orderNumber}`}
      >
        Reject…
      </Button>
    </Group>
  );
}

function Budgets({ settings }: { readonly settings: BuyerSettingsView }) {
  return (
    <DataTable
      caption="Budgets"
      columns={[
        { name: 'centre', header: 'Cost centre', cell: (one) => one.costCentre },
        {
          name: 'period',
          header: 'Period',
          cell: (one) => `${formatDate(one.from)} to ${formatDate(one.to)}`,
        },
        { name: 'amount', header: 'Budget', align: 'right', cell: (one) => formatMoney(one.amount) },
        { name: 'spent', header: 'Ordered', align: 'right', cell: (one) => formatMoney(one.spent) },
        { name: 'left', header: 'Left', align: 'right', cell: (one) => formatMoney(one.left) },
      ]}
      rows={settings.budgets}
      keyOf={(one) => one.id}
      empty="Your company has planned no budgets."
      minWidth={620}
    />
  );
}

function People({ settings }: { readonly settings: BuyerSettingsView }) {
  const limit = (most: MoneyView | null) => (most === null ? 'any amount' : formatMoney(most));
  return (
    <DataTable
      caption="Who may order and approve how much"
      columns={[
        { name: 'person', header: 'Person', cell: (one) => one.person },
        { name: 'limit', header: 'Orders up to', align: 'right', cell: (one) => limit(one.limit) },
        {
          name: 'approves',
          header: 'Approves up to',
          align: 'right',
          cell: (one) => (one.mayApprove ? limit(one.approvesUpTo) : '–'),
        },
        { name: 'centre', header: 'Cost centre', cell: (one) => one.costCentre ?? '–' },
      ]}
      rows={settings.people}
      keyOf={(one) => one.person}
      empty=""
      minWidth={560}
    />
  );
}
