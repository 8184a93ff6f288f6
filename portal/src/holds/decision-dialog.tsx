import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useState } from 'react';
import type { HoldView } from '../../../api/contract/holds';
import { write } from '../http/call';
import { inWords } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';

export interface Question {
  readonly hold: HoldView;
  readonly orderNumber: string;
  readonly amount: string;
  readonly action: 'release' | 'reject';
}

const AskContext = createContext<(question: Question) => void>(() => undefined);

/** Opens the dialog that asks for a decision's reason. */
export const useAskForDecision = () => useContext(AskContext);

const words = {
  release: { verb: 'Approve', done: 'The hold is released.' },
  reject: { verb: 'Reject', done: 'The hold is rejected; what it stood for is not delivered.' },
} as const;

/**
 * One dialog for the whole portal, above the lists: when somebody else decides meanwhile, the row goes but the dialog
 * stays and can say so.
 */
export function DecisionDialog({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<(Question & { readonly intention: string }) | null>(null);
  const [open, setOpen] = useState(false);
  const ask = (question: Question) => {
    // One intention, one key: pressing again after a lost answer decides nothing twice.
    setAsked({ ...question, intention: crypto.randomUUID() });
    setOpen(true);
  };
  return (
    <AskContext value={ask}>
      {children}
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={asked && `${words[asked.action].verb} order ${asked.orderNumber}`}
      >
        {asked && <DecisionForm key={asked.intention} {...asked} onDone={() => setOpen(false)} />}
      </Modal>
    </AskContext>
  );
}

interface DecisionFormProps extends Question {
  readonly intention: string;
  readonly onDone: () => void;
}

interface Outcome {
  readonly kind: 'resolved' | 'needs-second-person';
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
            {words[action].verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
