import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { OrderSourcingView } from '../../../api/contract/sourcing';
import { sourcingQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate } from '../parts/format';
import { Instant } from '../parts/instant';

type Choice = OrderSourcingView['items'][number];
type Node = Choice['considered'][number];

const columns: readonly Column<Node>[] = [
  { name: 'node', header: 'Node', cell: (node) => <strong>{node.nodeId}</strong> },
  {
    name: 'units',
    header: 'Units',
    align: 'right',
    cell: (node) => (node.taken ? formatCount(node.fills) : <span className="soft">–</span>),
  },
  { name: 'why', header: 'Why', wrap: true, cell: (node) => node.reason },
];

interface Summary {
  readonly constraints?: Readonly<Record<string, string>>;
  readonly days?: readonly { readonly nodeId: string; readonly shipOn: string; readonly arriveOn: string }[];
}

function Constraints({ choice }: { readonly choice: Choice }) {
  const { constraints = {}, days = [] } = (choice.summary ?? {}) as Summary;
  const asked = Object.entries(constraints).map(([name, by]) => `${name.replaceAll('-', ' ')} (${by})`);
  return (
    <>
      {asked.length > 0 && <Text size="sm">Asked for: {asked.join(', ')}.</Text>}
      {days.map((one) => (
        <Text size="sm" key={`${one.nodeId}/${one.shipOn}/${one.arriveOn}`}>
          {one.nodeId} is to ship on {formatDate(one.shipOn)}; it arrives on {formatDate(one.arriveOn)} by
          what is known.
        </Text>
      ))}
      {choice.shortages.map((one) => (
        <Text size="sm" mb="xs" key={one.lineNumber} className="overdue">
          Line {one.lineNumber}: {formatCount(one.quantity)} of {one.itemId} from nowhere
          {one.text === null ? '' : `: ${one.text}`}
        </Text>
      ))}
    </>
  );
}

/** The latest choice of nodes, and what speaks against each of the others. For the seller's own people. */
export function OrderSourcing({ orderId }: { readonly orderId: string }) {
  const { data } = useQuery(sourcingQuery(orderId));
  const [choice, ...earlier] = data?.items ?? [];
  if (!choice) return null;
  const rule = choice.rule.startsWith('sourcing/')
    ? `rule ${choice.rule.slice(9)}, version ${choice.ruleVersion}`
    : 'fewest shipments';
  return (
    <section aria-labelledby="sourcing">
      <Title order={2} size="h4" mb="xs" id="sourcing">
        Where it ships from and why
      </Title>
      <Text size="sm" className="soft" mb="xs">
        Chosen <Instant at={choice.decidedAt} /> by {rule}
        {earlier.length > 0 &&
          `, after ${earlier.length} earlier ${earlier.length === 1 ? 'choice' : 'choices'}`}
        .
      </Text>
      <Constraints choice={choice} />
      <DataTable
        caption="Nodes that were considered"
        columns={columns}
        rows={choice.considered}
        keyOf={(node) => node.nodeId}
        empty="Nothing was to be sourced."
      />
    </section>
  );
}
