import { Skeleton, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly name: string;
  readonly header: string;
  /** Numbers and amounts stand right, so that their digits line up. */
  readonly align?: 'right';
  readonly wrap?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** For screen readers: what the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly keyOf: (row: Row) => string;
  readonly empty: string;
  readonly minWidth?: number;
}

export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
  minWidth = 720,
}: DataTableProps<Row>) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" className="table-frame">
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover stickyHeader className="data-table">
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.name} scope="col" ta={column.align ?? 'left'}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows === undefined && <LoadingRows columns={columns.length} />}
          {rows?.length === 0 && (
            <Table.Tr>
              <Table.Td colSpan={columns.length}>
                <Text c="gray.7" ta="center" py="xl">
                  {empty}
                </Text>
              </Table.Td>
            </Table.Tr>
          )}
          {rows?.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map((column) => (
                <Table.Td
                  key={column.name}
                  ta={column.align ?? 'left'}
                  className={column.wrap ? undefined : 'no-wrap'}
                >
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function LoadingRows({ columns }: { readonly columns: number }) {
  return [1, 2, 3, 4, 5].map((row) => (
    <Table.Tr key={row} aria-hidden>
      <Table.Td colSpan={columns}>
        <Skeleton height={18} />
      </Table.Td>
    </Table.Tr>
  ));
}
