import { Grid, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { OrderView } from '../../../api/contract/orders';
import { ApplyHold } from '../holds/apply-hold';
import { HoldPanel } from '../holds/hold-panel';
import { orderQuery } from '../http/queries';
import { type FactList, Facts } from '../parts/facts';
import { formatDate, formatMoney, inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { OrderSuppliers } from '../suppliers/order-suppliers';
import { CancelOrder } from './cancel-order';
import { ChangeOrder } from './change-order';
import { BlanketReleases, ReleaseOf } from './order-blanket';
import { OrderChanges } from './order-changes';
import { OrderDeliveries } from './order-deliveries';
import { OrderLines } from './order-lines';
import { OrderSourcing } from './order-sourcing';
import { OrderTimeline } from './order-timeline';
import { shipToText } from './ship-to-text';
import { typeText } from './type-text';

function OrderFacts({ order }: { readonly order: OrderView }) {
  const terms = order.terms as {
    readonly netDays?: number;
    readonly discountPercent?: string;
    readonly discountDays?: number;
  } | null;
  const discount =
    terms?.discountPercent === undefined
      ? ''
      : `${terms.discountPercent}% within ${terms.discountDays ?? 0} days, `;
  const facts: FactList = [
    ['Customer', order.customer.name],
    ['Purchase order', `${order.purchaseOrderNumber} of ${formatDate(order.purchaseOrderDate)}`],
    ['Came by', `${inWords(order.channel)}${order.partnerId === null ? '' : ` from ${order.partnerId}`}`],
    ['Placed', <Instant key="placed" at={order.placedAt} />],
    order.pickupAt === null ? ['Ship to', shipToText(order.shipTo)] : ['Picked up at', order.pickupAt.name],
    ['Deliver by', formatDate(order.deliverBy)],
    ['Cancel after', order.cancelAfter === null ? '–' : <Instant key="cancel" at={order.cancelAfter} />],
    ...typeFacts(order),
    ['Payment', terms?.netDays === undefined ? '–' : `${discount}net ${terms.netDays} days`],
  ];
  return <Facts facts={facts} />;
}

/** The type where it is not the usual one, and of a blanket order when it may be called off. */
function typeFacts(order: OrderView): FactList {
  const type = typeText(order);
  if (type === null) return [];
  if (order.type !== 'blanket') return [['Type', type]];
  const days = `${formatDate(order.validFrom)} to ${formatDate(order.validTo)}`;
  return [
    ['Type', type],
    ['May be called off', order.validFrom === null && order.validTo === null ? 'any day' : days],
  ];
}

function Totals({ order }: { readonly order: OrderView }) {
  const rows = [
    ['Lines', order.subtotal],
    ['Charges and allowances', order.chargesTotal],
    ['Tax', order.tax],
  ] as const;
  return (
    <Stack gap={4}>
      {rows.map(([name, amount]) => (
        <Group key={name} justify="space-between" wrap="nowrap" className="small soft">
          <span>{name}</span>
          <span className="no-wrap">{formatMoney(amount)}</span>
        </Group>
      ))}
      <Group justify="space-between">
        <Text fw={650}>Total</Text>
        <Text fw={650} className="no-wrap">
          {formatMoney(order.total)}
        </Text>
      </Group>
    </Stack>
  );
}

export function OrderPage() {
  const { orderId = '' } = useParams();
  const may = useMay();
  const session = useSession();
  const own = session.customerId === null && session.partnerId === null && session.person !== null;
  const isOwn = session.partnerId === null && session.customerId === null;
  const query = useQuery(orderQuery(orderId));
  const order = query.data;
  if (query.error && !order) {
    return (
      <>
        <PageHead title="Order" />
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!order) return <Skeleton height={240} aria-label="Loading the order" />;
  return (
    <>
      <Text size="sm" mb={4}>
        <Link className="link" to="/orders">
          Orders
        </Link>
      </Text>
      <PageHead title={`Order ${order.orderNumber}`} beside={<StateBadge state={order.state} />}>
        <Group>
          {own && order.canCancel && may('holds:decide') && <ApplyHold order={order} />}
          {order.closedAt === null && may('orders:write') && <ChangeOrder order={order} />}
          {order.canCancel && may('orders:write') && <CancelOrder order={order} />}
        </Group>
      </PageHead>
      <Stack gap="lg">
        {order.holds
          .filter((hold) => hold.status === 'open')
          .map((hold) => (
            <HoldPanel key={hold.id} hold={hold} order={order} />
          ))}
        <Grid>
          <Grid.Col span={{ base: 12, md: 9 }}>
            <section className="panel" aria-label="About the order">
              <OrderFacts order={order} />
            </section>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 3 }}>
            <section className="panel" aria-label="Amounts">
              <Totals order={order} />
            </section>
          </Grid.Col>
        </Grid>
        <section aria-labelledby="lines">
          <Title order={2} size="h4" mb="xs" id="lines">
            Lines
          </Title>
          <OrderLines order={order} />
        </section>
        {order.type === 'blanket' && <BlanketReleases order={order} />}
        {order.type === 'release' && <ReleaseOf order={order} />}
        <OrderChanges order={order} />
        <OrderDeliveries order={order} />
        {isOwn && <OrderSuppliers orderId={order.id} />}
        {isOwn && order.type !== 'blanket' && <OrderSourcing order={order} />}
        <section aria-labelledby="timeline">
          <OrderTimeline orderId={order.id} currency={order.total.currency} />
        </section>
      </Stack>
    </>
  );
}
