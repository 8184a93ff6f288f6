import { forgetEndedSessions } from '../../db/repositories/api-keys';
import { forgetOldReplies } from '../../db/repositories/idempotency-keys';
import type { Sweep } from './job';

/** Replies kept under an Idempotency-Key longer than was promised, and sessions that are over. */
export const sweepKeptReplies: Sweep = async ({ db }) => {
  await forgetOldReplies(db);
  await forgetEndedSessions(db);
};
