import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { ExceptionView } from '../../../api/contract/exceptions';
import { write } from '../http/call';
import { exceptionsQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { inWords } from '../parts/format';
import { Age, Deadline, Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { cashEntryOf, LinkPayments } from './link-payments';

/** The data of an exception is its kind's own; those about interchanges name them. */
function interchangeOf({ data }: ExceptionView): string | null {
  const id = (data as { readonly interchangeId?: unknown } | null)?.interchangeId;
  return typeof id === 'string' ? id : null;
}

/** The page of failed notices says more of one, and has it sent again. */
const isNotice = ({ kind }: ExceptionView): boolean => kind === 'notice-failed';

/** The version of the monitoring rule that found it, which its text names. */
function ruleOf({ kind, data }: ExceptionView): string | null {
  const { version } = (data ?? {}) as { readonly version?: unknown };
  return kind === 'monitoring' && typeof version === 'number' ? `version ${version} of the rule` : null;
}

const about: readonly Column<ExceptionView>[] = [
  {
    name: 'what',
    header: 'What is wrong',
    wrap: true,
    wide: true,
    cell: (one) => (
      <>
        <StateBadge state={one.kind} tone={one.priority <= 2 ? 'bad' : 'warning'} />
        {one.occurrences > 1 && <span className="soft small"> {one.occurrences} times</span>}
        <div style={{ marginTop: 4 }}>{one.text}</div>
        {ruleOf(one) !== null && <div className="soft small">{ruleOf(one)}</div>}
      </>
    ),
  },
  {
    name: 'about',
    header: 'About',
    cell: (one) => (
      <Stack gap={2}>
        {one.orderId !== null && (
          <Link className="link" to={`/orders/${one.orderId}`}>
            {one.orderNumber ?? 'Order'}
          </Link>
        )}
        {one.documentId !== null && (
          <Link className="link" to={`/documents/${one.documentId}`}>
            Document
          </Link>
        )}
        {interchangeOf(one) !== null && (
          <Link className="link" to={`/interchanges/${interchangeOf(one)}`}>
            Interchange
          </Link>
        )}
        {isNotice(one) && (
          <Link className="link" to="/notices">
            Notice
          </Link>
        )}
        {one.orderId === null && one.documentId === null && interchangeOf(one) === null && (
          <span className="soft">–</span>
        )}
      </Stack>
    ),
  },
];

const waiting: readonly Column<ExceptionView>[] = [
  {
    name: 'owner',
    header: 'Owner',
    cell: (one) => (
      <>
        {one.owner ?? <span className="soft">nobody yet</span>}
        <div className="soft small">{inWords(one.ownerRole)}</div>
      </>
    ),
  },
  { name: 'age', header: 'Open for', cell: (one) => <Age since={one.openedAt} /> },
  { name: 'due', header: 'Deadline', cell: (one) => <Deadline at={one.dueAt} /> },
];

const closed: readonly Column<ExceptionView>[] = [
  {
    name: 'resolution',
    header: 'What was done',
    wrap: true,
    wide: true,
    cell: (one) => (
      <>
        {one.resolution}
        <div className="soft small">
          {one.resolvedBy}, {one.resolvedAt !== null && <Instant at={one.resolvedAt} />}
        </div>
      </>
    ),
  },
];

/** Finance alone says which money is the same; the hub refuses others. */
function useMayLink(): boolean {
  const { person, roles } = useSession();
  const may = useMay();
  return may('holds:decide') && person !== null && roles.some((role) => role.startsWith('finance'));
}

function LinkIfPayment({ one }: { readonly one: ExceptionView }) {
  const entryId = cashEntryOf(one);
  return useMayLink() && entryId !== null ? <LinkPayments entryId={entryId} /> : null;
}

function Actions({ one }: { readonly one: ExceptionView }) {
  const session = useSession();
  const client = useQueryClient();
  const take = useMutation({
    mutationFn: () => write('POST', `/api/v1/exceptions/${one.id}/assignments`, { owner: session.person }),
    onError: (error) => notifications.show({ title: 'Not taken', message: error.message, color: 'red.9' }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['exceptions'] }),
  });
  return (
    <Group gap="xs" className="row-actions">
      <LinkIfPayment one={one} />
      {one.owner !== session.person && (
        <Button size="xs" variant="default" loading={take.isPending} onClick={() => take.mutate()}>
          Take
        </Button>
      )}
      <AskButton label="Pass on…" size="xs" title="Pass the exception on">
        {(close) => <PassOnForm one={one} onDone={close} />}
      </AskButton>
      <AskButton label="Resolve…" size="xs" variant="filled" title="Resolve the exception">
        {(close) => <ResolveForm one={one} onDone={close} />}
      </AskButton>
    </Group>
  );
}

interface FormProps {
  readonly one: ExceptionView;
  readonly onDone: () => void;
}

function PassOnForm({ one, onDone }: FormProps) {
  const [owner, setOwner] = useState('');
  return (
    <AskForm
      button="Pass on"
      reason={null}
      ready={owner.trim() !== ''}
      send={() => write('POST', `/api/v1/exceptions/${one.id}/assignments`, { owner: owner.trim() })}
      refresh={['exceptions']}
      onDone={onDone}
    >
      <Text size="sm">{one.text}</Text>
      <TextInput
        label="To whom"
        required
        maxLength={100}
        data-autofocus
        value={owner}
        onChange={(event) => setOwner(event.currentTarget.value)}
      />
    </AskForm>
  );
}

function ResolveForm({ one, onDone }: FormProps) {
  return (
    <AskForm
      button="Resolve"
      reason={{ label: 'What was done about it', description: 'Kept with the exception, with your name' }}
      send={(reason, intention) =>
        write('POST', `/api/v1/exceptions/${one.id}/resolutions`, { reason }, intention)
      }
      refresh={['exceptions']}
      onDone={onDone}
    >
      <Text size="sm">{one.text}</Text>
    </AskForm>
  );
}

export function ExceptionsPage() {
  const may = useMay();
  const session = useSession();
  const [parameters, setParameters] = useSearchParams();
  const status = parameters.get('status') ?? 'open';
  const cursor = useCursor(status);
  const exceptions = useQuery(exceptionsQuery({ status, limit: 25, after: cursor.after }));
  const mayLink = useMayLink();
  const actions: readonly Column<ExceptionView>[] =
    may('exceptions:write') && session.person !== null
      ? [{ name: 'act', header: 'Do', wide: true, cell: (one) => <Actions one={one} /> }]
      : mayLink
        ? [{ name: 'act', header: 'Do', wide: true, cell: (one) => <LinkIfPayment one={one} /> }]
        : [];
  return (
    <>
      <PageHead title="Exceptions">
        <SegmentedControl
          aria-label="Which exceptions"
          value={status}
          onChange={(value) => setParameters({ status: value })}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'resolved', label: 'Resolved' },
          ]}
        />
      </PageHead>
      {exceptions.error && !exceptions.data ? (
        <ProblemAlert error={exceptions.error} onRetry={() => void exceptions.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Exceptions by deadline"
            columns={status === 'open' ? [...about, ...waiting, ...actions] : [...about, ...closed]}
            rows={exceptions.data?.items}
            keyOf={(one) => one.id}
            empty={status === 'open' ? 'Nothing needs a person.' : 'Nothing was resolved yet.'}
          />
          <Pager cursor={cursor} next={exceptions.data?.next} />
        </>
      )}
    </>
  );
}
