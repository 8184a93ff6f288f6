import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { HeldOrderView } from '../../../api/contract/holds';
import { ExposureBar } from '../holds/exposure-bar';
import { holdsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney } from '../parts/format';
import { Age, Deadline } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';

const columns: readonly Column<HeldOrderView>[] = [
  {
    name: 'order',
    header: 'Order',
    wrap: true,
    cell: (held) => (
      <>
        <Link className="link no-wrap" to={`/credit-cases/${held.id}`}>
          {held.order.orderNumber}
        </Link>
        {held.lineNumber !== null && <span className="soft small"> line {held.lineNumber}</span>}
        <div>{held.order.customer.name}</div>
        <div className="soft small">{held.order.purchaseOrderNumber}</div>
      </>
    ),
  },
  { name: 'total', header: 'Total', align: 'right', cell: (held) => formatMoney(held.order.total) },
  {
    name: 'reason',
    header: 'Why it waits',
    wrap: true,
    wide: true,
    cell: (held) => <div className="small">{held.reasonText}</div>,
  },
  {
    name: 'exposure',
    header: 'Credit used, with this order',
    wide: true,
    cell: (held) =>
      held.exposure === null ? '–' : <ExposureBar exposure={held.exposure} order={held.order.total} />,
  },
  { name: 'age', header: 'Age', cell: (held) => <Age since={held.openedAt} /> },
  { name: 'due', header: 'Deadline', cell: (held) => <Deadline at={held.dueAt} /> },
  {
    name: 'owner',
    header: 'Owner',
    cell: (held) => held.owner ?? <span className="soft small">nobody yet</span>,
  },
];

/** Finance's queue: what waits for credit, the nearest deadline first. */
export function CasesPage() {
  const cursor = useCursor('cases');
  const cases = useQuery(holdsQuery({ type: 'credit', status: 'open', limit: 25, after: cursor.after }));
  return (
    <>
      <PageHead title="Credit cases" />
      {cases.error && <ProblemAlert error={cases.error} onRetry={() => void cases.refetch()} />}
      <DataTable
        caption="Orders that wait for credit"
        columns={columns}
        rows={cases.data?.items}
        keyOf={(held) => held.id}
        empty="No order waits for credit."
      />
      <Pager cursor={cursor} next={cases.data?.next} />
    </>
  );
}
