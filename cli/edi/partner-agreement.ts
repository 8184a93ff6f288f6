import { z } from 'zod';
import type { PartnerView } from '../../api/contract/partners';
import type { AgreementView } from '../../edi/judge/agreement';
import { callHub, HubCommandError } from '../hub-api';

/** What of an agreement's policy decides about bytes; the rest is no matter of a check. */
const checkedPolicy = z.looseObject({
  ta1: z.string().default('on-request'),
  acknowledgement: z.string().default('997'),
  acknowledgementDetail: z.enum(['all', 'rejected']).default('all'),
  tolerated: z.array(z.string()).default([]),
  leniency: z.record(z.string(), z.enum(['accept', 'warn', 'reject'])).default({}),
  characterSet: z.enum(['basic', 'extended', 'utf-8']).default('extended'),
});

/** The production agreement of a partner of the running hub; its test agreement where it has no other. */
export async function readPartnerAgreement(partnerId: string): Promise<AgreementView> {
  const partner = (await callHub(`/api/v1/partners/${encodeURIComponent(partnerId)}`)) as PartnerView;
  const active = partner.interchangeAgreements.filter((agreement) => agreement.active);
  const agreement = active.find((one) => one.usage === 'P') ?? active[0];
  if (!agreement) throw new HubCommandError(`Partner ${partnerId} has no active interchange agreement.`);
  const policy = checkedPolicy.parse(agreement.policy);
  return {
    ownIds: [agreement.own],
    partnerIds: [agreement.partner],
    usage: agreement.usage,
    ta1: policy.ta1 === 'always' ? 'always' : 'on-request',
    ackDetail: policy.acknowledgementDetail,
    functionalAck: policy.acknowledgement === '999' ? '999' : '997',
    tolerated: new Set(policy.tolerated),
    leniency: policy.leniency,
    ...(policy.characterSet === 'extended' ? {} : { characters: policy.characterSet }),
  };
}
