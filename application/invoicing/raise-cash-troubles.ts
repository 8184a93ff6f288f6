import type { Tx } from '../../db/connection';
import type { CashTrouble } from '../../domain/invoicing/apply-cash';
import { addSeconds } from '../../domain/shared/dates';
import type { Received } from '../partner/received-content';
import { raiseException } from '../record/raise-exception';
import { findLikelyPayments, findUnappliedPayment } from './link-payments';
import { proposalOf } from './propose-links';

const RAISED = 50;

interface Remitted {
  readonly trace: string;
  readonly remittanceId: string;
}

/** Each has an exception of its own, unless there are so many that nobody would go through them one by one. */
export async function raiseTroubles(
  tx: Tx,
  received: Received<unknown>,
  { trace, remittanceId }: Remitted,
  troubles: readonly CashTrouble[],
  now: string,
): Promise<void> {
  const remitted = { trace, remittanceId };
  for (const trouble of troubles.slice(0, RAISED)) await raiseTrouble(tx, received, remitted, trouble, now);
  const [next, ...rest] = troubles.slice(RAISED);
  if (next === undefined) return;
  const { entry: _, ...about } = next;
  const text = `${rest.length + 1} more of its items need a look, the first of them: ${next.text}`;
  await raiseTrouble(tx, received, remitted, { ...about, invoiceNumber: null, text }, now);
}

async function raiseTrouble(
  tx: Tx,
  { documentId, partnerId }: Received<unknown>,
  { trace, remittanceId }: Remitted,
  trouble: CashTrouble,
  now: string,
): Promise<void> {
  const unapplied = await unappliedOf(tx, remittanceId, trouble.entry);
  const proposal = unapplied ? proposalOf(unapplied, await findLikelyPayments(tx, unapplied)) : '';
  await raiseException(tx, {
    kind: trouble.kind,
    subjectKey: [documentId, trouble.invoiceNumber ?? trouble.text].join('/').slice(0, 300),
    text: `${partnerId}, payment ${trace}: ${trouble.text}.${proposal}`,
    ownerRole: 'finance',
    dueAt: addSeconds(now, 24 * 3600),
    documentId,
    data: {
      trace,
      invoiceNumber: trouble.invoiceNumber,
      amountMinor: trouble.amountMinor,
      ...(unapplied && { cashEntryId: unapplied.id }),
    },
  });
}

async function unappliedOf(tx: Tx, remittanceId: string, sequence: number | undefined) {
  if (sequence === undefined) return undefined;
  const row = (await tx('cash_entry').where({ remittance_id: remittanceId, sequence }).first('id')) as
    | { id: string }
    | undefined;
  return row && findUnappliedPayment(tx, row.id);
}
