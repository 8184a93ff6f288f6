import type {
  AdviceDetail,
  AdviceError,
  AdvisedDocument,
  ApplicationAdvice,
} from '../../domain/partner/application-advice';
import type { TransactionSet } from '../x12/model';
import { amounts, contacts, dates, partiesWith, quantities, references, remarks } from './document-parts';
import { components, date, firstOf, id, must, required, text } from './element-codecs';
import { type DocumentRead, group, type Layout, loops, readDocument, segments, writeLayout } from './layout';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';

const error: Layout<AdviceError> = {
  code: required(id('TED', 1)),
  text: text('TED', 2),
  segment: id('TED', 3),
  position: id('TED', 4),
  element: components<NonNullable<AdviceError['element']>>('TED', 5, ['position', 'component', 'repetition']),
  elementReference: firstOf('TED', 6),
  value: text('TED', 7),
  replacement: text('TED', 8),
  contexts: segments<AdviceError['contexts'][number]>('CTX', { name: must(firstOf('CTX', 1)) }),
  remarks,
  details: segments<AdviceDetail>('RED', {
    text: must(text('RED', 1)),
    code: id('RED', 2),
    agency: id('RED', 3),
    source: id('RED', 4),
    listQualifier: id('RED', 5),
    listCode: id('RED', 6),
  }),
};

const original: Layout<AdvisedDocument> = {
  verdict: required(id('OTI', 1)),
  reference: group<AdvisedDocument['reference']>({
    qualifier: required(id('OTI', 2)),
    value: required(id('OTI', 3)),
  }),
  senderCode: id('OTI', 4),
  receiverCode: id('OTI', 5),
  groupDate: date('OTI', 6),
  groupTime: id('OTI', 7),
  groupControlNumber: id('OTI', 8),
  controlNumber: id('OTI', 9),
  set: id('OTI', 10),
  version: id('OTI', 11),
  purpose: id('OTI', 12),
  transactionType: id('OTI', 13),
  applicationType: id('OTI', 14),
  action: id('OTI', 15),
  handling: id('OTI', 16),
  status: id('OTI', 17),
  references,
  dates,
  contacts,
  amounts,
  quantities,
  errors: loops('TED', error),
};

const layout: Layout<Omit<ApplicationAdvice, 'kind'>> = {
  purpose: required(id('BGN', 1)),
  adviceNumber: required(id('BGN', 2)),
  date: required(date('BGN', 3)),
  time: id('BGN', 4),
  zone: id('BGN', 5),
  referenceNumber: id('BGN', 6),
  transactionType: id('BGN', 7),
  action: id('BGN', 8),
  parties: partiesWith(references),
  originals: loops('OTI', original),
};

/** 824, from whoever sends it. */
export function readApplicationAdvice(set: TransactionSet): DocumentRead<ApplicationAdvice> {
  return readDocument('application-advice', layout, set);
}

/** 824. */
export function renderApplicationAdvice(document: ApplicationAdvice, options: RenderingOptions): Rendered {
  return renderSet('824', options, (node) => {
    writeLayout(layout, document, node);
    if (document.originals.length === 0) node.refuse('OTI', 'an advice about no document');
  });
}
