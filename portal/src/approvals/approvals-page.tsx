import { Button, Group, Modal, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BuyerApprovalView } from '../../../api/contract/buyer-approvals';
import { Budgets } from '../company/budgets';
import { useAskForDecision } from '../holds/decision-dialog';
import { Substitutes } from '../holds/substitutes';
import { buyerApprovalsQuery, buyerSettingsQuery, orderQuery } from '../http/queries';
import { ChangeForm } from '../orders/change-order';
import { type Column, DataTable } from '../parts/data-table';
import { formatMoney } from '../parts/format';
import { Age, Deadline } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';

/** What waits for somebody of the buyer's own company, with the limits and budgets that it is held against. */
export function ApprovalsPage() {
  const approvals = useQuery(buyerApprovalsQuery());
  const settings = useQuery(buyerSettingsQuery());
  const [edited, setEdited] = useState<BuyerApprovalView | null>(null);
  return (
    <>
      <PageHead title="Approvals">
        <Substitutes />
      </PageHead>
      {approvals.error && !approvals.data ? (
        <ProblemAlert error={approvals.error} onRetry={() => void approvals.refetch()} />
      ) : (
        <DataTable
          caption="Orders that wait for your company"
          columns={[...columns, decideColumn(setEdited)]}
          rows={approvals.data?.items}
          keyOf={(approval) => approval.holdId}
          empty="No order of your company waits for approval."
        />
      )}
      {settings.data && settings.data.budgets.length > 0 && (
        <>
          <Title order={2} size="h4" mt="xl" mb="sm">
            Budgets
          </Title>
          <Budgets settings={settings.data} />
        </>
      )}
      <EditDialog approval={edited} onClose={() => setEdited(null)} />
    </>
  );
}

const columns: readonly Column<BuyerApprovalView>[] = [
  {
    name: 'order',
    header: 'Order',
    wrap: true,
    cell: (one) => (
      <>
        <Link className="link no-wrap" to={`/orders/${one.orderId}`}>
          {one.orderNumber}
        </Link>
        <div className="soft small">{one.purchaseOrderNumber}</div>
        {one.ofChange && <div className="small">A change of it</div>}
      </>
    ),
  },
  {
    name: 'by',
    header: 'Ordered by',
    cell: (one) => (
      <>
        {one.orderedBy ?? '–'}
        {one.costCentre !== null && <div className="soft small">{one.costCentre}</div>}
      </>
    ),
  },
  { name: 'total', header: 'Total', align: 'right', cell: (one) => formatMoney(one.total) },
  { name: 'why', header: 'Why it waits', wrap: true, wide: true, cell: (one) => one.reasonText },
  {
    name: 'since',
    header: 'Waits for, until',
    cell: (one) => (
      <>
        <Age since={one.openedAt} />
        {one.expiresAt !== null && (
          <div className="small">
            <Deadline at={one.expiresAt} />
          </div>
        )}
      </>
    ),
  },
];

const decideColumn = (onEdit: (approval: BuyerApprovalView) => void): Column<BuyerApprovalView> => ({
  name: 'decide',
  header: 'Decide',
  wrap: true,
  wide: true,
  cell: (one) =>
    one.decidable ? (
      <Decide approval={one} onEdit={onEdit} />
    ) : (
      <span className="soft small">{one.whyNot}</span>
    ),
});

interface DecideProps {
  readonly approval: BuyerApprovalView;
  readonly onEdit: (approval: BuyerApprovalView) => void;
}

function Decide({ approval, onEdit }: DecideProps) {
  const ask = useAskForDecision();
  const { orderNumber } = approval;
  const question = {
    path: `/api/v1/buyer-approvals/${approval.holdId}/decisions`,
    orderNumber,
    seenTotalMinor: approval.total.amountMinor,
    about: `${formatMoney(approval.total)}, ordered by ${approval.orderedBy ?? 'your company'}: ${approval.reasonText}.`,
    done: { release: 'The order goes to the seller.', reject: 'The order is rejected.' },
  };
  return (
    <Group gap="xs">
      <Button
        size="xs"
        onClick={() => ask({ ...question, action: 'release' })}
        aria-label={`Approve ${orderNumber}`}
      >
        Approve…
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => ask({ ...question, action: 'reject' })}
        aria-label={`Reject ${orderNumber}`}
      >
        Reject…
      </Button>
      {!approval.ofChange && (
        <Button
          size="xs"
          variant="default"
          onClick={() => onEdit(approval)}
          aria-label={`Change ${orderNumber}`}
        >
          Change…
        </Button>
      )}
    </Group>
  );
}

interface EditDialogProps {
  readonly approval: BuyerApprovalView | null;
  readonly onClose: () => void;
}

/** The approver has less ordered, or otherwise, before approving. Above the list: the row may go meanwhile. */
function EditDialog({ approval, onClose }: EditDialogProps) {
  return (
    <Modal
      opened={approval !== null}
      onClose={onClose}
      title={approval && `Change order ${approval.orderNumber} before it is approved`}
      size={1100}
    >
      {approval && <ChangeWaiting orderId={approval.orderId} onDone={onClose} />}
    </Modal>
  );
}

function ChangeWaiting({ orderId, onDone }: { readonly orderId: string; readonly onDone: () => void }) {
  const order = useQuery(orderQuery(orderId));
  if (order.error && !order.data)
    return <ProblemAlert error={order.error} onRetry={() => void order.refetch()} />;
  if (!order.data) return <Skeleton height={200} aria-label="Reading the order" />;
  return <ChangeForm order={order.data} onDone={onDone} />;
}
