import type { Tx } from '../../db/connection';
import { agreementById } from '../../db/repositories/agreements';
import { parseAgreement } from '../agreement';

/** How long a change waits for its order: by the agreement it came under, or else as usual. */
export async function changeWaitSeconds(tx: Tx, documentId: string, usualMs: number): Promise<number> {
  const document = await tx('document').where({ id: documentId }).first('agreement_id');
  const row = document?.agreement_id ? await agreementById(tx, document.agreement_id) : undefined;
  const minutes = row ? parseAgreement(row).policy.changeWaitMinutes : undefined;
  return minutes === undefined ? Math.round(usualMs / 1000) : minutes * 60;
}
