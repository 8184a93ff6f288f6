import { clearException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { releaseRequest } from '../../db/repositories/document-requests';

/**
 * A document that was held, or that had no agreement, is tried again: the cause was mended. It keeps its place among
 * those that wait, and is held again where the cause is still there.
 * @param subject of its request, as the exception names it
 * @returns false where nothing of that subject is held
 */
export async function releaseHeld(tx: Tx, subject: string, now: string): Promise<boolean> {
  const request = await tx('document_request')
    .where({ subject })
    .whereIn('status', ['held', 'unassigned'])
    .forUpdate()
    .first('id');
  if (!request) return false;
  await releaseRequest(tx, request.id);
  for (const kind of ['document-held', 'document-without-agreement']) {
    await clearException(tx, kind, subject, 'it was released to be tried again', now);
  }
  return true;
}
