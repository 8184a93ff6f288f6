import type { Tx } from '../db/connection';
import type { CashTrouble } from '../domain/invoicing/apply-cash';
import { addSeconds } from '../domain/shared/dates';
import { raiseException } from './raise-exception';
import type { Received } from './received-content';

const RAISED = 50;

/** Each has an exception of its own, unless there are so many that nobody would go through them one by one. */
export async function raiseTroubles(
  tx: Tx,
  received: Received<unknown>,
  trace: string,
  troubles: readonly CashTrouble[],
  now: string,
): Promise<void> {
  for (const trouble of troubles.slice(0, RAISED)) await raiseTrouble(tx, received, trace, trouble, now);
  const [next, ...rest] = troubles.slice(RAISED);
  if (next === undefined) return;
  const text = `${rest.length + 1} more of its items need a look, the first of them: ${next.text}`;
  await raiseTrouble(tx, received, trace, { ...next, invoiceNumber: null, text }, now);
}

async function raiseTrouble(
  tx: Tx,
  { documentId, partnerId }: Received<unknown>,
  trace: string,
  trouble: CashTrouble,
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: trouble.kind,
    subjectKey: [documentId, trouble.invoiceNumber ?? trouble.text].join('/').slice(0, 300),
    text: `${partnerId}, payment ${trace}: ${trouble.text}.`,
    ownerRole: 'finance',
    dueAt: addSeconds(now, 24 * 3600),
    documentId,
    data: { trace, invoiceNumber: trouble.invoiceNumber, amountMinor: trouble.amountMinor },
  });
}
