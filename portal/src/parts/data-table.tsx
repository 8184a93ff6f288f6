import { Skeleton, Table, Text } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useRoomForColumns } from './room-for-columns';
import { ShowMore, useShown } from './show-more';

export interface Column<Row> {
  readonly name: string;
  readonly header: string;
  /** Numbers and amounts stand right, so that their digits line up. */
  readonly align?: 'right';
  readonly wrap?: boolean;
  /** Where rows are stacked it takes the whole width, below its label: sentences, bars, buttons. */
  readonly wide?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** For screen readers: what the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly keyOf: (row: Row) => string;
  readonly empty: string;
}

/**
 * Rows under column heads; on a phone, and wherever else the columns have no room, each row is a block of labelled
 * values, so that nothing has to be scrolled sideways to be read or pressed. The roles are written out because
 * browsers forget that a table is one once its rows are laid out otherwise.
 */
export function DataTable<Row>({ caption, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  const frame = useRef<HTMLDivElement>(null);
  const layout = useRoomForColumns(frame, rows);
  const list = useShown(rows?.length ?? 0);
  return (
    <div ref={frame} className={`table-frame list-frame${layoutClass[layout]}`}>
      <Table
        role="table"
        verticalSpacing="sm"
        horizontalSpacing="md"
        highlightOnHover
        stickyHeader
        className="data-table"
      >
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {columns.map((column) => (
              <Table.Th key={column.name} role="columnheader" scope="col" ta={column.align ?? 'left'}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows === undefined && <LoadingRows columns={columns.length} />}
          {rows?.length === 0 && (
            <Table.Tr role="row">
              <Table.Td role="cell" colSpan={columns.length}>
                <Text c="gray.7" ta="center" py="xl">
                  {empty}
                </Text>
              </Table.Td>
            </Table.Tr>
          )}
          {rows?.slice(0, list.shown).map((row) => (
            <Table.Tr key={keyOf(row)} role="row">
              {columns.map((column) => (
                <Table.Td
                  key={column.name}
                  role="cell"
                  ta={column.align ?? 'left'}
                  data-label={column.header}
                  className={classOf(column)}
                >
                  <div>{column.cell(row)}</div>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ShowMore list={list} />
    </div>
  );
}

const layoutClass = { columns: '', close: ' close-columns', blocks: ' stacked' } as const;

const classOf = ({ wrap, wide, align }: Pick<Column<never>, 'wrap' | 'wide' | 'align'>) =>
  [align && 'figure', wrap ? 'wraps' : 'no-wrap', wide && 'wide-cell'].filter(Boolean).join(' ');

function LoadingRows({ columns }: { readonly columns: number }) {
  return [1, 2, 3, 4, 5].map((row) => (
    <Table.Tr key={row} aria-hidden>
      <Table.Td colSpan={columns}>
        <Skeleton height={18} />
      </Table.Td>
    </Table.Tr>
  ));
}
