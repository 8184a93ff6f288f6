import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { UnplacedSummaryView } from '../../../api/contract/unplaced';
import { unplacedListQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney, inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { EditLines } from './edit-lines';

const states = {
  draft: ['open', 'converted', 'expired', 'withdrawn'],
  quote: ['requested', 'answered', 'converted', 'expired', 'withdrawn'],
} as const;

const columnsOf = (type: 'draft' | 'quote'): readonly Column<UnplacedSummaryView>[] => [
  {
    name: 'number',
    header: inWords(type),
    cell: (one) => (
      <>
        <Link className="link" to={`/${type}s/${one.id}`}>
          {one.number}
        </Link>
        {one.usage === 'T' && <span className="soft small"> test</span>}
      </>
    ),
  },
  {
    name: 'po',
    header: 'Purchase order',
    cell: (one) => one.purchaseOrderNumber ?? <span className="soft">not yet</span>,
  },
  { name: 'customer', header: 'Customer', wrap: true, cell: (one) => one.customer.name },
  { name: 'state', header: 'State', cell: (one) => <StateBadge state={one.state} /> },
  { name: 'lines', header: 'Lines', align: 'right', cell: (one) => one.lineCount },
  ...(type === 'quote'
    ? [
        {
          name: 'total',
          header: 'Total',
          align: 'right' as const,
          cell: (one: UnplacedSummaryView) => (one.total === null ? '–' : formatMoney(one.total)),
        },
      ]
    : []),
  {
    name: 'expires',
    header: type === 'quote' ? 'Prices hold until' : 'Kept until',
    cell: (one) => <Instant at={one.expiresAt} />,
  },
  {
    name: 'order',
    header: 'Order',
    cell: (one) =>
      one.orderId === null ? (
        <span className="soft">–</span>
      ) : (
        <Link className="link" to={`/orders/${one.orderId}`}>
          {one.orderNumber}
        </Link>
      ),
  },
];

/** Drafts, or quotes: what is not an order yet. */
export function UnplacedListPage({ type }: { readonly type: 'draft' | 'quote' }) {
  const session = useSession();
  const [parameters, setParameters] = useSearchParams();
  const state = parameters.get('state');
  const cursor = useCursor(`${type}/${state}`);
  const list = useQuery(unplacedListQuery(type, { state, limit: 25, after: cursor.after }));
  const may = useMay();
  const [isNew, setNew] = useState(false);
  const columns = columnsOf(type).filter(({ name }) => session.customerId === null || name !== 'customer');
  return (
    <>
      <PageHead title={type === 'draft' ? 'Drafts' : 'Quotes'}>
        <Select
          aria-label="State"
          placeholder="All states"
          clearable
          data={states[type].map((value) => ({ value, label: inWords(value) }))}
          value={state}
          onChange={(value) => setParameters(value === null ? {} : { state: value }, { replace: true })}
        />
        {may('orders:write') && (
          <Button onClick={() => setNew(true)}>{type === 'draft' ? 'New draft…' : 'Ask for a quote…'}</Button>
        )}
      </PageHead>
      {list.error && !list.data ? (
        <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <>
          <DataTable
            caption={type === 'draft' ? 'Drafts, newest first' : 'Quotes, newest first'}
            columns={columns}
            rows={list.data?.items}
            keyOf={(one) => one.id}
            empty={type === 'draft' ? 'There are no drafts.' : 'There are no quotes.'}
          />
          <Pager cursor={cursor} next={list.data?.next} />
        </>
      )}
      {isNew && <EditLines type={type} of={null} onClose={() => setNew(false)} />}
    </>
  );
}
