import { Group, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { HeldOrderView } from '../../../api/contract/holds';
import { holdsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney, inWords } from '../parts/format';
import { Age, Deadline, Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { DecideHold } from './decide-hold';
import { ExposureBar } from './exposure-bar';
import { holdTypeChoices } from './hold-type-names';
import { Substitutes } from './substitutes';

const common: readonly Column<HeldOrderView>[] = [
  {
    name: 'order',
    header: 'Order',
    wrap: true,
    cell: (held) => (
      <>
        <Link className="link no-wrap" to={`/orders/${held.order.id}`}>
          {held.order.orderNumber}
        </Link>
        <div>{held.order.customer.name}</div>
        <div className="soft small">{held.order.purchaseOrderNumber}</div>
      </>
    ),
  },
  { name: 'total', header: 'Total', align: 'right', cell: (held) => formatMoney(held.toDecide) },
  {
    name: 'reason',
    header: 'Why it is held',
    wrap: true,
    wide: true,
    cell: (held) => (
      <>
        <StateBadge state={held.type} tone="warning" />
        {held.lineNumber !== null && <span className="soft small"> line {held.lineNumber}</span>}
        <div className="small" style={{ marginTop: 4, minWidth: 200 }}>
          {held.reasonText}
        </div>
        {approvalsOf(held).map((approval) => (
          <div key={approval.person} className="small soft">
            {approval.person} approves; a second person has to agree
          </div>
        ))}
      </>
    ),
  },
  {
    name: 'exposure',
    header: 'Credit exposure now',
    wrap: true,
    wide: true,
    cell: (held) => (held.exposure ? <ExposureBar exposure={held.exposure} order={held.order.total} /> : '–'),
  },
];

const approvalsOf = (held: HeldOrderView) =>
  Array.isArray(held.approvals) ? (held.approvals as readonly { readonly person: string }[]) : [];

const open: readonly Column<HeldOrderView>[] = [
  {
    name: 'due',
    header: 'Held for, deadline',
    cell: (held) => (
      <>
        <Age since={held.openedAt} />
        <div className="small">
          <Deadline at={held.dueAt} />
        </div>
        <div className="soft small">{inWords(held.role)}</div>
      </>
    ),
  },
];

const decided: readonly Column<HeldOrderView>[] = [
  {
    name: 'by',
    header: 'Decided',
    wrap: true,
    cell: (held) => (
      <>
        <StateBadge state={held.status} /> <span className="small">by {held.resolvedBy}</span>
        <div className="soft small">{held.resolvedAt !== null && <Instant at={held.resolvedAt} />}</div>
        <div className="small">{held.resolutionReason}</div>
      </>
    ),
  },
];

export function HoldsPage() {
  const may = useMay();
  const session = useSession();
  const [parameters, setParameters] = useSearchParams();
  const filter = { status: parameters.get('status') ?? 'open', type: parameters.get('type') ?? '' };
  const cursor = useCursor(JSON.stringify(filter));
  const holds = useQuery(holdsQuery({ ...filter, limit: 25, after: cursor.after }));
  const set = (name: string, value: string | null) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    });
  const actions: readonly Column<HeldOrderView>[] =
    may('holds:decide') && session.person !== null
      ? [
          {
            name: 'decide',
            header: 'Decide',
            wide: true,
            cell: (held) =>
              held.decidable ? (
                <DecideHold
                  hold={held}
                  orderNumber={held.order.orderNumber}
                  amount={formatMoney(held.toDecide)}
                  seenTotalMinor={held.toDecide.amountMinor}
                  size="xs"
                />
              ) : (
                <span className="soft small">not yours to decide</span>
              ),
          },
        ]
      : [];
  return (
    <>
      <PageHead title="Held orders">
        <Group>
          <Select
            aria-label="Kind of hold"
            placeholder="All kinds"
            data={holdTypeChoices}
            value={filter.type || null}
            onChange={(value) => set('type', value)}
            clearable
            w={200}
          />
          <SegmentedControl
            aria-label="Which holds"
            value={filter.status}
            onChange={(value) => set('status', value)}
            data={[
              { value: 'open', label: 'Waiting' },
              { value: 'released', label: 'Approved' },
              { value: 'rejected', label: 'Rejected' },
            ]}
          />
          {may('holds:decide') && session.person !== null && <Substitutes />}
        </Group>
      </PageHead>
      {holds.error && !holds.data ? (
        <ProblemAlert error={holds.error} onRetry={() => void holds.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Held orders by deadline"
            columns={filter.status === 'open' ? [...common, ...open, ...actions] : [...common, ...decided]}
            rows={holds.data?.items}
            keyOf={(held) => held.id}
            empty={
              filter.status === 'open' ? 'Nothing is waiting for a decision.' : 'Nothing was decided so.'
            }
          />
          <Pager cursor={cursor} next={holds.data?.next} />
        </>
      )}
    </>
  );
}
