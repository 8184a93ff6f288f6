import { Link } from 'react-router';
import type { SupplierOrderView } from '../../../api/contract/supplier-orders';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate, formatMoney } from '../parts/format';
import { Instant } from '../parts/instant';
import { StateBadge } from '../parts/state-badge';
import { GiveUpOrder } from './give-up-order';
import { SettleInvoice } from './settle-invoice';

type Line = SupplierOrderView['lines'][number];

/** "10 × ANVIL (F-77): 4 shipped, 6 to come by 9 Mar" */
function lineText(line: Line): string {
  const open = line.ordered - line.cancelled - line.shipped;
  const parts = [
    line.shipped > 0 ? `${formatCount(line.shipped)} shipped` : '',
    open > 0 ? `${formatCount(open)} to come by ${formatDate(line.promisedOn)}` : '',
    line.cancelled > 0
      ? `${formatCount(line.cancelled)} do not come${line.cancelReason === null ? '' : ` (${line.cancelReason})`}`
      : '',
    line.billed > 0 ? `${formatCount(line.billed)} billed` : '',
  ].filter(Boolean);
  return `${formatCount(line.ordered)} × ${line.itemId}: ${parts.join(', ')}`;
}

const cancelWords: Readonly<Record<SupplierOrderView['cancels'][number]['state'], string>> = {
  asked: 'asked for, not answered yet',
  accepted: 'taken back by the supplier',
  refused: 'refused by the supplier',
};

const common: readonly Column<SupplierOrderView>[] = [
  {
    name: 'number',
    header: 'Ordered as',
    cell: (order) => (
      <>
        <strong>{order.number}</strong>
        {order.supplierReference !== null && <div className="soft small">{order.supplierReference}</div>}
      </>
    ),
  },
  { name: 'supplier', header: 'Supplier', wrap: true, cell: (order) => order.supplier.name },
  {
    name: 'state',
    header: 'State',
    cell: (order) => (
      <>
        <StateBadge state={order.state} />
        <div>
          <GiveUpOrder order={order} />
        </div>
      </>
    ),
  },
  {
    name: 'lines',
    header: 'Lines',
    wrap: true,
    wide: true,
    cell: (order) => order.lines.map((line) => <div key={line.lineNumber}>{lineText(line)}</div>),
  },
  {
    name: 'answer',
    header: 'Answered',
    cell: (order) => {
      if (order.answeredAt !== null) return <Instant at={order.answeredAt} />;
      return (
        <span className="soft">
          {order.state === 'cancelled' ? (
            'never'
          ) : (
            <>
              due <Instant at={order.answerDueAt} />
            </>
          )}
        </span>
      );
    },
  },
  {
    name: 'money',
    header: 'Cancels and invoices',
    wrap: true,
    wide: true,
    cell: (order) =>
      order.cancels.length + order.invoices.length === 0 ? (
        <span className="soft">–</span>
      ) : (
        <>
          {order.cancels.map((one) => (
            <div key={one.number}>
              Cancel {one.number}: {cancelWords[one.state]}
            </div>
          ))}
          {order.invoices.map((one) => (
            <div key={one.number}>
              {one.number} of {formatMoney(one.total)}: {one.state}
              {one.erpDocument !== null && ` as ${one.erpDocument}`}
              {one.problems.map((problem) => (
                <div className="overdue small" key={problem.text}>
                  {problem.text}
                </div>
              ))}
              {one.reason !== null && (
                <div className="soft small">
                  {one.decidedBy}: {one.reason}
                </div>
              )}
              <SettleInvoice order={order} invoice={one} />
            </div>
          ))}
        </>
      ),
  },
];

const ofAnyOrder: readonly Column<SupplierOrderView>[] = [
  ...common.slice(0, 1),
  {
    name: 'order',
    header: 'For order',
    cell: (order) => (
      <Link className="link" to={`/orders/${order.orderId}`}>
        {order.orderNumber}
      </Link>
    ),
  },
  ...common.slice(1),
];

/** Orders to suppliers, with what became of each line. */
export function SupplierOrdersTable({
  orders,
  within,
}: {
  readonly orders: readonly SupplierOrderView[] | undefined;
  /** On the page of one order its number says nothing. */
  readonly within: 'order' | 'list';
}) {
  return (
    <DataTable
      caption={
        within === 'order' ? 'Orders to suppliers for this order' : 'Orders to suppliers, newest first'
      }
      columns={within === 'order' ? common : ofAnyOrder}
      rows={orders}
      keyOf={(order) => order.id}
      empty="Nothing was ordered from a supplier."
    />
  );
}
