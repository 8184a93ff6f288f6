import {
  Button,
  CopyButton,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StoreKeyGivenView } from '../../../api/contract/store-keys';
import { write } from '../http/call';
import { storesQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';

/** Gives somebody of a store a key and shows it, this once. */
export function GiveStoreKey() {
  const [given, setGiven] = useState<StoreKeyGivenView | null>(null);
  return (
    <>
      <AskButton label="New key…" variant="filled" title="A key for somebody of a store">
        {(close) => <GiveForm onGiven={setGiven} onDone={close} />}
      </AskButton>
      <Modal
        opened={given !== null}
        onClose={() => setGiven(null)}
        title={`Key of ${given?.name ?? ''}`}
        // Whoever clicks beside it by mistake would have lost the key.
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        {given !== null && <ShownOnce given={given} onDone={() => setGiven(null)} />}
      </Modal>
    </>
  );
}

interface GiveFormProps {
  readonly onGiven: (given: StoreKeyGivenView) => void;
  readonly onDone: () => void;
}

function GiveForm({ onGiven, onDone }: GiveFormProps) {
  const stores = useQuery(storesQuery());
  const [form, setForm] = useState<{ node: string; person: string; name: string; days: number | string }>({
    node: '',
    person: '',
    name: '',
    days: 365,
  });
  const set = (values: Partial<typeof form>) => setForm((before) => ({ ...before, ...values }));
  if (stores.error) return <ProblemAlert error={stores.error} onRetry={() => void stores.refetch()} />;
  if (stores.data?.items.length === 0)
    return <Text size="sm">No node is a store yet: its rule “Nodes” has to say so first.</Text>;
  return (
    <AskForm<StoreKeyGivenView>
      button="Give the key"
      reason={null}
      ready={
        form.node !== '' &&
        form.person.trim() !== '' &&
        form.name.trim() !== '' &&
        typeof form.days === 'number'
      }
      send={async () => {
        const given = await write<StoreKeyGivenView>('POST', '/api/v1/store-keys', {
          node: form.node,
          person: form.person.trim(),
          name: form.name.trim(),
          validDays: form.days,
        });
        onGiven(given);
        return given;
      }}
      refresh={['store-keys']}
      onDone={onDone}
      fieldNames={{ node: 'Store', person: 'Person', name: 'Name on the key', validDays: 'Valid for, days' }}
    >
      <Text size="sm">It works the tasks of that one store and nothing else.</Text>
      <NativeSelect
        label="Store"
        required
        data-autofocus
        data={[
          { value: '', label: 'Choose a store' },
          ...(stores.data?.items ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
        ]}
        value={form.node}
        onChange={(event) => set({ node: event.currentTarget.value })}
      />
      <TextInput
        label="Person"
        description="What histories call the person: one word of small letters, as ann"
        required
        maxLength={60}
        value={form.person}
        onChange={(event) => set({ person: event.currentTarget.value })}
      />
      <TextInput
        label="Name on the key"
        description="As it stands in the list and at the top of the pages, as Ann, Main Street"
        required
        maxLength={80}
        value={form.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <NumberInput
        label="Valid for, days"
        description="Its end is announced two weeks before, here and to the person"
        required
        min={1}
        max={730}
        allowDecimal={false}
        value={form.days}
        onChange={(days) => set({ days })}
      />
    </AskForm>
  );
}

function ShownOnce({ given, onDone }: { readonly given: StoreKeyGivenView; readonly onDone: () => void }) {
  return (
    <Stack>
      <Text size="sm">
        It works{' '}
        {given.expiresAt !== null && (
          <>
            until <Instant at={given.expiresAt} />
          </>
        )}
        . Hand it to {given.person} now: the hub keeps no copy and does not show it again. If it is lost,
        revoke it and give another.
      </Text>
      <TextInput label="Access key" readOnly value={given.key} classNames={{ input: 'mono' }} />
      <Group justify="flex-end">
        <CopyButton value={given.key}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>I have it</Button>
      </Group>
    </Stack>
  );
}
