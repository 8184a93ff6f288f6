import { raiseException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import type { JudgedGroup, Judgement } from '../../edi/judge/judgement';
import type { InterchangeAgreement } from '../agreement';

/**
 * An acknowledgement is never acknowledged, so a faulty one would fall silent: it settles nothing, and its sender hears
 * of nothing. Somebody gets to see it, and what it spoke of stays unanswered until a better one comes.
 */
export async function raiseUnreadableAcknowledgements(
  tx: Tx,
  agreement: InterchangeAgreement,
  { envelope, groups }: Judgement,
  interchangeId: string,
  now: string,
): Promise<void> {
  for (const [ordinal, group] of groups.entries()) {
    const fault = group.functionalAck === null ? faultOf(group) : null;
    if (fault === null) continue;
    await raiseException(tx, {
      kind: 'acknowledgement-unreadable',
      subjectKey: `${interchangeId}/${ordinal}`,
      text: `${agreement.partnerId} sent an acknowledgement that is faulty itself, in interchange ${envelope.controlNumber}, group ${group.controlNumber}: ${fault}. It settles nothing, and acknowledgements are never answered: tell the partner.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 24 * 3600),
      data: { interchangeId, controlNumber: group.controlNumber },
    });
  }
}

/** The first thing that is wrong, in words; null where nothing is. */
function faultOf(group: JudgedGroup): string | null {
  if (group.errors.length > 0) return `the group has errors (AK905 ${group.errors.join(', ')})`;
  const rejected = group.transactions.find(({ ack }) => ack === 'R');
  if (rejected === undefined) return null;
  const found = rejected.findings[0]?.text ?? `AK502 ${rejected.errors.join(', ')}`;
  return `${rejected.set} ${rejected.controlNumber}, ${found}`;
}
