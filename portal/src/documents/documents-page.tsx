import { Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { DocumentSummaryView } from '../../../api/contract/documents';
import { documentsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';

const columns: readonly Column<DocumentSummaryView>[] = [
  {
    name: 'document',
    header: 'Document',
    cell: (one) => (
      <>
        <Link className="link" to={`/documents/${one.id}`}>
          {one.setId} {one.name}
        </Link>
        <div className="soft small">{one.direction === 'in' ? 'received' : 'sent'}</div>
      </>
    ),
  },
  { name: 'partner', header: 'Partner', cell: (one) => one.partnerId ?? 'unknown' },
  {
    name: 'po',
    header: 'Purchase order',
    cell: (one) => one.purchaseOrderNumber ?? <span className="soft">–</span>,
  },
  {
    name: 'state',
    header: 'State',
    cell: (one) => (
      <>
        <StateBadge state={one.direction === 'in' ? one.validation : one.delivery} />
        {one.findingCount > 0 && (
          <span className="soft small">
            {' '}
            {one.findingCount === 1 ? '1 finding' : `${one.findingCount} findings`}
          </span>
        )}
      </>
    ),
  },
  { name: 'ack', header: 'Acknowledgement', cell: (one) => <StateBadge state={one.acknowledgement} /> },
  {
    name: 'numbers',
    header: 'Interchange / group / set',
    cell: (one) => (
      <span className="mono">{`${one.interchangeControlNumber} / ${one.groupControlNumber} / ${one.controlNumber}`}</span>
    ),
  },
  { name: 'at', header: 'When', cell: (one) => <Instant at={one.createdAt} /> },
];

const sets = ['850', '855', '856', '810', '860', '865', '997'];

export function DocumentsPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = {
    direction: parameters.get('direction') ?? '',
    set: parameters.get('set') ?? '',
    purchaseOrderNumber: parameters.get('purchaseOrderNumber') ?? '',
  };
  const cursor = useCursor(JSON.stringify(filter));
  const documents = useQuery(documentsQuery({ ...filter, limit: 25, after: cursor.after }));
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
      <PageHead title="Documents" />
      <Group mb="md" align="flex-end" role="search" aria-label="Filter documents">
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
        <Select
          label="Set"
          placeholder="All"
          clearable
          data={sets}
          value={filter.set || null}
          onChange={(value) => set('set', value)}
          w={120}
        />
        <TextInput
          label="Purchase order"
          value={filter.purchaseOrderNumber}
          onChange={(event) => set('purchaseOrderNumber', event.currentTarget.value.trim())}
          w={220}
        />
      </Group>
      {documents.error && !documents.data ? (
        <ProblemAlert error={documents.error} onRetry={() => void documents.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Documents, newest first"
            columns={columns}
            rows={documents.data?.items}
            keyOf={(one) => one.id}
            empty="No document matches."
            minWidth={960}
          />
          <Pager cursor={cursor} next={documents.data?.next} />
        </>
      )}
    </>
  );
}
