import type { Usage } from '../../domain/order/order-request';
import type { Tx } from '../connection';
import { toJson } from '../json';

/** A document of ours that an application advice (824) speaks of. */
export interface AdvisedTarget {
  readonly id: string;
  readonly set_id: string;
  readonly order_id: string | null;
  readonly purchase_order_number: string | null;
  readonly invoice_number: string | null;
}

const columns = 'd.id, d.set_id, d.order_id, d.purchase_order_number, d.invoice_number';

/** By what its envelope called it: the newest, should numbers have rolled over. */
export async function sentByControlNumbers(
  tx: Tx,
  wanted: {
    readonly partnerId: string;
    readonly usage: Usage;
    readonly set: string;
    readonly groupControlNumber: string;
    readonly controlNumber: string;
  },
): Promise<AdvisedTarget | undefined> {
  const { rows } = await tx.raw<{ rows: AdvisedTarget[] }>(
    `select ${columns} from document d
     where d.direction = 'out' and d.partner_id = ? and d.usage = ? and d.set_id = ?
       and d.group_control_number = ltrim(?, '0') and ltrim(d.control_number, '0') = ltrim(?, '0')
     order by d.id desc limit 1`,
    [wanted.partnerId, wanted.usage, wanted.set, wanted.groupControlNumber, wanted.controlNumber],
  );
  return rows[0];
}

/** By what it is about: the newest of them. */
export async function sentByBusinessNumber(
  tx: Tx,
  wanted: {
    readonly partnerId: string;
    readonly usage: Usage;
    readonly kind: 'purchase-order' | 'invoice' | 'shipment';
    readonly value: string;
    /** null where the partner does not say which set it was. */
    readonly set: string | null;
  },
): Promise<AdvisedTarget | undefined> {
  const { rows } = await tx.raw<{ rows: AdvisedTarget[] }>(
    `select ${columns} from document_key k join document d on d.id = k.document_id
     where k.kind = :kind and k.value = upper(:value) and d.direction = 'out' and d.partner_id = :partnerId
       and d.usage = :usage and d.set_id = coalesce(:set, d.set_id)
     order by d.id desc limit 1`,
    wanted,
  );
  return rows[0];
}

/**
 * What the partner's application says comes on top of what its syntax check (997) said, and outweighs it: the findings
 * of both stay with the document.
 */
export async function adviseDocument(
  tx: Tx,
  documentId: string,
  said: { readonly verdict: string; readonly by: string; readonly advice: unknown },
  at: string,
): Promise<void> {
  await tx.raw(
    `update document set
       acknowledgement = case when acknowledgement = 'rejected' then 'rejected' else :verdict end,
       acknowledged_at = :at, acknowledged_by = cast(:by as uuid),
       acknowledgement_findings = jsonb_set(coalesce(acknowledgement_findings, '{}'), '{advices}',
         coalesce(acknowledgement_findings -> 'advices', '[]') || cast(:advice as jsonb))
     where id = cast(:documentId as uuid)`,
    { documentId, verdict: said.verdict, by: said.by, advice: toJson([said.advice]), at },
  );
}
