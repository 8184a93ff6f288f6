import { NumberInput, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderSourcingView } from '../../../api/contract/sourcing';
import { write } from '../http/call';
import { sourcingQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate } from '../parts/format';
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

/** Where some of an order has no shipment left to come in, a person says how many it may have. */
function AllowShipments({ orderId }: { readonly orderId: string }) {
  return (
    <AskButton label="Allow more shipments…" size="compact-sm" mb="xs" title="Allow the order more shipments">
      {(close) => <AllowForm orderId={orderId} onDone={close} />}
    </AskButton>
  );
}

function AllowForm({ orderId, onDone }: { readonly orderId: string; readonly onDone: () => void }) {
  const [most, setMost] = useState<number | string>('');
  return (
    <AskForm
      button="Allow"
      ready={typeof most === 'number'}
      send={(reason, intention) =>
        write(
          'POST',
          `/api/v1/orders/${orderId}/maximum-shipments`,
          { maximumShipments: most, reason },
          intention,
        )
      }
      refresh={['sourcing', 'order', 'orders', 'timeline', 'exceptions']}
      told={() => ({ title: 'Shipments', message: 'What waits for one more shipment is sourced again.' })}
      onDone={onDone}
    >
      <Text size="sm">
        From then on only this number counts for the order. To give the rest up, cancel its lines.
      </Text>
      <NumberInput label="Shipments in all" required min={1} max={1000} value={most} onChange={setMost} />
    </AskForm>
  );
}

const needsOneMore = ({ reason }: Choice['shortages'][number]) =>
  reason === 'maximum-shipments' || reason === 'constraints-together';

/** The latest choice of nodes, and what speaks against each of the others. For the seller's own people. */
export function OrderSourcing({ orderId }: { readonly orderId: string }) {
  const { data } = useQuery(sourcingQuery(orderId));
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
        {earlier.length > 0 &&
          `, after ${earlier.length} earlier ${earlier.length === 1 ? 'choice' : 'choices'}`}
        .
      </Text>
      <Constraints choice={choice} />
      {choice.shortages.some(needsOneMore) && scopes.includes('orders:write') && (
        <AllowShipments orderId={orderId} />
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
