import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { UnplacedView } from '../../../api/contract/unplaced';
import { write } from '../http/call';
import { unplacedQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatMoney, formatPrice } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { AnswerQuote } from './answer-quote';
import { ConvertToOrder } from './convert-to-order';
import { EditLines } from './edit-lines';

type Line = UnplacedView['lines'][number];

const columnsOf = (currency: string): readonly Column<Line>[] => [
  { name: 'line', header: 'Line', align: 'right', cell: (line) => line.buyerLineNumber ?? line.lineNumber },
  {
    name: 'item',
    header: 'Item',
    wrap: true,
    cell: (line) => (
      <>
        <strong>{line.itemId ?? line.item ?? 'Unknown item'}</strong>
        {line.description !== null && <div className="soft small">{line.description}</div>}
        {line.rejection !== null && <div className="overdue small">{line.rejection}</div>}
        {line.concerns.map((text) => (
          <div key={text} className="soft small">
            {text}
          </div>
        ))}
      </>
    ),
  },
  {
    name: 'quantity',
    header: 'Quantity',
    align: 'right',
    cell: (line) => `${formatCount(line.quantity)} ${line.unit}`,
  },
  {
    name: 'price',
    header: 'Unit price',
    align: 'right',
    cell: (line) => (
      <span title={line.explanation ?? undefined}>
        {line.unitPrice === null ? '–' : formatPrice(line.unitPrice, currency)}
      </span>
    ),
  },
  { name: 'amount', header: 'Amount', align: 'right', cell: (line) => formatMoney(line.amount) },
];

function Withdraw({ one }: { readonly one: UnplacedView }) {
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => write('POST', `/api/v1/${one.type}s/${one.id}/withdrawals`),
    onSettled: () => void client.invalidateQueries({ queryKey: ['unplaced'] }),
  });
  return (
    <>
      <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
        Withdraw
      </Button>
      {withdraw.error && <ProblemAlert error={withdraw.error} />}
    </>
  );
}

function Standing({ one }: { readonly one: UnplacedView }) {
  return (
    <Group gap="lg" mb="md">
      <StateBadge state={one.state} />
      <Text size="sm">{one.customer.name}</Text>
      <Text size="sm">
        {one.type === 'quote' ? 'Prices hold until ' : 'Kept until '}
        <Instant at={one.expiresAt} />
      </Text>
      {one.orderId !== null && (
        <Text size="sm">
          Became{' '}
          <Link className="link" to={`/orders/${one.orderId}`}>
            order {one.orderNumber}
          </Link>
        </Text>
      )}
    </Group>
  );
}

export function UnplacedPage({ type }: { readonly type: 'draft' | 'quote' }) {
  const { id = '' } = useParams();
  const may = useMay();
  const session = useSession();
  const isOwnStaff = session.customerId === null && session.partnerId === null;
  const [editing, setEditing] = useState(false);
  const query = useQuery(unplacedQuery(type, id));
  if (query.error && !query.data)
    return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  const one = query.data;
  if (!one) return <PageHead title={type === 'draft' ? 'Draft' : 'Quote'} />;
  const isAlive = ['open', 'requested', 'answered'].includes(one.state);
  const { currency } = one.subtotal;
  return (
    <>
      <PageHead title={`${type === 'draft' ? 'Draft' : 'Quote'} ${one.number}`}>
        {may('orders:write') && isAlive && (
          <Group>
            <Withdraw one={one} />
            {one.type === 'draft' && (
              <Button variant="default" onClick={() => setEditing(true)}>
                Lines…
              </Button>
            )}
            {one.type === 'quote' && isOwnStaff && <AnswerQuote one={one} />}
            {one.canConvert && <ConvertToOrder one={one} />}
          </Group>
        )}
      </PageHead>
      {editing && <EditLines type={type} of={one} onClose={() => setEditing(false)} />}
      <Standing one={one} />
      <DataTable
        caption={`Lines of ${type} ${one.number}`}
        columns={columnsOf(currency)}
        rows={one.lines}
        keyOf={(line) => String(line.lineNumber)}
        empty="There are no lines yet."
      />
      <Group justify="flex-end" mt="sm" gap="lg">
        <Text size="sm">Charges {formatMoney(one.chargesTotal)}</Text>
        <Text size="sm">Tax {formatMoney(one.tax)}</Text>
        <Text fw={650}>Total {one.total === null ? '–' : formatMoney(one.total)}</Text>
      </Group>
      <Stack gap="xs" mt="lg">
        <Title order={2} size="h4">
          What happened
        </Title>
        <List size="sm">
          {one.history.map((event) => (
            <List.Item key={`${event.at}/${event.kind}`}>
              <Instant at={event.at} /> {event.text} <span className="soft">({event.actor})</span>
            </List.Item>
          ))}
        </List>
      </Stack>
    </>
  );
}
