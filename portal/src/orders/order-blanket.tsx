import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { OrderSummaryView, OrderView } from '../../../api/contract/orders';
import { ordersQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney } from '../parts/format';
import { Instant } from '../parts/instant';
import { Pager, useCursor } from '../parts/pager';
import { StateBadge } from '../parts/state-badge';

const columns: readonly Column<OrderSummaryView>[] = [
  {
    name: 'release',
    header: 'Release',
    cell: (one) => one.releaseNumber ?? <span className="soft">without a number</span>,
  },
  {
    name: 'order',
    header: 'Order',
    cell: (one) => (
      <Link className="link" to={`/orders/${one.id}`}>
        {one.orderNumber}
      </Link>
    ),
  },
  { name: 'state', header: 'State', cell: (one) => <StateBadge state={one.state} /> },
  { name: 'total', header: 'Total', align: 'right', cell: (one) => formatMoney(one.total) },
  { name: 'placed', header: 'Placed', cell: (one) => <Instant at={one.placedAt} /> },
];

const ofSameNumber = ({ purchaseOrderNumber, customer }: OrderView, type: string) => ({
  purchaseOrderNumber,
  customer: customer.id,
  type,
});

/** What was called off a blanket order, and by which orders. */
export function BlanketReleases({ order }: { readonly order: OrderView }) {
  const cursor = useCursor(order.id);
  const { data } = useQuery(
    ordersQuery({ ...ofSameNumber(order, 'release'), limit: 10, after: cursor.after }),
  );
  return (
    <section aria-labelledby="releases">
      <Title order={2} size="h4" mb="xs" id="releases">
        Releases
      </Title>
      <DataTable
        caption="Orders that call this blanket order off, the newest first"
        columns={columns}
        rows={data?.items}
        keyOf={(one) => one.id}
        empty="Nothing was called off yet."
      />
      <Pager cursor={cursor} next={data?.next} />
    </section>
  );
}

/** Which blanket order a release calls off, or ships beside where it is held for that. */
export function ReleaseOf({ order }: { readonly order: OrderView }) {
  const { data } = useQuery(ordersQuery({ ...ofSameNumber(order, 'blanket'), limit: 1 }));
  const blanket = data?.items[0];
  if (!blanket) return null;
  return (
    <Text size="sm">
      A release of blanket order{' '}
      <Link className="link" to={`/orders/${blanket.id}`}>
        {blanket.orderNumber}
      </Link>
      .
    </Text>
  );
}
