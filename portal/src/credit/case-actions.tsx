import {
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CreditCaseView } from '../../../api/contract/credit';
import { write } from '../http/call';
import { formatMoney } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';

export type CaseAction = 'release' | 'release-part' | 'request-prepayment' | 'temporary-limit' | 'reject';

const titles: Readonly<Record<CaseAction, string>> = {
  release: 'Release in full',
  'release-part': 'Release in part',
  'request-prepayment': 'Ask for a prepayment',
  'temporary-limit': 'Set a temporary limit',
  reject: 'Reject',
};

const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The terms of a decision, each with what it needs; the same key for the same intention. */
export function CaseDialog({
  action,
  found,
  onClose,
}: {
  readonly action: CaseAction | null;
  readonly found: CreditCaseView;
  readonly onClose: () => void;
}) {
  return (
    <Modal
      opened={action !== null}
      onClose={onClose}
      size="lg"
      title={action && `${titles[action]}: ${found.order.orderNumber}, ${formatMoney(found.order.total)}`}
    >
      {action && <CaseForm key={action} action={action} found={found} onClose={onClose} />}
    </Modal>
  );
}

function CaseForm({
  action,
  found,
  onClose,
}: {
  readonly action: CaseAction;
  readonly found: CreditCaseView;
  readonly onClose: () => void;
}) {
  const [intention] = useState(() => crypto.randomUUID());
  const [reason, setReason] = useState('');
  const [lines, setLines] = useState<readonly number[]>([]);
  const [rest, setRest] = useState('hold');
  const [until, setUntil] = useState(dayIn(7));
  const [amount, setAmount] = useState<string | number>('');
  const client = useQueryClient();
  const { currency } = found.order.total;
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const amountMinor = Math.round(Number(amount) * 10 ** places);
  const send = useMutation({
    mutationFn: () => {
      if (action === 'temporary-limit') {
        const body = { amountMinor, validFrom: dayIn(0), validTo: until, reason, orderId: found.order.id };
        const account = encodeURIComponent(found.creditAccountId);
        return write<{ kind: string }>(
          'POST',
          `/api/v1/credit-accounts/${account}/temporary-limits`,
          body,
          intention,
        );
      }
      const terms = {
        'release-part': { kind: 'part', lines, rest },
        'request-prepayment': { kind: 'prepayment', expiresAt: `${until}T23:59:59Z` },
      };
      const own =
        action === 'release-part' || action === 'request-prepayment' ? { terms: terms[action] } : {};
      return write<{ kind: string }>(
        'POST',
        `/api/v1/holds/${found.id}/decisions`,
        { action, reason, ...own },
        intention,
      );
    },
    onSuccess: (outcome) => {
      onClose();
      const second = outcome.kind === 'needs-second-person';
      notifications.show({
        title: second ? 'A second person has to agree' : 'Done',
        message: second
          ? 'Your approval is kept with the case.'
          : `${titles[action]}: it is kept with your name and reason.`,
        color: second ? 'yellow.8' : 'hub.8',
      });
    },
    onSettled: () => {
      for (const key of ['holds', 'order', 'orders', 'timeline', 'credit', 'credit-case'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const ready =
    reason.trim().length >= 3 &&
    (action !== 'release-part' || (lines.length > 0 && lines.length < found.lines.length)) &&
    (action !== 'temporary-limit' || amountMinor > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{found.reasonText}.</Text>
        {action === 'release-part' && (
          <Part found={found} lines={lines} setLines={setLines} rest={rest} setRest={setRest} />
        )}
        {action === 'temporary-limit' && (
          <NumberInput
            label={`Amount on top of the limit (${currency})`}
            required
            min={0}
            decimalScale={places}
            value={amount}
            onChange={setAmount}
          />
        )}
        {(action === 'request-prepayment' || action === 'temporary-limit') && (
          <TextInput
            label={action === 'request-prepayment' ? 'To be paid by the end of' : 'Last day'}
            description={
              action === 'request-prepayment'
                ? 'The order ends then unless its payment has come in'
                : 'The temporary limit counts until this day ends'
            }
            type="date"
            required
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        )}
        <Textarea
          label="Reason"
          description="Kept with the decision, with your name and the figures as they stand now"
          required
          minLength={3}
          autosize
          minRows={3}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {send.error && <ProblemAlert error={send.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            loading={send.isPending}
            disabled={!ready}
            {...(action === 'reject' && { color: 'red.9' })}
          >
            {titles[action]}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Part({
  found,
  lines,
  setLines,
  rest,
  setRest,
}: {
  readonly found: CreditCaseView;
  readonly lines: readonly number[];
  readonly setLines: (lines: readonly number[]) => void;
  readonly rest: string;
  readonly setRest: (rest: string) => void;
}): ReactNode {
  return (
    <>
      <Checkbox.Group
        label="Lines that go on"
        value={lines.map(String)}
        onChange={(chosen) => setLines(chosen.map(Number))}
      >
        <Stack gap="xs" mt="xs" mah={260} style={{ overflow: 'auto' }}>
          {found.lines.map((line) => (
            <Checkbox
              key={line.lineNumber}
              value={String(line.lineNumber)}
              label={`${line.lineNumber}: ${line.quantity} ${line.unit} ${line.itemId ?? line.description ?? ''}, ${formatMoney(line.amount)}`}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <SegmentedControl
        aria-label="The other lines"
        value={rest}
        onChange={setRest}
        data={[
          { value: 'hold', label: 'The rest stays held' },
          { value: 'backorder', label: 'goes on backorder' },
          { value: 'cancel', label: 'is cancelled' },
        ]}
      />
    </>
  );
}
