import { forgottenWakes } from '../../db/repositories/forgotten-rows';
import { addSeconds } from '../../domain/shared/dates';
import type { Sweep } from './job';

const LATE_SECONDS = 60;

/**
 * What was written for an order and not taken in by its workflow is signalled again. A signal too many does no harm, but
 * costs a busy hub a task of the workflow: what has its job still, or moves, is left alone.
 */
export const sweepSignals: Sweep = async ({ db, engine, log }) => {
  const late = addSeconds(new Date().toISOString(), -LATE_SECONDS);
  for (const orderId of await forgottenWakes(db, late)) {
    await engine.signalOrder(orderId);
    log.warn({ orderId }, 'something written for an order was not taken in yet; it is signalled again');
  }
};
