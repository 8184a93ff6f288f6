import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequest, OrderType, Party } from '../domain/order/order-request';
import type { CreditCheck } from './check-credit';
import type { CustomerPolicy } from './customer-policy';

/** Order types that ask for more than to be shipped and invoiced as they stand, which is all there is so far. */
const typesWithoutRule: Partial<Readonly<Record<OrderType, string>>> = {
  blanket: 'a blanket order, of which nothing is to be shipped before it is called off',
  release: 'a release against a blanket order, whose remaining quantity is not followed',
  sample: 'a sample, which is not to be charged at list price',
};

export function typeTexts(type: OrderType): readonly string[] {
  const text = typesWithoutRule[type];
  return text === undefined
    ? []
    : [`the order is ${text}: that is not handled, and released it is shipped and invoiced as it stands`];
}

/** What the head of a change says otherwise than the order: nothing follows from it by itself, so a person looks. */
export function headTexts(
  change: Pick<OrderRequest, 'dates' | 'parties'>,
  order: { readonly dates: OrderRequest['dates']; readonly shipTo: Party },
): readonly string[] {
  const dates = change.dates.filter(
    ({ qualifier, date }) => !order.dates.some((d) => d.qualifier === qualifier && d.date === date),
  );
  const elsewhere = change.parties.filter(
    ({ role, id, address }) =>
      role === 'ST' &&
      (id === undefined
        ? address !== undefined && address.postalCode !== order.shipTo.address?.postalCode
        : id !== order.shipTo.id),
  );
  return [
    ...dates.map(({ qualifier, date }) => `DTM: the date ${qualifier} becomes ${date}, which is not handled`),
    ...elsewhere.map(({ idQualifier, id, name }) => {
      const where = [idQualifier, id, name].filter(Boolean).join(' ');
      return `N1: the ship-to becomes ${where}, which is not handled`;
    }),
  ];
}

/**
 * What was recognised but has no rule is never dropped: a person looks at it.
 * @param also what the hub itself found to have no rule, in words
 */
export function contentHolds(
  request: Pick<OrderRequest, 'unhandled' | 'currency'>,
  currency: string,
  also: readonly string[] = [],
): readonly HoldRequest[] {
  const texts = request.unhandled.map(
    (content) => `${content.at.segmentId} at segment ${content.at.segment}: ${content.text}`,
  );
  texts.push(...also);
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
