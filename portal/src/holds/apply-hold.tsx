import { Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

/** Puts a hold on the order, on one of its lines or on a shipment, with the reason that is kept. */
export function ApplyHold({ order }: { readonly order: OrderView }) {
  const [open, modal] = useDisclosure();
  const [intention, setIntention] = useState('');
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          setIntention(crypto.randomUUID());
          modal.open();
        }}
      >
        Put on hold…
      </Button>
      <Modal opened={open} onClose={modal.close} title={`Put order ${order.orderNumber} on hold`}>
        {open && <ApplyHoldForm order={order} intention={intention} onDone={modal.close} />}
      </Modal>
    </>
  );
}

interface FormProps {
  readonly order: OrderView;
  readonly intention: string;
  readonly onDone: () => void;
}

function ApplyHoldForm({ order, intention, onDone }: FormProps) {
  const [place, setPlace] = useState('order');
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const [kind, id] = place.split('/');
  const apply = useMutation({
    mutationFn: () =>
      write(
        'POST',
        `/api/v1/orders/${order.id}/holds`,
        {
          reason: reason.trim(),
          ...(kind === 'line' && { lineNumber: Number(id) }),
          ...(kind === 'shipment' && { shipmentId: id }),
        },
        intention,
      ),
    onSuccess: onDone,
    onSettled: () => {
      for (const key of ['order', 'timeline', 'holds']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
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
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply.mutate();
      }}
    >
      <Stack>
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
        <Textarea
          label="Reason"
          description="Kept with the hold, with your name"
          required
          minLength={3}
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {apply.error && <ProblemAlert error={apply.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
          <Button type="submit" loading={apply.isPending} disabled={reason.trim().length < 3}>
            Put on hold
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
