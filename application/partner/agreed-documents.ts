import type { Tx } from '../../db/connection';
import type { Usage } from '../../domain/order/order-request';

/** Whether a partner is sent a set by agreement; `unwanted`: it is agreed that it takes none. */
export async function agreedOut(
  tx: Tx,
  partnerId: string,
  usage: Usage,
  set: string,
): Promise<'wanted' | 'unwanted' | 'not-agreed'> {
  const agreed = (await tx('interchange_agreement as i')
    .join('document_agreement as d', 'd.agreement_id', 'i.id')
    .where({ 'i.partner_id': partnerId, 'i.usage': usage, 'i.active': true })
    .andWhere({ 'd.direction': 'out', 'd.set_id': set })
    .orderBy('d.wanted', 'desc')
    .first('d.wanted')) as { wanted: boolean } | undefined;
  if (agreed === undefined) return 'not-agreed';
  return agreed.wanted ? 'wanted' : 'unwanted';
}

/** Why a partner cannot be asked by this set, in words for whoever sets it up; null: it can. */
export async function whyNotAsked(
  tx: Tx,
  partnerId: string,
  usage: Usage,
  set: string,
): Promise<string | null> {
  const agreed = await agreedOut(tx, partnerId, usage, set);
  if (agreed === 'not-agreed')
    return `there is no agreement with ${partnerId} for an outbound ${set}: set it up`;
  return agreed === 'wanted' ? null : `${partnerId} takes no ${set} by agreement`;
}
