import { sweepUnfinishedArrivals } from '../../db/repositories/arrivals';
import { addSeconds } from '../../domain/shared/dates';
import { raiseOverdueAcknowledgements, raiseUnassignedRequests } from '../../gateway/outbound/overdue';
import { raiseOverdueReceipts } from '../../gateway/transport/as2/overdue-receipts';
import { wakeForgotten } from '../../gateway/wake-forgotten';
import type { Sweep } from './job';

const UNFINISHED_AFTER_SECONDS = 86_400;
const FORGOTTEN_AFTER_SECONDS = 300;

/** Acknowledgements that did not come, documents that nobody takes, arrivals that broke off, rows whose job was lost. */
export const sweepGateway: Sweep = async ({ db }) => {
  const now = new Date().toISOString();
  await raiseOverdueAcknowledgements(db, now);
  await raiseUnassignedRequests(db, now);
  await raiseOverdueReceipts(db, now);
  await wakeForgotten(db, addSeconds(now, -FORGOTTEN_AFTER_SECONDS));
  await sweepUnfinishedArrivals(db, addSeconds(now, -UNFINISHED_AFTER_SECONDS));
};
