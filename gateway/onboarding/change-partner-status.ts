import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';

export type PartnerStatus = 'onboarding' | 'live' | 'suspended';

/**
 * From now on (or no longer) documents are exchanged with a partner. What waited to go out meanwhile leaves when it is
 * live; what came in is in quarantine and is replayed by hand, since nobody else knows whether it is still wanted.
 * @returns false where there is no such partner
 */
export async function changePartnerStatus(
  tx: Tx,
  partnerId: string,
  status: PartnerStatus,
): Promise<boolean> {
  const changed = await tx('partner').where({ id: partnerId }).update({ status });
  if (changed === 0) return false;
  if (status === 'suspended') return true;
  const agreements: string[] = await tx('interchange_agreement')
    .where({ partner_id: partnerId, active: true })
    .pluck('id');
  for (const agreementId of agreements.sort())
    await addJob(tx, 'render-documents', { agreementId }, { key: `resumed/${agreementId}` });
  return true;
}
