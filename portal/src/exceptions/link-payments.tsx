import { Radio, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExceptionView } from '../../../api/contract/exceptions';
import { write } from '../http/call';
import { unappliedPaymentQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { formatDate, formatMoney } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';

/** The unapplied money of a remittance that an exception is about. */
export function cashEntryOf({ data }: ExceptionView): string | null {
  const id = (data as { readonly cashEntryId?: unknown } | null)?.cashEntryId;
  return typeof id === 'string' ? id : null;
}

/** Finance says that unapplied money is a prepayment which somebody has booked by hand. */
export function LinkPayments({ entryId }: { readonly entryId: string }) {
  return (
    <AskButton label="Same payment…" size="xs" title="The same payment, booked by hand">
      {(close) => <LinkForm entryId={entryId} onDone={close} />}
    </AskButton>
  );
}

interface LinkFormProps {
  readonly entryId: string;
  readonly onDone: () => void;
}

function LinkForm({ entryId, onDone }: LinkFormProps) {
  const { data: payment, error, refetch } = useQuery(unappliedPaymentQuery(entryId));
  const [chosen, setChosen] = useState<string | null>(null);
  if (error && !payment) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!payment) return <Skeleton height={120} aria-label="Looking for prepayments of that amount" />;
  const [likeliest] = payment.likely;
  const selected = chosen ?? likeliest?.id ?? '';
  if (!likeliest)
    return (
      <Text size="sm">
        No prepayment of {formatMoney(payment.amount)} was booked by hand for this account within ten days of{' '}
        {formatDate(payment.paidOn)}.
      </Text>
    );
  return (
    <AskForm
      button="It is the same"
      reason={{ description: 'What you compared; kept on the order, with your name' }}
      send={(reason, intention) =>
        write(
          'POST',
          `/api/v1/unapplied-payments/${entryId}/links`,
          { prepayment: selected, reason },
          intention,
        )
      }
      refresh={['exceptions', 'credit', 'credit-accounts']}
      told={() => ({ title: 'Payments', message: 'They are one payment now: the money counts once.' })}
      onDone={onDone}
    >
      <Text size="sm">
        Payment {payment.trace} (820): {formatMoney(payment.amount)} of {formatDate(payment.paidOn)}
        {payment.reference !== null && `, for ${payment.reference}`}.
      </Text>
      <Radio.Group label="The prepayment that was booked by hand" value={selected} onChange={setChosen}>
        <Stack gap="xs" mt="xs">
          {payment.likely.map((one) => (
            <Radio
              key={one.id}
              value={one.id}
              label={`${one.reference}, for order ${one.orderNumber}`}
              description={`Paid on ${formatDate(one.paidOn)}: ${daysApart(one.days)}`}
            />
          ))}
        </Stack>
      </Radio.Group>
    </AskForm>
  );
}

const daysApart = (days: number) =>
  days === 0 ? 'the same day' : days === 1 ? 'one day apart' : `${days} days apart`;
