import { UNASSIGNED } from '../../db/repositories/document-requests';
import { raiseUnassignedRequests } from '../../gateway/outbound/overdue';
import { renderDocuments as render } from '../../gateway/outbound/render-documents';
import type { JobHandler } from './job';

/** Documents that were asked for become interchanges. */
export const renderDocuments: JobHandler<'render-documents'> = async ({ agreementId }, { db }) => {
  const clock = () => new Date().toISOString();
  if (agreementId === UNASSIGNED) await raiseUnassignedRequests(db, clock());
  else await render(db, agreementId, clock);
};
