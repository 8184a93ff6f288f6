import type { AgreedGroup, AgreementView } from '../../edi/judge/agreement';
import { functionalIdOf } from '../../edi/judge/functional-groups';
import type { InterchangeAgreement } from '../agreement';
import { isaVersionFor, separatorsFor } from '../outbound/assemble-interchange';

/** An agreement as the judge knows it: what decides about bytes, and nothing else. */
export function agreementView(agreement: InterchangeAgreement): AgreementView {
  const { policy } = agreement;
  return {
    ownIds: [`${agreement.ownQualifier}:${agreement.ownIsaId}`],
    partnerIds: [`${agreement.partnerQualifier}:${agreement.partnerIsaId}`],
    usage: agreement.usage,
    ta1: policy.ta1 === 'always' ? 'always' : 'on-request',
    ackDetail: policy.acknowledgementDetail,
    functionalAck: policy.acknowledgement === '999' ? '999' : '997',
    tolerated: new Set(policy.tolerated),
    leniency: policy.leniency,
    separators: separatorsFor(agreement, isaVersionFor(agreement, '005010')),
    ...(policy.undeclaredDocuments === 'reject' && { agreedGroups: agreedGroups(agreement) }),
    ...(policy.characterSet === 'extended' ? {} : { characters: policy.characterSet }),
  };
}

/** The groups that the inbound document agreements name. */
export const agreedGroups = ({ documents }: InterchangeAgreement): readonly AgreedGroup[] =>
  documents
    .filter(({ direction }) => direction === 'in')
    .map(({ set, ownGsId, partnerGsId, version }) => ({
      functionalId: functionalIdOf(set),
      senderCode: partnerGsId,
      receiverCode: ownGsId,
      version,
    }));

/** For ends that no agreement covers: the judge then says which of them is unknown, and rejects. */
export function viewOfStrangers(
  ends: { readonly sender_qualifier: string; readonly sender_id: string; readonly usage: string },
  known: { readonly sender: boolean },
): AgreementView {
  return {
    // A known sender wrote to somebody else; an unknown one is named first, whoever it wrote to.
    ownIds: [],
    partnerIds: known.sender ? [`${ends.sender_qualifier}:${ends.sender_id}`] : [],
    usage: ends.usage === 'T' ? 'T' : 'P',
    ta1: 'on-request',
    ackDetail: 'all',
    functionalAck: '997',
    tolerated: new Set(),
    leniency: {},
  };
}
