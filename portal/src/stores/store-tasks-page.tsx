import { Button, Group, Modal, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { storeTasksQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { Deadline, Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useSession } from '../session/session';
import { actOn } from './act-on-task';
import { HandOverForm } from './hand-over-form';
import { PickForm } from './pick-form';
import { RejectForm } from './reject-form';
import { ShipForm } from './ship-form';

type Asked = {
  readonly task: StoreTaskView;
  readonly form: 'reject' | 'pick' | 'ship' | 'hand-over';
};
type Ask = (task: StoreTaskView, form: Asked['form']) => void;

const titles: Readonly<Record<Asked['form'], string>> = {
  reject: 'Reject',
  pick: 'Picked',
  ship: 'Given to the carrier',
  'hand-over': 'Hand over',
};

/** What a store's people are asked to do, who waits the longest first. */
export function StoreTasksPage() {
  const [status, setStatus] = useState<'open' | 'closed'>('open');
  const { nodeId } = useSession();
  const cursor = useCursor(status);
  const tasks = useQuery(storeTasksQuery({ status, limit: 200, after: cursor.after }));
  const [asked, setAsked] = useState<Asked | null>(null);
  const rows = status === 'open' ? tasks.data?.items.toSorted(byUrgency) : tasks.data?.items;
  const close = () => setAsked(null);
  return (
    <>
      <PageHead
        title="Store tasks"
        beside={nodeId === null ? undefined : <span className="soft">{nodeId}</span>}
      >
        <SegmentedControl
          aria-label="Which tasks"
          value={status}
          onChange={(value) => setStatus(value as 'open' | 'closed')}
          data={[
            { value: 'open', label: 'To do' },
            { value: 'closed', label: 'Done' },
          ]}
        />
      </PageHead>
      {tasks.error && !tasks.data ? (
        <ProblemAlert error={tasks.error} onRetry={() => void tasks.refetch()} />
      ) : (
        <DataTable
          caption={status === 'open' ? 'Tasks to do' : 'Tasks that are done'}
          columns={
            status === 'open' ? [...columns, nextColumn((task, form) => setAsked({ task, form }))] : columns
          }
          rows={rows}
          keyOf={(task) => task.id}
          empty={status === 'open' ? 'Nothing is to be done.' : 'Nothing was done yet.'}
        />
      )}
      <Pager cursor={cursor} next={tasks.data?.next} />
      <Modal
        opened={asked !== null}
        onClose={close}
        title={asked && `${titles[asked.form]}: ${asked.task.releaseNumber}`}
        size="lg"
      >
        {asked?.form === 'reject' && <RejectForm task={asked.task} onDone={close} />}
        {asked?.form === 'pick' && <PickForm task={asked.task} onDone={close} />}
        {asked?.form === 'ship' && <ShipForm task={asked.task} onDone={close} />}
        {asked?.form === 'hand-over' && <HandOverForm task={asked.task} onDone={close} />}
      </Modal>
    </>
  );
}

/** A buyer who stands outside comes first, then what has to be accepted soonest, then what is to be picked. */
function byUrgency(a: StoreTaskView, b: StoreTaskView): number {
  return rankOf(a).localeCompare(rankOf(b));
}
const order = ['offered', 'accepted', 'picked', 'packed', 'ready'];
const rankOf = (task: StoreTaskView) =>
  task.arrivedAt === null
    ? `1${order.indexOf(task.state)}${task.acceptBy ?? ''}${task.offeredAt}`
    : `0${task.arrivedAt}`;

function Time({ task }: { readonly task: StoreTaskView }) {
  if (task.closedAt !== null) return <Instant at={task.closedAt} />;
  if (task.state === 'offered' && task.acceptBy !== null)
    return (
      <>
        Accept <Deadline at={task.acceptBy} />
      </>
    );
  if (task.bringOutBy !== null)
    return (
      <strong>
        Bring out <Deadline at={task.bringOutBy} />
      </strong>
    );
  if (task.pickupUntil !== null)
    return (
      <>
        Kept until <Instant at={task.pickupUntil} />
      </>
    );
  return (
    <>
      Offered <Instant at={task.offeredAt} />
    </>
  );
}

const inUnits = (base: number, factor: number) =>
  factor === 1 ? `${base}` : `${base} (${base / factor} × ${factor})`;

const columns: readonly Column<StoreTaskView>[] = [
  {
    name: 'task',
    header: 'Task',
    cell: (task) => (
      <>
        <strong>{task.releaseNumber}</strong>
        <div className="soft small">{task.node.name}</div>
      </>
    ),
  },
  {
    name: 'for',
    header: 'For',
    wrap: true,
    cell: (task) => (
      <>
        {task.method === 'pickup' ? `Pickup by ${task.buyer}` : `Ship to ${task.buyer}`}
        <div className="soft small">
          {task.method === 'ship' && task.carrier !== null ? task.carrier : task.purchaseOrderNumber}
        </div>
        {task.arrivedAt !== null && (
          <div className="overdue">Buyer is here{task.arrival === null ? '' : `: ${task.arrival}`}</div>
        )}
      </>
    ),
  },
  {
    name: 'what',
    header: 'What',
    wrap: true,
    wide: true,
    cell: (task) =>
      task.lines.map((line) => (
        <div key={line.lineNumber}>
          {inUnits(line.picked ?? line.quantity, line.unitFactor)} {line.itemId}{' '}
          <span className="soft small">{line.description}</span>
          {line.picked !== null && line.picked < line.quantity && (
            <span className="small"> of {line.quantity}</span>
          )}
        </div>
      )),
  },
  {
    name: 'state',
    header: 'State',
    cell: (task) => (
      <>
        <StateBadge state={task.state} />
        {task.acceptedBy !== null && <div className="soft small">{task.acceptedBy}</div>}
      </>
    ),
  },
  { name: 'time', header: 'Time', cell: (task) => <Time task={task} /> },
];

const nextColumn = (ask: Ask): Column<StoreTaskView> => ({
  name: 'next',
  header: 'Next',
  wrap: true,
  wide: true,
  cell: (task) => <Next task={task} ask={ask} />,
});

function Next({ task, ask }: { readonly task: StoreTaskView; readonly ask: Ask }) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (step: 'accept' | 'pack') => actOn(task, step, {}),
    onError: (error) => notifications.show({ title: 'Not done', message: error.message, color: 'red.9' }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['store-tasks'] }),
  });
  const named = (verb: string) => `${verb} ${task.releaseNumber}`;
  if (task.state === 'offered')
    return (
      <Group gap="xs">
        <Button
          size="xs"
          loading={act.isPending}
          onClick={() => act.mutate('accept')}
          aria-label={named('Accept')}
        >
          Accept
        </Button>
        <Button size="xs" variant="default" onClick={() => ask(task, 'reject')} aria-label={named('Reject')}>
          Reject…
        </Button>
      </Group>
    );
  if (task.state === 'accepted')
    return (
      <Button size="xs" onClick={() => ask(task, 'pick')} aria-label={named('Picked')}>
        Picked…
      </Button>
    );
  if (task.state === 'ready')
    return (
      <Button size="xs" onClick={() => ask(task, 'hand-over')} aria-label={named('Hand over')}>
        Hand over…
      </Button>
    );
  return (
    <Group gap="xs">
      <Papers task={task} />
      {task.state === 'picked' ? (
        <Button
          size="xs"
          loading={act.isPending}
          onClick={() => act.mutate('pack')}
          aria-label={named('Packed')}
        >
          Packed
        </Button>
      ) : (
        <Button size="xs" onClick={() => ask(task, 'ship')} aria-label={named('Give to carrier')}>
          To the carrier…
        </Button>
      )}
    </Group>
  );
}

function Papers({ task }: { readonly task: StoreTaskView }) {
  return (
    <>
      {(['labels', 'packing-slip'] as const).map((paper) => (
        <a
          key={paper}
          className="link"
          href={`/api/v1/store-tasks/${task.id}/${paper}`}
          target="_blank"
          rel="noreferrer"
          aria-label={`${paper === 'labels' ? 'Labels' : 'Packing slip'} of ${task.releaseNumber} (PDF)`}
        >
          {paper === 'labels' ? 'Labels' : 'Packing slip'}
        </a>
      ))}
    </>
  );
}
