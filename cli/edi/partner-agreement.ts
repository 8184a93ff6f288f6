import { z } from 'zod';
import type { GuideView } from '../../api/contract/guides';
import type { PartnerView } from '../../api/contract/partners';
import { type Guide, parseGuide } from '../../edi/guides/guide';
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
export async function readPartnerAgreement(
  partnerId: string,
): Promise<{ readonly view: AgreementView; readonly guides: readonly Guide[] }> {
  const partner = (await callHub(`/api/v1/partners/${encodeURIComponent(partnerId)}`)) as PartnerView;
  const active = partner.interchangeAgreements.filter((agreement) => agreement.active);
  const agreement = active.find((one) => one.usage === 'P') ?? active[0];
  if (!agreement) throw new HubCommandError(`Partner ${partnerId} has no active interchange agreement.`);
  const policy = checkedPolicy.parse(agreement.policy);
  const view: AgreementView = {
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
  const named = agreement.documents.flatMap(({ direction, guide }) =>
    direction === 'in' && guide !== null ? [guide] : [],
  );
  return { view, guides: await guidesInForce([...new Set(named)]) };
}

/** The versions that are in force today. */
async function guidesInForce(names: readonly string[]): Promise<readonly Guide[]> {
  const today = new Date().toISOString().slice(0, 10);
  const guides: Guide[] = [];
  for (const name of names) {
    const path = `/api/v1/guides/${encodeURIComponent(name)}`;
    const { versions } = (await callHub(path)) as GuideView;
    const inForce = versions.find(
      ({ effectiveFrom, effectiveUntil }) =>
        effectiveFrom <= today && (effectiveUntil === null || effectiveUntil >= today),
    );
    if (!inForce) continue;
    const { body } = (await callHub(`${path}?version=${inForce.version}`)) as GuideView;
    const read = parseGuide(body);
    if (read.kind === 'guide') guides.push(read.guide);
    else throw new HubCommandError(`The guide ${name} cannot be read: ${read.problems[0]?.text ?? ''}`);
  }
  return guides;
}
