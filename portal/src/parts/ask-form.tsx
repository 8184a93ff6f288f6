import { Button, type ButtonProps, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { CallProblem } from '../http/call';
import { type FieldNames, ProblemAlert } from './problem-alert';

/** What is said once it is done; `waits` where somebody else has to do something yet. */
export interface Told {
  readonly title: string;
  readonly message: string;
  readonly waits?: boolean;
}

export interface AskedReason {
  readonly label?: string;
  readonly description?: string;
}

interface AskFormProps<Outcome> {
  /** The verb on the button that sends it. */
  readonly button: string;
  readonly back?: string;
  /** What is sent takes something away. */
  readonly danger?: boolean;
  /** Whether the fields are filled in so that it can be sent. */
  readonly ready?: boolean;
  /** The reason that is kept, of at least three characters; null where the hub keeps none. */
  readonly reason?: AskedReason | null;
  readonly send: (reason: string, intention: string) => Promise<Outcome>;
  /** Which readings are stale then, by the first word of their key. */
  readonly refresh: readonly string[];
  readonly told?: (outcome: Outcome) => Told;
  readonly onDone: () => void;
  /** What the fields are called here, by their names in the API. */
  readonly fieldNames?: FieldNames;
  readonly children?: ReactNode;
}

const keptWith = 'Kept with the decision, with your name';

/**
 * What every form has that asks before it sends: the reason that is kept, one key for one intention, the hub's refusal in
 * place, and what came of it. Pressing again after a lost answer repeats nothing; what was refused and mended is another
 * intention.
 */
export function AskForm<Outcome>({
  button,
  back = 'Back',
  danger = false,
  ready = true,
  reason = {},
  send,
  refresh,
  told,
  onDone,
  fieldNames,
  children,
}: AskFormProps<Outcome>) {
  const [text, setText] = useState('');
  const [intention, setIntention] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const sending = useMutation({
    mutationFn: () => send(text.trim(), intention),
    onSuccess: (outcome) => {
      onDone();
      const said = told?.(outcome);
      if (said)
        notifications.show({
          title: said.title,
          message: said.message,
          color: said.waits ? 'yellow.8' : 'hub.8',
        });
    },
    onError: (error) => {
      if (wasRefused(error)) setIntention(crypto.randomUUID());
    },
    onSettled: () => {
      for (const key of refresh) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      <Stack>
        {children}
        {reason !== null && (
          <Textarea
            label={reason.label ?? 'Reason'}
            description={reason.description ?? keptWith}
            required
            minLength={3}
            maxLength={1000}
            autosize
            minRows={2}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {sending.error && <ProblemAlert error={sending.error} {...(fieldNames && { fieldNames })} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {back}
          </Button>
          <Button
            type="submit"
            loading={sending.isPending}
            disabled={!ready || (reason !== null && text.trim().length < 3)}
            {...(danger && { color: 'red.9' })}
          >
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The hub said no; a lost answer or a failure of its own may still have done it. */
const wasRefused = (error: unknown) =>
  error instanceof CallProblem && error.status >= 400 && error.status < 500;

interface AskButtonProps extends Omit<ButtonProps, 'children'> {
  readonly label: string;
  /** What screen readers say where the label stands in every row. */
  readonly named?: string;
  readonly title: string;
  readonly dialogSize?: string | number;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a dialog; each opening begins anew. */
export function AskButton({ label, named, title, dialogSize = 'md', children, ...button }: AskButtonProps) {
  const [open, modal] = useDisclosure();
  return (
    <>
      <Button
        variant="default"
        {...button}
        onClick={modal.open}
        {...(named !== undefined && { 'aria-label': named })}
      >
        {label}
      </Button>
      <Modal opened={open} onClose={modal.close} title={title} size={dialogSize}>
        {open && children(modal.close)}
      </Modal>
    </>
  );
}
