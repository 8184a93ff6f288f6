import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { WaitingRequest } from '../../db/repositories/document-requests';
import { addSeconds } from '../../domain/shared/dates';
import type { InterchangeAgreement } from '../agreement';
import { isaVersionFor } from './assemble-interchange';
import type { Drafted } from './draft-request';

/** What travels in one interchange. */
export interface Batch {
  readonly isaVersion: string;
  readonly items: readonly { readonly request: WaitingRequest; readonly drafted: Drafted }[];
}

/** Acknowledgements never wait; documents wait until the oldest has waited for the window, then all go together. */
export async function withinWindow(
  tx: Tx,
  agreement: InterchangeAgreement,
  waiting: readonly WaitingRequest[],
  now: string,
): Promise<readonly WaitingRequest[]> {
  const { batchSeconds } = agreement.policy;
  const oldest = waiting.find((request) => !isAcknowledgement(request));
  if (batchSeconds === 0 || !oldest) return waiting;
  const dueAt = addSeconds(oldest.created_at, batchSeconds);
  if (dueAt <= now) return waiting;
  await addJob(
    tx,
    'render-documents',
    { agreementId: agreement.id },
    { key: `window/${agreement.id}`, runAt: dueAt },
  );
  return waiting.filter(isAcknowledgement);
}

function isAcknowledgement(request: WaitingRequest): boolean {
  return request.set_id === 'TA1' || request.set_id === '997' || request.set_id === '999';
}

/** A TA1 travels alone (IEA01 = 0), acknowledgements before documents, one interchange for each ISA12. */
export function batchesOf(
  agreement: InterchangeAgreement,
  items: readonly { readonly request: WaitingRequest; readonly drafted: Drafted }[],
): readonly Batch[] {
  const alone: Batch[] = [];
  const together = new Map<
    string,
    { isaVersion: string; items: { request: WaitingRequest; drafted: Drafted }[] }
  >();
  for (const item of items) {
    if (item.drafted.kind === 'ta1') {
      alone.push({ isaVersion: item.drafted.isaVersion, items: [item] });
      continue;
    }
    const isaVersion = isaVersionFor(agreement, item.drafted.document.version);
    const key = `${isAcknowledgement(item.request) ? '0' : '1'}/${isaVersion}`;
    const batch = together.get(key) ?? { isaVersion, items: [] };
    batch.items.push(item);
    together.set(key, batch);
  }
  return [
    ...alone,
    ...[...together.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([, batch]) => batch),
  ];
}
