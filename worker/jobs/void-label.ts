import { beginOutsideCall, keepFault, replyToKeep } from '../../application/keep-outside-call';
import { readLabelToVoid, recordVoided, tellNotVoided } from '../../application/void-label';
import type { JobHandler } from './job';

/** Short troubles of a carrier are nobody's business; from this attempt on somebody is told, and it is tried on. */
const TELL_FROM_ATTEMPT = 3;

/** A shipment was taken back: its carrier voids the label. What the carrier refuses is not asked again by itself. */
export const voidLabel: JobHandler<'void-label'> = async ({ shipmentId }, { db, outside }) => {
  const label = await readLabelToVoid(db, shipmentId);
  if (label === null) return;
  const start = await beginOutsideCall(db, label.call, new Date().toISOString());
  if (start.kind === 'answered') return;
  try {
    await outside.carrier.voidLabel(label.request);
  } catch (error) {
    const now = new Date().toISOString();
    const reason = error instanceof Error ? error.message : String(error);
    await keepFault(db, label.call.key, reason, now);
    const lasting = (error as { readonly retryable?: unknown }).retryable === false;
    if (lasting || start.attempt >= TELL_FROM_ATTEMPT)
      await tellNotVoided(db, shipmentId, label, reason, now);
    if (lasting) return;
    throw error;
  }
  const now = new Date().toISOString();
  await db.transaction(async (tx) => {
    await recordVoided(tx, shipmentId, label, now);
    await replyToKeep(tx, label.call.key, null, now).run(tx);
  });
};
