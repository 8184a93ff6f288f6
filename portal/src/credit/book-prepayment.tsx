import { Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CreditCaseView } from '../../../api/contract/credit';
import { write } from '../http/call';
import { amountText, minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskButton, AskForm } from '../parts/ask-form';
import { dayIn } from '../parts/days';
import { formatMoney } from '../parts/format';
import { creditRefreshes } from './temporary-limit-form';

/** Books money that came in for the order by hand; the hub refuses whoever asked for it or placed the order. */
export function BookPrepayment({ found }: { readonly found: CreditCaseView }) {
  return (
    <AskButton label="Book a prepayment…" size="sm" title={`Prepayment of ${found.order.orderNumber}`}>
      {(close) => <BookForm found={found} onDone={close} />}
    </AskButton>
  );
}

function BookForm({ found, onDone }: { readonly found: CreditCaseView; readonly onDone: () => void }) {
  const { currency, amountMinor: total } = found.order.total;
  const missing = total - (found.prepayment?.paid.amountMinor ?? 0);
  const [amount, setAmount] = useState(amountText(Math.max(0, missing), currency));
  const [reference, setReference] = useState('');
  const [paidOn, setPaidOn] = useState(dayIn(0));
  const amountMinor = minorOf(amount, currency);
  return (
    <AskForm<{ readonly kind: 'booked' | 'known' }>
      button="Book it"
      reason={null}
      ready={amountMinor !== null && amountMinor > 0 && reference.trim() !== '' && paidOn !== ''}
      send={(_, intention) =>
        write(
          'POST',
          `/api/v1/orders/${found.order.id}/prepayments`,
          { amountMinor, currency, reference: reference.trim(), paidOn },
          intention,
        )
      }
      refresh={creditRefreshes}
      told={({ kind }) => ({
        title: 'Prepayment',
        message:
          kind === 'known'
            ? 'This payment was booked before: nothing was added.'
            : 'It is booked. The order goes on once it is covered.',
        waits: kind === 'known',
      })}
      onDone={onDone}
      fieldNames={{ amountMinor: 'Amount', reference: 'Number of the payment', paidOn: 'Paid on' }}
    >
      <Text size="sm">
        The order comes to {formatMoney(found.order.total)}. Covered, it goes on whatever the limit says,
        unless the account is blocked. Not by whoever asked for the money, nor by whoever ordered.
      </Text>
      <AmountInput
        label="Amount"
        currency={currency}
        required
        data-autofocus
        value={amount}
        onChange={setAmount}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Number of the payment"
          description="The bank’s or the payer’s: it counts once"
          required
          maxLength={80}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <TextInput
          label="Paid on"
          description="The day it came in"
          type="date"
          required
          value={paidOn}
          onChange={(event) => setPaidOn(event.currentTarget.value)}
        />
      </Group>
    </AskForm>
  );
}
