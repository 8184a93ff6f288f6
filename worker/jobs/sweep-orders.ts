import { clearException, raiseException } from '../../application/record/raise-exception';
import { isOpenOrder } from '../../db/open-order-sql';
import { forgottenStarts } from '../../db/repositories/forgotten-rows';
import { addSeconds } from '../../domain/shared/dates';
import type { JobTools, Sweep } from './job';

/** Orders looked at in one sweep; the next one goes on behind them. */
const BATCH = 200;
/** A placed order whose workflow was not started after this long lost its job, unless that is still in the queue. */
const START_LATE_SECONDS = 60;
/** An order about which something was written since then has somebody who moves it: Temporal need not be asked. */
const QUIET_SECONDS = 60;
/** A workflow task that has failed this often will not succeed by itself. */
const STUCK_ATTEMPTS = 5;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
let lookedAtUpTo = BEFORE_ALL;

/** Not in a final state, not answered yet, or with an invoice that the ERP does not have. */
const OPEN = `(${isOpenOrder()} or final_answer_at is null
  or exists (select from invoice i where i.order_id = orders.id and i.posted_at is null))`;

/**
 * Every open order has a workflow that runs: those that never started, and those that Temporal has lost (wiped,
 * restored from an older backup, terminated), are started from the record.
 */
export const sweepOrders: Sweep = (tools) => lookAfterOrders(tools, QUIET_SECONDS);

/** @param quietSeconds only those that nothing was written about for as long */
export async function lookAfterOrders(tools: JobTools, quietSeconds: number): Promise<void> {
  await startLate(tools);
  const quietSince = addSeconds(new Date().toISOString(), -quietSeconds);
  const orders = await nextOpenOrders(tools, quietSince);
  for (const { id } of orders) await lookAfter(tools, id);
}

async function startLate({ db, engine, log }: JobTools): Promise<void> {
  const before = addSeconds(new Date().toISOString(), -START_LATE_SECONDS);
  for (const id of await forgottenStarts(db, before, OPEN)) {
    await engine.startOrderWorkflow(id);
    await db('orders')
      .where({ id, workflow_started_at: null })
      .update({ workflow_started_at: new Date().toISOString() });
    log.warn({ orderId: id }, 'an order that had no workflow was started from the record');
  }
}

async function nextOpenOrders(
  { db }: JobTools,
  quietSince: string,
): Promise<readonly { readonly id: string }[]> {
  const orders = (await db('orders')
    .whereRaw(OPEN)
    .whereNotNull('workflow_started_at')
    .andWhere('id', '>', lookedAtUpTo)
    .whereRaw('not exists (select from order_event e where e.order_id = orders.id and e.at > ?)', [
      quietSince,
    ])
    .orderBy('id')
    .limit(BATCH)
    .select('id')) as { id: string }[];
  lookedAtUpTo = orders.length < BATCH ? BEFORE_ALL : (orders.at(-1)?.id ?? lookedAtUpTo);
  return orders;
}

async function lookAfter({ db, engine, log }: JobTools, orderId: string): Promise<void> {
  const standing = await engine.standingOf(orderId);
  const subject = `order/${orderId}`;
  const now = new Date().toISOString();
  if (standing.kind === 'unknown' || standing.kind === 'broken-off') {
    await engine.startOrderWorkflow(orderId);
    log.warn(
      { orderId, standing: standing.kind },
      'an open order without a running workflow was started from the record',
    );
  }
  if (standing.stuckAttempts >= STUCK_ATTEMPTS) {
    await raiseException(db, {
      kind: 'stuck-task',
      subjectKey: subject,
      text: `The workflow of this order has failed ${standing.stuckAttempts} times at the same place: its worker's log says why. It goes on by itself once a corrected version runs.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 3600),
      priority: 1,
      orderId,
    });
  } else await clearException(db, 'stuck-task', subject, 'The workflow goes on', now);
}
