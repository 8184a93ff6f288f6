import type { WriteTogether } from './write-together';

export interface GroupRow {
  readonly id: string;
  readonly interchange_id: string;
  readonly ordinal: number;
  readonly functional_id: string;
  readonly control_number: string;
  readonly sender_code: string;
  readonly receiver_code: string;
  readonly version: string;
  readonly ack_code: string | null;
  readonly ack_errors: readonly string[];
  readonly included: number;
  readonly received: number;
  readonly accepted: number;
  readonly answer: string | null;
}

export function addGroups(writes: WriteTogether, groups: readonly GroupRow[]): void {
  writes.insert(
    'functional_group',
    [
      'id',
      'interchange_id',
      'ordinal',
      'functional_id',
      'control_number',
      'sender_code',
      'receiver_code',
      'version',
      'ack_code',
      'ack_errors',
      'included',
      'received',
      'accepted',
      'answer',
    ],
    groups,
  );
}

export interface DocumentRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly interchange_id: string;
  readonly group_id: string;
  readonly agreement_id: string;
  readonly partner_id: string;
  readonly set_id: string;
  readonly version: string;
  readonly functional_id: string;
  readonly group_control_number: string;
  readonly control_number: string;
  readonly usage: 'P' | 'T';
  readonly ordinal: number;
  readonly byte_offset: number;
  readonly byte_length: number;
  readonly guide: string | null;
  readonly guide_version: number | null;
  readonly validation: 'accepted' | 'accepted-with-errors' | 'rejected' | 'held';
  readonly delivery: 'received' | 'pending' | 'sent' | 'delivered' | 'undeliverable';
  readonly acknowledgement:
    | 'answered'
    | 'not-expected'
    | 'expected'
    | 'accepted'
    | 'accepted-with-errors'
    | 'rejected'
    | 'overdue';
  readonly ack_due_at: string | null;
  readonly set_errors: readonly string[];
  readonly findings: readonly unknown[];
  readonly purchase_order_number: string | null;
  readonly invoice_number: string | null;
  readonly shipment_number: string | null;
  readonly order_id: string | null;
  readonly reissue_of: string | null;
  readonly note: string | null;
  readonly created_at: string;
}

export function addDocuments(writes: WriteTogether, documents: readonly DocumentRow[]): void {
  writes.insert(
    'document',
    [
      'id',
      'direction',
      'interchange_id',
      'group_id',
      'agreement_id',
      'partner_id',
      'set_id',
      'version',
      'functional_id',
      'group_control_number',
      'control_number',
      'usage',
      'ordinal',
      'byte_offset',
      'byte_length',
      'guide',
      'guide_version',
      'validation',
      'delivery',
      'acknowledgement',
      'ack_due_at',
      'set_errors',
      'findings',
      'purchase_order_number',
      'invoice_number',
      'shipment_number',
      'order_id',
      'reissue_of',
      'note',
      'created_at',
    ],
    documents,
  );
}
