import { Title } from '@mantine/core';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import { type Column, DataTable } from '../parts/data-table';
import { Instant } from '../parts/instant';

type Event = BuyerSettingsView['history'][number];

const done: Readonly<Record<Event['kind'], (subject: string) => string>> = {
  'limit-set': (person) => `Limit of ${person} set`,
  'limit-removed': (person) => `Limit of ${person} removed`,
  'budget-set': (centre) => `Budget of ${centre} planned or changed`,
  'budget-removed': (centre) => `Budget of ${centre} removed`,
};

const columns: readonly Column<Event>[] = [
  {
    name: 'what',
    header: 'What',
    wrap: true,
    cell: (one) => (
      <>
        {done[one.kind](one.subject)}
        {one.reason !== null && <div className="soft small">{one.reason}</div>}
      </>
    ),
  },
  { name: 'by', header: 'By', cell: (one) => one.by },
  { name: 'at', header: 'When', cell: (one) => <Instant at={one.at} /> },
];

/** Who set and removed limits and budgets: what is not there any more is found here. */
export function SettingsHistory({ history }: Pick<BuyerSettingsView, 'history'>) {
  if (history.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        What was changed
      </Title>
      <DataTable
        caption="Who set and removed limits and budgets, the newest first"
        columns={columns}
        rows={history}
        keyOf={(one) => `${one.at} ${one.kind} ${one.subject}`}
        empty=""
      />
    </section>
  );
}
