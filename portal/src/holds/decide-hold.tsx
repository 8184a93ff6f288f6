import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { HoldView } from '../../../api/contract/holds';
import { write } from '../http/call';
import { inWords } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';

export type Action = 'release' | 'reject';

interface DecideHoldProps {
  readonly hold: HoldView;
  readonly orderNumber: string;
  readonly amount: string;
  readonly size?: 'xs' | 'sm';
}

interface Outcome {
  readonly kind: 'resolved' | 'needs-second-person';
}

const words = {
  release: { button: 'Approve', verb: 'Approve', done: 'The hold is released.' },
  reject: {
    button: 'Reject',
    verb: 'Reject',
    done: 'The hold is rejected; what it stood for is not delivered.',
  },
} as const;

/** Approve and reject, each asking for the reason that is kept with the decision. */
export function DecideHold({ hold, orderNumber, amount, size = 'sm' }: DecideHoldProps) {
  const [action, setAction] = useState<Action | null>(null);
  const [intention, setIntention] = useState('');
  const start = (chosen: Action) => {
    // One intention, one key: pressing again after a lost answer decides nothing twice.
    setIntention(crypto.randomUUID());
    setAction(chosen);
  };
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <Button size={size} onClick={() => start('release')} aria-label={`Approve ${orderNumber}`}>
          Approve…
        </Button>
        <Button
          size={size}
          variant="default"
          onClick={() => start('reject')}
          aria-label={`Reject ${orderNumber}`}
        >
          Reject…
        </Button>
      </Group>
      <Modal
        opened={action !== null}
        onClose={() => setAction(null)}
        title={action && `${words[action].verb} order ${orderNumber}`}
      >
        {action && (
          <DecisionForm
            hold={hold}
            action={action}
            amount={amount}
            intention={intention}
            onDone={() => setAction(null)}
          />
        )}
      </Modal>
    </>
  );
}

interface DecisionFormProps {
  readonly hold: HoldView;
  readonly action: Action;
  readonly amount: string;
  readonly intention: string;
  readonly onDone: () => void;
}

function DecisionForm({ hold, action, amount, intention, onDone }: DecisionFormProps) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: () =>
      write<Outcome>(
        'POST',
        `/api/v1/holds/${hold.id}/decisions`,
        { action, reason: reason.trim() },
        intention,
      ),
    onSuccess: (outcome) => {
      onDone();
      const second = outcome.kind === 'needs-second-person';
      notifications.show({
        title: second ? 'A second person has to agree' : 'Decided',
        message: second
          ? 'Your approval is kept. The order goes on when somebody else approves it too.'
          : words[action].done,
        color: second ? 'yellow.8' : 'hub.8',
      });
    },
    onSettled: () => {
      for (const key of ['holds', 'order', 'orders', 'timeline', 'credit'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          {inWords(hold.type)} hold on {hold.lineNumber === null ? amount : `line ${hold.lineNumber}`}:{' '}
          {hold.reasonText}.
        </Text>
        <Textarea
          label="Reason"
          description="Kept with the decision, with your name and the figures as they stand now"
          required
          minLength={3}
          autosize
          minRows={3}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {decide.error && <ProblemAlert error={decide.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
          <Button
            type="submit"
            loading={decide.isPending}
            disabled={reason.trim().length < 3}
            {...(action === 'reject' && { color: 'red.9' })}
          >
            {words[action].button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
