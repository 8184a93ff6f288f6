import { Checkbox, NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import type { MoneyView } from '../../../api/contract/common';
import { write } from '../http/call';
import { amountText, minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskButton, AskForm } from '../parts/ask-form';
import { useSeen } from '../parts/seen';
import { namedCustomer, settingsRefreshes } from './settings-form';

type Person = BuyerSettingsView['people'][number];
interface EditPersonProps {
  readonly settings: BuyerSettingsView;
  readonly person?: Person;
}

/** What a person may order without approval, on which cost centre, and what the person may approve. */
export function EditPerson({ settings, person }: EditPersonProps) {
  return (
    <AskButton
      label={person === undefined ? 'Set a limit…' : 'Change…'}
      title={person === undefined ? 'Spending limit of a person' : `Spending limit of ${person.person}`}
      {...(person !== undefined && { size: 'xs', named: `Change the limit of ${person.person}` })}
    >
      {(close) => <PersonForm settings={settings} onDone={close} {...(person !== undefined && { person })} />}
    </AskButton>
  );
}

const textOf = (most: MoneyView | null | undefined) =>
  most ? amountText(most.amountMinor, most.currency) : '';
/** Empty is no limit; undefined where it is no amount. */
const mostOf = (text: string, currency: string): number | null | undefined =>
  text.trim() === '' ? null : (minorOf(text, currency) ?? undefined);

function PersonForm({ settings, onDone, ...props }: EditPersonProps & { readonly onDone: () => void }) {
  const person = useSeen(props.person);
  const { currency } = settings;
  const [form, setForm] = useState({
    name: person?.person ?? settings.withoutLimit[0] ?? '',
    limit: textOf(person?.limit),
    costCentre: person?.costCentre ?? '',
    mayApprove: person?.mayApprove ?? false,
    approvesUpTo: textOf(person?.approvesUpTo),
  });
  const set = (values: Partial<typeof form>) => setForm((before) => ({ ...before, ...values }));
  const limitMinor = mostOf(form.limit, currency);
  const approvesUpToMinor = form.mayApprove ? mostOf(form.approvesUpTo, currency) : 0;
  if (person === undefined && settings.withoutLimit.length === 0)
    return <Text size="sm">Everybody of the company who has a key has a limit already.</Text>;
  return (
    <AskForm
      button="Save"
      reason={null}
      ready={form.name !== '' && limitMinor !== undefined && approvesUpToMinor !== undefined}
      send={(_, intention) =>
        write(
          'POST',
          '/api/v1/buyer-settings/people',
          {
            ...namedCustomer(settings),
            person: form.name,
            limitMinor,
            costCentre: form.costCentre.trim() === '' ? null : form.costCentre.trim(),
            mayApprove: form.mayApprove,
            approvesUpToMinor,
          },
          intention,
          person && `"${person.version}"`,
        )
      }
      refresh={settingsRefreshes}
      onDone={onDone}
      fieldNames={{
        person: 'Person',
        limitMinor: 'Orders up to',
        costCentre: 'Cost centre',
        approvesUpToMinor: 'Approves up to',
      }}
    >
      {settings.people.length === 0 && (
        <Text size="sm">
          From the first limit on, every order of the company’s people is held against limits: whoever has
          none needs approval.
        </Text>
      )}
      {person === undefined && (
        <NativeSelect
          label="Person"
          data={[...settings.withoutLimit]}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      )}
      <AmountInput
        label="Orders up to"
        description="The largest order that needs no approval; empty: any"
        currency={currency}
        data-autofocus
        value={form.limit}
        onChange={(limit) => set({ limit })}
      />
      <TextInput
        label="Cost centre"
        description="Whose budget the orders are taken from, where they name none"
        maxLength={40}
        value={form.costCentre}
        onChange={(event) => set({ costCentre: event.currentTarget.value })}
      />
      <Checkbox
        label="Approves orders of others"
        checked={form.mayApprove}
        onChange={(event) => set({ mayApprove: event.currentTarget.checked })}
      />
      {form.mayApprove && (
        <AmountInput
          label="Approves up to"
          description="Empty: any amount"
          currency={currency}
          value={form.approvesUpTo}
          onChange={(approvesUpTo) => set({ approvesUpTo })}
        />
      )}
    </AskForm>
  );
}
