import { newKey } from '../../application/record/new-key';
import type { Tx } from '../../db/connection';
import { keepPartnerEvent } from '../../db/repositories/partner-events';

export interface PartnerKey {
  /** Shown once: the hub keeps only its hash. */
  readonly key: string;
  /** Whose interchanges it may bring: 'ZZ:ACME'. */
  readonly isaIds: readonly string[];
}

/**
 * A key with which a partner sends and polls its mailbox, for the senders that its agreements name. Those that it has
 * stay valid, so that it can change over without a gap.
 * @param by a person
 * @returns null where there is no such partner, or no agreement with it
 */
export async function givePartnerKey(
  tx: Tx,
  partnerId: string,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<PartnerKey | null> {
  const partner = await tx('partner').where({ id: partnerId }).first('name');
  const ends: { partner_qualifier: string; partner_isa_id: string }[] = await tx('interchange_agreement')
    .where({ partner_id: partnerId, active: true })
    .select('partner_qualifier', 'partner_isa_id');
  if (!partner || ends.length === 0) return null;
  const isaIds = [...new Set(ends.map((one) => `${one.partner_qualifier}:${one.partner_isa_id}`))].sort();
  const { key, secretHash } = newKey();
  await tx('api_key').insert({
    name: `${partner.name} (EDI)`,
    secret_hash: secretHash,
    scopes: ['edi:send', 'documents:read', 'orders:read'],
    partner_id: partnerId,
    isa_ids: isaIds,
  });
  await keepPartnerEvent(tx, { partnerId, kind: 'key', by, at, detail: { for: isaIds.join(', ') } });
  return { key, isaIds };
}
