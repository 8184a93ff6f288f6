import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { channelsWaitingFor } from '../../db/repositories/outbox';
import { keepPartnerEvent } from '../../db/repositories/partner-events';
import { expectFromNow } from '../../db/repositories/sent-documents';

export type PartnerStatus = 'onboarding' | 'live' | 'suspended';

/**
 * From now on (or no longer) documents are exchanged with a partner. What waited to go out meanwhile leaves when it is
 * live, in the order of its numbers and then of its requests; what came in is in quarantine and is replayed by hand,
 * since nobody else knows whether it is still wanted. A sending that is under way when it is suspended comes to its end.
 * @param by a person
 * @returns false where there is no such partner
 */
export async function changePartnerStatus(
  tx: Tx,
  partnerId: string,
  status: PartnerStatus,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<boolean> {
  const before = await tx('partner').where({ id: partnerId }).forNoKeyUpdate().first('status');
  if (!before) return false;
  if (before.status === status) return true;
  await tx('partner').where({ id: partnerId }).update({ status });
  await keepPartnerEvent(tx, {
    partnerId,
    kind: 'status',
    by,
    at,
    detail: { from: before.status, to: status },
  });
  if (status !== 'suspended') await wakeWhatWaited(tx, partnerId, at);
  return true;
}

async function wakeWhatWaited(tx: Tx, partnerId: string, at: string): Promise<void> {
  await expectFromNow(tx, partnerId, at);
  const agreements: string[] = await tx('interchange_agreement')
    .where({ partner_id: partnerId, active: true })
    .orderBy('id')
    .pluck('id');
  for (const agreementId of agreements)
    await addJob(tx, 'render-documents', { agreementId }, { key: `resumed/${agreementId}` });
  for (const channelId of await channelsWaitingFor(tx, partnerId))
    await addJob(tx, 'send-interchanges', { channelId }, { key: `resumed/${channelId}` });
}
