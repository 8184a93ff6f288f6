import type { Db } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { UNASSIGNED } from '../../db/repositories/document-requests';
import { addSeconds } from '../../domain/shared/dates';
import { raiseUnassignedRequests } from '../../gateway/outbound/overdue';
import { renderDocuments as render } from '../../gateway/outbound/render-documents';
import type { JobHandler, JobTools } from './job';

/** The agreements that this process renders just now, and whether one of them is to be looked at again. */
const rendering = new WeakMap<Db, Map<string, { again: boolean }>>();

/** Documents that were asked for become interchanges. */
export const renderDocuments: JobHandler<'render-documents'> = async ({ agreementId }, tools) => {
  const { db } = tools;
  if (agreementId === UNASSIGNED) return raiseUnassignedRequests(db, new Date().toISOString());
  const ofDb = rendering.get(db) ?? new Map<string, { again: boolean }>();
  rendering.set(db, ofDb);
  const other = ofDb.get(agreementId);
  if (other) {
    // The one that is at it looks again; where it fails or dies, its own job does.
    other.again = true;
    return;
  }
  const own = { again: true };
  ofDb.set(agreementId, own);
  try {
    while (own.again) {
      own.again = false;
      await drain(agreementId, tools);
    }
  } finally {
    ofDb.delete(agreementId);
  }
};

async function drain(agreementId: string, { db, timings }: JobTools): Promise<void> {
  const clock = () => new Date().toISOString();
  const { busy } = await render(db, agreementId, clock, timings);
  // Another process is at it. One such job waits for all of them.
  if (busy)
    await addJob(
      db,
      'render-documents',
      { agreementId },
      { key: `again/${agreementId}`, runAt: addSeconds(clock(), 1) },
    );
}
