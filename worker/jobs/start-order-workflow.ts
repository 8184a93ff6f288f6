import type { JobHandler } from './job';

/** An order that was placed gets its workflow; left by place-order in its own transaction. */
export const startOrderWorkflow: JobHandler<'start-order-workflow'> = async ({ orderId }, { db, engine }) => {
  await engine.startOrderWorkflow(orderId);
  await db('orders')
    .where({ id: orderId, workflow_started_at: null })
    .update({ workflow_started_at: new Date().toISOString() });
};
