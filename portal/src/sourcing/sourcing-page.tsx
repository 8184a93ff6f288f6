import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { SourcingTrialView } from '../../../api/contract/sourcing';
import { write } from '../http/call';
import { sourcingTrialQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { useMay } from '../session/session';
import { WhichRule } from './which-rule';

interface Sum {
  readonly term: string;
  readonly label: string;
  readonly live: number;
  readonly shadow: number;
}

const labels: Readonly<Record<string, string>> = {
  freight: 'Freight (minor units)',
  nodeCost: 'Handling (minor units)',
  shipments: 'Shipments',
  distance: 'Distance (km)',
  days: 'Days until all has arrived',
  daysLate: 'Days late',
  short: 'Units short',
};

const sumColumns: readonly Column<Sum>[] = [
  { name: 'term', header: '', cell: (sum) => sum.label },
  { name: 'live', header: 'Live', align: 'right', cell: (sum) => formatCount(sum.live) },
  { name: 'shadow', header: 'On trial', align: 'right', cell: (sum) => formatCount(sum.shadow) },
  {
    name: 'difference',
    header: 'Difference',
    align: 'right',
    cell: (sum) => (
      <strong className={sum.shadow > sum.live ? 'overdue' : undefined}>
        {sum.shadow > sum.live ? '+' : ''}
        {formatCount(sum.shadow - sum.live)}
      </strong>
    ),
  },
];

type Different = SourcingTrialView['different'][number];
const nodesOf = (plan: unknown) =>
  ((plan ?? {}) as { readonly nodes?: readonly string[] }).nodes?.join(', ') ?? '';
const differentColumns: readonly Column<Different>[] = [
  {
    name: 'order',
    header: 'Order',
    cell: (one) => (
      <Link className="link" to={`/orders/${one.orderId}`}>
        {one.orderNumber}
      </Link>
    ),
  },
  { name: 'live', header: 'Ships from', cell: (one) => nodesOf(one.live) },
  { name: 'shadow', header: 'Would ship from', cell: (one) => nodesOf(one.shadow) },
];

function Promote({ version }: { readonly version: number }) {
  const [note, setNote] = useState('');
  const client = useQueryClient();
  const promote = useMutation({
    mutationFn: () =>
      write('POST', '/api/v1/sourcing/trial/promotion', { version, note }, `promote-sourcing-${version}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sourcing-trial'] }),
  });
  return (
    <>
      {promote.error && <ProblemAlert error={promote.error} />}
      <Group align="end" my="md">
        <TextInput
          label="Why it is right"
          w={360}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button
          disabled={note.trim().length < 3}
          loading={promote.isPending}
          onClick={() => promote.mutate()}
        >
          Make it the live set
        </Button>
      </Group>
    </>
  );
}

/** Which sourcing rule counts, and what a set on trial would have done to real orders. */
export function SourcingPage() {
  const may = useMay();
  const { data, error, refetch } = useQuery(sourcingTrialQuery());
  if (error && !data) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  const [live, shadow] = [data?.live, data?.shadow] as readonly (
    | Readonly<Record<string, number>>
    | undefined
  )[];
  const sums = Object.entries(labels).map(([term, label]) => ({
    term,
    label,
    live: Number(live?.[term] ?? 0),
    shadow: Number(shadow?.[term] ?? 0),
  }));
  return (
    <>
      <PageHead title="Sourcing" />
      <Title order={2} size="h4" mb="xs">
        Which rule counts for a line
      </Title>
      <WhichRule />
      <Title order={2} size="h4" mt="xl" mb="xs">
        A set on trial
      </Title>
      {data?.version === null && (
        <Text>
          No set of rules is on trial. Save one under{' '}
          <Link className="link" to="/rules">
            Rules
          </Link>
          , kind Sourcing, scope shadow: every order placed from then on is compared here.
        </Text>
      )}
      {data && data.version !== null && (
        <>
          <Text mb="md">
            Version {data.version} was tried on {formatCount(data.orders)} orders; {formatCount(data.differ)}{' '}
            would ship otherwise{data.untried > 0 && `, ${formatCount(data.untried)} are still to be tried`}.
          </Text>
          <DataTable
            caption="All orders of the trial"
            columns={sumColumns}
            rows={sums}
            keyOf={(sum) => sum.term}
            empty=""
          />
          {may('rules:write') && data.orders > 0 && <Promote version={data.version} />}
          <DataTable
            caption="Orders that would ship otherwise"
            columns={differentColumns}
            rows={data.different}
            keyOf={(one) => one.orderId}
            empty="Both sets choose the same nodes for every order."
          />
        </>
      )}
    </>
  );
}
