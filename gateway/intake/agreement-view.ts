import { isAcknowledged } from '../../edi/guides/apply-guide';
import type { AgreedGroup, AgreementView } from '../../edi/judge/agreement';
import { functionalIdOf } from '../../edi/judge/functional-groups';
import type { Finding } from '../../edi/validate/finding';
import type { TransactionSet } from '../../edi/x12/model';
import type { InterchangeAgreement } from '../agreement';
import type { GuidesInForce } from '../guides';
import { isaVersionFor, separatorsFor } from '../outbound/assemble-interchange';

/**
 * An agreement as the judge knows it: what decides about bytes, and nothing else. Where the partner's own guides say
 * how they want to be acknowledged, that goes before the hub's defaults.
 */
export function agreementView(agreement: InterchangeAgreement, guides: GuidesInForce): AgreementView {
  const { policy } = agreement;
  const wanted = guides.acknowledgements();
  const acknowledges = wanted.some(({ breaches }) => breaches === 'acknowledge');
  const form = wanted.some((one) => one.form === '999') ? '999' : policy.acknowledgement;
  const detail = wanted.some((one) => one.detail === 'rejected') ? 'rejected' : policy.acknowledgementDetail;
  return {
    ownIds: [`${agreement.ownQualifier}:${agreement.ownIsaId}`],
    partnerIds: [`${agreement.partnerQualifier}:${agreement.partnerIsaId}`],
    usage: agreement.usage,
    ta1: policy.ta1 === 'always' ? 'always' : 'on-request',
    ackDetail: detail,
    functionalAck: form === '999' ? '999' : '997',
    tolerated: new Set(policy.tolerated),
    leniency: policy.leniency,
    ...(policy.undeclaredDocuments === 'reject' && { agreedGroups: agreedGroups(agreement) }),
    separators: separatorsFor(guides.shapes(agreement), isaVersionFor(agreement, '005010')),
    ...(acknowledges
      ? {
          guideBreaches: 'acknowledge' as const,
          guideFindings: (document) => acknowledgedBreaches(document, guides),
        }
      : {}),
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

function acknowledgedBreaches(document: TransactionSet, guides: GuidesInForce): readonly Finding[] {
  const named = guides.inbound(document.set, document.version);
  if (!named || !('guide' in named)) return [];
  return guides
    .breachesOf(document)
    .filter((breach) => isAcknowledged(breach, named.guide))
    .map(({ finding }) => finding);
}

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
