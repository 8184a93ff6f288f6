import type { NewException } from '../application/record/raise-exception';
import { addSeconds } from '../domain/shared/dates';
import type { Trouble } from '../workflows/contracts/record-activities';

export const OUTSIDE_CALL_TROUBLE: Trouble['kind'] = 'outside-call';

export const troubleSubject = (orderId: string, step: string): string => `order/${orderId}/${step}`;

const stepNames: Readonly<Record<string, string>> = {
  label: 'Buying the label of a shipment',
  release: 'Releasing a shipment to its warehouse',
  recall: 'Recalling a shipment from its warehouse',
  invoice: 'Posting an invoice to the ERP',
  'ship-confirm': 'Taking in a ship confirm',
  change: 'Deciding a change',
};

/** What an order's workflow cannot bring about by itself, in the words of the person who is to see to it. */
export function asException(trouble: Trouble, now: string): NewException {
  const [name = ''] = trouble.step.split('/');
  const what = stepNames[name] ?? `The order's step "${trouble.step}"`;
  return {
    kind: trouble.kind,
    subjectKey: troubleSubject(trouble.orderId, trouble.step),
    text: `${what} does not succeed: ${trouble.text}. It is tried again from time to time, and at once when the order is woken.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    priority: 2,
    orderId: trouble.orderId,
    data: { step: trouble.step },
  };
}
