import type { ChangeRow } from '../../db/repositories/order-timeline';
import type { ChangeAssessment, OrderStanding } from '../../domain/order/change-assessment';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import type { ChangeAssessmentView, OrderChangeView } from '../contract/changes';
import { moneyOf } from './money';

function standingView(standing: OrderStanding, currency: string, ownStaff: boolean) {
  const amount = (minor: number) => moneyOf(minor, currency);
  const { credit } = standing;
  return {
    lines: standing.lines.map(({ amountMinor, ...line }) => ({ ...line, amount: amount(amountMinor) })),
    subtotal: amount(standing.subtotalMinor),
    charges: amount(standing.chargesMinor),
    tax: amount(standing.taxMinor),
    total: amount(standing.totalMinor),
    shipTo: standing.shipTo,
    deliverBy: standing.deliverBy,
    shipNotBefore: standing.shipNotBefore,
    cancelAfter: standing.cancelAfter,
    credit:
      credit === null || !ownStaff
        ? null
        : {
            limit: amount(credit.limitMinor),
            exposure: amount(credit.exposureMinor),
            headroom: amount(credit.headroomMinor),
          },
  };
}

/** @param ownStaff whether the reader may see what the account owes */
export function assessmentView(
  assessment: ChangeAssessment,
  currency: string,
  ownStaff: boolean,
): ChangeAssessmentView {
  return {
    before: standingView(assessment.before, currency, ownStaff),
    after: standingView(assessment.after, currency, ownStaff),
    lines: assessment.lines.map((line) => ({ ...line })),
    head: assessment.head.map((one) => ({ ...one })),
    holds: assessment.holds.map((hold) => ({ ...hold })),
    recalls: [...assessment.recalls],
  };
}

export function changeView(row: ChangeRow, currency: string, ownStaff: boolean): OrderChangeView {
  const text = (row.outcome as { text?: unknown } | null)?.text;
  const { purpose, channel } = row.request as Pick<OrderChangeRequest, 'purpose' | 'channel'>;
  return {
    id: row.id,
    status: row.status,
    purpose,
    channel,
    requestedBy: row.requested_by,
    receivedAt: row.received_at,
    decidedAt: row.decided_at,
    text: typeof text === 'string' ? text : '',
    documentId: row.document_id,
    // Written by the hub itself when the change was weighed.
    assessment:
      row.assessment === null ? null : assessmentView(row.assessment as ChangeAssessment, currency, ownStaff),
  };
}
