import { z } from 'zod';
import { dictionaryFor } from '../../edi/dictionary/dictionary';
import type { Guide } from '../../edi/guides/guide';
import type { RenderingOptions } from '../../edi/mapping/rendering';
import type { DocumentAgreement, InterchangeAgreement } from '../agreement';
import { isaVersionFor, separatorsFor } from './assemble-interchange';

/** What a document agreement's `options` may say about how its set is written. */
export const renderingOptions = z.strictObject({
  echoReferences: z.array(z.string()).optional(),
  currency: z.boolean().optional(),
  descriptions: z.boolean().optional(),
  /** Segments of a line that are given back as they came, for example PO4, CTP, SDQ. */
  echoSegments: z.array(z.string()).optional(),
  /** 855, 865: N9 and MSG that say why something is refused. */
  reasons: z.boolean().optional(),
  /** 856: BSN05. */
  bsnStructure: z.enum(['0001', '0002', '0003', '0004']).optional(),
  ssccDigits: z.union([z.literal(18), z.literal(20)]).optional(),
  weightUnit: z.enum(['LB', 'KG']).optional(),
  packagingCode: z.string().optional(),
  /** 856: N101 of whom goods are packed for. */
  markForRole: z.enum(['Z7', 'BY']).optional(),
  /** 810: BIG07, TXI01, CAD01 (mandatory from 5010 on), ISS, and what happens to amounts of three places. */
  transactionType: z.string().optional(),
  /** 810: N101 of whom to pay; RE before 004030, RI since. */
  remitToRole: z.enum(['RE', 'RI']).optional(),
  taxType: z.string().optional(),
  transportMethod: z.string().optional(),
  shipmentSummary: z.boolean().optional(),
  /** 810: allowances and charges of a line in its IT1 loop, or with the invoice's own. */
  lineAdjustments: z.enum(['line', 'invoice']).optional(),
  /** 855, 865: SAC of the order and of its lines. */
  orderAdjustments: z.boolean().optional(),
  adjustmentsOfLines: z.boolean().optional(),
  threePlaceAmounts: z.enum(['refuse', 'round']).optional(),
});
type Stored = z.infer<typeof renderingOptions>;
type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** What every renderer is given: what was agreed for the set, its release and the separators that it travels with. */
export type AgreedOptions = RenderingOptions & Present<Stored>;

export function agreedOptions(
  terms: DocumentAgreement,
  agreement: InterchangeAgreement,
  guide: Guide | null,
): AgreedOptions | { readonly problem: string } {
  const stored = renderingOptions.safeParse(terms.options);
  if (!stored.success) {
    return {
      problem: `the options agreed for the ${terms.set} are not valid: ${z.prettifyError(stored.error)}`,
    };
  }
  return {
    // Whom to pay: element 98 lost RE in 004030 in favour of RI.
    remitToRole: terms.version >= '004030' ? 'RI' : 'RE',
    ...(guide === null ? {} : guideOptions(guide)),
    // Releases before 003030 say allowances otherwise.
    ...((terms.set === '855' || terms.set === '865') &&
    dictionaryFor(terms.version)?.set(terms.set)?.segmentIds.has('SAC') !== true
      ? { orderAdjustments: false, adjustmentsOfLines: false }
      : {}),
    ...present(stored.data),
    version: terms.version >= '005010' ? '005010' : '004010',
    separators: separatorsFor(agreement, isaVersionFor(agreement, terms.version)),
  };
}

/** What of the rendering a guide leaves no choice about; what was agreed for the set goes before it. */
function guideOptions(guide: Guide): Present<Stored> {
  const rule = (ending: string, element: number) =>
    guide.rules.find(({ at, when, elements }) => at.endsWith(ending) && !when && elements?.[element])
      ?.elements?.[element];
  const structures = rule('BSN', 5)?.codes ?? [];
  const mark = rule('MAN[GM]', 2);
  const least = Math.min(...(mark?.pictures ?? []).map(({ length }) => length), mark?.maximumLength ?? 20);
  const weights = rule('TD1', 8)?.codes ?? [];
  const remitTo = (['RE', 'RI'] as const).filter((role) =>
    guide.rules.some(({ at, use }) => guide.set === '810' && at === `N1[${role}]` && use !== 'not-used'),
  );
  const announces = guide.set === '855' || guide.set === '865';
  const hasNoPlaceFor = (path: string) =>
    guide.rules.some(({ at, use, when }) => at === path && use === 'not-used' && !when);
  return renderingOptions.parse({
    ...(announces && hasNoPlaceFor('SAC') ? { orderAdjustments: false } : {}),
    ...(announces && hasNoPlaceFor(guide.set === '855' ? 'PO1/SAC' : 'POC/SAC')
      ? { adjustmentsOfLines: false }
      : {}),
    ...(remitTo.length === 1 ? { remitToRole: remitTo[0] } : {}),
    ...(structures.length === 1 ? { bsnStructure: structures[0] } : {}),
    ...(mark ? { ssccDigits: least < 20 ? 18 : 20 } : {}),
    ...(weights.length === 1 ? { weightUnit: weights[0] } : {}),
  }) as Present<Stored>;
}

/** zod gives `undefined` for what is not there; the mapping takes absence. */
function present<T extends object>(options: T): Present<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
