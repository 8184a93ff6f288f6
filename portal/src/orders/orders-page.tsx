import { Button, Group, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { OrderSummaryView } from '../../../api/contract/orders';
import { ordersQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMoney, inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useSession } from '../session/session';
import { typeText } from './type-text';

const states = ['placed', 'held', 'confirmed', 'fulfilling', 'completed', 'rejected', 'cancelled'].map(
  (value) => ({ value, label: inWords(value) }),
);

const orderColumns: readonly Column<OrderSummaryView>[] = [
  {
    name: 'order',
    header: 'Order',
    cell: (order) => (
      <>
        <Link className="link" to={`/orders/${order.id}`}>
          {order.orderNumber}
        </Link>
        {order.usage === 'T' && <span className="soft small"> test</span>}
      </>
    ),
  },
  {
    name: 'po',
    header: 'Purchase order',
    wrap: true,
    cell: (order) => (
      <>
        {order.purchaseOrderNumber}
        {typeText(order) !== null && <div className="soft small">{typeText(order)}</div>}
      </>
    ),
  },
  { name: 'customer', header: 'Customer', wrap: true, cell: (order) => order.customer.name },
  {
    name: 'state',
    header: 'State',
    cell: (order) => (
      <>
        <StateBadge state={order.state} />
        {order.openHolds.length > 0 && (
          <span className="soft small"> {order.openHolds.map((hold) => inWords(hold)).join(', ')}</span>
        )}
      </>
    ),
  },
  { name: 'lines', header: 'Lines', align: 'right', cell: (order) => order.lineCount },
  { name: 'total', header: 'Total', align: 'right', cell: (order) => formatMoney(order.total) },
  {
    name: 'channel',
    header: 'Came by',
    cell: (order) => inWords(order.channel),
  },
  { name: 'deliver', header: 'Deliver by', cell: (order) => formatDate(order.deliverBy) },
  { name: 'placed', header: 'Placed', cell: (order) => <Instant at={order.placedAt} /> },
];

export function OrdersPage() {
  const session = useSession();
  const [parameters, setParameters] = useSearchParams();
  const chosen = parameters.get('state')?.split(',').filter(Boolean) ?? [];
  const customer = parameters.get('customer') ?? '';
  const [typed, setTyped] = useState(parameters.get('search') ?? '');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const filter = { state: chosen.join(','), customer, search };
  const cursor = useCursor(JSON.stringify(filter));
  const orders = useQuery(ordersQuery({ ...filter, limit: 25, after: cursor.after }));

  const set = (name: string, value: string) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const filtered = search !== '' || chosen.length > 0 || customer !== '';
  const columns =
    session.customerId === null ? orderColumns : orderColumns.filter((column) => column.name !== 'customer');

  return (
    <>
      <PageHead title="Orders" />
      <Group mb="md" align="flex-end" role="search" aria-label="Filter orders">
        <TextInput
          label="Number"
          placeholder="PO or order number starts with"
          w={260}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            set('search', event.currentTarget.value.trim());
          }}
        />
        <MultiSelect
          label="State"
          placeholder={chosen.length === 0 ? 'All states' : ''}
          data={states}
          value={chosen}
          onChange={(value) => set('state', value.join(','))}
          w={300}
          clearable
        />
        {session.customerId === null && (
          <TextInput
            label="Customer"
            placeholder="Customer number"
            w={180}
            value={customer}
            onChange={(event) => set('customer', event.currentTarget.value.trim())}
          />
        )}
        {filtered && (
          <Button
            variant="subtle"
            onClick={() => {
              setTyped('');
              setParameters({}, { replace: true });
            }}
          >
            Clear
          </Button>
        )}
      </Group>
      {orders.error ? (
        <ProblemAlert error={orders.error} onRetry={() => void orders.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Orders, newest first"
            columns={columns}
            rows={orders.data?.items}
            keyOf={(order) => order.id}
            empty={filtered ? 'No order matches this filter.' : 'There are no orders yet.'}
          />
          <Pager cursor={cursor} next={orders.data?.next} />
        </>
      )}
    </>
  );
}
