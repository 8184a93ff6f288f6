import { leaveClosedNodes, leaveClosedStores } from '../../application/sourcing/close-node';
import { trySourcing } from '../../application/sourcing/try-sourcing';
import type { JobHandler, Sweep } from './job';

const BATCH = 500;

async function leaveAll(db: Parameters<typeof leaveClosedNodes>[0]): Promise<number> {
  const now = new Date().toISOString();
  return (await leaveClosedNodes(db, now, BATCH)) + (await leaveClosedStores(db, now, BATCH));
}

/** A node was closed: what is reserved there, or was only asked of a store, is sourced again. */
export const leaveClosed: JobHandler<'leave-closed-nodes'> = async (_, { db }) => {
  await leaveAll(db);
};

/** Orders that were being placed while their node was closed, and whatever a job did not get to. */
export const sweepClosedNodes: Sweep = async ({ db, log }) => {
  const orders = await leaveAll(db);
  if (orders > 0) log.info({ orders }, 'orders with stock or offers at closed nodes were sourced again');
};

/** Orders that were placed while a set of sourcing rules is on trial. */
export const sweepSourcingTrials: Sweep = async ({ db, log }) => {
  const tried = await trySourcing(db, new Date().toISOString(), BATCH);
  if (tried > 0) log.info({ tried }, 'sourcing rules on trial were tried on orders');
};
