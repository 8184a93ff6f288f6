import { Drawer, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AvailabilityView, NodeAvailabilityView } from '../../../api/contract/stock';
import { availabilityQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate, formatInstant } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';
import { PromiseChart } from './promise-chart';

type Item = AvailabilityView['items'][number];
type Figures = NodeAvailabilityView['dates'][number];
type Row = Figures & { readonly node: string };

const number = (value: number) => (value === 0 ? <span className="soft">–</span> : formatCount(value));
const less = (value: number) =>
  value === 0 ? <span className="soft">–</span> : <>&minus;{formatCount(value)}</>;
const more = (value: number) => (value === 0 ? <span className="soft">–</span> : <>+{formatCount(value)}</>);

const figures: readonly Column<Row>[] = [
  { name: 'day', header: 'From', cell: (row) => formatDate(row.date) },
  { name: 'node', header: 'Where', cell: (row) => row.node },
  { name: 'hand', header: 'On hand', align: 'right', cell: (row) => number(row.onHand) },
  { name: 'reserved', header: 'Reserved', align: 'right', cell: (row) => less(row.reserved) },
  { name: 'safety', header: 'Safety', align: 'right', cell: (row) => less(row.safety) },
  { name: 'kept', header: 'Carts, kept', align: 'right', cell: (row) => less(row.kept) },
  { name: 'inbound', header: 'Comes in', align: 'right', cell: (row) => more(row.inbound) },
  { name: 'promised', header: 'For who waits', align: 'right', cell: (row) => less(row.promised) },
  {
    name: 'available',
    header: 'Can be promised',
    align: 'right',
    cell: (row) => <strong>{formatCount(row.available)}</strong>,
  },
];

type Expected = NodeAvailabilityView['expected'][number] & { readonly node: string };
const expected: readonly Column<Expected>[] = [
  {
    name: 'day',
    header: 'Expected',
    cell: (one) => (
      <span className={one.overdue ? 'overdue' : undefined}>
        {one.expectedOn === null ? 'no day said' : formatDate(one.expectedOn)}
        {one.overdue && ', overdue: not counted'}
      </span>
    ),
  },
  { name: 'quantity', header: 'Still to come', align: 'right', cell: (one) => formatCount(one.quantity) },
  { name: 'node', header: 'To', cell: (one) => one.node },
  { name: 'number', header: 'Number', cell: (one) => one.number },
  { name: 'source', header: 'From', wrap: true, cell: (one) => `${one.source} (${one.kind})` },
];

/** Why so many can be promised: each figure of each place, and what is expected. */
export function AvailabilityDrawer({
  item,
  onClose,
}: {
  readonly item: string | null;
  readonly onClose: () => void;
}) {
  const shown = useQuery({ ...availabilityQuery(item ?? ''), enabled: item !== null });
  const one = shown.data?.items.find((each) => each.item === item);
  return (
    <Drawer
      opened={item !== null}
      onClose={onClose}
      position="right"
      size={1080}
      title={<strong>{item} — what can be promised</strong>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {shown.error && !one ? (
        <ProblemAlert error={shown.error} onRetry={() => void shown.refetch()} />
      ) : one === undefined ? (
        <Skeleton height={180} />
      ) : (
        <>
          <Explanation one={one} />
          {shown.data?.shipTo === null && (
            <Text size="sm" c="dimmed">
              It can be had whichever of your ship-tos it goes to.
            </Text>
          )}
        </>
      )}
    </Drawer>
  );
}

function Explanation({ one }: { readonly one: Item }) {
  const points = one.dates.flatMap(({ date, available }) =>
    available === null ? [] : [{ date, available }],
  );
  const rows = one.dates.flatMap((_, at) =>
    (one.nodes ?? []).flatMap((node) => {
      const day = node.dates[at];
      return day === undefined ? [] : [{ ...day, node: node.node.name }];
    }),
  );
  const coming = (one.nodes ?? [])
    .flatMap((node) => node.expected.map((inbound) => ({ ...inbound, node: node.node.name })))
    .toSorted((a, b) => ((a.expectedOn ?? '9') < (b.expectedOn ?? '9') ? -1 : 1));
  return (
    <>
      {points.length > 0 ? (
        <PromiseChart points={points} />
      ) : (
        <Text>{one.dates[0]?.inStock === true ? 'In stock.' : 'Not in stock today.'}</Text>
      )}
      {one.waiting !== undefined && one.waiting > 0 && (
        <Text size="sm" mb="xs">
          Orders wait for {formatCount(one.waiting)}: those come first, wherever the goods lie.
        </Text>
      )}
      {one.nodes !== undefined && (
        <>
          <DataTable
            caption="Figures behind what can be promised, by day and place"
            columns={figures}
            rows={rows}
            keyOf={(row) => `${row.date}/${row.node}`}
            empty="It is stocked nowhere, and none is expected."
          />
          <SafetyRules nodes={one.nodes} />
          <SupplierReports nodes={one.nodes} />
          <Text fw={650} mt="md" mb="xs">
            What is expected
          </Text>
          <DataTable
            caption="What is expected to come in"
            columns={expected}
            rows={coming}
            keyOf={(row) => `${row.node}/${row.number}`}
            empty="Nothing is announced."
          />
        </>
      )}
    </>
  );
}

/** Whose word a supplier's figures are, and what they mean. */
function SupplierReports({ nodes }: { readonly nodes: readonly NodeAvailabilityView[] }) {
  const said = nodes.flatMap(({ node, supplier }) =>
    supplier === null ? [] : [{ node: node.name, at: supplier.reportedAt }],
  );
  return said.map(({ node, at }) => (
    <Text size="sm" mt="xs" key={node}>
      {node} ships to customers itself: on hand is what it said {formatInstant(at)}, reserved what it was
      asked for since.
    </Text>
  ));
}

/** Why so much is left untouched: the rule, where one says so. */
function SafetyRules({ nodes }: { readonly nodes: readonly NodeAvailabilityView[] }) {
  const ruled = nodes.flatMap(({ node, safety, safetyRule }) =>
    safetyRule === null ? [] : [{ node: node.name, safety, ...safetyRule }],
  );
  return ruled.map(({ node, safety, scope, version }) => (
    <Text size="sm" mt="xs" key={node}>
      Safety stock of {formatCount(safety)} in {node}: rule “{scope}”, version {version}.
    </Text>
  ));
}
