import { Button, NativeSelect, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreditCaseView } from '../../../api/contract/credit';
import { write } from '../http/call';
import { authorityQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { ProblemAlert } from '../parts/problem-alert';

const setOwner = (holdId: string, owner: string | null, intention: string) =>
  write('POST', `/api/v1/credit-cases/${holdId}/owners`, { owner }, intention);
const refresh = ['credit-case', 'holds', 'timeline'];

/** Takes a case, gives it back, or passes it on to somebody who may decide on credit. */
export function HandOverCase({ found, person }: { readonly found: CreditCaseView; readonly person: string }) {
  const client = useQueryClient();
  const mine = found.owner === person;
  const take = useMutation({
    mutationFn: () => setOwner(found.id, mine ? null : person, crypto.randomUUID()),
    onSettled: () => {
      for (const key of refresh) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <>
      <Button size="sm" variant="subtle" loading={take.isPending} onClick={() => take.mutate()}>
        {mine ? 'Give it back' : 'Take it'}
      </Button>
      <AskButton label="Pass it on…" size="sm" variant="subtle" title="Pass the case on">
        {(close) => <PassOnForm found={found} onDone={close} />}
      </AskButton>
      {take.error && <ProblemAlert error={take.error} />}
    </>
  );
}

const words = {
  alone: 'may decide it alone',
  'with-a-second-person': 'decides it with a second person',
  not: 'may not release it',
} as const;

function PassOnForm({ found, onDone }: { readonly found: CreditCaseView; readonly onDone: () => void }) {
  const [owner, setChosen] = useState('');
  const asked = useQuery(authorityQuery(found.id));
  const people = (asked.data?.people ?? []).filter(
    ({ person, code }) => code !== 'not-authorised' && person !== found.owner,
  );
  return (
    <AskForm
      button="Pass on"
      reason={null}
      ready={owner !== ''}
      send={(_, intention) => setOwner(found.id, owner, intention)}
      refresh={refresh}
      told={() => ({ title: 'Passed on', message: `${owner} works on the case now.` })}
      onDone={onDone}
    >
      <Text size="sm">{found.reasonText}.</Text>
      {asked.error && <ProblemAlert error={asked.error} onRetry={() => void asked.refetch()} />}
      <NativeSelect
        label="To whom"
        description="People who decide on credit, and how far they reach for this order"
        required
        data-autofocus
        data={[
          { value: '', label: asked.isPending ? 'Reading who may…' : 'Choose a person' },
          ...people.map((one) => ({ value: one.person, label: `${one.person}: ${words[one.outcome]}` })),
        ]}
        value={owner}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
    </AskForm>
  );
}
