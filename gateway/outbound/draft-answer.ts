import { z } from 'zod';
import type { PartnerDocument } from '../../domain/order/answers';
import { renderChangeAcknowledgment } from '../../edi/mapping/change-acknowledgment';
import { renderInvoice } from '../../edi/mapping/invoice';
import { renderOrderAcknowledgment } from '../../edi/mapping/order-acknowledgment';
import type { Rendered, RenderingOptions } from '../../edi/mapping/rendering';
import { renderShipNotice } from '../../edi/mapping/ship-notice';
import type { DocumentDraft } from '../../edi/x12/model';
import type { DocumentAgreement, InterchangeAgreement } from '../agreement';
import { isaVersionFor, separatorsFor } from './assemble-interchange';

/** What a document agreement's `options` may say about how its set is written. */
export const renderingOptions = z.strictObject({
  echoReferences: z.array(z.string()).optional(),
  currency: z.boolean().optional(),
  descriptions: z.boolean().optional(),
  /** 856: BSN05. */
  bsnStructure: z.enum(['0001', '0002', '0003', '0004']).optional(),
  ssccDigits: z.union([z.literal(18), z.literal(20)]).optional(),
  weightUnit: z.enum(['LB', 'KG']).optional(),
  packagingCode: z.string().optional(),
  /** 810: BIG07, TXI01, and what happens to amounts of three places. */
  transactionType: z.string().optional(),
  taxType: z.string().optional(),
  threePlaceAmounts: z.enum(['refuse', 'round']).optional(),
});
type StoredOptions = z.infer<typeof renderingOptions>;

export type DraftedAnswer =
  | { readonly kind: 'drafted'; readonly draft: DocumentDraft }
  | { readonly kind: 'refused'; readonly text: string };

/** A document in the domain's words as the draft of its transaction set, by what was agreed for that set. */
export function draftAnswer(
  answer: PartnerDocument,
  terms: DocumentAgreement,
  agreement: InterchangeAgreement,
): DraftedAnswer {
  const stored = renderingOptions.safeParse(terms.options);
  if (!stored.success) {
    return {
      kind: 'refused',
      text: `the options agreed for the ${terms.set} are not valid: ${z.prettifyError(stored.error)}`,
    };
  }
  const outcome = render(answer, stored.data, {
    version: terms.version >= '005010' ? '005010' : '004010',
    separators: separatorsFor(agreement, isaVersionFor(agreement, terms.version)),
  });
  if (outcome.kind === 'rendered') return { kind: 'drafted', draft: outcome.draft };
  return { kind: 'refused', text: outcome.problems.map(({ where, text }) => `${where}: ${text}`).join('; ') };
}

/** zod gives `undefined` for what is not there; the mapping takes absence. */
function present<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function render(answer: PartnerDocument, stored: StoredOptions, base: RenderingOptions): Rendered {
  const options = { ...present(stored), ...base };
  switch (answer.kind) {
    case 'order-answer':
      return renderOrderAcknowledgment(answer, options);
    case 'change-answer':
      return renderChangeAcknowledgment(answer, options);
    case 'ship-notice':
      return renderShipNotice(answer, { ...options, bsnStructure: stored.bsnStructure ?? '0001' });
    case 'invoice':
      return renderInvoice(answer, options);
  }
}
