import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StockLevelView } from '../../../api/contract/inventory';
import { stockQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';

const columns: readonly Column<StockLevelView>[] = [
  {
    name: 'item',
    header: 'Item',
    wrap: true,
    cell: (level) => (
      <>
        <strong>{level.item.id}</strong>
        <div className="soft small">{level.item.description}</div>
      </>
    ),
  },
  { name: 'node', header: 'Where', cell: (level) => level.node.name },
  { name: 'unit', header: 'Unit', cell: (level) => level.item.baseUnit },
  { name: 'hand', header: 'On hand', align: 'right', cell: (level) => formatCount(level.onHand) },
  { name: 'reserved', header: 'Reserved', align: 'right', cell: (level) => formatCount(level.reserved) },
  { name: 'safety', header: 'Safety stock', align: 'right', cell: (level) => formatCount(level.safety) },
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
  {
    name: 'backordered',
    header: 'Backordered (all places)',
    align: 'right',
    cell: (level) =>
      level.backordered === 0 ? <span className="soft">–</span> : formatCount(level.backordered),
  },
];

export function StockPage() {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const cursor = useCursor(search);
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
    </>
  );
}
