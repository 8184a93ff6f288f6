import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderLineView, OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { inWords } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';

const reasons = [
  'competitive-match',
  'agreed-with-customer',
  'price-error',
  'goodwill',
  'quality',
  'clearance',
];

/** A person sets a line's price; whether it may be is decided by the hub, which says why not. */
export function SetPrice({ order, line }: { readonly order: OrderView; readonly line: OrderLineView }) {
  const [open, modal] = useDisclosure();
  const [unitPrice, setUnitPrice] = useState('');
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [intention, setIntention] = useState('');
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      write<{ readonly status: string; readonly text: string }>(
        'POST',
        `/api/v1/orders/${order.id}/lines/${line.lineNumber}/price`,
        { unitPrice: unitPrice.trim(), reason, note: note.trim() },
        intention,
      ),
    onSuccess: (outcome) => {
      modal.close();
      const color = outcome.status === 'set' ? 'hub.8' : 'yellow.8';
      notifications.show({ title: `Price of line ${line.lineNumber}`, message: outcome.text, color });
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['order', order.id] });
      void client.invalidateQueries({ queryKey: ['timeline', order.id] });
    },
  });
  const start = () => {
    setUnitPrice(line.unitPrice ?? '');
    setIntention(crypto.randomUUID());
    save.reset();
    modal.open();
  };
  const isPrice = /^\d{1,12}(\.\d{1,6})?$/.test(unitPrice.trim());
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        onClick={start}
        aria-label={`Set the price of line ${line.lineNumber}`}
      >
        Set…
      </Button>
      <Modal opened={open} onClose={modal.close} title={`Set the price of line ${line.lineNumber}`}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            <Text size="sm">
              The price stands alone, without promotions. Credit is looked at again where the order grows, and
              the partner is told.
            </Text>
            <TextInput
              label={`Price per ${line.unit}${line.priceBasis === 1 ? '' : ` for ${line.priceBasis}`} in ${order.total.currency}`}
              required
              data-autofocus
              inputMode="decimal"
              value={unitPrice}
              error={unitPrice !== '' && !isPrice ? 'A decimal with up to 6 places, such as 12.5' : undefined}
              onChange={(event) => setUnitPrice(event.currentTarget.value)}
            />
            <Select
              label="Reason"
              required
              data={reasons.map((value) => ({ value, label: inWords(value) }))}
              value={reason}
              onChange={setReason}
            />
            <Textarea
              label="Note"
              description="Kept with the order"
              required
              minLength={3}
              autosize
              minRows={2}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            {save.error && <ProblemAlert error={save.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={modal.close}>
                Leave it
              </Button>
              <Button
                type="submit"
                loading={save.isPending}
                disabled={!isPrice || reason === null || note.trim().length < 3}
              >
                Set the price
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
