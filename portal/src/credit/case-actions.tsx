import { Checkbox, Modal, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CreditCaseView } from '../../../api/contract/credit';
import { decisionRefreshes, toldOfDecision } from '../holds/decision-dialog';
import { write } from '../http/call';
import { minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskForm } from '../parts/ask-form';
import { dayIn, endOfDay } from '../parts/days';
import { formatMoney, inWords } from '../parts/format';
import { TemporaryLimitForm } from './temporary-limit-form';

export type CaseAction = 'release' | 'release-part' | 'request-prepayment' | 'temporary-limit' | 'reject';

const titles: Readonly<Record<CaseAction, string>> = {
  release: 'Release in full',
  'release-part': 'Release in part',
  'request-prepayment': 'Ask for a prepayment',
  'temporary-limit': 'Set a temporary limit',
  reject: 'Reject',
};
const done: Readonly<Record<Exclude<CaseAction, 'temporary-limit'>, string>> = {
  release: 'The order goes on.',
  'release-part': 'The part goes on; the rest is treated as you said.',
  'request-prepayment': 'The order waits for its payment until that day.',
  reject: 'The order is rejected; what it stood for is not delivered.',
};

/** Why, as the company counts its reasons; the words beside it are kept as well. */
const codes: Readonly<Record<'for' | 'against', readonly string[]>> = {
  for: ['good-payer', 'payment-promised', 'payment-seen', 'guarantee-held', 'small-excess', 'other'],
  against: ['bad-payer', 'no-payment-promised', 'insolvency', 'risk-too-high', 'other'],
};

interface CaseFormProps {
  readonly found: CreditCaseView;
  readonly onDone: () => void;
}

/** The terms of a decision, each with what it needs. */
export function CaseDialog({
  action,
  found,
  onClose,
}: {
  readonly action: CaseAction | null;
  readonly found: CreditCaseView;
  readonly onClose: () => void;
}) {
  const form = { found, onDone: onClose };
  return (
    <Modal
      opened={action !== null}
      onClose={onClose}
      size="lg"
      title={action && `${titles[action]}: ${found.order.orderNumber}, ${formatMoney(found.order.total)}`}
    >
      {action === 'release' && <DecisionForm action="release" {...form} />}
      {action === 'reject' && <DecisionForm action="reject" {...form} />}
      {action === 'release-part' && <PartForm {...form} />}
      {action === 'request-prepayment' && <PrepaymentForm {...form} />}
      {action === 'temporary-limit' && (
        <TemporaryLimitForm
          creditAccountId={found.creditAccountId}
          currency={found.order.total.currency}
          orderId={found.order.id}
          onDone={onClose}
        />
      )}
    </Modal>
  );
}

interface DecisionFormProps extends CaseFormProps {
  readonly action: Exclude<CaseAction, 'temporary-limit'>;
  /** What goes with the decision; null while it is not filled in. */
  readonly terms?: object | null;
  readonly children?: ReactNode;
}

/** What every decision on a case has: its reason in words and as the company counts it. */
function DecisionForm({ action, found, onDone, terms, children }: DecisionFormProps) {
  const [code, setCode] = useState('');
  return (
    <AskForm<{ readonly kind: 'resolved' | 'needs-second-person' | 'prepayment-requested' }>
      button={titles[action]}
      danger={action === 'reject'}
      ready={terms !== null}
      reason={{ description: 'Kept with the decision, with your name and the figures as they stand now' }}
      send={(reason, intention) =>
        write(
          'POST',
          `/api/v1/holds/${found.id}/decisions`,
          {
            action,
            reason,
            seenTotalMinor: found.toDecide.amountMinor,
            ...(code !== '' && { decisionCode: code }),
            ...(terms && { terms }),
          },
          intention,
        )
      }
      refresh={decisionRefreshes}
      told={(outcome) => toldOfDecision(outcome, done[action])}
      onDone={onDone}
      fieldNames={{ terms: 'Terms', expiresAt: 'To be paid by', upToMinor: 'Amount', reason: 'Reason' }}
    >
      <Text size="sm">{found.reasonText}.</Text>
      {children}
      <NativeSelect
        label="Counted as"
        data={[
          { value: '', label: 'Not counted' },
          ...codes[action === 'reject' ? 'against' : 'for'].map((value) => ({
            value,
            label: inWords(value),
          })),
        ]}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </AskForm>
  );
}

function PrepaymentForm({ found, onDone }: CaseFormProps) {
  const [until, setUntil] = useState(dayIn(7));
  const terms = until === '' ? null : { kind: 'prepayment', expiresAt: endOfDay(until) };
  return (
    <DecisionForm action="request-prepayment" found={found} onDone={onDone} terms={terms}>
      <Text size="sm">
        {formatMoney(found.order.total)} before anything leaves. Somebody else books the money when it has
        come.
      </Text>
      <TextInput
        label="To be paid by the end of"
        description="The order ends then unless its payment has come in"
        type="date"
        required
        data-autofocus
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </DecisionForm>
  );
}

/** By lines that are chosen, or as many whole lines as an amount lets through. */
function PartForm({ found, onDone }: CaseFormProps) {
  const { currency } = found.order.total;
  const [by, setBy] = useState('lines');
  const [lines, setLines] = useState<readonly number[]>([]);
  const [amount, setAmount] = useState('');
  const [rest, setRest] = useState('hold');
  const upToMinor = minorOf(amount, currency);
  const chosen = by === 'lines' ? { lines } : { upToMinor };
  const isPart =
    by === 'lines'
      ? lines.length > 0 && lines.length < found.lines.length
      : upToMinor !== null && upToMinor > 0;
  return (
    <DecisionForm
      action="release-part"
      found={found}
      onDone={onDone}
      terms={isPart ? { kind: 'part', ...chosen, rest } : null}
    >
      <SegmentedControl
        aria-label="What goes on"
        value={by}
        onChange={setBy}
        data={[
          { value: 'lines', label: 'Lines that I choose' },
          { value: 'amount', label: 'Up to an amount' },
        ]}
      />
      {by === 'lines' ? (
        <Lines found={found} lines={lines} setLines={setLines} />
      ) : (
        <AmountInput
          label="Up to"
          description={`Whole lines in their order, as many as come to no more than this of ${formatMoney(found.order.total)}`}
          currency={currency}
          required
          value={amount}
          onChange={setAmount}
        />
      )}
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
    </DecisionForm>
  );
}

function Lines({
  found,
  lines,
  setLines,
}: {
  readonly found: CreditCaseView;
  readonly lines: readonly number[];
  readonly setLines: (lines: readonly number[]) => void;
}) {
  const whole = found.lines.length > 0 && lines.length === found.lines.length;
  return (
    <Checkbox.Group
      label="Lines that go on"
      error={whole ? 'That is all of the order: release it in full' : undefined}
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
  );
}
