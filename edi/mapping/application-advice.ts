import type {
  AdviceDetail,
  AdviceError,
  AdvisedDocument,
  ApplicationAdvice,
} from '../../domain/partner/application-advice';
import type { TransactionSet } from '../x12/model';
import { fieldsOf, partyShape } from './common-shapes';
import { components, date, exact, firstOf, group, required, text } from './element-rules';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';
import { type DocumentRead, partsOf, readDocument, Shape } from './shape';

const ofError = partsOf<AdviceError>();

const error = new Shape<AdviceError>([
  ofError.segment('TED', {
    code: required(exact(1)),
    text: text(2),
    segment: exact(3),
    position: exact(4),
    element: components<NonNullable<AdviceError['element']>>(5, ['position', 'component', 'repetition']),
    elementReference: firstOf(6),
    value: text(7),
    replacement: text(8),
  }),
  ofError.many('contexts', 'CTX', { name: required(firstOf(1)) }),
  ofError.many('remarks', 'NTE', fieldsOf.NTE),
  ofError.many('details', 'RED', {
    text: required(text(1)),
    code: exact(2),
    agency: exact(3),
    source: exact(4),
    listQualifier: exact(5),
    listCode: exact(6),
  } satisfies { readonly [K in keyof AdviceDetail]-?: unknown }),
]);

const ofOriginal = partsOf<AdvisedDocument>();

const original = new Shape<AdvisedDocument>([
  ofOriginal.segment('OTI', {
    verdict: required(exact(1)),
    reference: required(
      group<AdvisedDocument['reference']>(2, { qualifier: required(exact(2)), value: required(exact(3)) }),
    ),
    senderCode: exact(4),
    receiverCode: exact(5),
    groupDate: date(6),
    groupTime: exact(7),
    groupControlNumber: exact(8),
    controlNumber: exact(9),
    set: exact(10),
    version: exact(11),
    purpose: exact(12),
    transactionType: exact(13),
    applicationType: exact(14),
    action: exact(15),
    handling: exact(16),
    status: exact(17),
  }),
  ofOriginal.many('references', 'REF', fieldsOf.REF),
  ofOriginal.many('dates', 'DTM', fieldsOf.DTM),
  ofOriginal.many('contacts', 'PER', fieldsOf.PER),
  ofOriginal.many('amounts', 'AMT', fieldsOf.AMT),
  ofOriginal.many('quantities', 'QTY', fieldsOf.QTY),
  ofOriginal.loops('errors', 'TED', error),
]);

const ofAdvice = partsOf<ApplicationAdvice>();

const advice = new Shape<ApplicationAdvice>([
  ofAdvice.segment('BGN', {
    purpose: required(exact(1)),
    adviceNumber: required(exact(2)),
    date: required(date(3)),
    time: exact(4),
    zone: exact(5),
    referenceNumber: exact(6),
    transactionType: exact(7),
    action: exact(8),
  }),
  ofAdvice.loops('parties', 'N1', partyShape('REF')),
  ofAdvice.loops('originals', 'OTI', original),
]);

/** 824, from whoever sends it. */
export function readApplicationAdvice(set: TransactionSet): DocumentRead<ApplicationAdvice> {
  return readDocument(set, advice, (raw): ApplicationAdvice => ({ ...raw, kind: 'application-advice' }));
}

/** 824. */
export function renderApplicationAdvice(document: ApplicationAdvice, options: RenderingOptions): Rendered {
  const rendering = new Rendering(options);
  advice.write(document, rendering);
  if (document.originals.length === 0) rendering.refuse('OTI', 'an advice about no document');
  return rendering.finish('824');
}
