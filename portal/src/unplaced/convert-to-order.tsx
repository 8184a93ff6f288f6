import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { UnplacedView } from '../../../api/contract/unplaced';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { ChooseDelivery, deliveryBody, shippedDelivery } from '../stores/choose-delivery';

interface Placed {
  readonly id: string;
}

/** Makes an order of a draft or quote: asks for the purchase order number, and shows the order that comes of it. */
export function ConvertToOrder({ one }: { readonly one: UnplacedView }) {
  return (
    <AskButton label="Order…" variant="filled" title={`Order ${one.type} ${one.number}`}>
      {(close) => <ConvertForm one={one} onDone={close} />}
    </AskButton>
  );
}

function ConvertForm({ one, onDone }: { readonly one: UnplacedView; readonly onDone: () => void }) {
  const [number, setNumber] = useState(one.purchaseOrderNumber ?? '');
  const [delivery, setDelivery] = useState(shippedDelivery);
  const navigate = useNavigate();
  const send = async (_: string, intention: string) => {
    const path = `/api/v1/${one.type}s/${one.id}/conversions`;
    const body = { purchaseOrderNumber: number.trim(), ...deliveryBody(delivery) };
    const order = await write<Placed>('POST', path, body, intention);
    void navigate(`/orders/${order.id}`);
  };
  return (
    <AskForm
      button="Order"
      reason={null}
      ready={number.trim() !== ''}
      send={send}
      refresh={['unplaced']}
      onDone={onDone}
      fieldNames={{ purchaseOrderNumber: 'Purchase order number', notify: 'Tell by mail' }}
    >
      <Text size="sm">
        {one.type === 'quote'
          ? 'Everything is ordered at the prices quoted.'
          : 'Everything is ordered at the prices of today.'}
      </Text>
      <TextInput
        label="Purchase order number"
        required
        maxLength={22}
        data-autofocus
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <ChooseDelivery value={delivery} onChange={setDelivery} />
    </AskForm>
  );
}
