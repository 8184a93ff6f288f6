import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { StockLevelView } from '../../../api/contract/inventory';
import { stockQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { useSession } from '../session/session';
import { AvailabilityDrawer } from './availability-drawer';
import { ReconcilePanel } from './reconcile-panel';

const count = (value: number) => (value === 0 ? <span className="soft">–</span> : formatCount(value));

const columnsOf = (show: (item: string) => void): readonly Column<StockLevelView>[] => [
  {
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
  },
  { name: 'node', header: 'Where', cell: (level) => level.node.name },
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
  const columns = useMemo(() => columnsOf(setShown), []);
  const stock = useQuery(stockQuery({ search, limit: 50, after: cursor.after }));
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
          <DataTable
            caption="Stock by item and place"
            columns={columns}
            rows={stock.data?.items}
            keyOf={(level) => `${level.item.id}/${level.node.id}`}
            empty="No item matches."
          />
          <Pager cursor={cursor} next={stock.data?.next} />
        </>
      )}
      {session.customerId === null && session.partnerId === null && <ReconcilePanel />}
      <AvailabilityDrawer item={shown} onClose={() => setShown(null)} />
    </>
  );
}
