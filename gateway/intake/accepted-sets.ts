import { raiseException } from '../../application/raise-exception';
import type { Tx } from '../../db/connection';
import { addJobs } from '../../db/jobs';
import { type InboxEntry, insertInbox } from '../../db/repositories/order-inbox';
import { addSeconds } from '../../domain/shared/dates';
import { readFunctionalAcknowledgment } from '../../edi/mapping/functional-acknowledgment';
import { mapPurchaseOrder, type OrderContext } from '../../edi/mapping/purchase-order';
import { mapPurchaseOrderChange } from '../../edi/mapping/purchase-order-change';
import type { TransactionSet } from '../../edi/x12/model';
import type { InterchangeAgreement } from '../agreement';
import { matchFunctionalAcknowledgement } from './match-acknowledgements';

/** A transaction set that was accepted and is to be processed. */
export interface AcceptedSet {
  readonly documentId: string;
  readonly transaction: TransactionSet;
  readonly functionalId: string;
}

export interface Taken {
  /** What became of a document that asked for nothing, in words. */
  readonly noteOf: ReadonlyMap<string, string>;
  /** Rows that refer to documents: written once those are there. */
  readonly afterDocuments: () => Promise<void>;
}

/**
 * What accepted documents ask for: order requests go to the inbox of their purchase order, acknowledgements to what
 * they acknowledge. A set without a rule is never passed over in silence: somebody gets to see it.
 */
export async function takeAcceptedSets(
  tx: Tx,
  agreement: InterchangeAgreement,
  accepted: readonly AcceptedSet[],
  now: string,
): Promise<Taken> {
  const noteOf = new Map<string, string>();
  const entries: InboxEntry[] = [];
  const unhandled: { readonly set: AcceptedSet; readonly text: string }[] = [];
  for (const set of accepted) {
    const outcome = take(set, agreement);
    if (outcome.kind === 'request') entries.push(outcome.entry);
    if (outcome.kind === 'nothing') noteOf.set(set.documentId, outcome.text);
    if (outcome.kind === 'unhandled') {
      noteOf.set(set.documentId, outcome.text);
      unhandled.push({ set, text: outcome.text });
    }
  }
  return {
    noteOf,
    afterDocuments: async () => {
      await insertInbox(tx, entries, now);
      await addJobs(tx, 'work-order-requests', jobsOf(agreement.partnerId, entries));
      for (const { set, text } of unhandled) await raiseUnhandled(tx, agreement, set, text, now);
      for (const set of accepted) {
        if (set.functionalId !== 'FA') continue;
        await matchFunctionalAcknowledgement(
          tx,
          agreement,
          readFunctionalAcknowledgment(set.transaction),
          now,
        );
      }
    },
  };
}

type Outcome =
  | { readonly kind: 'request'; readonly entry: InboxEntry }
  | { readonly kind: 'acknowledgement' }
  | { readonly kind: 'nothing'; readonly text: string }
  | { readonly kind: 'unhandled'; readonly text: string };

function take({ documentId, transaction }: AcceptedSet, agreement: InterchangeAgreement): Outcome {
  if (transaction.set === '997' || transaction.set === '999') return { kind: 'acknowledgement' };
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

/** One job a purchase order, however many of its documents came. */
function jobsOf(partnerId: string, entries: readonly InboxEntry[]) {
  const numbers = [...new Set(entries.map((entry) => entry.purchaseOrderNumber))];
  return numbers.map((purchaseOrderNumber) => ({
    payload: { partnerId, purchaseOrderNumber },
    key: `${partnerId}/${purchaseOrderNumber}`,
  }));
}

async function raiseUnhandled(
  tx: Tx,
  agreement: InterchangeAgreement,
  set: AcceptedSet,
  text: string,
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: 'document-without-rule',
    subjectKey: set.documentId,
    text: `${set.transaction.set} ${set.transaction.controlNumber} of ${agreement.partnerId} was accepted, but ${text}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    documentId: set.documentId,
  });
}
