import type { Tx } from '../../db/connection';
import type { UnhandledContent } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import type { Received } from '../partner/received-content';
import { raiseException } from './raise-exception';

const SHOWN = 10;

/** Somebody gets to see what a document that was acted on says beyond it. All of it stays with the document. */
export async function raiseUnread(
  tx: Tx,
  { documentId, partnerId, set }: Received<unknown>,
  unhandled: readonly UnhandledContent[],
  ownerRole: string,
  now: string,
): Promise<void> {
  if (unhandled.length === 0) return;
  const shown = unhandled.slice(0, SHOWN).map(({ at, text }) => `${text} (segment ${at.segment})`);
  const more = unhandled.length > SHOWN ? `, and ${unhandled.length - SHOWN} more` : '';
  await raiseException(tx, {
    kind: 'content-not-handled',
    subjectKey: documentId,
    text: `The ${set} of ${partnerId} says what the hub does not act on: ${shown.join('; ')}${more}. Look whether it matters.`,
    ownerRole,
    dueAt: addSeconds(now, 24 * 3600),
    priority: 4,
    documentId,
  });
}
