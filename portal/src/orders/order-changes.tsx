import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeOutcomeView, OrderChangeView } from '../../../api/contract/changes';
import type { OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { changesQuery } from '../http/queries';
import { inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay } from '../session/session';
import { ChangeEffect } from './change-effect';

const waits = ({ status }: OrderChangeView) => status === 'held' || status === 'pending';

function Withdraw({ order, change }: { readonly order: OrderView; readonly change: OrderChangeView }) {
  const [intention] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () =>
      write<ChangeOutcomeView>(
        'POST',
        `/api/v1/orders/${order.id}/changes/${change.id}/withdraw`,
        undefined,
        intention,
      ),
    onSuccess: (outcome) => notifications.show({ title: 'Change', message: outcome.text, color: 'hub.8' }),
    onSettled: () => {
      for (const key of ['order', 'timeline', 'changes'])
        void client.invalidateQueries({ queryKey: [key, order.id] });
    },
  });
  return (
    <>
      <Button size="xs" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
        Take it back
      </Button>
      {withdraw.error && <ProblemAlert error={withdraw.error} />}
    </>
  );
}

function Change({ order, change }: { readonly order: OrderView; readonly change: OrderChangeView }) {
  const may = useMay();
  const waiting = waits(change);
  const name = change.purpose === 'cancel' ? 'Cancellation' : 'Change';
  return (
    <section
      className="panel"
      aria-label={`${name} by ${change.requestedBy}`}
      style={waiting ? { borderLeft: '4px solid #c77d0a' } : undefined}
    >
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="sm">
            <Text fw={650}>
              {name} by {change.requestedBy}, {inWords(change.channel)}
            </Text>
            <StateBadge state={change.status} />
          </Group>
          <Text size="sm" className="soft">
            Asked <Instant at={change.receivedAt} />
            {change.decidedAt !== null && (
              <>
                , decided <Instant at={change.decidedAt} />
              </>
            )}
            {waiting && '; the order stands as it is until then'}
          </Text>
          {change.text !== '' && <Text size="sm">{change.text}</Text>}
        </div>
        {waiting && may('orders:write') && <Withdraw order={order} change={change} />}
      </Group>
      {change.assessment && (
        <details open={waiting}>
          <summary className="small">
            {waiting ? 'What it would make of the order' : 'Before and after'}
          </summary>
          <ChangeEffect assessment={change.assessment} />
        </details>
      )}
    </section>
  );
}

/** Changes and cancellations of the order, what waits first; nothing where nobody ever asked for one. */
export function OrderChanges({ order }: { readonly order: OrderView }) {
  const { data } = useQuery(changesQuery(order.id));
  if (!data || data.items.length === 0) return null;
  const items = [...data.items.filter(waits), ...data.items.filter((one) => !waits(one)).reverse()];
  return (
    <section aria-labelledby="changes">
      <Title order={2} size="h4" mb="xs" id="changes">
        Changes
      </Title>
      <Stack gap="sm">
        {items.map((change) => (
          <Change key={change.id} order={order} change={change} />
        ))}
      </Stack>
    </section>
  );
}
