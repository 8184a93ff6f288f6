import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { UnplacedView } from '../../../api/contract/unplaced';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

/** Makes an order of a draft or quote: asks for the purchase order number, and shows the order that comes of it. */
export function ConvertToOrder({ one }: { readonly one: UnplacedView }) {
  const [open, modal] = useDisclosure();
  const [number, setNumber] = useState(one.purchaseOrderNumber ?? '');
  const [intention, setIntention] = useState('');
  const client = useQueryClient();
  const navigate = useNavigate();
  const convert = useMutation({
    mutationFn: () =>
      write<{ readonly id: string }>(
        'POST',
        `/api/v1/${one.type}s/${one.id}/conversions`,
        { purchaseOrderNumber: number.trim() },
        intention,
      ),
    onSuccess: (order) => void navigate(`/orders/${order.id}`),
    onSettled: () => void client.invalidateQueries({ queryKey: ['unplaced'] }),
  });
  const start = () => {
    setIntention(crypto.randomUUID());
    convert.reset();
    modal.open();
  };
  return (
    <>
      <Button onClick={start}>Order…</Button>
      <Modal opened={open} onClose={modal.close} title={`Order ${one.type} ${one.number}`}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            convert.mutate();
          }}
        >
          <Stack>
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
            {convert.error && <ProblemAlert error={convert.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={modal.close}>
                Back
              </Button>
              <Button type="submit" loading={convert.isPending} disabled={number.trim() === ''}>
                Order
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
