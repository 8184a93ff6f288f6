import type { GroupOutcome, JudgedEnvelope, JudgedTransaction } from '../../edi/judge/judgement';
import { mapPurchaseOrder } from '../../edi/mapping/purchase-order';
import type { Finding } from '../../edi/validate/finding';
import { displaySeparator } from '../../edi/x12/isa';
import type { TransactionSet } from '../../edi/x12/model';

/** The shapes that `hub edi check --json` prints; scripts depend on them. */
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
  readonly deviations: readonly { readonly code: string; readonly text: string; readonly policy: string }[];
  readonly ta1: { readonly code: string; readonly note: string };
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
}

export interface CheckedTransaction {
  readonly set: string;
  readonly controlNumber: string;
  readonly ack: string;
  readonly errors: readonly string[];
  readonly findings: readonly Finding[];
}

export type CheckedOrder = { readonly purchaseOrder: string; readonly lines: number } | null;

/** Findings beyond the standard, e.g. of a guide, for an accepted set. */
export type FurtherFindings = (document: TransactionSet) => readonly Finding[];

export function checkedInterchange(judged: JudgedEnvelope): CheckedInterchange {
  const { envelope, separators, deviations, ta1 } = judged;
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
    deviations,
    ta1,
  };
  return judged.duplicate ? { ...result, duplicate: true } : result;
}

export function checkedGroup(group: GroupOutcome): CheckedGroup {
  const { functionalId, controlNumber, version, ack, errors, included, received, accepted } = group;
  return { functionalId, controlNumber, version, ack, errors, included, received, accepted };
}

export function checkedTransaction(
  { set, controlNumber, ack, errors, findings, document }: JudgedTransaction,
  further: FurtherFindings,
): CheckedTransaction {
  const all = document === null ? findings : [...findings, ...further(document)];
  return { set, controlNumber, ack, errors, findings: all.map(shownFinding) };
}

/** What a finding has for a 999 alone is no part of the shape. */
function shownFinding({ implementationError: _, trigger: __, ...finding }: Finding): Finding {
  return finding;
}

/** The order that an 850 would create; who it is for does not matter here. */
export function checkedOrder({ document, set }: JudgedTransaction): CheckedOrder {
  if (document === null || set !== '850') return null;
  const mapped = mapPurchaseOrder(document, { usage: 'P', entityId: '', customerId: '', partnerId: '' });
  if (mapped.kind !== 'order' && mapped.kind !== 'replace') return null;
  return { purchaseOrder: mapped.request.purchaseOrderNumber, lines: mapped.request.lines.length };
}
