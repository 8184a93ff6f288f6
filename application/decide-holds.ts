import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequest } from '../domain/order/order-request';
import type { CreditCheck } from './check-credit';
import type { CustomerPolicy } from './customer-policy';

/** What was recognised but has no rule is never dropped: a person looks at it. */
export function contentHolds(
  request: Pick<OrderRequest, 'unhandled' | 'currency'>,
  currency: string,
): readonly HoldRequest[] {
  const texts = request.unhandled.map(
    (content) => `${content.at.segmentId} at segment ${content.at.segment}: ${content.text}`,
  );
  if (request.currency !== undefined && request.currency !== currency)
    texts.push(`the order is in ${request.currency}, the customer's prices are in ${currency}`);
  return texts.length === 0
    ? []
    : [
        {
          type: 'content',
          lineNumber: null,
          reason: {
            code: 'unhandled-content',
            text: texts.join('; '),
            details: { content: request.unhandled },
          },
        },
      ];
}

export function approvalHolds(totalMinor: number, policy: CustomerPolicy): readonly HoldRequest[] {
  if (policy.approvalAboveMinor === null || totalMinor <= policy.approvalAboveMinor) return [];
  return [
    {
      type: 'approval',
      lineNumber: null,
      reason: {
        code: 'above-approval-limit',
        text: 'The order total is above what goes through without approval',
        details: { totalMinor, limitMinor: policy.approvalAboveMinor },
      },
    },
  ];
}

export function creditHolds(credit: CreditCheck | null, totalMinor: number): readonly HoldRequest[] {
  if (credit?.decision.kind !== 'held') return [];
  const { exposureMinor, limitMinor, headroomMinor, overMinor } = credit.decision;
  return [
    {
      type: 'credit',
      lineNumber: null,
      reason: {
        code: credit.decision.reason,
        text: credit.decision.text,
        details: { exposureMinor, limitMinor, headroomMinor, overMinor, totalMinor, asOf: credit.asOf },
      },
    },
  ];
}
