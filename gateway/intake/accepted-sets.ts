import { raiseException } from '../../application/raise-exception';
import type { Tx } from '../../db/connection';
import type { JobToAdd } from '../../db/jobs';
import type { InboxEntry } from '../../db/repositories/order-inbox';
import { addSeconds } from '../../domain/shared/dates';
import {
  type FunctionalAcknowledgment,
  readFunctionalAcknowledgment,
} from '../../edi/mapping/functional-acknowledgment';
import { mapPurchaseOrder, type OrderContext } from '../../edi/mapping/purchase-order';
import { mapPurchaseOrderChange } from '../../edi/mapping/purchase-order-change';
import type { TransactionSet } from '../../edi/x12/model';
import type { InterchangeAgreement } from '../agreement';

/** A transaction set that was accepted and is to be processed. */
export interface AcceptedSet {
  readonly documentId: string;
  readonly transaction: TransactionSet;
}

/** What accepted documents ask for. */
export interface Asked {
  readonly entries: readonly InboxEntry[];
  /** One job a purchase order, however many of its documents came. */
  readonly jobs: readonly JobToAdd<'work-order-requests'>[];
  readonly acknowledgements: readonly FunctionalAcknowledgment[];
  /** A set without a rule is never passed over in silence: somebody gets to see it. */
  readonly unhandled: readonly { readonly set: AcceptedSet; readonly text: string }[];
  /** What became of a document that asked for nothing, in words. */
  readonly noteOf: ReadonlyMap<string, string>;
}

/** Order requests for the inbox of their purchase order, acknowledgements for what they acknowledge. Pure. */
export function readAcceptedSets(accepted: readonly AcceptedSet[], agreement: InterchangeAgreement): Asked {
  const noteOf = new Map<string, string>();
  const entries: InboxEntry[] = [];
  const unhandled: { readonly set: AcceptedSet; readonly text: string }[] = [];
  const acknowledgements: FunctionalAcknowledgment[] = [];
  for (const set of accepted) {
    const outcome = take(set, agreement);
    if (outcome.kind === 'request') entries.push(outcome.entry);
    else if (outcome.kind === 'acknowledgement') acknowledgements.push(outcome.acknowledgement);
    else noteOf.set(set.documentId, outcome.text);
    if (outcome.kind === 'unhandled') unhandled.push({ set, text: outcome.text });
  }
  const numbers = [...new Set(entries.map((entry) => entry.purchaseOrderNumber))];
  const { partnerId } = agreement;
  const jobs = numbers.map((purchaseOrderNumber) => ({
    payload: { partnerId, purchaseOrderNumber },
    key: `${partnerId}/${purchaseOrderNumber}`,
  }));
  return { entries, jobs, acknowledgements, unhandled, noteOf };
}

type Outcome =
  | { readonly kind: 'request'; readonly entry: InboxEntry }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: FunctionalAcknowledgment }
  | { readonly kind: 'nothing'; readonly text: string }
  | { readonly kind: 'unhandled'; readonly text: string };

function take({ documentId, transaction }: AcceptedSet, agreement: InterchangeAgreement): Outcome {
  if (transaction.set === '997' || transaction.set === '999') {
    return { kind: 'acknowledgement', acknowledgement: readFunctionalAcknowledgment(transaction) };
  }
  if (transaction.set !== '850' && transaction.set !== '860') {
    return {
      kind: 'unhandled',
      text: `there is no rule for an inbound ${transaction.set} yet: it is kept and somebody must look at it`,
    };
  }
  const { customerId, entityId, partnerId, usage } = agreement;
  if (customerId === null || entityId === null) {
    return {
      kind: 'unhandled',
      text: `partner ${partnerId} has no customer: nobody knows whose order this is`,
    };
  }
  return mapOrder(transaction, { usage, entityId, customerId, partnerId, documentId }, documentId);
}

function mapOrder(transaction: TransactionSet, context: OrderContext, documentId: string): Outcome {
  const mapped =
    transaction.set === '850'
      ? mapPurchaseOrder(transaction, context)
      : mapPurchaseOrderChange(transaction, context);
  if (mapped.kind === 'nothing') {
    // A purpose (07, 22) that by the standard asks for nothing; anything else that became nothing needs a person.
    return { kind: mapped.because === 'purpose' ? 'nothing' : 'unhandled', text: mapped.reason };
  }
  const common = {
    documentId,
    partnerId: context.partnerId,
    usage: context.usage,
    purchaseOrderNumber: mapped.request.purchaseOrderNumber,
  };
  if (mapped.kind === 'order')
    return { kind: 'request', entry: { ...common, kind: 'order', payload: mapped.request } };
  if ('change' in mapped) {
    return {
      kind: 'request',
      entry: { ...common, kind: 'replace', payload: { request: mapped.request, change: mapped.change } },
    };
  }
  return { kind: 'request', entry: { ...common, kind: 'change', payload: mapped.request } };
}

export async function raiseUnhandled(
  tx: Tx,
  agreement: InterchangeAgreement,
  unhandled: Asked['unhandled'],
  now: string,
): Promise<void> {
  for (const { set, text } of unhandled) {
    await raiseException(tx, {
      kind: 'document-without-rule',
      subjectKey: set.documentId,
      text: `${set.transaction.set} ${set.transaction.controlNumber} of ${agreement.partnerId} was accepted, but ${text}`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      documentId: set.documentId,
    });
  }
}
