import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { InterchangeView } from '../../../api/contract/interchanges';
import { documentsQuery, interchangeQuery, rawInterchangeQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { type FactList, Facts } from '../parts/facts';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay } from '../session/session';
import { AskFirst } from './document-actions';
import { documentColumns } from './documents-page';
import { splitSegments } from './segments';

type Group = InterchangeView['groups'][number];

const groupColumns: readonly Column<Group>[] = [
  {
    name: 'kind',
    header: 'Group',
    cell: (one) => <span className="mono">{`${one.functionalId} ${one.controlNumber}`}</span>,
  },
  {
    name: 'ends',
    header: 'From, to',
    cell: (one) => <span className="mono">{`${one.senderCode} → ${one.receiverCode}`}</span>,
  },
  { name: 'version', header: 'Version', cell: (one) => one.version },
  {
    name: 'ack',
    header: 'Answer',
    cell: (one) =>
      one.ack === null
        ? '–'
        : `${one.ack}${one.errors.length > 0 ? ` (AK905 ${one.errors.join(', ')})` : ''}`,
  },
  { name: 'sets', header: 'Accepted', align: 'right', cell: (one) => `${one.accepted} of ${one.received}` },
];

function InterchangeFacts({ one }: { readonly one: InterchangeView }) {
  const facts: FactList = [
    [
      'From',
      <span key="from" className="mono">
        {one.sender || '–'}
      </span>,
    ],
    [
      'To',
      <span key="to" className="mono">
        {one.receiver || '–'}
      </span>,
    ],
    ['Partner', one.partnerId ?? 'unknown'],
    ['Agreement', one.agreementId ?? '–'],
    ['Version', one.version],
    ['Usage', one.usage === 'T' ? 'Test' : one.usage === 'P' ? 'Production' : one.usage || '–'],
    [
      one.direction === 'in' ? 'Our TA1' : "The partner's TA1",
      one.ta1 === null ? '–' : `${one.ta1.code} ${one.ta1.note}`,
    ],
    [one.direction === 'in' ? 'Received' : 'Written', <Instant key="at" at={one.createdAt} />],
    ...(one.deliveredAt === null
      ? []
      : [['Delivered', <Instant key="delivered" at={one.deliveredAt} />] as const]),
    ...(one.direction === 'out' ? [['Transmissions', String(one.transmissions)] as const] : []),
    ['Size', `${one.size.toLocaleString('en-US')} bytes`],
    ...(one.originalId === null
      ? []
      : [
          [
            'Repeats',
            <Link key="original" className="link" to={`/interchanges/${one.originalId}`}>
              the first one
            </Link>,
          ] as const,
        ]),
  ];
  return <Facts facts={facts} />;
}

function Raw({ id }: { readonly id: string }) {
  const raw = useQuery(rawInterchangeQuery(id));
  if (raw.error) return <ProblemAlert error={raw.error} onRetry={() => void raw.refetch()} />;
  if (raw.data === undefined) return <Skeleton height={120} />;
  const segments = splitSegments(raw.data);
  return (
    <pre className="edi" tabIndex={0}>
      {segments === null ? raw.data : segments.map(({ text }) => text).join('\n')}
    </pre>
  );
}

function Replay({ one }: { readonly one: InterchangeView }) {
  const [open, setOpen] = useState(false);
  const may = useMay();
  if (!one.replayable) return null;
  return (
    <Group gap="xs">
      {one.status === 'quarantined' && one.agreementId === null && may('partners:write') && (
        <Button component={Link} to={`/interchanges/${one.id}/set-up`}>
          Set the partner up…
        </Button>
      )}
      <Button variant="default" onClick={() => setOpen(true)}>
        Replay…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Replay interchange ${one.controlNumber}`}>
        <AskFirst
          id={one.id}
          queryKey={['interchange', one.id]}
          action="replay"
          onDone={() => setOpen(false)}
        />
      </Modal>
    </Group>
  );
}

export function InterchangePage() {
  const { interchangeId = '' } = useParams();
  const query = useQuery(interchangeQuery(interchangeId));
  const cursor = useCursor(interchangeId);
  const documents = useQuery(documentsQuery({ interchange: interchangeId, limit: 50, after: cursor.after }));
  const one = query.data;
  if (query.error && !one) {
    return (
      <>
        <PageHead title="Interchange" />
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!one) return <Skeleton height={240} />;
  return (
    <>
      <PageHead
        title={`Interchange ${one.controlNumber || 'without a number'}`}
        beside={<StateBadge state={one.status} />}
      >
        <Replay one={one} />
      </PageHead>
      <Stack gap="lg">
        {one.problem !== null && (
          <Alert color="#8a4b00" variant="outline" bg="white" title="What is wrong">
            {one.problem}
          </Alert>
        )}
        <section className="panel" aria-label="About the interchange">
          <InterchangeFacts one={one} />
        </section>
        {one.groups.length > 0 && (
          <DataTable
            caption="Functional groups"
            columns={groupColumns}
            rows={one.groups}
            keyOf={(g) => `${g.functionalId} ${g.controlNumber}`}
            empty=""
          />
        )}
        {(documents.data?.items.length ?? 0) > 0 && (
          <DataTable
            caption="Documents in it"
            columns={documentColumns}
            rows={documents.data?.items}
            keyOf={(document) => document.id}
            empty=""
          />
        )}
        <Pager cursor={cursor} next={documents.data?.next} />
        <section>
          <Text fw={600}>As it {one.direction === 'in' ? 'arrived' : 'left'}</Text>
          <Raw id={one.id} />
        </section>
      </Stack>
    </>
  );
}
