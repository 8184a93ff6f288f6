import type { AllocationPlan } from '../../domain/allocation/allocate';
import { isInfeasible, type UnfilledReason, unfilledWords } from '../../domain/allocation/constraints';
import type { HoldRequest } from '../../domain/order/hold-types';
import { beOf, countOf } from '../../domain/shared/count';
import type { CustomerPolicy } from '../customer/customer-policy';

type Shortage = AllocationPlan['shortages'][number];

/** There is stock, but the order's constraints or the rules let it come from nowhere: which; null: there is not enough. */
export const impossibleReason = ({ reason }: Shortage): UnfilledReason | null =>
  reason !== undefined && isInfeasible(reason) ? reason : null;

const isImpossible = (shortage: Shortage) => impossibleReason(shortage) !== null;

/** For whoever asked and was refused. */
export function missingText(shortage: Shortage): string {
  const reason = impossibleReason(shortage);
  const missing = `${countOf(shortage.quantity, 'base unit')} of ${shortage.itemId} ${beOf(shortage.quantity)} missing`;
  return reason === null ? missing : `${missing}: ${unfilledWords[reason]}`;
}

/** The customer's policy gives such a line up at once. */
export const mustReject = (shortage: Shortage, policy: CustomerPolicy): boolean =>
  policy.infeasibleSourcing === 'reject' && isImpossible(shortage);

/** For the 855 and for whoever placed the order. */
export function whyShort(shortage: Shortage): string {
  const reason = impossibleReason(shortage);
  const short = `short of ${countOf(shortage.quantity, 'base unit')} of ${shortage.itemId}`;
  return reason === null ? `${short}, and it may not be backordered` : `${short}: ${unfilledWords[reason]}`;
}

/** Where the customer's policy wants a person to look: the reasons are the hold's own. */
export function sourcingHolds(plan: AllocationPlan, policy: CustomerPolicy): readonly HoldRequest[] {
  const impossible = plan.shortages.filter(isImpossible);
  if (policy.infeasibleSourcing !== 'hold' || impossible.length === 0) return [];
  const text = [...Map.groupBy(impossible, (one) => one.reason)]
    .map(([reason, lines]) => {
      const numbers = lines.map((one) => one.lineNumber).join(', ');
      return `Line ${numbers}: ${reason === undefined ? '' : unfilledWords[reason]}`;
    })
    .join('; ');
  return [
    {
      type: 'sourcing',
      lineNumber: null,
      reason: {
        code: impossible[0]?.reason ?? 'constraints-together',
        text,
        details: { lines: impossible, constraints: plan.sourcing?.constraints ?? {} },
      },
    },
  ];
}
