import { Select, Text } from '@mantine/core';
import { useState } from 'react';
import type { OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';

/** Puts a hold on the order, on one of its lines or on a shipment, with the reason that is kept. */
export function ApplyHold({ order }: { readonly order: OrderView }) {
  return (
    <AskButton label="Put on hold…" title={`Put order ${order.orderNumber} on hold`}>
      {(close) => <ApplyHoldForm order={order} onDone={close} />}
    </AskButton>
  );
}

function ApplyHoldForm({ order, onDone }: { readonly order: OrderView; readonly onDone: () => void }) {
  const [place, setPlace] = useState('order');
  const [kind, id] = place.split('/');
  const places = [
    { value: 'order', label: 'The whole order' },
    ...order.lines.map((line) => ({ value: `line/${line.lineNumber}`, label: `Line ${line.lineNumber}` })),
    ...order.shipments
      .filter((shipment) => shipment.state === 'planned')
      .map((shipment) => ({
        value: `shipment/${shipment.id}`,
        label: `Shipment ${shipment.shipmentNumber}`,
      })),
  ];
  const send = (reason: string, intention: string) => {
    const part = {
      ...(kind === 'line' && { lineNumber: Number(id) }),
      ...(kind === 'shipment' && { shipmentId: id }),
    };
    return write('POST', `/api/v1/orders/${order.id}/holds`, { reason, ...part }, intention);
  };
  return (
    <AskForm
      button="Put on hold"
      reason={{ description: 'Kept with the hold, with your name' }}
      send={send}
      refresh={['order', 'timeline', 'holds']}
      onDone={onDone}
    >
      <Text size="sm">
        Nothing more of it is answered, released or shipped until the hold is lifted. The rest of the order
        flows on.
      </Text>
      <Select
        label="What is held"
        data={places}
        value={place}
        onChange={(value) => setPlace(value ?? 'order')}
        allowDeselect={false}
      />
    </AskForm>
  );
}
