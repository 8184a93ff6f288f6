import { raiseException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { agreedAs } from '../../edi/judge/agreement';
import type { Judgement } from '../../edi/judge/judgement';
import type { InterchangeAgreement } from '../agreement';
import { agreedGroups } from './agreement-view';

/**
 * Groups that were taken in although no document agreement names them: the partner changed something, or was set up
 * incompletely. One open exception for each kind, however many come.
 */
export async function raiseUndeclared(
  tx: Tx,
  agreement: InterchangeAgreement,
  judgement: Judgement,
  now: string,
): Promise<void> {
  const agreed = agreedGroups(agreement);
  if (agreed.length === 0 || agreement.policy.undeclaredDocuments === 'reject') return;
  for (const group of judgement.groups) {
    if (group.functionalId === 'FA' || group.ack === 'R' || agreedAs(group, agreed) === 'agreed') continue;
    const { functionalId, senderCode, receiverCode, version } = group;
    await raiseException(tx, {
      kind: 'document-undeclared',
      subjectKey: [agreement.id, functionalId, senderCode, receiverCode, version].join('/'),
      text: `${agreement.partnerId} sent a group ${functionalId} from ${senderCode} to ${receiverCode} in ${version}, which no document agreement of ${agreement.id} names. It was taken in: add the agreement, or have such groups rejected (policy undeclaredDocuments).`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 24 * 3600),
      priority: 4,
      data: { agreementId: agreement.id, functionalId, senderCode, receiverCode, version },
    });
  }
}
