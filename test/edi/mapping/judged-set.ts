import { functionalIdOf } from '../../../edi/judge/functional-groups';
import type { DocumentDraft, Separators, TransactionSet } from '../../../edi/x12/model';
import { writeInterchange } from '../../../edi/x12/writer';
import { judge } from '../interchange-text';
import type { Version } from './write-document';

/** Written, sent and judged: the set as its mapping would be given it, and what is wrong with it. */
export function judgedSet(
  draft: DocumentDraft,
  version: Version,
  separators: Separators,
): { readonly set: TransactionSet; readonly findings: readonly string[] } {
  const { repetition, ...others } = separators;
  const text = writeInterchange({
    envelope: {
      separators: { ...others, repetition: version >= '005010' ? repetition : null },
      isa: {
        senderQualifier: 'ZZ',
        senderId: 'ACME',
        receiverQualifier: 'ZZ',
        receiverId: 'HUB',
        date: '261122',
        time: '1530',
        version: version >= '005010' ? '00501' : '00401',
        controlNumber: 1,
        usage: 'P',
        ackRequested: false,
      },
    },
    groups: [
      {
        functionalId: functionalIdOf(draft.set),
        senderCode: 'ACME',
        receiverCode: 'HUB',
        controlNumber: 1,
        version,
        date: '20261122',
        time: '1530',
        sets: [{ controlNumber: '0001', draft }],
      },
    ],
  });
  const [transaction] = judge(text).groups.flatMap((group) => group.transactions);
  if (!transaction?.document) throw new Error(`not accepted: ${JSON.stringify(transaction)}\n${text}`);
  return {
    set: transaction.document,
    findings: transaction.findings.map(
      (finding) => `${finding.segment} ${finding.position}: ${finding.text}`,
    ),
  };
}
