import { nothingSeen } from '../../edi/judge/agreement';
import { judgeArrival } from '../../edi/judge/judge-interchange';
import type { Finding } from '../../edi/validate/finding';

/** What our own judge says of a set that we are about to send, as the partner's would. */
export interface OwnVerdict {
  readonly findings: readonly Finding[];
  /** Why it must not leave; null where it may. */
  readonly problem: string | null;
}

/** In the order of the sets. The bytes are judged as if they had arrived, without an agreement and without memory. */
export function validateOwn(bytes: Uint8Array): readonly OwnVerdict[] {
  const { judgements } = judgeArrival(bytes, null, nothingSeen, { keepsDocuments: false });
  return judgements
    .flatMap(({ groups }) => groups)
    .flatMap(({ transactions }) => transactions)
    .map(({ ack, errors, findings }) => ({
      findings,
      problem: ack === 'A' ? null : describe(errors, findings),
    }));
}

function describe(errors: readonly string[], findings: readonly Finding[]): string {
  const [first] = findings;
  if (!first) return `our own validation rejects it (AK502 ${errors.join(', ')})`;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  return `our own validation rejects it: ${first.text}${more}`;
}
