import { Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import { write } from '../http/call';
import { amountText, minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskButton, AskForm } from '../parts/ask-form';
import { dayIn } from '../parts/days';
import { formatMoney } from '../parts/format';
import { useSeen } from '../parts/seen';
import { namedCustomer, settingsRefreshes } from './settings-form';

interface EditBudgetProps {
  readonly settings: BuyerSettingsView;
  readonly budget?: BuyerSettingsView['budgets'][number];
}

/** Plans a budget for a cost centre and period, or gives one another amount or period. */
export function EditBudget({ settings, budget }: EditBudgetProps) {
  const name = budget === undefined ? '' : `${budget.costCentre} from ${budget.from}`;
  return (
    <AskButton
      label={budget === undefined ? 'Plan a budget…' : 'Change…'}
      title={budget === undefined ? 'Plan a budget' : `Budget of ${budget.costCentre}`}
      {...(budget !== undefined && { size: 'xs', named: `Change the budget of ${name}` })}
    >
      {(close) => <BudgetForm settings={settings} onDone={close} {...(budget !== undefined && { budget })} />}
    </AskButton>
  );
}

/** The year that a budget is most often planned for. */
const thisYear = () => dayIn(0).slice(0, 4);

function BudgetForm({ settings, onDone, ...props }: EditBudgetProps & { readonly onDone: () => void }) {
  const budget = useSeen(props.budget);
  const { currency } = settings;
  const [form, setForm] = useState({
    costCentre: budget?.costCentre ?? '',
    from: budget?.from ?? `${thisYear()}-01-01`,
    to: budget?.to ?? `${thisYear()}-12-31`,
    amount: budget === undefined ? '' : amountText(budget.amount.amountMinor, currency),
  });
  const amountMinor = minorOf(form.amount, currency);
  const field = (name: 'costCentre' | 'from' | 'to') => ({
    value: form[name],
    required: true,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <AskForm
      button="Save"
      reason={null}
      ready={amountMinor !== null && form.costCentre.trim() !== '' && form.from !== '' && form.to !== ''}
      send={(_, intention) =>
        write(
          'POST',
          '/api/v1/buyer-settings/budgets',
          {
            ...namedCustomer(settings),
            ...(budget !== undefined && { budgetId: budget.id }),
            costCentre: form.costCentre.trim(),
            from: form.from,
            to: form.to,
            amountMinor,
          },
          intention,
          budget && `"${budget.version}"`,
        )
      }
      refresh={settingsRefreshes}
      onDone={onDone}
      fieldNames={{ costCentre: 'Cost centre', from: 'First day', to: 'Last day', amountMinor: 'Budget' }}
    >
      {budget !== undefined && (
        <Text size="sm">{formatMoney(budget.spent)} of it are ordered already: it cannot be less.</Text>
      )}
      <TextInput
        label="Cost centre"
        description="As orders name it"
        maxLength={40}
        data-autofocus
        {...field('costCentre')}
      />
      <Group grow>
        <TextInput label="First day" type="date" {...field('from')} />
        <TextInput label="Last day" type="date" {...field('to')} />
      </Group>
      <AmountInput
        label="Budget"
        currency={currency}
        required
        value={form.amount}
        onChange={(amount) => setForm((before) => ({ ...before, amount }))}
      />
    </AskForm>
  );
}
