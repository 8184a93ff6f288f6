import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide } from '../../edi/guides/apply-guide';
import type { Guide } from '../../edi/guides/guide';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeArrival } from '../../edi/judge/judge-interchange';
import type { JudgedTransaction } from '../../edi/judge/judgement';
import type { Finding } from '../../edi/validate/finding';

/** What our own judge says of a set that we are about to send, as the partner's would. */
export interface OwnVerdict {
  readonly findings: readonly Finding[];
  /** Why it must not leave; null where it may. */
  readonly problem: string | null;
}

/**
 * In the order of the sets. The bytes are judged as if they had arrived, without an agreement and without memory, each
 * set by the guide of the partner who is to get it; sums, trees and check digits that are wrong keep it back too.
 */
export function validateOwn(bytes: Uint8Array, guides: readonly (Guide | null)[]): readonly OwnVerdict[] {
  const { judgements } = judgeArrival(bytes, null, nothingSeen);
  return judgements
    .flatMap(({ groups }) => groups)
    .flatMap(({ transactions }) => transactions)
    .map((transaction, index) => verdictOf(transaction, guides[index] ?? null));
}

function verdictOf({ ack, errors, findings, document }: JudgedTransaction, guide: Guide | null): OwnVerdict {
  if (ack !== 'A') return { findings, problem: describe(errors, findings) };
  const breaches = guide && document ? applyGuide(document, guide) : [];
  const serious = breaches.filter(({ action }) => action !== 'warn').map(({ finding }) => finding);
  const faults = document ? businessFindings(document).map(({ finding }) => finding) : [];
  if (faults.length > 0)
    return { findings: [...findings, ...faults], problem: `it makes no sense: ${named(faults)}` };
  return {
    findings: [...findings, ...breaches.map(({ finding }) => finding)],
    problem: serious.length === 0 ? null : `it breaks the partner's guide: ${named(serious)}`,
  };
}

function describe(errors: readonly string[], findings: readonly Finding[]): string {
  if (findings.length === 0) return `our own validation rejects it (AK502 ${errors.join(', ')})`;
  return `our own validation rejects it: ${named(findings)}`;
}

/** What a person needs to mend it: the first few by name. */
function named(findings: readonly Finding[]): string {
  const texts = findings.slice(0, 5).map(({ text }) => text);
  const more = findings.length > texts.length ? `, and ${findings.length - texts.length} more` : '';
  return `${texts.join('; ')}${more}`;
}
