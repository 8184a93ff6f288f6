import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, useState } from 'react';
import type { SubstitutionView } from '../../../api/contract/authority';
import { write } from '../http/call';
import { substitutionsQuery } from '../http/queries';
import { endOfDay } from '../parts/days';
import { Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';

/** Lets somebody decide in one's name for a while, and shows who does already. */
export function Delegate() {
  const [open, modal] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={modal.open}>
        Substitutes…
      </Button>
      <Modal opened={open} onClose={modal.close} title="Substitutes" size="lg">
        {open && <DelegateForm />}
      </Modal>
    </>
  );
}

function DelegateForm() {
  const [form, setForm] = useState({ substitute: '', until: '', reason: '' });
  const client = useQueryClient();
  const known = useQuery(substitutionsQuery());
  const refresh = () => client.invalidateQueries({ queryKey: ['substitutions'] });
  const save = useMutation({
    mutationFn: () =>
      write('POST', '/api/v1/substitutions', { ...form, until: endOfDay(form.until) }, crypto.randomUUID()),
    onSuccess: () => {
      setForm({ substitute: '', until: '', reason: '' });
      notifications.show({ title: 'Arranged', message: 'Both names are kept with every decision.' });
    },
    onSettled: refresh,
  });
  const end = useMutation({
    mutationFn: (id: string) => write('POST', `/api/v1/substitutions/${id}/end`, {}, crypto.randomUUID()),
    onSettled: refresh,
  });
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {(known.data?.items ?? []).map((one: SubstitutionView) => (
          <Group key={one.id} justify="space-between">
            <Text size="sm">
              {one.substitute} decides for {one.person} until <Instant at={one.until} />: {one.reason}
            </Text>
            <Button size="xs" variant="default" onClick={() => end.mutate(one.id)}>
              End
            </Button>
          </Group>
        ))}
        <TextInput
          label="Who decides for you"
          description="A person of your own company"
          required
          {...field('substitute')}
        />
        <TextInput label="Until the end of" type="date" required {...field('until')} />
        <TextInput label="Reason" required minLength={3} {...field('reason')} />
        {(save.error ?? end.error) && <ProblemAlert error={(save.error ?? end.error) as Error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Arrange
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
