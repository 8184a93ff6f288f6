import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentView } from '../../../api/contract/documents';
import { CallProblem, write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

type Action = DocumentView['actions'][number];

interface Told {
  readonly path: string;
  readonly label: string;
  readonly about: string;
  readonly done: string;
}

const told: Readonly<Record<Action, Told>> = {
  replay: {
    path: 'replays',
    label: 'Replay',
    about: 'What was set aside is taken in again, as it came, in its old place.',
    done: 'It is being taken in again.',
  },
  retransmit: {
    path: 'retransmissions',
    label: 'Retransmit',
    about:
      'The same bytes leave again with the same control numbers, with everything else in the interchange. A partner that has them already sees a duplicate.',
    done: 'The same bytes are on their way again.',
  },
  reissue: {
    path: 'reissues',
    label: 'Reissue',
    about: 'The same content leaves as a new document with new control numbers, linked to this one.',
    done: 'A new document is being written.',
  },
};

export function DocumentActions({ document }: { readonly document: DocumentView }) {
  const [action, setAction] = useState<Action | null>(null);
  if (document.actions.length === 0) return null;
  return (
    <Group gap="xs">
      {document.actions.map((one) => (
        <Button key={one} variant="default" size="sm" onClick={() => setAction(one)}>
          {told[one].label}…
        </Button>
      ))}
      <Modal
        opened={action !== null}
        onClose={() => setAction(null)}
        title={action === null ? '' : `${told[action].label} ${document.setId} ${document.name}`}
      >
        {action !== null && (
          <AskFirst
            id={document.id}
            queryKey={['document', document.id]}
            action={action}
            onDone={() => setAction(null)}
          />
        )}
      </Modal>
    </Group>
  );
}

interface AskFirstProps {
  /** Of the document, or of an interchange to be replayed. */
  readonly id: string;
  readonly queryKey: readonly string[];
  readonly action: Action;
  readonly onDone: () => void;
}

/** Says what will happen; where the hub wants it confirmed, says why and asks once more. */
export function AskFirst({ id, queryKey, action, onDone }: AskFirstProps) {
  const client = useQueryClient();
  // Confirming is another intention than trying: the hub keeps the answer to each.
  const [intentions] = useState(() => ({ first: crypto.randomUUID(), confirmed: crypto.randomUUID() }));
  const [doubt, setDoubt] = useState<string | null>(null);
  const { path, label, about, done } = told[action];
  const go = useMutation({
    mutationFn: (confirmed: boolean) =>
      write(
        'POST',
        `/api/v1/documents/${id}/${path}`,
        action === 'retransmit' ? undefined : { confirmed },
        confirmed ? intentions.confirmed : intentions.first,
      ),
    onSuccess: () => {
      notifications.show({ title: label, message: done, color: 'hub.8' });
      onDone();
    },
    onError: (error) => {
      if (error instanceof CallProblem && error.problem.type.endsWith('to-be-confirmed')) {
        setDoubt(error.problem.detail ?? error.problem.title);
        go.reset();
      }
    },
    onSettled: () => void client.invalidateQueries({ queryKey }),
  });
  return (
    <Stack>
      <Text size="sm">{doubt ?? about}</Text>
      {go.error && doubt === null && <ProblemAlert error={go.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Leave it
        </Button>
        <Button
          color={doubt === null ? 'hub.8' : 'red.9'}
          loading={go.isPending}
          onClick={() => go.mutate(doubt !== null)}
        >
          {doubt === null ? label : `${label} nevertheless`}
        </Button>
      </Group>
    </Stack>
  );
}
