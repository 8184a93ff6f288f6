import { Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BuyerApprovalView, BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import type { MoneyView } from '../../../api/contract/common';
import { write } from '../http/call';
import { buyerApprovalsQuery, buyerSettingsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMoney } from '../parts/format';
import { Age, Deadline } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { Delegate } from './delegate';

interface Asked {
  readonly approval: BuyerApprovalView;
  readonly action: 'release' | 'reject';
  readonly intention: string;
}

/** What waits for somebody of the buyer's own company, with the limits and budgets that it is held against. */
export function ApprovalsPage() {
  const approvals = useQuery(buyerApprovalsQuery());
  const settings = useQuery(buyerSettingsQuery());
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = (approval: BuyerApprovalView, action: Asked['action']) =>
    setAsked({ approval, action, intention: crypto.randomUUID() });
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
          columns={[...columns, decideColumn(ask)]}
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
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={
          asked && `${asked.action === 'release' ? 'Approve' : 'Reject'} order ${asked.approval.orderNumber}`
        }
      >
        {asked && <DecisionForm key={asked.intention} {...asked} onDone={() => setAsked(null)} />}
      </Modal>
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
];

const decideColumn = (
  ask: (approval: BuyerApprovalView, action: Asked['action']) => void,
): Column<BuyerApprovalView> => ({
  name: 'decide',
  header: 'Decide',
  wrap: true,
  cell: (one) =>
    one.decidable ? (
      <Group gap="xs">
        <Button size="xs" onClick={() => ask(one, 'release')} aria-label={`Approve ${one.orderNumber}`}>
          Approve…
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => ask(one, 'reject')}
          aria-label={`Reject ${one.orderNumber}`}
        >
          Reject…
        </Button>
      </Group>
    ) : (
      <span className="soft small">{one.whyNot}</span>
    ),
});

function DecisionForm({ approval, action, intention, onDone }: Asked & { readonly onDone: () => void }) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: () =>
      write(
        'POST',
        `/api/v1/buyer-approvals/${approval.holdId}/decisions`,
        { action, reason: reason.trim() },
        intention,
      ),
    onSuccess: () => {
      onDone();
      notifications.show({
        title: 'Decided',
        message: action === 'release' ? 'The order goes to the seller.' : 'The order is rejected.',
        color: 'hub.8',
      });
    },
    onSettled: () => {
      for (const key of ['buyer-approvals', 'buyer-settings', 'order', 'orders', 'timeline'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          {formatMoney(approval.total)}, ordered by {approval.orderedBy ?? 'your company'}:{' '}
          {approval.reasonText}.
        </Text>
        <Textarea
          label="Reason"
          description="Kept with the decision, with your name"
          required
          minLength={3}
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {decide.error && <ProblemAlert error={decide.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
          <Button
            type="submit"
            loading={decide.isPending}
            disabled={reason.trim().length < 3}
            {...(action === 'reject' && { color: 'red.9' })}
          >
            {action === 'release' ? 'Approve' : 'Reject'}
          </Button>
        </Group>
      </Stack>
    </form>
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
