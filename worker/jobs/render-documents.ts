import { addJob } from '../../db/jobs';
import { UNASSIGNED } from '../../db/repositories/document-requests';
import { addSeconds } from '../../domain/shared/dates';
import { raiseUnassignedRequests } from '../../gateway/outbound/overdue';
import { renderDocuments as render } from '../../gateway/outbound/render-documents';
import type { JobHandler } from './job';

/** Documents that were asked for become interchanges. */
export const renderDocuments: JobHandler<'render-documents'> = async ({ agreementId }, { db, timings }) => {
  const clock = () => new Date().toISOString();
  if (agreementId === UNASSIGNED) return raiseUnassignedRequests(db, clock());
  const { busy } = await render(db, agreementId, clock, timings);
  // One such job waits for all of them.
  if (busy)
    await addJob(
      db,
      'render-documents',
      { agreementId },
      { key: `again/${agreementId}`, runAt: addSeconds(clock(), 1) },
    );
};
