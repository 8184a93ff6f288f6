import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShipmentView } from '../../../api/contract/shipments';
import { write } from '../http/call';
import { Deadline, Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';

/** Where a store stands with a shipment, and what its buyer may do about a pickup. */
export function PickupState({ shipment }: { readonly shipment: ShipmentView }) {
  const may = useMay();
  const { customerId } = useSession();
  const { store } = shipment;
  const isBuyers = customerId !== null && may('orders:write');
  const isOpen = store !== null && store.closedAt === null;
  return (
    <>
      <div>
        {shipment.method === 'pickup' ? 'Pickup at ' : 'From '}
        {shipment.node.name} {store && <StateBadge state={store.state} />}
      </div>
      {isOpen && store.state === 'offered' && store.acceptBy !== null && (
        <div className="soft small">
          the store answers <Deadline at={store.acceptBy} />
        </div>
      )}
      {isOpen && store.ready !== null && store.asked !== null && store.ready < store.asked && (
        <div className="small">
          {store.ready} of {store.asked} units are ready; {store.asked - store.ready} were not on the shelf
        </div>
      )}
      {isOpen && store.pickupUntil !== null && (
        <div className="small">
          Kept until <Instant at={store.pickupUntil} />
        </div>
      )}
      {isOpen && store.bringOutBy !== null && (
        <div className="small">
          Brought out <Deadline at={store.bringOutBy} />
        </div>
      )}
      {isOpen && isBuyers && shipment.method === 'pickup' && <BuyersPickup shipment={shipment} />}
    </>
  );
}

function BuyersPickup({ shipment }: { readonly shipment: ShipmentView }) {
  const client = useQueryClient();
  const [where, setWhere] = useState('');
  const path = `/api/v1/shipments/${shipment.id}`;
  const code = useMutation({
    mutationFn: () => write<{ code: string }>('POST', `${path}/pickup-code`, {}),
  });
  const arrive = useMutation({
    mutationFn: () => write('POST', `${path}/arrival`, where.trim() === '' ? {} : { where: where.trim() }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['order', shipment.orderId] }),
  });
  return (
    <>
      <Group gap="xs" mt={4} align="flex-end">
        <Button size="xs" variant="default" loading={code.isPending} onClick={() => code.mutate()}>
          {shipment.store?.hasCode ? 'New pickup code' : 'Pickup code'}
        </Button>
        {shipment.store?.state === 'ready' && (
          <>
            <TextInput
              size="xs"
              aria-label="Where you wait"
              placeholder="Bay, car"
              maxLength={100}
              value={where}
              onChange={(event) => setWhere(event.currentTarget.value)}
            />
            <Button size="xs" loading={arrive.isPending} onClick={() => arrive.mutate()}>
              I am here
            </Button>
          </>
        )}
      </Group>
      {code.data && (
        <div role="status">
          Show <strong className="mono">{code.data.code}</strong> at the store. It is shown only now; a new
          one replaces it.
        </div>
      )}
      {(code.error || arrive.error) && <ProblemAlert error={code.error ?? arrive.error} />}
    </>
  );
}
