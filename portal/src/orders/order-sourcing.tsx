import { NumberInput, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderView } from '../../../api/contract/orders';
import type { OrderSourcingView } from '../../../api/contract/sourcing';
import { write } from '../http/call';
import { sourcingQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { countOf, formatCount, formatDate } from '../parts/format';
import { Instant } from '../parts/instant';
import { useSession } from '../session/session';

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

/** Stored by whatever version chose the nodes: any of it may be missing. */
interface Summary {
  readonly constraints?: Readonly<Record<string, string>>;
  readonly maximumShipments?: number;
  readonly days?: readonly { readonly nodeId: string; readonly shipOn: string; readonly arriveOn: string }[];
}

const summaryOf = ({ summary }: Choice) => (summary ?? {}) as Summary;

function Constraints({ choice }: { readonly choice: Choice }) {
  const { constraints = {}, days = [], maximumShipments } = summaryOf(choice);
  const asked = Object.entries(constraints).map(([name, by]) =>
    name === 'maximum-shipments' && maximumShipments !== undefined
      ? `at most ${countOf(maximumShipments, 'shipment')} (${by})`
      : `${name.replaceAll('-', ' ')} (${by})`,
  );
  return (
    <Stack gap={2} mb="xs">
      {asked.length > 0 && <Text size="sm">Asked for: {asked.join(', ')}.</Text>}
      {days.map((one) => (
        <Text size="sm" key={`${one.nodeId}/${one.shipOn}/${one.arriveOn}`}>
          {one.nodeId} is to ship on {formatDate(one.shipOn)}; it arrives on {formatDate(one.arriveOn)} by
          what is known.
        </Text>
      ))}
      {choice.shortages.map((one) => (
        <Text size="sm" key={one.lineNumber} className="overdue">
          Line {one.lineNumber}: {formatCount(one.quantity)} of {one.itemId} from nowhere
          {one.text === null ? '' : `: ${one.text}`}
        </Text>
      ))}
    </Stack>
  );
}

interface Allowing {
  readonly order: OrderView;
  /** What counts until now. */
  readonly maximum: number | undefined;
}

/** Where some of an order has no shipment left to come in, a person says how many it may have. */
function AllowShipments(allowing: Allowing) {
  return (
    <AskButton label="Allow more shipments…" size="compact-sm" mb="xs" title="Allow the order more shipments">
      {(close) => <AllowForm {...allowing} onDone={close} />}
    </AskButton>
  );
}

function AllowForm({ order, maximum, onDone }: Allowing & { readonly onDone: () => void }) {
  const begun = order.shipments.filter(({ state }) => state !== 'cancelled').length;
  const [most, setMost] = useState<number | string>(maximum === undefined ? '' : maximum + 1);
  return (
    <AskForm
      button="Allow"
      ready={typeof most === 'number' && most >= Math.max(1, begun)}
      send={(reason, intention) =>
        write(
          'POST',
          `/api/v1/orders/${order.id}/maximum-shipments`,
          { maximumShipments: most, reason },
          intention,
        )
      }
      refresh={['sourcing', 'order', 'orders', 'timeline', 'exceptions']}
      told={() => ({ title: 'Shipments', message: 'What waits for one more shipment is sourced again.' })}
      onDone={onDone}
    >
      <Text size="sm">
        {maximum !== undefined && `It may have ${countOf(maximum, 'shipment')} now. `}
        From then on only this number counts for the order. To give the rest up, cancel its lines.
      </Text>
      <NumberInput
        label="Shipments in all"
        description={begun === 0 ? 'It has none yet' : `It has ${begun} already`}
        required
        min={Math.max(1, begun)}
        max={1000}
        allowDecimal={false}
        value={most}
        onChange={setMost}
      />
    </AskForm>
  );
}

const needsOneMore = ({ reason }: Choice['shortages'][number]) =>
  reason === 'maximum-shipments' || reason === 'constraints-together';

/** The latest choice of nodes, and what speaks against each of the others. For the seller's own people. */
export function OrderSourcing({ order }: { readonly order: OrderView }) {
  const { data } = useQuery(sourcingQuery(order.id));
  const { scopes } = useSession();
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
        {earlier.length > 0 && `, after ${countOf(earlier.length, 'earlier choice')}`}.
      </Text>
      <Constraints choice={choice} />
      {choice.shortages.some(needsOneMore) && scopes.includes('orders:write') && (
        <AllowShipments order={order} maximum={summaryOf(choice).maximumShipments} />
      )}
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
