import { readLabelToVoid, recordVoided, tellNotVoided } from '../../application/fulfilment/void-label';
import { callOutside } from './call-outside';
import type { JobHandler } from './job';

/** A shipment was taken back: its carrier voids the label. */
export const voidLabel: JobHandler<'void-label'> = async ({ shipmentId }, { db, outside }) => {
  const label = await readLabelToVoid(db, shipmentId);
  if (label === null) return;
  await callOutside(db, {
    call: label.call,
    ask: () => outside.carrier.voidLabel(label.request),
    record: (tx, _reply, now) => recordVoided(tx, shipmentId, label, now),
    tell: (reason, now) => tellNotVoided(db, shipmentId, label, reason, now),
  });
};
