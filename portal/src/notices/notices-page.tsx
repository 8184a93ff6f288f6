import { Button, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { NoticeView } from '../../../api/contract/notices';
import { write } from '../http/call';
import { noticesQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { useMay } from '../session/session';

const about: readonly Column<NoticeView>[] = [
  {
    name: 'whom',
    header: 'To whom',
    wrap: true,
    cell: (one) => (
      <>
        <span className="break-anywhere">{one.address}</span>
        <div className="soft small">{one.via === 'mail' ? 'by mail' : 'by webhook'}</div>
      </>
    ),
  },
  {
    name: 'what',
    header: 'What',
    wrap: true,
    cell: (one) => (
      <>
        {one.subject}
        <div className="soft small">
          <Link className="link" to={`/orders/${one.orderId}`}>
            {one.orderNumber}
          </Link>
          , <Instant at={one.at} />
        </div>
      </>
    ),
  },
];

const tries = (count: number) => (count === 1 ? '1 try' : `${count} tries`);

const why: Column<NoticeView> = {
  name: 'why',
  header: 'Why not',
  wrap: true,
  cell: (one) => (
    <>
      {one.error ?? <span className="soft">not tried yet</span>}
      {one.tries > 0 && <div className="soft small">{tries(one.tries)}</div>}
    </>
  ),
};

const owner: Column<NoticeView> = {
  name: 'owner',
  header: 'Who looks after it',
  wrap: true,
  cell: ({ exception }) => {
    if (exception === null) return <span className="soft">–</span>;
    if (exception.status === 'resolved')
      return (
        <>
          {exception.resolution}
          <div className="soft small">{exception.resolvedBy}</div>
        </>
      );
    return (
      <>
        <Link className="link" to="/exceptions">
          {exception.owner ?? 'nobody yet'}
        </Link>
        <div className="soft small">{inWords(exception.ownerRole)}</div>
      </>
    );
  },
};

const arrived: Column<NoticeView> = {
  name: 'arrived',
  header: 'Arrived',
  cell: (one) => (one.settledAt === null ? '–' : <Instant at={one.settledAt} />),
};

function SendAgain({ one }: { readonly one: NoticeView }) {
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: () => write('POST', `/api/v1/notices/${one.id}/resend`),
    onSuccess: () =>
      notifications.show({
        title: 'On its way',
        message: `${one.address} is told again. If it fails, it comes back here.`,
        color: 'hub.8',
      }),
    onError: (error) => notifications.show({ title: 'Not sent', message: error.message, color: 'red.9' }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['notices'] }),
  });
  return (
    <Button
      size="xs"
      variant="default"
      loading={send.isPending}
      onClick={() => send.mutate()}
      aria-label={`Try again: ${one.address}, ${one.subject}`}
    >
      Try again
    </Button>
  );
}

const again: Column<NoticeView> = {
  name: 'again',
  header: 'Do',
  cell: (one) => <SendAgain one={one} />,
};

type State = 'failed' | 'waiting' | 'sent';
const empty: Readonly<Record<State, string>> = {
  failed: 'Every notice has arrived or is still being tried.',
  waiting: 'Nothing waits to be sent.',
  sent: 'Nobody was told anything yet.',
};

/** Mails and webhooks to buyers: those that were given up, to be tried again once their cause is mended. */
export function NoticesPage() {
  const mayResend = useMay()('exceptions:write');
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('state');
  const state: State = asked === 'waiting' || asked === 'sent' ? asked : 'failed';
  const cursor = useCursor(state);
  const notices = useQuery(noticesQuery({ state, limit: 25, after: cursor.after }));
  const columns: Readonly<Record<State, readonly Column<NoticeView>[]>> = {
    failed: [...about, why, owner, ...(mayResend ? [again] : [])],
    waiting: [...about, why],
    sent: [...about, arrived],
  };
  return (
    <>
      <PageHead title="Notices">
        <SegmentedControl
          aria-label="Which notices"
          value={state}
          onChange={(value) => setParameters({ state: value })}
          data={[
            { value: 'failed', label: 'Failed' },
            { value: 'waiting', label: 'Waiting' },
            { value: 'sent', label: 'Arrived' },
          ]}
        />
      </PageHead>
      {notices.error && !notices.data ? (
        <ProblemAlert error={notices.error} onRetry={() => void notices.refetch()} />
      ) : (
        <>
          <DataTable
            caption={`Mails and webhooks to buyers, ${state}`}
            columns={columns[state]}
            rows={notices.data?.items}
            keyOf={(one) => one.id}
            empty={empty[state]}
          />
          <Pager cursor={cursor} next={notices.data?.next} />
        </>
      )}
    </>
  );
}
