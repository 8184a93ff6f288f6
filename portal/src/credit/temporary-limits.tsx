import { Text } from '@mantine/core';
import type { CreditAccountView } from '../../../api/contract/holds';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMoney } from '../parts/format';
import { StateBadge } from '../parts/state-badge';
import { creditRefreshes } from './temporary-limit-form';

type TemporaryLimit = CreditAccountView['temporaryLimits'][number];

const stateOf = (one: TemporaryLimit, today: string) => {
  if (one.withdrawnAt !== null) return 'withdrawn';
  if (one.inForce) return 'in-force';
  return one.validFrom > today ? 'to-come' : 'over';
};

/** What was given on top of the limit, by whom, until when; what has not ended can be taken back. */
export function TemporaryLimits({
  account,
  mayDecide,
}: {
  readonly account: CreditAccountView;
  readonly mayDecide: boolean;
}) {
  const { today } = account.ageing;
  const columns: readonly Column<TemporaryLimit>[] = [
    {
      name: 'days',
      header: 'Days',
      cell: (one) => `${formatDate(one.validFrom)} to ${formatDate(one.validTo)}`,
    },
    { name: 'amount', header: 'Amount', align: 'right', cell: (one) => formatMoney(one.amount) },
    { name: 'state', header: 'State', cell: (one) => <StateBadge state={stateOf(one, today)} /> },
    { name: 'by', header: 'Set by', cell: (one) => one.setBy },
    { name: 'why', header: 'Why', wrap: true, cell: (one) => one.reason },
    ...(mayDecide
      ? [
          {
            name: 'act',
            header: 'Do',
            cell: (one: TemporaryLimit) =>
              ['in-force', 'to-come'].includes(stateOf(one, today)) && <Withdraw one={one} />,
          },
        ]
      : []),
  ];
  return (
    <DataTable
      caption="Temporary limits"
      columns={columns}
      rows={account.temporaryLimits}
      keyOf={(one) => one.id}
      empty="Nothing was given on top of the limit."
    />
  );
}

function Withdraw({ one }: { readonly one: TemporaryLimit }) {
  return (
    <AskButton
      label="Withdraw…"
      named={`Withdraw ${formatMoney(one.amount)}`}
      size="xs"
      title="Withdraw a temporary limit"
    >
      {(close) => (
        <AskForm
          button="Withdraw"
          danger
          reason={{ description: 'Kept in the account’s history, with your name' }}
          send={(reason, intention) =>
            write('POST', `/api/v1/temporary-limits/${one.id}/withdrawals`, { reason }, intention)
          }
          refresh={creditRefreshes}
          onDone={close}
        >
          <Text size="sm">
            {formatMoney(one.amount)} until {formatDate(one.validTo)}. What it let through stays through.
          </Text>
        </AskForm>
      )}
    </AskButton>
  );
}
