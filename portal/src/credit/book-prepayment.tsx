import { Checkbox, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CreditCaseView, PrepaymentBookedView } from '../../../api/contract/credit';
import { write } from '../http/call';
import { amountText, minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskButton, AskForm } from '../parts/ask-form';
import { dayIn } from '../parts/days';
import { formatDate, formatMoney } from '../parts/format';
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
  const missing = total - found.paidInAdvance.amountMinor;
  const [amount, setAmount] = useState(amountText(Math.max(0, missing), currency));
  const [reference, setReference] = useState('');
  const [paidOn, setPaidOn] = useState(dayIn(0));
  const [another, setAnother] = useState(false);
  const amountMinor = minorOf(amount, currency);
  return (
    <AskForm<PrepaymentBookedView>
      button="Book it"
      reason={null}
      ready={amountMinor !== null && amountMinor > 0 && reference.trim() !== '' && paidOn !== ''}
      send={(_, intention) =>
        write(
          'POST',
          `/api/v1/orders/${found.order.id}/prepayments`,
          { amountMinor, currency, reference: reference.trim(), paidOn, ...(another && { another }) },
          intention,
        )
      }
      refresh={creditRefreshes}
      told={(booked) => ({
        title: 'Prepayment',
        message: messageOf(booked),
        waits: booked.kind === 'known' || booked.mayBe !== undefined,
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
      <Checkbox
        label="It is not a payment that came by remittance (820) already"
        description="Tick it where one of the same amount counts for this order, and this is other money"
        checked={another}
        onChange={(event) => setAnother(event.currentTarget.checked)}
      />
    </AskForm>
  );
}

function messageOf({ kind, mayBe }: PrepaymentBookedView): string {
  if (kind === 'known') return 'This payment was booked before: nothing was added.';
  const [likeliest] = mayBe ?? [];
  return likeliest === undefined
    ? 'It is booked. The order goes on once it is covered.'
    : `It is booked. It may be payment ${likeliest.trace} (820) of ${formatDate(likeliest.paidOn)}, which nothing has taken: if it is, link both on the page Exceptions, so that it counts once.`;
}
