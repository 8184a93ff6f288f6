import type { ReactNode } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { write } from '../http/call';
import { AskForm } from '../parts/ask-form';

/** One step of a task. @param intention the person's one press of a button, so that pressing again repeats nothing */
export const actOn = (
  task: StoreTaskView,
  step: string,
  body: unknown,
  intention: string = crypto.randomUUID(),
) => write<StoreTaskView>('POST', `/api/v1/store-tasks/${task.id}/${step}`, body, intention);

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
  return (
    <AskForm
      button={button}
      reason={null}
      send={(_, intention) => actOn(task, step, body(), intention)}
      refresh={['store-tasks']}
      onDone={onDone}
    >
      {children}
    </AskForm>
  );
}
