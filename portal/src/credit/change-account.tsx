import { Checkbox, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CreditAccountView } from '../../../api/contract/holds';
import { write } from '../http/call';
import { amountText, minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskButton, AskForm } from '../parts/ask-form';
import { creditRefreshes } from './temporary-limit-form';

/** Limit, validity, block, risk class and the account above: one change, one reason, within one's authority. */
export function ChangeAccount({ account }: { readonly account: CreditAccountView }) {
  return (
    <AskButton
      label="Limit and account…"
      variant="filled"
      title={`Credit of ${account.name}`}
      dialogSize="lg"
    >
      {(close) => <ChangeForm account={account} onDone={close} />}
    </AskButton>
  );
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

const fieldNames = {
  limitMinor: 'Limit',
  limitValidFrom: 'Valid from',
  limitValidTo: 'Valid to',
  riskClass: 'Risk class',
  parentId: 'Account above',
  reason: 'Reason',
};

interface ChangeFormProps {
  readonly account: CreditAccountView;
  readonly onDone: () => void;
}

function ChangeForm({ account, onDone }: ChangeFormProps) {
  // As it was when the form was opened: what somebody else saves meanwhile is refused, not overwritten.
  const [seen] = useState(account);
  const [form, setForm] = useState({
    limit: amountText(seen.standingLimit.amountMinor, seen.currency),
    from: seen.limitValidFrom ?? '',
    to: seen.limitValidTo ?? '',
    riskClass: seen.riskClass ?? '',
    parentId: seen.parentId ?? '',
    blocked: seen.blocked,
  });
  const limitMinor = minorOf(form.limit, seen.currency);
  const changed = {
    ...(limitMinor !== seen.standingLimit.amountMinor && { limitMinor }),
    ...(orNull(form.from) !== seen.limitValidFrom && { limitValidFrom: orNull(form.from) }),
    ...(orNull(form.to) !== seen.limitValidTo && { limitValidTo: orNull(form.to) }),
    ...(orNull(form.riskClass) !== seen.riskClass && { riskClass: orNull(form.riskClass) }),
    ...(orNull(form.parentId) !== seen.parentId && { parentId: orNull(form.parentId) }),
    ...(form.blocked !== seen.blocked && { blocked: form.blocked }),
  };
  const field = (name: 'from' | 'to' | 'riskClass' | 'parentId') => ({
    value: form[name],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <AskForm
      button="Save"
      ready={limitMinor !== null && Object.keys(changed).length > 0}
      reason={{ description: 'Kept in the account’s history, with your name' }}
      send={(reason, intention) =>
        write(
          'POST',
          `/api/v1/credit-accounts/${encodeURIComponent(seen.creditAccountId)}/changes`,
          { ...changed, reason, basedOn: seen.version },
          intention,
        )
      }
      refresh={creditRefreshes}
      told={() => ({
        title: 'Saved',
        message: 'Held orders are looked at again where credit has come free.',
      })}
      onDone={onDone}
      fieldNames={fieldNames}
    >
      <Text size="sm">
        More credit is within your own limits of authority, whichever way it is given. The ERP’s limit takes
        the place of this one when it next changes there.
      </Text>
      <AmountInput
        label="Limit"
        currency={seen.currency}
        required
        data-autofocus
        value={form.limit}
        onChange={(limit) => setForm((before) => ({ ...before, limit }))}
      />
      <Group grow align="flex-start">
        <TextInput label="Valid from" description="Empty: always" type="date" {...field('from')} />
        <TextInput
          label="Valid to"
          description="Its last day; empty: without end"
          type="date"
          {...field('to')}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput
          label="Risk class"
          description="As your rules name it"
          maxLength={20}
          {...field('riskClass')}
        />
        <TextInput
          label="Account above"
          description="Orders have to fit in its limit as well"
          maxLength={80}
          {...field('parentId')}
        />
      </Group>
      <Checkbox
        label="Blocked: every new order is held"
        checked={form.blocked}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          setForm((before) => ({ ...before, blocked: checked }));
        }}
      />
    </AskForm>
  );
}
