import type { JudgedGroup, JudgedTransaction, Judgement } from '../../edi/judge/judgement';
import { mapPurchaseOrder } from '../../edi/mapping/purchase-order';
import type { Finding } from '../../edi/validate/finding';
import { displaySeparator } from '../../edi/x12/isa';
import type { TransactionSet } from '../../edi/x12/model';

/** The shapes that `hub edi check --json` prints; scripts depend on them. */
export interface CheckedFile {
  readonly file: string;
  readonly interchanges: readonly CheckedInterchange[];
  readonly error?: string;
}

export interface CheckedInterchange {
  readonly controlNumber: string;
  readonly sender: string;
  readonly receiver: string;
  readonly version: string;
  readonly separators: {
    readonly element: string;
    readonly component: string | null;
    readonly repetition: string | null;
    readonly segment: string;
  } | null;
  readonly deviations: readonly { readonly code: string; readonly text: string }[];
  readonly ta1: { readonly code: string; readonly note: string };
  readonly groups: readonly CheckedGroup[];
  readonly duplicate?: true;
}

export interface CheckedGroup {
  readonly functionalId: string;
  readonly controlNumber: string;
  readonly version: string;
  readonly ack: string;
  readonly errors: readonly string[];
  readonly included: number;
  readonly received: number;
  readonly accepted: number;
  readonly transactions: readonly CheckedTransaction[];
  readonly functionalAck: string | null;
}

export interface CheckedTransaction {
  readonly set: string;
  readonly controlNumber: string;
  readonly ack: string;
  readonly errors: readonly string[];
  readonly findings: readonly Finding[];
  readonly order: { readonly purchaseOrder: string; readonly lines: number } | null;
}

/** Findings beyond the standard, e.g. of a guide, for an accepted set. */
export type FurtherFindings = (document: TransactionSet) => readonly Finding[];

export function checkedInterchange(judgement: Judgement, further: FurtherFindings): CheckedInterchange {
  const { envelope, separators } = judgement;
  const result: CheckedInterchange = {
    controlNumber: envelope.controlNumber,
    sender: `${envelope.senderQualifier}:${envelope.senderId}`,
    receiver: `${envelope.receiverQualifier}:${envelope.receiverId}`,
    version: envelope.version,
    separators:
      separators === null
        ? null
        : {
            element: separators.element,
            component: displaySeparator(separators.component) || null,
            repetition: separators.repetition,
            segment: displaySeparator(separators.segment),
          },
    deviations: judgement.deviations,
    ta1: judgement.ta1,
    groups: judgement.groups.map((group) => checkedGroup(group, further)),
  };
  return judgement.duplicate ? { ...result, duplicate: true } : result;
}

function checkedGroup(group: JudgedGroup, further: FurtherFindings): CheckedGroup {
  return {
    functionalId: group.functionalId,
    controlNumber: group.controlNumber,
    version: group.version,
    ack: group.ack,
    errors: group.errors,
    included: group.included,
    received: group.received,
    accepted: group.accepted,
    transactions: group.transactions.map((transaction) => checkedTransaction(transaction, further)),
    functionalAck: group.functionalAck?.text ?? null,
  };
}

function checkedTransaction(transaction: JudgedTransaction, further: FurtherFindings): CheckedTransaction {
  const { document } = transaction;
  return {
    set: transaction.set,
    controlNumber: transaction.controlNumber,
    ack: transaction.ack,
    errors: transaction.errors,
    findings: document === null ? transaction.findings : [...transaction.findings, ...further(document)],
    order: document === null || transaction.set !== '850' ? null : orderOf(document),
  };
}

/** The order that an 850 would create; who it is for does not matter here. */
function orderOf(document: TransactionSet): CheckedTransaction['order'] {
  const mapped = mapPurchaseOrder(document, { usage: 'P', entityId: '', customerId: '', partnerId: '' });
  if (mapped.kind !== 'order' && mapped.kind !== 'replace') return null;
  return { purchaseOrder: mapped.request.purchaseOrderNumber, lines: mapped.request.lines.length };
}

export function isAccepted(interchange: CheckedInterchange): boolean {
  return (
    interchange.ta1.code !== 'R' &&
    interchange.groups.every(
      (group) => group.ack !== 'R' && group.ack !== 'P' && group.transactions.every((one) => one.ack !== 'R'),
    )
  );
}
