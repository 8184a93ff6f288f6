import { Group } from '@mantine/core';
import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMoney } from '../parts/format';
import { EditBudget } from './edit-budget';
import { RemoveBudget } from './remove-setting';

type Budget = BuyerSettingsView['budgets'][number];

const sharesOf = ({ spent, amount }: Budget) => {
  const share = amount.amountMinor === 0 ? 1 : spent.amountMinor / amount.amountMinor;
  return { percent: Math.floor(share * 100), width: `${Math.max(0, Math.min(100, share * 100))}%` };
};

/** How much of it is ordered: a bar, and beside it the percentage, so that nothing is told by length alone. */
function Use({ budget }: { readonly budget: Budget }) {
  const { percent, width } = sharesOf(budget);
  return (
    <div className="budget-use">
      <div className="exposure-bar" aria-hidden>
        <span className={percent >= 90 ? 'budget-nearly-spent' : 'exposure-used'} style={{ width }} />
      </div>
      <span className="small">{percent} %</span>
    </div>
  );
}

const columns: readonly Column<Budget>[] = [
  { name: 'centre', header: 'Cost centre', cell: (one) => one.costCentre },
  { name: 'period', header: 'Period', cell: (one) => `${formatDate(one.from)} to ${formatDate(one.to)}` },
  { name: 'amount', header: 'Budget', align: 'right', cell: (one) => formatMoney(one.amount) },
  { name: 'spent', header: 'Ordered', align: 'right', cell: (one) => formatMoney(one.spent) },
  { name: 'left', header: 'Left', align: 'right', cell: (one) => formatMoney(one.left) },
  { name: 'use', header: 'Use', cell: (one) => <Use budget={one} /> },
];

interface BudgetsProps {
  readonly settings: BuyerSettingsView;
  /** On the page where they are edited. */
  readonly editable?: boolean;
}

export function Budgets({ settings, editable = false }: BudgetsProps) {
  const edit: readonly Column<Budget>[] =
    editable && settings.mayEdit
      ? [
          {
            name: 'edit',
            header: 'Change',
            cell: (one) => (
              <Group gap="xs" className="row-actions">
                <EditBudget settings={settings} budget={one} />
                <RemoveBudget settings={settings} budget={one} />
              </Group>
            ),
          },
        ]
      : [];
  return (
    <DataTable
      caption="Budgets"
      columns={[...columns, ...edit]}
      rows={settings.budgets}
      keyOf={(one) => one.id}
      empty="No budget is planned: orders are held against spending limits alone."
    />
  );
}
