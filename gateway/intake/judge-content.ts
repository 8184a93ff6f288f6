import type { UnhandledContent } from '../../domain/order/order-request';
import { type BusinessAction, type BusinessCode, businessFaults } from '../../edi/business/business-finding';
import { businessFindings } from '../../edi/business/business-findings';
import { isAcknowledged } from '../../edi/guides/apply-guide';
import type { Finding } from '../../edi/validate/finding';
import type { TransactionSet } from '../../edi/x12/model';
import type { InterchangeAgreement } from '../agreement';
import type { GuidesInForce } from '../guides';

/** What the partner is told of by 824. */
export interface Advised {
  readonly finding: Finding;
  /** of a business fault, which one it is */
  readonly code: string | null;
}

/** What follows from an accepted document beyond the standard: its guide and its sense. */
export interface ContentJudgement {
  readonly guide: { readonly name: string; readonly version: number } | null;
  /** within which the guide wants an answer; null where it names no time */
  readonly answerWithinSeconds: number | null;
  /** a guide that the agreement names and that is not in force */
  readonly missingGuide: string | null;
  /** those that are no matter of the acknowledgement */
  readonly findings: readonly Finding[];
  /** nothing follows from the document */
  readonly rejected: boolean;
  /** what a person has to look at before anything follows */
  readonly holds: readonly UnhandledContent[];
  readonly advised: readonly Advised[];
}

/** Pure. Of a document that the standard and the acknowledgement's own matters let pass. */
export function judgeContent(
  document: TransactionSet,
  agreement: InterchangeAgreement,
  guides: GuidesInForce,
): ContentJudgement {
  const named = guides.inbound(document.set, document.version);
  const inForce = named && 'guide' in named ? named : null;
  const breaches = guides
    .breachesOf(document)
    .filter((breach) => inForce !== null && !isAcknowledged(breach, inForce.guide));
  const faults = businessFindings(document).map(({ code, finding }) => ({
    code,
    finding,
    action: agreement.policy.business[code] ?? usualAction(code, document.set),
  }));
  const all = [
    ...breaches.map(({ finding, action }) => ({ finding, action, code: null as string | null })),
    ...faults,
  ]
    .map((one) => (isAnswer(document.set) ? { ...one, action: unanswered[one.action] } : one))
    .sort((one, other) => one.finding.position - other.finding.position);
  return {
    guide: inForce === null ? null : { name: inForce.name, version: inForce.version },
    answerWithinSeconds:
      inForce?.guide.answerWithinHours === undefined ? null : inForce.guide.answerWithinHours * 3600,
    missingGuide: named && 'missing' in named ? named.missing : null,
    findings: all.map(({ finding }) => finding),
    rejected: all.some(({ action }) => action === 'reject'),
    holds: all.filter(({ action }) => action === 'hold').map(({ finding }) => heldContent(finding)),
    advised: all
      .filter(({ action }) => action === 'advise' || action === 'reject')
      .map(({ finding, code }) => ({ finding, code })),
  };
}

/** An answer is never answered, or two hubs would go on for ever: our own people see to it instead. */
const isAnswer = (set: string): boolean => set === '824' || set === '997' || set === '999';

const unanswered = { reject: 'hold', hold: 'hold', advise: 'warn', warn: 'warn' } as const;

/** Only of an order goods and money follow that nobody else looks at: other documents are taken with a warning. */
function usualAction(code: BusinessCode, set: string): BusinessAction {
  const { action }: { readonly action: BusinessAction } = businessFaults[code];
  return action === 'hold' && set !== '850' && set !== '860' ? 'warn' : action;
}

function heldContent({ segment, position, element, text }: Finding): UnhandledContent {
  return {
    at: { segmentId: segment, segment: position, ...(element === null ? {} : { element }) },
    text,
  };
}

/** Holds that the mapping has not found itself: the same place is named once. */
export function withHolds<Request extends { readonly unhandled: readonly UnhandledContent[] }>(
  request: Request,
  holds: readonly UnhandledContent[],
): Request {
  const known = new Set(request.unhandled.map(placeOf));
  const further = holds.filter((hold) => !known.has(placeOf(hold)));
  if (further.length === 0) return request;
  return { ...request, unhandled: [...request.unhandled, ...further] };
}

const placeOf = ({ at }: UnhandledContent): string => `${at.segment}/${at.element ?? ''}`;
