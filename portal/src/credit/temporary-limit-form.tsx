import { Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { write } from '../http/call';
import { minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskForm } from '../parts/ask-form';
import { dayIn } from '../parts/days';

/** What a change of an account's credit makes stale. */
export const creditRefreshes = [
  'credit',
  'credit-accounts',
  'credit-case',
  'holds',
  'order',
  'orders',
  'timeline',
];

interface TemporaryLimitFormProps {
  readonly creditAccountId: string;
  readonly currency: string;
  /** The order that it is set for, where there is one. */
  readonly orderId?: string;
  readonly onDone: () => void;
}

/** More credit for some days, on top of the limit. */
export function TemporaryLimitForm({ creditAccountId, currency, orderId, onDone }: TemporaryLimitFormProps) {
  const [amount, setAmount] = useState('');
  const [validFrom, setFrom] = useState(dayIn(0));
  const [validTo, setTo] = useState(dayIn(7));
  const amountMinor = minorOf(amount, currency);
  return (
    <AskForm
      button="Set a temporary limit"
      ready={amountMinor !== null && amountMinor > 0 && validFrom !== '' && validTo !== ''}
      reason={{ description: 'Kept with the limit, with your name' }}
      send={(reason, intention) =>
        write(
          'POST',
          `/api/v1/credit-accounts/${encodeURIComponent(creditAccountId)}/temporary-limits`,
          { amountMinor, validFrom, validTo, reason, ...(orderId !== undefined && { orderId }) },
          intention,
        )
      }
      refresh={creditRefreshes}
      told={() => ({
        title: 'Temporary limit',
        message: 'It is kept with your name. Held orders are looked at again.',
      })}
      onDone={onDone}
      fieldNames={{ amountMinor: 'Amount', validFrom: 'First day', validTo: 'Last day', reason: 'Reason' }}
    >
      <Text size="sm">On top of the limit, until its last day ends. What it lets through stays through.</Text>
      <AmountInput
        label="Amount on top of the limit"
        currency={currency}
        required
        data-autofocus
        value={amount}
        onChange={setAmount}
      />
      <Group grow>
        <TextInput
          label="First day"
          type="date"
          required
          value={validFrom}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label="Last day"
          type="date"
          required
          value={validTo}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </Group>
    </AskForm>
  );
}
