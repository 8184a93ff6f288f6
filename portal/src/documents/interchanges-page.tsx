import { Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { InterchangeSummaryView } from '../../../api/contract/interchanges';
import { interchangesQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';

const columns: readonly Column<InterchangeSummaryView>[] = [
  {
    name: 'number',
    header: 'Interchange',
    cell: (one) => (
      <>
        <Link className="link mono" to={`/interchanges/${one.id}`}>
          {one.controlNumber || 'no number'}
        </Link>
        <div className="soft small">
          {one.direction === 'in' ? 'received' : 'sent'}
          {one.usage === 'T' ? ', test' : ''}
        </div>
      </>
    ),
  },
  {
    name: 'ends',
    header: 'From, to',
    cell: (one) => (
      <>
        <span className="mono">{one.sender || '–'}</span>
        <div className="soft small mono">{one.receiver || '–'}</div>
      </>
    ),
  },
  {
    name: 'partner',
    header: 'Partner',
    cell: (one) => one.partnerId ?? <span className="soft">unknown</span>,
  },
  { name: 'status', header: 'State', cell: (one) => <StateBadge state={one.status} /> },
  { name: 'ta1', header: 'TA1', cell: (one) => (one.ta1 === null ? '–' : `${one.ta1.code} ${one.ta1.note}`) },
  { name: 'problem', header: 'Problem', wrap: true, cell: (one) => one.problem ?? '' },
  { name: 'at', header: 'When', cell: (one) => <Instant at={one.createdAt} /> },
];

const statuses = [
  { value: 'quarantined', label: 'In quarantine' },
  { value: 'failed', label: 'Failed on our side' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'duplicate', label: 'Duplicate' },
  { value: 'received', label: 'Received' },
  { value: 'judged', label: 'Taken in' },
  { value: 'pending', label: 'Waiting to be sent' },
  { value: 'sent', label: 'Sent' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'undeliverable', label: 'Undeliverable' },
];

export function InterchangesPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = {
    status: parameters.get('status') ?? '',
    direction: parameters.get('direction') ?? '',
    controlNumber: parameters.get('controlNumber') ?? '',
  };
  const cursor = useCursor(JSON.stringify(filter));
  const interchanges = useQuery(interchangesQuery({ ...filter, limit: 25, after: cursor.after }));
  const set = (name: string, value: string | null) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );
  return (
    <>
      <PageHead title={filter.status === 'quarantined' ? 'Quarantine' : 'Interchanges'}>
        <Link className="link" to="/documents">
          Documents
        </Link>
      </PageHead>
      <search aria-label="Filter interchanges">
        <Group mb="md" align="flex-end">
          <Select
            label="State"
            placeholder="All"
            clearable
            data={statuses}
            value={filter.status || null}
            onChange={(value) => set('status', value)}
            w={200}
          />
          <Select
            label="Direction"
            placeholder="Both"
            clearable
            data={[
              { value: 'in', label: 'Received' },
              { value: 'out', label: 'Sent' },
            ]}
            value={filter.direction || null}
            onChange={(value) => set('direction', value)}
            w={150}
          />
          <TextInput
            label="Control number"
            value={filter.controlNumber}
            onChange={(event) => set('controlNumber', event.currentTarget.value.trim())}
            w={170}
          />
        </Group>
      </search>
      {interchanges.error && !interchanges.data ? (
        <ProblemAlert error={interchanges.error} onRetry={() => void interchanges.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Interchanges, newest first"
            columns={columns}
            rows={interchanges.data?.items}
            keyOf={(one) => one.id}
            empty={filter.status === 'quarantined' ? 'Nothing is in quarantine.' : 'No interchange matches.'}
          />
          <Pager cursor={cursor} next={interchanges.data?.next} />
        </>
      )}
    </>
  );
}
