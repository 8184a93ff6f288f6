import { z } from 'zod';
import type { WaitingRequest } from '../../db/repositories/document-requests';
import { baseReleaseOf } from '../../edi/dictionary/releases';
import { shapeDocument } from '../../edi/guides/shape-document';
import { functionalIdOf } from '../../edi/judge/functional-groups';
import type { DocumentDraft, DraftElement, DraftSegment } from '../../edi/x12/model';
import { type DocumentAgreement, type InterchangeAgreement, outboundAgreement } from '../agreement';
import type { GuideInForce, GuidesInForce } from '../guides';
import type { DraftedDocument } from './assemble-interchange';
import { type ExtractedKeys, NO_KEYS, renderDocument } from './document-renderers';
import { agreedOptions } from './rendering-options';

export type Drafted =
  | {
      readonly kind: 'set';
      readonly document: DraftedDocument;
      readonly keys: ExtractedKeys;
      /** the version of the partner's guide by which it is shaped */
      readonly guide: GuideInForce | null;
      /** null where no acknowledgement is expected. */
      readonly ackDueAfterMs: number | null;
    }
  | { readonly kind: 'ta1'; readonly isaVersion: string; readonly segment: DraftSegment };

const element: z.ZodType<DraftElement> = z.union([
  z.string(),
  z.array(z.string()),
  z.object({ repeats: z.array(z.union([z.string(), z.array(z.string())])) }),
]);
const segment = z.array(element);

/** What the intake leaves for a group: the answer is fixed, only its envelope is still to come. */
export const functionalAckPayload = z.object({
  kind: z.literal('functional-acknowledgement'),
  ownGsId: z.string(),
  partnerGsId: z.string(),
  version: z.string(),
  draft: z.object({ set: z.string(), implementation: z.string().optional(), segments: z.array(segment) }),
});
export type FunctionalAckPayload = z.infer<typeof functionalAckPayload>;

export const interchangeAckPayload = z.object({
  kind: z.literal('interchange-acknowledgement'),
  isaVersion: z.string(),
  segment,
});
export type InterchangeAckPayload = z.infer<typeof interchangeAckPayload>;

/** A request as a draft of its document, or the reason why it cannot become one. Pure. */
export function draftRequest(
  request: WaitingRequest,
  agreement: InterchangeAgreement,
  guides: GuidesInForce,
  usualAckMs: number,
): Drafted | { readonly kind: 'refused'; readonly text: string } {
  if (request.set_id === 'TA1') {
    const { isaVersion, segment: ta1 } = interchangeAckPayload.parse(request.payload);
    return { kind: 'ta1', isaVersion, segment: ta1 };
  }
  if (request.set_id === '997' || request.set_id === '999') return draftAcknowledgement(request);
  const terms = outboundAgreement(agreement, request.set_id);
  if (!terms) return { kind: 'refused', text: `there is no agreement for an outbound ${request.set_id}` };
  const named = guides.of(terms);
  if (named && 'missing' in named)
    return { kind: 'refused', text: `no version of the guide ${named.missing} is in force` };
  const problem = named && otherRelease(terms, named);
  if (problem) return { kind: 'refused', text: problem };
  const options = agreedOptions(terms, agreement, named?.guide ?? null);
  if ('problem' in options) return { kind: 'refused', text: options.problem };
  const outcome = renderDocument(request.payload, options);
  if (outcome.kind === 'refused') return outcome;
  return {
    kind: 'set',
    document: {
      requestId: request.id,
      functionalId: functionalIdOf(request.set_id),
      ownGsId: terms.ownGsId,
      partnerGsId: terms.partnerGsId,
      // The guide names the suffix that the partner wants in GS08.
      version: named?.guide.version ?? terms.version,
      draft: named ? shapeDocument(outcome.draft, named.guide) : outcome.draft,
      guide: named?.guide ?? null,
    },
    keys: outcome.keys,
    guide: named,
    ackDueAfterMs: agreement.policy.acknowledges
      ? terms.ackDeadlineMinutes === null
        ? usualAckMs
        : terms.ackDeadlineMinutes * 60_000
      : null,
  };
}

function otherRelease(terms: DocumentAgreement, { name, guide }: GuideInForce): string | null {
  if (baseReleaseOf(terms.version) === baseReleaseOf(guide.version)) return null;
  return `the agreement says ${terms.version}, its guide ${name} is written for ${guide.version}`;
}

function draftAcknowledgement(request: WaitingRequest): Drafted {
  const payload = functionalAckPayload.parse(request.payload);
  const { set, implementation, segments } = payload.draft;
  const draft: DocumentDraft = { set, segments, ...(implementation === undefined ? {} : { implementation }) };
  return {
    kind: 'set',
    document: {
      requestId: request.id,
      functionalId: 'FA',
      ownGsId: payload.ownGsId,
      partnerGsId: payload.partnerGsId,
      version: payload.version,
      draft,
      guide: null,
    },
    keys: NO_KEYS,
    guide: null,
    ackDueAfterMs: null,
  };
}
