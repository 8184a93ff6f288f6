import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

interface CancelOutcome {
  readonly status: string;
  readonly text: string;
}

export function CancelOrder({ order }: { readonly order: OrderView }) {
  const [open, modal] = useDisclosure();
  const [reason, setReason] = useState('');
  const [intention, setIntention] = useState('');
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      write<CancelOutcome>('POST', `/api/v1/orders/${order.id}/cancel`, { reason: reason.trim() }, intention),
    onSuccess: (outcome) => {
      modal.close();
      notifications.show({
        title: 'Cancellation',
        message: outcome.text,
        color: outcome.status === 'pending' ? 'yellow.8' : 'hub.8',
      });
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['order', order.id] });
      void client.invalidateQueries({ queryKey: ['timeline', order.id] });
    },
  });
  const start = () => {
    setIntention(crypto.randomUUID());
    cancel.reset();
    modal.open();
  };
  return (
    <>
      <Button variant="default" onClick={start}>
        Cancel the order…
      </Button>
      <Modal opened={open} onClose={modal.close} title={`Cancel order ${order.orderNumber}`}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            cancel.mutate();
          }}
        >
          <Stack>
            <Text size="sm">
              What has not left the warehouse is taken back; what was shipped stays and is invoiced.
            </Text>
            <Textarea
              label="Reason"
              description="Kept with the order"
              required
              minLength={3}
              autosize
              minRows={2}
              data-autofocus
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            {cancel.error && <ProblemAlert error={cancel.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={modal.close}>
                Keep it
              </Button>
              <Button
                type="submit"
                color="red.9"
                loading={cancel.isPending}
                disabled={reason.trim().length < 3}
              >
                Cancel the order
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
