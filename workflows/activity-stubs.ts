import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { OrderProgress } from '../domain/order/progress';
import { counterpartyQueue } from './contracts/order-workflow';
import type { OutsideActivities } from './contracts/outside-activities';
import type { RecordActivities } from './contracts/record-activities';

/**
 * The record is ours, near and quick. When its tries are used up (the database is away for a minute, or the step meets
 * a mistake of our own) the caller takes the failure up: see `persist`.
 */
export const record = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '5s', maximumAttempts: 12 },
});

/**
 * The outside may be away for long. A call is tried again for ten minutes; then someone is told, and it is tried again
 * later or when that person says so: see `persist`.
 */
const outsideCall = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s' },
} as const;

const outside = proxyActivities<OutsideActivities>(outsideCall);

/** Where calls are limited they wait for their turn, which is no trouble. */
const LIMITED_CALL_ENDS_AFTER = '2h';

/**
 * Calls to a counterparty: over its own queue where it has one, else over that of its kind, else over the orders' own.
 * @param counterparty `erp`, `carrier`, `warehouse/<node>`
 */
export function outsideAt({ ownQueues = [] }: OrderProgress, counterparty: string): typeof outside {
  const [kind = ''] = counterparty.split('/');
  const own = [counterparty, kind].find((name) => ownQueues.includes(name));
  if (own === undefined) return outside;
  const taskQueue = counterpartyQueue(workflowInfo().taskQueue, own);
  return proxyActivities<OutsideActivities>({
    ...outsideCall,
    taskQueue,
    scheduleToCloseTimeout: LIMITED_CALL_ENDS_AFTER,
  });
}

/** Fresh receivables are wished for, not needed: without them a person decides on the old ones. */
export const outsideAtBest = proxyActivities<Pick<OutsideActivities, 'refreshReceivables'>>({
  ...outsideCall,
  scheduleToCloseTimeout: '2m',
  retry: { ...outsideCall.retry, maximumAttempts: 3 },
});
