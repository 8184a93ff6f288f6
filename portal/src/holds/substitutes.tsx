import { Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SubstitutionView } from '../../../api/contract/authority';
import { write } from '../http/call';
import { substitutionsQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { dayIn, endOfDay, startOfDay } from '../parts/days';
import { inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';
import { useSession } from '../session/session';
import { holdTypeChoices } from './hold-type-names';

/** Lets somebody decide in one's name for a while, and shows who does already. */
export function Substitutes() {
  return (
    <AskButton label="Substitutes…" title="Substitutes" dialogSize="lg">
      {(close) => (
        <Stack>
          <Arranged />
          <ArrangeForm onDone={close} />
        </Stack>
      )}
    </AskButton>
  );
}

/** Managers and administrators arrange it for others as well; the hub says so where they may not. */
function useMayArrangeFor() {
  const { person, roles } = useSession();
  const arranges = roles.some((role) => /(^|-)(manager|admin|operations)$/.test(role));
  return (whose: string) => arranges || whose === person;
}

function Arranged() {
  const known = useQuery(substitutionsQuery());
  const mayEnd = useMayArrangeFor();
  if (known.error) return <ProblemAlert error={known.error} onRetry={() => void known.refetch()} />;
  const items = known.data?.items ?? [];
  if (items.length === 0)
    return (
      <Text size="sm" className="soft">
        Nobody stands in for anybody now.
      </Text>
    );
  return items.map((one) => (
    <Group key={one.id} justify="space-between" wrap="nowrap">
      <Text size="sm">
        {one.substitute} decides for {one.person} from <Instant at={one.from} /> until{' '}
        <Instant at={one.until} />: {one.reason}
        {one.holdTypes !== null && ` (${one.holdTypes.map(inWords).join(', ')} only)`}
      </Text>
      {mayEnd(one.person) && <End one={one} />}
    </Group>
  ));
}

function End({ one }: { readonly one: SubstitutionView }) {
  return (
    <AskButton
      label="End…"
      named={`End that ${one.substitute} decides for ${one.person}`}
      size="xs"
      title="End a substitution"
    >
      {(close) => (
        <AskForm
          button="End it"
          reason={null}
          send={(_, intention) => write('POST', `/api/v1/substitutions/${one.id}/end`, {}, intention)}
          refresh={['substitutions', 'buyer-approvals', 'holds']}
          onDone={close}
        >
          <Text size="sm">
            {one.substitute} decides for {one.person} no longer, from now on. What was decided stays decided.
          </Text>
        </AskForm>
      )}
    </AskButton>
  );
}

function ArrangeForm({ onDone }: { readonly onDone: () => void }) {
  const session = useSession();
  const mayArrangeFor = useMayArrangeFor();
  const [form, setForm] = useState({
    person: session.person ?? '',
    substitute: '',
    from: dayIn(0),
    until: '',
    holdTypes: [] as readonly string[],
  });
  const set = (values: Partial<typeof form>) => setForm((before) => ({ ...before, ...values }));
  const isOwn = session.customerId === null;
  const send = (reason: string, intention: string) =>
    write(
      'POST',
      '/api/v1/substitutions',
      {
        person: form.person.trim(),
        substitute: form.substitute.trim(),
        // From today on is from now on.
        ...(form.from > dayIn(0) && { from: startOfDay(form.from) }),
        until: endOfDay(form.until),
        ...(form.holdTypes.length > 0 && { holdTypes: form.holdTypes }),
        reason,
      },
      intention,
    );
  return (
    <AskForm
      button="Arrange"
      reason={{ description: 'Kept with it, with your name' }}
      ready={
        form.person.trim() !== '' && form.substitute.trim() !== '' && form.from !== '' && form.until !== ''
      }
      send={send}
      refresh={['substitutions', 'buyer-approvals', 'holds']}
      told={() => ({ title: 'Arranged', message: 'Both names are kept with every decision.' })}
      onDone={onDone}
      fieldNames={{ person: 'For whom', substitute: 'Who decides', until: 'Until', from: 'From' }}
    >
      <Group grow align="flex-start">
        <TextInput
          label="For whom"
          required
          maxLength={60}
          disabled={!mayArrangeFor('')}
          value={form.person}
          onChange={(event) => set({ person: event.currentTarget.value })}
        />
        <TextInput
          label="Who decides"
          required
          maxLength={60}
          data-autofocus
          value={form.substitute}
          onChange={(event) => set({ substitute: event.currentTarget.value })}
        />
      </Group>
      <Group grow>
        <TextInput
          label="From"
          type="date"
          required
          value={form.from}
          onChange={(event) => set({ from: event.currentTarget.value })}
        />
        <TextInput
          label="Until the end of"
          type="date"
          required
          value={form.until}
          onChange={(event) => set({ until: event.currentTarget.value })}
        />
      </Group>
      {isOwn && (
        <MultiSelect
          label="Only for holds of type"
          description="Empty: all that the person may decide"
          data={holdTypeChoices}
          value={[...form.holdTypes]}
          onChange={(holdTypes) => set({ holdTypes })}
        />
      )}
    </AskForm>
  );
}
