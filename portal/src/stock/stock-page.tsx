import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { BuyerStockLevelView, StockLevelView } from '../../../api/contract/inventory';
import { buyerStockQuery, stockQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatInstant } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { useSession } from '../session/session';
import { AvailabilityDrawer } from './availability-drawer';
import { ReconcilePanel } from './reconcile-panel';

const count = (value: number) => (value === 0 ? <span className="soft">–</span> : formatCount(value));

const itemColumn = (
  show: (item: string) => void,
): Column<Pick<StockLevelView | BuyerStockLevelView, 'item'>> => ({
  name: 'item',
  header: 'Item',
  wrap: true,
  cell: (level) => (
    <div style={{ minWidth: 150 }}>
      <button
        type="button"
        className="link-button"
        onClick={() => show(level.item.id)}
        aria-label={`What can be promised of ${level.item.id}`}
      >
        {level.item.id}
      </button>
      <div className="soft small">
        {level.item.description} ({level.item.baseUnit})
      </div>
    </div>
  ),
});

/** What a buyer is told: over all places, or only whether there is any. */
const buyerColumnsOf = (show: (item: string) => void): readonly Column<BuyerStockLevelView>[] => [
  itemColumn(show),
  {
    name: 'available',
    header: 'Available',
    align: 'right',
    cell: ({ available, inStock }) => (
      <strong className={inStock ? undefined : 'overdue'}>
        {available === null ? (inStock ? 'in stock' : 'not in stock') : formatCount(available)}
      </strong>
    ),
  },
];

const columnsOf = (show: (item: string) => void): readonly Column<StockLevelView>[] => [
  itemColumn(show),
  {
    name: 'node',
    header: 'Where',
    cell: ({ node, supplier }) => (
      <>
        {node.name}
        {supplier !== null && (
          <div className="soft small">supplier, said {formatInstant(supplier.reportedAt)}</div>
        )}
      </>
    ),
  },
  { name: 'hand', header: 'On hand', align: 'right', cell: (level) => formatCount(level.onHand) },
  { name: 'reserved', header: 'Reserved', align: 'right', cell: (level) => count(level.reserved) },
  { name: 'carts', header: 'Carts', align: 'right', cell: (level) => count(level.carts) },
  { name: 'kept', header: 'Kept', align: 'right', cell: (level) => count(level.kept) },
  { name: 'safety', header: 'Safety', align: 'right', cell: (level) => count(level.safety) },
  {
    name: 'available',
    header: 'Available',
    align: 'right',
    cell: (level) => (
      <strong className={level.available === 0 ? 'overdue' : undefined}>
        {formatCount(level.available)}
      </strong>
    ),
  },
  { name: 'transit', header: 'In transit', align: 'right', cell: (level) => count(level.inTransit) },
  { name: 'inbound', header: 'Inbound', align: 'right', cell: (level) => count(level.inbound) },
  {
    name: 'backordered',
    header: 'Waited for',
    align: 'right',
    cell: (level) =>
      level.backordered === 0 ? <span className="soft">–</span> : formatCount(level.backordered),
  },
];

export function StockPage() {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const cursor = useCursor(search);
  const [shown, setShown] = useState<string | null>(null);
  const session = useSession();
  const isBuyer = session.customerId !== null || session.partnerId !== null;
  const columns = useMemo(() => columnsOf(setShown), []);
  const buyerColumns = useMemo(() => buyerColumnsOf(setShown), []);
  const asked = { search, limit: 50, after: cursor.after };
  const levels = useQuery({ ...stockQuery(asked), enabled: !isBuyer });
  const totals = useQuery({ ...buyerStockQuery(asked), enabled: isBuyer });
  const stock = isBuyer ? totals : levels;
  return (
    <>
      <PageHead title="Stock">
        <TextInput
          aria-label="Find an item"
          placeholder="Item number or description"
          w={280}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </PageHead>
      {stock.error && !stock.data ? (
        <ProblemAlert error={stock.error} onRetry={() => void stock.refetch()} />
      ) : (
        <>
          {isBuyer ? (
            <DataTable
              caption="Stock by item"
              columns={buyerColumns}
              rows={totals.data?.items}
              keyOf={(level) => level.item.id}
              empty="No item matches."
            />
          ) : (
            <DataTable
              caption="Stock by item and place"
              columns={columns}
              rows={levels.data?.items}
              keyOf={(level) => `${level.item.id}/${level.node.id}`}
              empty="No item matches."
            />
          )}
          <Pager cursor={cursor} next={stock.data?.next} />
        </>
      )}
      {!isBuyer && <ReconcilePanel />}
      <AvailabilityDrawer item={shown} onClose={() => setShown(null)} />
    </>
  );
}
