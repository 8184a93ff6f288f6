import { Button, Collapse, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { DocumentSummaryView } from '../../../api/contract/documents';
import { documentsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';

/** What a document is about: the most telling of its numbers. */
const numbersOf = (one: DocumentSummaryView): readonly string[] =>
  [
    one.purchaseOrderNumber,
    one.invoiceNumber === null ? null : `invoice ${one.invoiceNumber}`,
    one.shipmentNumber === null ? null : `shipment ${one.shipmentNumber}`,
  ].filter((text) => text !== null);

export const documentColumns: readonly Column<DocumentSummaryView>[] = [
  {
    name: 'document',
    header: 'Document',
    cell: (one) => (
      <>
        <Link className="link" to={`/documents/${one.id}`}>
          {one.setId} {one.name}
        </Link>
        <div className="soft small">
          {one.direction === 'in' ? 'received' : 'sent'} <Instant at={one.createdAt} />
          {one.usage === 'T' ? ', test' : ''}
        </div>
      </>
    ),
  },
  { name: 'partner', header: 'Partner', cell: (one) => one.partnerId ?? 'unknown' },
  {
    name: 'about',
    header: 'About',
    cell: (one) => {
      const [first, ...more] = numbersOf(one);
      return first === undefined ? (
        <span className="soft">–</span>
      ) : (
        <>
          {first}
          {more.length > 0 && <div className="soft small">{more.join(', ')}</div>}
        </>
      );
    },
  },
  {
    name: 'validation',
    header: 'Validation',
    cell: (one) => (
      <>
        <StateBadge state={one.validation} />
        {one.findingCount > 0 && (
          <div className="soft small">
            {one.findingCount === 1 ? '1 finding' : `${one.findingCount} findings`}
          </div>
        )}
      </>
    ),
  },
  { name: 'delivery', header: 'Delivery', cell: (one) => <StateBadge state={one.delivery} /> },
  { name: 'ack', header: 'Acknowledgement', cell: (one) => <StateBadge state={one.acknowledgement} /> },
  {
    name: 'numbers',
    header: 'Interchange',
    cell: (one) => (
      <>
        <span className="mono">{one.interchangeControlNumber}</span>
        <div className="soft small">{`group ${one.groupControlNumber}, set ${one.controlNumber}`}</div>
      </>
    ),
  },
];

const sets =
  '180 204 210 214 753 754 810 812 820 824 832 846 850 855 856 860 865 869 870 940 943 944 945 947 990 997 999'.split(
    ' ',
  );
const choices = {
  direction: [
    { value: 'in', label: 'Received' },
    { value: 'out', label: 'Sent' },
  ],
  set: sets,
  validation: ['accepted', 'accepted-with-errors', 'rejected', 'held'],
  delivery: ['received', 'pending', 'sent', 'delivered', 'undeliverable'],
  acknowledgement: [
    'expected',
    'overdue',
    'accepted',
    'accepted-with-errors',
    'rejected',
    'answered',
    'not-expected',
  ],
} as const;
const labels: Readonly<Record<keyof typeof choices, string>> = {
  direction: 'Direction',
  set: 'Set',
  validation: 'Validation',
  delivery: 'Delivery',
  acknowledgement: 'Acknowledgement',
};
const numbers = [
  ['purchaseOrderNumber', 'Purchase order'],
  ['invoiceNumber', 'Invoice'],
  ['shipmentNumber', 'Shipment'],
  ['sscc', 'SSCC'],
  ['item', 'Item'],
  ['reference', 'Reference'],
  ['controlNumber', 'Control number'],
] as const;
const names = [
  ...Object.keys(choices),
  ...numbers.map(([name]) => name),
  'search',
  'partner',
  'from',
  'until',
];

const asData = (values: readonly (string | { readonly value: string; readonly label: string })[]) =>
  values.map((one) =>
    typeof one === 'string' ? { value: one, label: one.replaceAll('-', ' ') } : { ...one },
  );

type SetFilter = (name: string, value: string | null) => void;

/** Typing waits a moment before it asks. */
function Typed({
  name,
  label,
  value,
  placeholder,
  set,
  width = 170,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly set: SetFilter;
  readonly width?: number;
}) {
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => set(name, event.currentTarget.value)}
      w={width}
    />
  );
}

function Filters({
  given,
  set,
  clear,
}: {
  readonly given: Given;
  readonly set: SetFilter;
  readonly clear: () => void;
}) {
  const detailed = numbers.some(([name]) => given[name]) || Boolean(given['from'] ?? given['until']);
  const [more, { toggle }] = useDisclosure(detailed);
  return (
    <search aria-label="Filter documents">
      <Group mb="sm" align="flex-end">
        <Typed
          name="search"
          label="Any number"
          placeholder="PO, invoice, SSCC, item, control number"
          value={given['search'] ?? ''}
          set={set}
          width={300}
        />
        {Object.entries(choices).map(([name, values]) => (
          <Select
            key={name}
            label={labels[name as keyof typeof choices]}
            placeholder="All"
            clearable
            searchable={name === 'set'}
            data={asData(values)}
            value={given[name] ?? null}
            onChange={(value) => set(name, value)}
            w={150}
          />
        ))}
        <Button variant="default" onClick={toggle} aria-expanded={more}>
          {more ? 'Fewer' : 'More'} filters
        </Button>
        {names.some((name) => given[name]) && (
          <Button variant="subtle" onClick={clear}>
            Clear
          </Button>
        )}
      </Group>
      <Collapse expanded={more}>
        <Group mb="md" align="flex-end">
          <Typed name="partner" label="Partner" value={given['partner'] ?? ''} set={set} />
          {numbers.map(([name, label]) => (
            <Typed key={name} name={name} label={label} value={given[name] ?? ''} set={set} />
          ))}
          {(['from', 'until'] as const).map((name) => (
            <TextInput
              key={name}
              type="date"
              label={name === 'from' ? 'From day' : 'To day'}
              value={given[name] ?? ''}
              onChange={(event) => set(name, event.currentTarget.value)}
              w={170}
            />
          ))}
        </Group>
      </Collapse>
    </search>
  );
}

type Given = Readonly<Record<string, string | undefined>>;

export function DocumentsPage() {
  const [parameters, setParameters] = useSearchParams();
  const [given, setGiven] = useState<Given>(() =>
    Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? undefined])),
  );
  const [settled] = useDebouncedValue(given, 250);
  const filter = Object.fromEntries(
    Object.entries(settled).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const cursor = useCursor(JSON.stringify(filter));
  const documents = useQuery(documentsQuery({ ...filter, limit: 25, after: cursor.after }));
  const keep = (next: Given) => {
    setGiven(next);
    setParameters(
      Object.entries(next).filter((pair): pair is [string, string] => Boolean(pair[1]?.trim())),
      {
        replace: true,
      },
    );
  };
  return (
    <>
      <PageHead title="Documents">
        <Link className="link" to="/interchanges">
          Interchanges and quarantine
        </Link>
      </PageHead>
      <Filters
        given={given}
        set={(name, value) => keep({ ...given, [name]: value || undefined })}
        clear={() => keep({})}
      />
      {documents.error && !documents.data ? (
        <ProblemAlert error={documents.error} onRetry={() => void documents.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Documents, newest first"
            columns={documentColumns}
            rows={documents.data?.items}
            keyOf={(one) => one.id}
            empty={Object.keys(filter).length > 0 ? 'No document matches.' : 'There are no documents yet.'}
          />
          <Pager cursor={cursor} next={documents.data?.next} />
        </>
      )}
    </>
  );
}
