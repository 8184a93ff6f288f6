import type { OrderLineView, OrderView } from '../../../api/contract/orders';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate, formatInUnit, formatMoney, formatPrice } from '../parts/format';
import { StateBadge } from '../parts/state-badge';
import { useMay } from '../session/session';
import { PriceDetails } from './price-details';
import { SetPrice } from './set-price';

const count = (line: OrderLineView, name: keyof OrderLineView['counts']) => {
  const value = line.counts[name];
  return value === 0 ? <span className="soft">–</span> : formatInUnit(value, line.unitFactor);
};

function Price({ line, currency }: { readonly line: OrderLineView; readonly currency: string }) {
  const differs =
    line.requestedPrice !== null &&
    line.unitPrice !== null &&
    Number(line.requestedPrice) !== Number(line.unitPrice);
  return (
    <>
      {formatPrice(line.unitPrice, currency)}
      {line.priceBasis !== 1 && <span className="soft small"> per {line.priceBasis}</span>}
      {differs && (
        <>
          <br />
          <span className="soft small">asked {formatPrice(line.requestedPrice, currency)}</span>
        </>
      )}
      <PriceDetails decision={line.priceDecision} currency={currency} />
    </>
  );
}

/** Where a part of a line goes, or the store that it is packed for. */
function Destination({ line }: { readonly line: OrderLineView }) {
  const destination = line.destination as {
    readonly as: 'ship-to' | 'mark-for';
    readonly party: { readonly id?: string; readonly name?: string };
  } | null;
  if (destination === null) return null;
  const { id, name } = destination.party;
  return (
    <div className="soft small">
      {destination.as === 'ship-to' ? 'to' : 'marked for'} {name ?? ''}{' '}
      {id !== undefined && id !== name && `(${id})`}
    </div>
  );
}

/** How much of a blanket order's line may be called off when, and what of it is left. */
function Periods({ line }: { readonly line: OrderLineView }) {
  const inUnit = (base: number) => formatInUnit(base, line.unitFactor);
  return line.periods.map(({ from, to, maximum, remaining }) => (
    <div key={from} className="soft small">
      {formatDate(from)} {to === null ? 'on' : `to ${formatDate(to)}`}: {inUnit(remaining)} of{' '}
      {inUnit(maximum)} {line.unit} left
    </div>
  ));
}

function columnsOf(order: OrderView, maySetPrices: boolean): readonly Column<OrderLineView>[] {
  const { currency } = order.total;
  return [
    { name: 'line', header: 'Line', align: 'right', cell: (line) => line.buyerLineNumber ?? line.lineNumber },
    {
      name: 'item',
      header: 'Item',
      wrap: true,
      cell: (line) => (
        <>
          <strong>{line.itemId ?? 'Unknown item'}</strong>
          {line.description !== null && <div className="soft small">{line.description}</div>}
          {line.supply !== null && <div className="soft small">{line.supply.text}</div>}
          <Destination line={line} />
          <Periods line={line} />
          {line.rejection !== null && <div className="overdue small">{line.rejection}</div>}
          {line.reservations.length > 0 && (
            <div className="soft small">
              from{' '}
              {line.reservations
                .map((r) => `${r.nodeId} (${formatInUnit(r.quantity, line.unitFactor)})`)
                .join(', ')}
            </div>
          )}
        </>
      ),
    },
    { name: 'status', header: 'Status', cell: (line) => <StateBadge state={line.status} /> },
    {
      name: 'ordered',
      header: 'Ordered',
      align: 'right',
      cell: (line) => `${formatCount(line.quantity)} ${line.unit}`,
    },
    { name: 'reserved', header: 'Reserved', align: 'right', cell: (line) => count(line, 'reserved') },
    {
      name: 'backordered',
      header: 'Backordered',
      align: 'right',
      cell: (line) => (
        <>
          {count(line, 'backordered')}
          {line.counts.backordered > 0 && (
            <div className="soft small">
              {line.waitsForShipment
                ? 'there, but no shipment is left for it'
                : line.promisedOn === null
                  ? 'day not known'
                  : `for ${formatDate(line.promisedOn)}`}
            </div>
          )}
        </>
      ),
    },
    {
      name: 'released',
      header: 'At warehouse',
      align: 'right',
      cell: (line) => (
        <>
          {count(line, 'released')}
          {line.rescheduled.map(({ units, on }) => (
            <div key={on} className="soft small">{`${formatCount(units)} for ${formatDate(on)}`}</div>
          ))}
        </>
      ),
    },
    { name: 'shipped', header: 'Shipped', align: 'right', cell: (line) => count(line, 'shipped') },
    { name: 'invoiced', header: 'Invoiced', align: 'right', cell: (line) => count(line, 'invoiced') },
    { name: 'cancelled', header: 'Cancelled', align: 'right', cell: (line) => count(line, 'cancelled') },
    {
      name: 'calledOff',
      header: 'Called off',
      align: 'right',
      cell: (line) => count(line, 'calledOff'),
    },
    {
      name: 'remaining',
      header: 'To call off',
      align: 'right',
      cell: (line) => count(line, 'remaining'),
    },
    {
      name: 'price',
      header: 'Unit price',
      align: 'right',
      wrap: true,
      cell: (line) => (
        <>
          <Price line={line} currency={currency} />
          {maySetPrices && line.rejection === null && line.counts.shipped === 0 && (
            <SetPrice order={order} line={line} />
          )}
        </>
      ),
    },
    { name: 'amount', header: 'Amount', align: 'right', cell: (line) => formatMoney(line.amount) },
  ];
}

type Counted = keyof OrderLineView['counts'];
/** Shown once something is there: an order that ships as ordered needs no column of cancelled quantities. */
const hidable: readonly string[] = [
  'reserved',
  'backordered',
  'released',
  'shipped',
  'invoiced',
  'cancelled',
  'calledOff',
  'remaining',
] satisfies readonly Counted[];

export function OrderLines({ order }: { readonly order: OrderView }) {
  const may = useMay();
  return (
    <DataTable
      caption={`Lines of order ${order.orderNumber}; quantities in the ordered unit`}
      columns={columnsOf(order, may('prices:override') && order.closedAt === null).filter(
        ({ name }) =>
          !hidable.includes(name) || order.lines.some((line) => Number(line.counts[name as Counted]) > 0),
      )}
      rows={order.lines}
      keyOf={(line) => String(line.lineNumber)}
      empty="The order has no lines."
    />
  );
}
