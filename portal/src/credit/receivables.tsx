import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import type { CreditAccountView } from '../../../api/contract/holds';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
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
      keyOf={(item) => item.reference}
      empty="No receivable is open."
      minWidth={560}
    />
  );
}

const reasons = ['price', 'quantity', 'quality', 'not-delivered', 'duplicate', 'other'];

function DisputeInvoice({ account, item }: { readonly account: CreditAccountView; readonly item: OpenItem }) {
  const [reasonCode, setReasonCode] = useState('price');
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
          reason={{ label: 'What the customer says', description: 'Kept with the dispute, with your name' }}
          send={(reason, intention) =>
            write('POST', path, { invoiceNumber: item.reference, reasonCode, reason }, intention)
          }
          refresh={creditRefreshes}
          onDone={close}
        >
          <Text size="sm">
            {formatMoney(item.amount)} stay owed, but their age holds no order until the dispute is closed.
          </Text>
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
      minWidth={640}
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
