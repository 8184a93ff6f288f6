import type { Tx } from '../../db/connection';
import { agreementById } from '../../db/repositories/agreements';
import { parseAgreement } from '../agreement';

/** How long a change waits for its order, by the agreement it came under. */
export async function changeWaitMinutes(tx: Tx, documentId: string): Promise<number> {
  const document = await tx('document').where({ id: documentId }).first('agreement_id');
  const row = document?.agreement_id ? await agreementById(tx, document.agreement_id) : undefined;
  return row ? parseAgreement(row).policy.changeWaitMinutes : 60;
}
