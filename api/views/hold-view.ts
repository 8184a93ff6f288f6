import type { HeldOrderRow, HoldRow } from '../../db/repositories/hold-views';
import type { ExposureView, HeldOrderView, HoldView } from '../contract/holds';
import { moneyOf } from './money';

export function holdView(row: HoldRow): HoldView {
  return {
    id: row.id,
    orderId: row.order_id,
    lineNumber: row.line_number,
    type: row.type,
    status: row.status,
    blocks: [...row.blocks],
    reason: row.reason,
    reasonText: typeof row.reason?.text === 'string' ? row.reason.text : `Hold of type ${row.type}`,
    role: row.role,
    owner: row.owner,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    escalatedAt: row.escalated_at,
    escalatedTo: row.escalated_to,
    escalatesAt: row.escalate_at,
    onExpiry: row.on_expiry as HoldView['onExpiry'],
    shipmentId: row.shipment_id,
    changeId: row.change_id,
    appliedBy: row.applied_by,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    inNameOf: row.in_name_of,
    resolutionReason: row.resolution_reason,
    approvals: row.approvals,
  };
}

/** With the change that waits for it, where one does. */
function totalToDecide(row: HeldOrderRow): number {
  const { details } = (row.reason ?? {}) as { details?: { totalMinor?: number } };
  return row.change_id === null ? row.total_minor : (details?.totalMinor ?? row.total_minor);
}

export function heldOrderView(
  row: HeldOrderRow,
  exposure: ExposureView | null,
  decidable: boolean,
): HeldOrderView {
  return {
    ...holdView(row),
    order: {
      id: row.order_id,
      orderNumber: row.order_number,
      purchaseOrderNumber: row.po_number,
      customer: { id: row.customer_id, name: row.customer_name },
      state: row.state,
      total: moneyOf(row.total_minor, row.currency),
      placedAt: row.placed_at,
    },
    toDecide: moneyOf(totalToDecide(row), row.currency),
    exposure,
    decidable,
  };
}
