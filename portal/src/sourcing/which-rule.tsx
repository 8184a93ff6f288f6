import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { WhichRuleView } from '../../../api/contract/sourcing';
import { read } from '../http/call';
import { type Column, DataTable } from '../parts/data-table';
import { ProblemAlert } from '../parts/problem-alert';

const fields = [
  ['item', 'Item'],
  ['itemClass', 'Class of items'],
  ['customer', 'Customer'],
  ['country', 'Country'],
  ['state', 'State'],
  ['postalCode', 'Postal code'],
  ['orderType', 'Order type'],
  ['channel', 'Channel'],
] as const;

type Matching = WhichRuleView['matching'][number];

const told = (when: unknown) =>
  Object.entries((when ?? {}) as Readonly<Record<string, unknown>>)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
const columns: readonly Column<Matching>[] = [
  { name: 'name', header: 'Rule', cell: (rule) => <strong>{rule.name}</strong> },
  { name: 'when', header: 'For', wrap: true, cell: (rule) => told(rule.when) || 'everything' },
];

/** Asks which rule of the live set would apply to a line, for those who wonder why an order went elsewhere. */
export function WhichRule() {
  const [about, setAbout] = useState<Readonly<Record<string, string>>>({});
  const ask = useMutation({
    mutationFn: () => {
      const said = Object.entries(about).flatMap(([name, value]) =>
        value.trim() === '' ? [] : [[name, value.trim()]],
      );
      return read<WhichRuleView>('/api/v1/sourcing/rule', Object.fromEntries(said) as typeof about);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <Group align="end" mb="md">
        {fields.map(([name, label]) => (
          <TextInput
            key={name}
            label={label}
            w={130}
            maxLength={64}
            value={about[name] ?? ''}
            onChange={(event) => setAbout({ ...about, [name]: event.currentTarget.value })}
          />
        ))}
        <Button type="submit" variant="default" loading={ask.isPending}>
          Which rule counts
        </Button>
      </Group>
      {ask.error && <ProblemAlert error={ask.error} />}
      {ask.data && (
        <>
          <Text mb="xs" role="status">
            Nodes by rule {ask.data.ofLine}, comparison and limits by rule {ask.data.ofOrder} (
            {ask.data.version === 0 ? 'no set is live' : `version ${ask.data.version} of the live set`}).
          </Text>
          <DataTable
            caption="Rules that match, the one that counts first"
            columns={columns}
            rows={ask.data.matching}
            keyOf={(rule) => rule.name}
            empty=""
          />
        </>
      )}
    </form>
  );
}
