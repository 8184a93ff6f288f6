import type { Tx } from '../connection';
import { toJson } from '../json';
import { exchanged } from './exchanged';

export interface SentDocument {
  readonly id: string;
  readonly group_id: string;
  readonly set_id: string;
  readonly control_number: string;
  readonly purchase_order_number: string | null;
  readonly order_id: string | null;
}

/** The documents of an outbound group, by what the partner calls it back: the newest, should numbers have rolled over. */
export async function sentDocuments(
  tx: Tx,
  agreementId: string,
  functionalId: string,
  groupControlNumber: string,
): Promise<readonly SentDocument[]> {
  const { rows } = await tx.raw<{ rows: SentDocument[] }>(
    `with matching as (
       select id, group_id, set_id, control_number, purchase_order_number, order_id, ordinal from document
       where direction = 'out' and agreement_id = ? and functional_id = ? and group_control_number = ?)
     select * from matching where group_id = (select group_id from matching order by id desc limit 1) order by ordinal`,
    [agreementId, functionalId, groupControlNumber],
  );
  return rows;
}

export async function sentInterchange(
  tx: Tx,
  agreementId: string,
  controlNumber: string,
): Promise<{ readonly id: string } | undefined> {
  return tx('interchange')
    .where({ direction: 'out', agreement_id: agreementId, control_number: controlNumber })
    .orderBy('sequence', 'desc')
    .first('id');
}

/** @returns what the document's acknowledgement is now */
export async function settleAcknowledgement(
  tx: Tx,
  documentId: string,
  {
    verdict,
    by,
  }: {
    readonly verdict: 'accepted' | 'accepted-with-errors' | 'rejected';
    /** The document of the 997 or 999. */
    readonly by: string;
  },
  findings: unknown,
  at: string,
): Promise<string | undefined> {
  // An application that has refused the document (824) knows more than the syntax check that answers after it.
  const { rows } = await tx.raw<{ rows: { acknowledgement: string }[] }>(
    `update document set acknowledged_at = :at, acknowledged_by = cast(:by as uuid),
       acknowledgement = case when acknowledgement_findings -> 'advices' is not null and acknowledgement in ('rejected', 'accepted-with-errors')
         then case when :verdict = 'rejected' then 'rejected' else acknowledgement end else :verdict end,
       acknowledgement_findings = cast(:findings as jsonb) ||
         coalesce(jsonb_strip_nulls(jsonb_build_object('advices', acknowledgement_findings -> 'advices')), '{}')
     where id = cast(:documentId as uuid) and direction = 'out' returning acknowledgement`,
    { documentId, verdict, by, findings: toJson(findings), at },
  );
  return rows[0]?.acknowledgement;
}

export async function settleTa1(tx: Tx, interchangeId: string, code: string, note: string): Promise<void> {
  await tx('interchange')
    .where({ id: interchangeId })
    .update({ partner_ta1_code: code.slice(0, 10), partner_ta1_note: note.slice(0, 10) });
}

export interface OverdueDocument {
  readonly id: string;
  readonly set_id: string;
  readonly partner_id: string;
  readonly purchase_order_number: string | null;
  readonly order_id: string | null;
  readonly ack_due_at: string;
}

/** Marks what should have been acknowledged by now, and says which. What a suspended partner never got is not missed. */
export async function markOverdue(tx: Tx, now: string, limit: number): Promise<readonly OverdueDocument[]> {
  const { rows } = await tx.raw<{ rows: OverdueDocument[] }>(
    `update document set acknowledgement = 'overdue' where id in (
       select id from document d where acknowledgement = 'expected' and ack_due_at < ?
         and (delivery <> 'pending' or ${exchanged('d')}) order by ack_due_at limit ? for update skip locked)
     returning id, set_id, partner_id, purchase_order_number, order_id, ack_due_at`,
    [now, limit],
  );
  return rows;
}

/** What was overdue has its time again, counted from now. @returns the ids of those documents */
export async function expectAgain(tx: Tx, interchangeId: string, now: string): Promise<readonly string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `update document set acknowledgement = 'expected', ack_due_at = cast(:now as timestamptz) + (ack_due_at - created_at)
     where interchange_id = :interchangeId and acknowledgement = 'overdue' returning id`,
    { now, interchangeId },
  );
  return rows.map(({ id }) => id);
}

/** What a partner could not get while it was suspended has its time counted from now. */
export async function expectFromNow(tx: Tx, partnerId: string, now: string): Promise<void> {
  await tx.raw(
    `update document set ack_due_at = cast(:now as timestamptz) + (ack_due_at - created_at)
     where partner_id = :partnerId and direction = 'out' and delivery = 'pending' and acknowledgement = 'expected' and ack_due_at is not null`,
    { now, partnerId },
  );
}
