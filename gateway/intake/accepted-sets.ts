import { raiseException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import type { JobToAdd } from '../../db/jobs';
import type { InboxEntry } from '../../db/repositories/order-inbox';
import type { ContentToKeep } from '../../db/repositories/received-content';
import { addSeconds } from '../../domain/shared/dates';
import type { FunctionalAcknowledgment } from '../../edi/mapping/functional-acknowledgment';
import type { InterchangeAgreement } from '../agreement';
import { type AcceptedSet, readSet } from './set-readers';

/** What accepted documents ask for. */
export interface Asked {
  readonly entries: readonly InboxEntry[];
  /** One job a purchase order, however many of its documents came. */
  readonly jobs: readonly JobToAdd<'work-order-requests'>[];
  /** Everything else that was sent, to be worked in the order it came. */
  readonly contents: readonly ContentToKeep[];
  readonly acknowledgements: readonly {
    readonly documentId: string;
    readonly acknowledgement: FunctionalAcknowledgment;
  }[];
  /** What nobody can make sense of is never passed over in silence: somebody gets to see it. */
  readonly unhandled: readonly { readonly set: AcceptedSet; readonly text: string }[];
  /** What nothing is to follow from before a person has looked. */
  readonly doubtful: readonly { readonly set: AcceptedSet; readonly text: string }[];
  /** What became of a document that asked for nothing, in words. */
  readonly noteOf: ReadonlyMap<string, string>;
}

/** Order requests for the inbox of their purchase order, acknowledgements for what they acknowledge. Pure. */
export function readAcceptedSets(accepted: readonly AcceptedSet[], agreement: InterchangeAgreement): Asked {
  const noteOf = new Map<string, string>();
  const entries: InboxEntry[] = [];
  const contents: ContentToKeep[] = [];
  const unhandled: { readonly set: AcceptedSet; readonly text: string }[] = [];
  const doubtful: { readonly set: AcceptedSet; readonly text: string }[] = [];
  const acknowledgements: { documentId: string; acknowledgement: FunctionalAcknowledgment }[] = [];
  const { partnerId, usage } = agreement;
  for (const set of accepted) {
    const { documentId } = set;
    const read = readSet(set, agreement);
    if (read.kind === 'request') entries.push(read.entry);
    else if (read.kind === 'acknowledgement')
      acknowledgements.push({ documentId: set.documentId, acknowledgement: read.acknowledgement });
    else if (read.kind === 'content') {
      const { kind, body } = read.content;
      const held = set.holds.map(({ text }) => text).join('; ') || null;
      contents.push({ documentId, partnerId, usage, set: set.transaction.set, kind, content: body, held });
      if (held !== null) doubtful.push({ set, text: held });
    } else noteOf.set(documentId, read.text);
    if (read.kind === 'unhandled') unhandled.push({ set, text: read.text });
  }
  const numbers = [...new Set(entries.map((entry) => entry.purchaseOrderNumber))];
  const jobs = numbers.map((purchaseOrderNumber) => ({
    payload: { partnerId, purchaseOrderNumber },
    key: `${partnerId}/${purchaseOrderNumber}`,
  }));
  return { entries, jobs, contents, acknowledgements, unhandled, doubtful, noteOf };
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

/** Set aside; replayed by a person it is taken as it is. */
export async function raiseDoubtful(
  tx: Tx,
  agreement: InterchangeAgreement,
  doubtful: Asked['doubtful'],
  now: string,
): Promise<void> {
  for (const { set, text } of doubtful) {
    await raiseException(tx, {
      kind: 'document-in-doubt',
      subjectKey: set.documentId,
      text: `${set.transaction.set} ${set.transaction.controlNumber} of ${agreement.partnerId} is set aside: ${text}. Clear it with the partner; replay it to take it as it is.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      documentId: set.documentId,
    });
  }
}
