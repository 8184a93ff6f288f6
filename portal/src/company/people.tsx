import { Group } from '@mantine/core';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import type { MoneyView } from '../../../api/contract/common';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney } from '../parts/format';
import { Instant } from '../parts/instant';
import { EditPerson } from './edit-person';
import { RemovePerson } from './remove-setting';

type Person = BuyerSettingsView['people'][number];

const most = (limit: MoneyView | null) => (limit === null ? 'any amount' : formatMoney(limit));

const columns: readonly Column<Person>[] = [
  { name: 'person', header: 'Person', cell: (one) => one.person },
  { name: 'limit', header: 'Orders up to', align: 'right', cell: (one) => most(one.limit) },
  {
    name: 'approves',
    header: 'Approves up to',
    align: 'right',
    cell: (one) => (one.mayApprove ? most(one.approvesUpTo) : '–'),
  },
  { name: 'centre', header: 'Cost centre', cell: (one) => one.costCentre ?? '–' },
  {
    name: 'set',
    header: 'Set by',
    cell: (one) => (
      <>
        {one.savedBy}
        <div className="soft small">
          <Instant at={one.savedAt} />
        </div>
      </>
    ),
  },
];

/** Who may order and approve how much. */
export function People({ settings }: { readonly settings: BuyerSettingsView }) {
  const edit: readonly Column<Person>[] = settings.mayEdit
    ? [
        {
          name: 'edit',
          header: 'Change',
          cell: (one) => (
            <Group gap="xs" className="row-actions">
              <EditPerson settings={settings} person={one} />
              <RemovePerson settings={settings} person={one} />
            </Group>
          ),
        },
      ]
    : [];
  return (
    <DataTable
      caption="Who may order and approve how much"
      columns={[...columns, ...edit]}
      rows={settings.people}
      keyOf={(one) => one.person}
      empty="Nobody has a spending limit: orders of the company’s people need no approval."
    />
  );
}
