import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import { Substitutes } from '../holds/substitutes';
import { buyerSettingsQuery } from '../http/queries';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { useSession } from '../session/session';
import { Budgets } from './budgets';
import { EditBudget } from './edit-budget';
import { EditPerson } from './edit-person';
import { People } from './people';
import { SettingsHistory } from './settings-history';

/** A buyer's company: spending limits, who approves, budgets and what is left. The seller's people name the customer. */
export function CompanyPage() {
  const session = useSession();
  const [parameters, setParameters] = useSearchParams();
  const customer = session.customerId === null ? parameters.get('customer') : null;
  const isNamed = session.customerId !== null || customer !== null;
  const settings = useQuery({ ...buyerSettingsQuery({ customerId: customer }), enabled: isNamed });
  return (
    <>
      <PageHead title={customer === null ? 'Limits and budgets' : `Limits and budgets of ${customer}`}>
        {session.customerId !== null && <Substitutes />}
      </PageHead>
      {session.customerId === null && (
        <ChooseCustomer chosen={customer ?? ''} onChoose={(id) => setParameters({ customer: id })} />
      )}
      {isNamed && settings.isPending && <Skeleton height={200} aria-label="Reading limits and budgets" />}
      {settings.error && !settings.data ? (
        <ProblemAlert error={settings.error} onRetry={() => void settings.refetch()} />
      ) : (
        settings.data && <Settings settings={settings.data} />
      )}
    </>
  );
}

function Settings({ settings }: { readonly settings: BuyerSettingsView }) {
  return (
    <Stack gap="xl">
      <section>
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h4">
            Budgets
          </Title>
          {settings.mayEdit && <EditBudget settings={settings} />}
        </Group>
        <Budgets settings={settings} editable />
      </section>
      <section>
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h4">
            Who may order and approve how much
          </Title>
          {settings.mayEdit && <EditPerson settings={settings} />}
        </Group>
        <People settings={settings} />
        {settings.people.length > 0 && settings.withoutLimit.length > 0 && (
          <Text size="sm" className="soft" mt="xs">
            Without a limit, so that each of their orders needs approval: {settings.withoutLimit.join(', ')}.
          </Text>
        )}
      </section>
      {settings.mayEdit && <SettingsHistory history={settings.history} />}
      {!settings.mayEdit && (
        <Text size="sm" className="soft">
          Limits and budgets are changed by the administrator of your company.
        </Text>
      )}
    </Stack>
  );
}

interface ChooseCustomerProps {
  readonly chosen: string;
  readonly onChoose: (customerId: string) => void;
}

function ChooseCustomer({ chosen, onChoose }: ChooseCustomerProps) {
  const [text, setText] = useState(chosen);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onChoose(text.trim());
      }}
    >
      <Group align="flex-end" mb="lg">
        <TextInput
          label="Customer"
          description="The number of the buyer’s company"
          maxLength={60}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={text.trim() === ''}>
          Show
        </Button>
      </Group>
    </form>
  );
}
