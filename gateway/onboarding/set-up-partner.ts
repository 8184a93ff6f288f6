import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import { findGuide } from '../../db/repositories/guides';
import { keepPartnerEvent } from '../../db/repositories/partner-events';
import { dictionaryFor } from '../../edi/dictionary/dictionary';
import { renderingOptions } from '../outbound/rendering-options';
import { as2Settings } from '../transport/as2/channel-settings';
import { pushSettings } from '../transport/https/push';
import { sftpSettings } from '../transport/sftp/channel-settings';
import type { PartnerSetUp } from './partner-set-up';

export type SetUp =
  | { readonly kind: 'set-up'; readonly partnerId: string; readonly agreementId: string }
  | { readonly kind: 'refused'; readonly field: string; readonly text: string };

/** Settings by kind of channel; a mailbox needs none. */
const settingsOf = { as2: as2Settings, sftp: sftpSettings, 'https-push': pushSettings } as const;

/**
 * Partner, channel, interchange agreement and document agreements, all of them or none (the caller's transaction).
 * @param by a person
 */
export async function setUpPartner(
  tx: Tx,
  wanted: PartnerSetUp,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<SetUp> {
  const { partner, channel, agreement } = wanted;
  const refused =
    (await refusedReference(tx, wanted)) ?? refusedSettings(wanted) ?? (await refusedDocument(tx, wanted));
  if (refused) return { kind: 'refused', ...refused };
  await tx('partner')
    .insert({ id: partner.id, name: partner.name, customer_id: partner.customerId, status: partner.status })
    .onConflict('id')
    .ignore();
  await tx('channel')
    .insert({ id: channel.id, kind: channel.kind, settings: toJson(channel.settings) })
    .onConflict('id')
    .ignore();
  await tx('interchange_agreement').insert({
    id: agreement.id,
    partner_id: partner.id,
    own_qualifier: agreement.ownQualifier,
    own_isa_id: agreement.ownIsaId,
    partner_qualifier: agreement.partnerQualifier,
    partner_isa_id: agreement.partnerIsaId,
    usage: agreement.usage,
    channel_id: channel.id,
    policy: toJson(agreement.policy),
  });
  if (agreement.documents.length > 0)
    await tx('document_agreement').insert(
      agreement.documents.map((one) => ({
        agreement_id: agreement.id,
        direction: one.direction,
        set_id: one.set,
        own_gs_id: one.ownGsId,
        partner_gs_id: one.partnerGsId,
        version: one.version,
        guide: one.guide,
        wanted: one.wanted,
        options: toJson(one.options),
        ack_deadline_minutes: one.ackDeadlineMinutes,
      })),
    );
  await keepPartnerEvent(tx, {
    partnerId: partner.id,
    kind: 'set-up',
    by,
    at,
    detail: { agreement: agreement.id, usage: agreement.usage, channel: channel.id },
  });
  return { kind: 'set-up', partnerId: partner.id, agreementId: agreement.id };
}

type Refusal = { readonly field: string; readonly text: string };

async function refusedReference(
  tx: Tx,
  { partner, channel, agreement }: PartnerSetUp,
): Promise<Refusal | null> {
  const { ownQualifier, ownIsaId, partnerQualifier, partnerIsaId, usage } = agreement;
  const taken = await tx('interchange_agreement')
    .where({ id: agreement.id })
    .orWhere({
      own_qualifier: ownQualifier,
      own_isa_id: ownIsaId,
      partner_qualifier: partnerQualifier,
      partner_isa_id: partnerIsaId,
      usage,
    })
    .first('id', 'partner_id');
  if (taken)
    return {
      field: 'agreement',
      text: `there is an agreement ${taken.id} with ${taken.partner_id} under that id, or between these ends for ISA15 ${usage}`,
    };
  if (partner.customerId !== null && !(await tx('customer').where({ id: partner.customerId }).first('id')))
    return { field: 'partner/customerId', text: `there is no customer ${partner.customerId}` };
  const known = await tx('channel').where({ id: channel.id }).first('kind');
  if (known && known.kind !== channel.kind)
    return {
      field: 'channel/kind',
      text: `the channel ${channel.id} is there already, of the kind ${known.kind}`,
    };
  const outbound = new Set<string>();
  for (const { direction, set } of agreement.documents) {
    if (direction !== 'out') continue;
    if (outbound.has(set))
      return { field: 'agreement/documents', text: `an outbound ${set} may have one agreement only` };
    outbound.add(set);
  }
  return null;
}

/** A set that nobody could read or write, or that goes by a guide that is not there, would be found out by its first document. */
async function refusedDocument(tx: Tx, { agreement }: PartnerSetUp): Promise<Refusal | null> {
  for (const [i, { direction, set, version, guide, options }] of agreement.documents.entries()) {
    const refuse = (field: string, text: string): Refusal => ({
      field: `agreement/documents/${i}/${field}`,
      text,
    });
    const dictionary = dictionaryFor(version);
    if (dictionary === null) return refuse('version', `the hub knows no release ${version}`);
    // 997, 999 and TA1 are read and answered without a definition of the agreement's release.
    if (!acknowledgements.has(set) && dictionary.set(set) === null)
      return refuse('set', `the hub has no ${set} in release ${dictionary.release}`);
    if (guide !== null) {
      const saved = await findGuide(tx, guide);
      if (!saved) return refuse('guide', `there is no guide ${guide}: save it first`);
      if (saved.set_id !== set)
        return refuse('guide', `${guide} is for the ${saved.set_id}, not for the ${set}`);
    }
    const [issue] = (direction === 'out' && renderingOptions.safeParse(options).error?.issues) || [];
    if (issue) return refuse(['options', ...issue.path].join('/'), issue.message);
  }
  return null;
}

const acknowledgements: ReadonlySet<string> = new Set(['997', '999']);

function refusedSettings({ channel }: PartnerSetUp): Refusal | null {
  if (channel.kind === 'https-mailbox') return null;
  const parsed = settingsOf[channel.kind].safeParse(channel.settings);
  const [issue] = parsed.error?.issues ?? [];
  return issue ? { field: `channel/settings/${issue.path.join('/')}`, text: issue.message } : null;
}
