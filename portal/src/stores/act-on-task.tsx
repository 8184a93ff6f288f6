import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

/** One step of a task. @param intention the person's one press of a button, so that pressing again repeats nothing */
export const actOn = (task: StoreTaskView, step: string, body: unknown, intention = crypto.randomUUID()) =>
  write<StoreTaskView>('POST', `/api/v1/store-tasks/${task.id}/${step}`, body, intention);

/** What every form of a task has: it sends, says what was refused, and closes. */
export function TaskForm({
  task,
  step,
  body,
  button,
  onDone,
  children,
}: {
  readonly task: StoreTaskView;
  readonly step: string;
  readonly body: () => unknown;
  readonly button: string;
  readonly onDone: () => void;
  readonly children: ReactNode;
}) {
  const client = useQueryClient();
  // What was refused may be mended and sent again: that is another intention.
  const [intention, setIntention] = useState(() => crypto.randomUUID());
  const act = useMutation({
    mutationFn: () => actOn(task, step, body(), intention),
    onSuccess: onDone,
    onError: () => setIntention(crypto.randomUUID()),
    onSettled: () => void client.invalidateQueries({ queryKey: ['store-tasks'] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      <Stack>
        {children}
        {act.error && <ProblemAlert error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
          <Button type="submit" loading={act.isPending}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
