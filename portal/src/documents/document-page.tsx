import { Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { DocumentLinkView, DocumentView } from '../../../api/contract/documents';
import { documentQuery, rawDocumentQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { type FactList, Facts } from '../parts/facts';
import { Deadline, Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { DocumentActions } from './document-actions';
import { DocumentHistory } from './document-history';
import { ReadableDocument } from './readable-document';
import { splitSegments } from './segments';

interface Finding {
  readonly segment?: string;
  readonly position?: number;
  readonly element?: number | null;
  readonly component?: number | null;
  readonly segmentError?: string | null;
  readonly elementError?: string | null;
  readonly value?: string | null;
  readonly severity?: string;
  readonly text?: string;
}

const findingsOf = (document: DocumentView) =>
  Array.isArray(document.findings) ? (document.findings as Finding[]) : [];

const findingColumns: readonly Column<Finding>[] = [
  {
    name: 'where',
    header: 'Where',
    cell: (f) => (
      <span className="mono">{`${f.segment ?? ''}${f.element ? String(f.element).padStart(2, '0') : ''}${f.component ? `-${f.component}` : ''}`}</span>
    ),
  },
  { name: 'position', header: 'Segment', align: 'right', cell: (f) => f.position ?? '–' },
  {
    name: 'code',
    header: 'AK304 / AK403',
    cell: (f) => [f.segmentError, f.elementError].filter(Boolean).join(' / ') || '–',
  },
  { name: 'value', header: 'Value', cell: (f) => <span className="mono">{f.value ?? ''}</span> },
  { name: 'text', header: 'What is wrong', wrap: true, cell: (f) => f.text ?? '' },
  {
    name: 'severity',
    header: 'Kind',
    cell: (f) => (
      <StateBadge state={f.severity ?? 'syntax'} tone={f.severity === 'business' ? 'warning' : 'bad'} />
    ),
  },
];

function RawView({ document }: { readonly document: DocumentView }) {
  const raw = useQuery(rawDocumentQuery(document.id));
  if (raw.error) return <ProblemAlert error={raw.error} onRetry={() => void raw.refetch()} />;
  if (raw.data === undefined) return <Skeleton height={200} />;
  const segments = splitSegments(raw.data);
  if (segments === null)
    return (
      <pre className="edi" tabIndex={0}>
        {raw.data}
      </pre>
    );
  const wrong = new Set(findingsOf(document).map((finding) => finding.position));
  return (
    <ol className="segments panel" aria-label="Segments of the interchange">
      {segments.map((segment, index) => {
        const found =
          segment.setControlNumber === document.controlNumber &&
          segment.position !== null &&
          wrong.has(segment.position);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: archived bytes never change order
          <li key={index} className={found ? 'found' : undefined}>
            <span className="number">{segment.position ?? ''}</span>
            <span>
              {segment.text}
              {found && <span className="visually-hidden"> (has a finding)</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Findings({ document }: { readonly document: DocumentView }) {
  const findings = findingsOf(document);
  const theirs = document.acknowledgementFindings;
  return (
    <Stack>
      <DataTable
        caption="Findings"
        columns={findingColumns}
        rows={findings}
        keyOf={(f) => JSON.stringify(f)}
        empty="Nothing was found to be wrong."
      />
      {theirs !== null && theirs !== undefined && (
        <section>
          <Text fw={600}>What the partner found</Text>
          <pre className="data" tabIndex={0}>
            {JSON.stringify(theirs, null, 2)}
          </pre>
        </section>
      )}
      {document.answer !== null && (
        <section>
          <Text fw={600}>Acknowledgement of the group</Text>
          <pre className="edi" tabIndex={0}>
            {document.answer.replaceAll('~', '~\n')}
          </pre>
        </section>
      )}
    </Stack>
  );
}

function linkFacts(document: DocumentView): FactList {
  const links = (name: string, of: readonly DocumentLinkView[]) =>
    of.length === 0
      ? []
      : [
          [
            name,
            <span key={name} className="links">
              {of.map((one) => (
                <Link key={one.id} className="link" to={`/documents/${one.id}`}>
                  {one.setId} in {one.interchangeControlNumber}
                </Link>
              ))}
            </span>,
          ] as const,
        ];
  return [
    ...links('We answered with', document.answeredBy),
    ...links('The partner answered with', document.acknowledgedBy === null ? [] : [document.acknowledgedBy]),
    ...links('Reissue of', document.reissueOf === null ? [] : [document.reissueOf]),
    ...links('Reissued as', document.reissues),
  ];
}

function DocumentFacts({ document }: { readonly document: DocumentView }) {
  const facts: FactList = [
    [
      'Direction',
      document.direction === 'in'
        ? `Received from ${document.partnerId ?? 'unknown'}`
        : `Sent to ${document.partnerId ?? 'unknown'}`,
    ],
    ['When', <Instant key="at" at={document.createdAt} />],
    ['Version', document.version],
    [
      'Interchange',
      <Link key="interchange" className="link mono" to={`/interchanges/${document.interchangeId}`}>
        {document.interchangeControlNumber}
      </Link>,
    ],
    [
      'Group / set',
      <span
        key="numbers"
        className="mono"
      >{`${document.groupControlNumber} / ${document.controlNumber}`}</span>,
    ],
    ['Validation', <StateBadge key="validation" state={document.validation} />],
    ['Delivery', <StateBadge key="delivery" state={document.delivery} />],
    ['Acknowledgement', <StateBadge key="ack" state={document.acknowledgement} />],
    ...(document.acknowledgement === 'expected' && document.acknowledgementDueAt !== null
      ? [['Due', <Deadline key="due" at={document.acknowledgementDueAt} />] as const]
      : []),
    ['Purchase order', document.purchaseOrderNumber ?? '–'],
    ...(document.invoiceNumber === null ? [] : [['Invoice', document.invoiceNumber] as const]),
    ...(document.shipmentNumber === null ? [] : [['Shipment', document.shipmentNumber] as const]),
    ...(document.usage === 'T' ? [['Usage', 'Test'] as const] : []),
    ...(document.guide === null
      ? []
      : [['Guide', `${document.guide} ${document.guideVersion ?? ''}`.trim()] as const]),
    ...(document.note === null ? [] : [['Note', document.note] as const]),
    [
      'Order',
      document.orderId === null ? (
        '–'
      ) : (
        <Link key="order" className="link" to={`/orders/${document.orderId}`}>
          Go to the order
        </Link>
      ),
    ],
    ...linkFacts(document),
  ];
  return <Facts facts={facts} />;
}

export function DocumentPage() {
  const { documentId = '' } = useParams();
  const query = useQuery(documentQuery(documentId));
  const document = query.data;
  if (query.error && !document) {
    return (
      <>
        <PageHead title="Document" />
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!document) return <Skeleton height={240} />;
  const count = findingsOf(document).length;
  return (
    <>
      <PageHead
        title={`${document.setId} ${document.name}`}
        beside={<StateBadge state={document.direction === 'in' ? document.validation : document.delivery} />}
      >
        <DocumentActions document={document} />
      </PageHead>
      <Stack gap="lg">
        <section className="panel" aria-label="About the document">
          <DocumentFacts document={document} />
        </section>
        <Tabs defaultValue="readable" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="readable">Readable</Tabs.Tab>
            <Tabs.Tab value="findings">Findings ({count})</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
            <Tabs.Tab value="raw">Raw X12</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="readable" pt="md">
            <ReadableDocument document={document} />
          </Tabs.Panel>
          <Tabs.Panel value="findings" pt="md">
            <Findings document={document} />
          </Tabs.Panel>
          <Tabs.Panel value="history" pt="md">
            <DocumentHistory document={document} />
          </Tabs.Panel>
          <Tabs.Panel value="raw" pt="md">
            <RawView document={document} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}
