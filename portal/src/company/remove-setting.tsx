import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { formatDate, formatMoney } from '../parts/format';
import { useSeen } from '../parts/seen';
import { namedCustomer, settingsRefreshes } from './settings-form';

interface SettingsProps {
  readonly settings: BuyerSettingsView;
}
type Person = BuyerSettingsView['people'][number];
type Budget = BuyerSettingsView['budgets'][number];

/** Takes a person's limit away, and says before what that does to the person's orders. */
export function RemovePerson({ settings, person }: SettingsProps & { readonly person: Person }) {
  const title = `Remove the limit of ${person.person}`;
  return (
    <AskButton label="Remove…" size="xs" named={title} title={title}>
      {(close) => (
        <RemoveForm
          path="people/removals"
          version={person.version}
          body={{ ...namedCustomer(settings), person: person.person }}
          onDone={close}
        >
          {settings.people.length === 1
            ? 'It is the last one: no order of the company’s people needs approval any more.'
            : `Each order of ${person.person} needs approval from then on. What was ordered stays as it is.`}
          {person.mayApprove && ` ${person.person} approves no orders any more.`}
        </RemoveForm>
      )}
    </AskButton>
  );
}

/** Ends a budget, and says before what becomes of what is ordered on it. */
export function RemoveBudget({ settings, budget }: SettingsProps & { readonly budget: Budget }) {
  return (
    <AskButton
      label="Remove…"
      size="xs"
      named={`Remove the budget of ${budget.costCentre} from ${budget.from}`}
      title={`Remove the budget of ${budget.costCentre}`}
    >
      {(close) => (
        <RemoveForm
          path={`budgets/${budget.id}/removals`}
          version={budget.version}
          body={namedCustomer(settings)}
          onDone={close}
        >
          {formatDate(budget.from)} to {formatDate(budget.to)}, {formatMoney(budget.amount)}.{' '}
          {budget.spent.amountMinor === 0
            ? 'Nothing is ordered on it.'
            : `What is ordered on it (${formatMoney(budget.spent)}) stays approved.`}{' '}
          An order that waits for approval is measured by the budget that {budget.costCentre} has when it is
          approved; where it has none, the approver’s word is enough.
        </RemoveForm>
      )}
    </AskButton>
  );
}

interface RemoveFormProps {
  readonly path: string;
  readonly version: number;
  readonly body: object;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

function RemoveForm({ path, version, body, onDone, children }: RemoveFormProps) {
  const seen = useSeen(version);
  return (
    <AskForm
      button="Remove it"
      danger
      reason={{ description: 'Kept with your name' }}
      send={(reason, intention) =>
        write('POST', `/api/v1/buyer-settings/${path}`, { ...body, reason }, intention, `"${seen}"`)
      }
      refresh={settingsRefreshes}
      onDone={onDone}
    >
      <Text size="sm">{children}</Text>
    </AskForm>
  );
}
