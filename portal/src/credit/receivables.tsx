import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CreditAccountView } from '../../../api/contract/holds';
import { write } from '../http/call';
import { minorOf } from '../parts/amount';
import { AmountInput } from '../parts/amount-input';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { dayIn } from '../parts/days';
import { formatDate, formatMoney, inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { StateBadge } from '../parts/state-badge';
import { creditRefreshes } from './temporary-limit-form';

type OpenItem = CreditAccountView['ageing']['items'][number];
type Dispute = CreditAccountView['disputes'][number];

interface SectionProps {
  readonly account: CreditAccountView;
  readonly mayDecide: boolean;
}

/** Every open item with its age; one that is contested is marked, and holds no order. */
export function OpenItems({ account, mayDecide }: SectionProps) {
  const columns: readonly Column<OpenItem>[] = [
    { name: 'number', header: 'Invoice', cell: (item) => item.reference },
    { name: 'due', header: 'Due', cell: (item) => formatDate(item.dueDate) },
    {
      name: 'late',
      header: 'Days past due',
      align: 'right',
      cell: (item) => (item.daysPastDue === null || item.daysPastDue <= 0 ? '–' : item.daysPastDue),
    },
    { name: 'amount', header: 'Open', align: 'right', cell: (item) => formatMoney(item.amount) },
    {
      name: 'dispute',
      header: 'Dispute',
      cell: (item) =>
        // By a dispute of the hub, or as the ERP says.
        item.bucket === 'disputed' ? (
          <StateBadge state="disputed" tone="warning" />
        ) : (
          mayDecide && <DisputeInvoice account={account} item={item} />
        ),
    },
  ];
  return (
    <DataTable
      caption="Open receivables"
      columns={columns}
      rows={account.ageing.items}
      keyOf={(item) => `${item.reference} ${item.bucket}`}
      empty="No receivable is open."
    />
  );
}

const reasons = ['price', 'quantity', 'quality', 'not-delivered', 'duplicate', 'other'];

function DisputeInvoice({ account, item }: { readonly account: CreditAccountView; readonly item: OpenItem }) {
  const [reasonCode, setReasonCode] = useState('price');
  const [amount, setAmount] = useState('');
  const [until, setUntil] = useState(dayIn(30));
  const { currency } = account;
  const amountMinor = minorOf(amount, currency);
  const path = `/api/v1/credit-accounts/${encodeURIComponent(account.creditAccountId)}/disputes`;
  return (
    <AskButton
      label="Dispute…"
      named={`Dispute ${item.reference}`}
      size="compact-xs"
      title={`Invoice ${item.reference} is contested`}
    >
      {(close) => (
        <AskForm
          button="Open the dispute"
          ready={until !== '' && (amount.trim() === '' || (amountMinor !== null && amountMinor > 0))}
          reason={{ label: 'What the customer says', description: 'Kept with the dispute, with your name' }}
          send={(reason, intention) =>
            write(
              'POST',
              path,
              {
                invoiceNumber: item.reference,
                until,
                reasonCode,
                reason,
                ...(amount.trim() !== '' && { amountMinor }),
              },
              intention,
            )
          }
          fieldNames={{
            amountMinor: 'Contested amount',
            until: 'Last day',
            reason: 'What the customer says',
          }}
          refresh={creditRefreshes}
          onDone={close}
        >
          <Text size="sm">
            {formatMoney(item.amount)} stay owed. The age of what is contested holds no order until the
            dispute is closed or its last day has passed: that is within your authority, as more credit is.
          </Text>
          <AmountInput
            label="Contested amount"
            description="Left empty: all of it"
            currency={currency}
            value={amount}
            onChange={setAmount}
          />
          <TextInput
            label="Last day"
            description="At most 90 days ahead"
            type="date"
            required
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <NativeSelect
            label="About"
            data={reasons.map((value) => ({ value, label: inWords(value) }))}
            value={reasonCode}
            onChange={(event) => setReasonCode(event.currentTarget.value)}
          />
        </AskForm>
      )}
    </AskButton>
  );
}

/** What was contested, by whom it was opened and how it ended. */
export function Disputes({ account, mayDecide }: SectionProps) {
  const columns: readonly Column<Dispute>[] = [
    { name: 'invoice', header: 'Invoice', cell: (one) => one.invoiceNumber },
    {
      name: 'amount',
      header: 'Contested',
      align: 'right',
      cell: (one) => (
        <>
          {one.amount === null ? 'all of it' : formatMoney(one.amount)}
          <div className="soft small">
            {one.inForce || one.closedAt !== null ? 'until' : 'ended'} {formatDate(one.until)}
          </div>
        </>
      ),
    },
    { name: 'about', header: 'About', cell: (one) => inWords(one.reasonCode) },
    {
      name: 'opened',
      header: 'Opened',
      wrap: true,
      cell: (one) => (
        <>
          {one.reason}
          <div className="soft small">
            {one.openedBy}, <Instant at={one.openedAt} />
          </div>
        </>
      ),
    },
    {
      name: 'closed',
      header: 'Closed',
      wrap: true,
      cell: (one) =>
        one.closedAt === null ? (
          mayDecide && <CloseDispute one={one} />
        ) : (
          <>
            {one.closingReason}
            <div className="soft small">
              {one.closedBy}, <Instant at={one.closedAt} />
            </div>
          </>
        ),
    },
  ];
  return (
    <DataTable
      caption="Disputes"
      columns={columns}
      rows={account.disputes}
      keyOf={(one) => one.id}
      empty="No invoice was contested."
    />
  );
}

function CloseDispute({ one }: { readonly one: Dispute }) {
  return (
    <AskButton
      label="Close…"
      named={`Close the dispute about ${one.invoiceNumber}`}
      size="xs"
      title={`Close the dispute about ${one.invoiceNumber}`}
    >
      {(close) => (
        <AskForm
          button="Close the dispute"
          reason={{ label: 'How it ended', description: 'Kept with the dispute, with your name' }}
          send={(reason, intention) =>
            write('POST', `/api/v1/disputes/${one.id}/closings`, { reason }, intention)
          }
          refresh={creditRefreshes}
          onDone={close}
        >
          <Text size="sm">From now on the invoice counts by its age again.</Text>
        </AskForm>
      )}
    </AskButton>
  );
}
