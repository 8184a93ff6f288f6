import type {
  InquiryLevel,
  ItemStatus,
  OrderStatus,
  OrderStatusInquiry,
  OrderStatusReport,
  StatusItem,
  StatusLevel,
} from '../../domain/order/order-status';
import type { TransactionSet } from '../x12/model';
import { datedReference, fieldsOf, partyShape } from './common-shapes';
import { date, decimal, exact, pairs, required } from './element-rules';
import { levelFields, type NumberedLevel, nestLevels, numberLevels } from './levels';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';
import { type DocumentRead, type Part, partsOf, readDocument, Shape } from './shape';

const isrFields = { code: required(exact(1)), date: date(2), reason: exact(3) } as const;

const ofStatus = partsOf<OrderStatus>();
const status = new Shape<OrderStatus>([
  ofStatus.segment('ISR', isrFields),
  ofStatus.many('descriptions', 'PID', fieldsOf.PID),
  ofStatus.many('quantities', 'QTY', fieldsOf.QTY),
]);

const ofItemStatus = partsOf<ItemStatus>();
const itemStatus = new Shape<ItemStatus>([
  ofItemStatus.segment('ISR', isrFields),
  ofItemStatus.many('descriptions', 'PID', fieldsOf.PID),
  ofItemStatus.many('quantities', 'QTY', fieldsOf.QTY),
  ofItemStatus.many('dates', 'DTM', fieldsOf.DTM),
  ofItemStatus.many('references', 'REF', fieldsOf.REF),
]);

const ofItem = partsOf<StatusItem>();
const item = new Shape<StatusItem>([
  ofItem.segment('PO1', {
    buyerLineNumber: exact(1),
    quantity: decimal(2),
    unit: exact(3),
    unitPrice: decimal(4),
    priceBasisCode: exact(5),
    productIds: pairs(6, 10),
  }),
  ofItem.one('currency', 'CUR', fieldsOf.CUR),
  ofItem.many('descriptions', 'PID', fieldsOf.PID),
  ofItem.loops('statuses', 'ISR', itemStatus),
]);

/** Levels as they stand in the document, before they are put under each other. */
type FlatStatus = Omit<StatusLevel, 'levels'> & NumberedLevel;
type FlatInquiry = Omit<InquiryLevel, 'levels'> & NumberedLevel;
type FlatReport = Omit<OrderStatusReport, 'levels' | 'kind'> & { readonly levels: readonly FlatStatus[] };
type FlatQuestion = Omit<OrderStatusInquiry, 'levels' | 'kind'> & { readonly levels: readonly FlatInquiry[] };

const ofLevel = partsOf<FlatStatus>();
const level = new Shape<FlatStatus>([
  ofLevel.segment('HL', levelFields),
  ofLevel.one('purchaseOrder', 'PRF', fieldsOf.PRF),
  ofLevel.loops('statuses', 'ISR', status),
  ofLevel.many('contacts', 'PER', fieldsOf.PER),
  ofLevel.many('dates', 'DTM', fieldsOf.DTM),
  ofLevel.loops('references', 'REF', datedReference),
  ofLevel.loops('parties', 'N1', partyShape('REF')),
  ofLevel.loops('items', 'PO1', item),
]);

const ofReport = partsOf<FlatReport>();
const report = new Shape<FlatReport>([
  ofReport.segment('BSR', {
    reportCode: required(exact(1)),
    detail: required(exact(2)),
    number: required(exact(3)),
    date: required(date(4)),
    productDetail: exact(5),
    locationDetail: exact(6),
    time: exact(7),
    inquiryNumber: exact(8),
    inquiryDate: date(9),
    inquiryTime: exact(10),
    purpose: exact(11),
    action: exact(12),
  }),
  ofReport.many('dates', 'DTM', fieldsOf.DTM),
  ofReport.loops('references', 'REF', datedReference),
  ofReport.loops('parties', 'N1', partyShape('REF')),
  ofReport.loops('levels', 'HL', level),
]);

const ofQuestionLevel = partsOf<FlatInquiry>();
const questionLevel = new Shape<FlatInquiry>([
  ofQuestionLevel.segment('HL', levelFields),
  ofQuestionLevel.one('purchaseOrder', 'PRF', fieldsOf.PRF),
  ofQuestionLevel.many('dates', 'DTM', fieldsOf.DTM),
  ofQuestionLevel.many('items', 'LIN', { lineNumber: exact(1), productIds: pairs(2, 15) }),
  ofQuestionLevel.one('quantity', 'QTY', fieldsOf.QTY),
  ofQuestionLevel.loops('references', 'REF', datedReference),
  ofQuestionLevel.loops('parties', 'N1', partyShape('REF')),
]);

const ofQuestion = partsOf<FlatQuestion>();
const question = new Shape<FlatQuestion>([
  ofQuestion.segment('BSI', {
    number: required(exact(1)),
    date: required(date(2)),
    detail: required(exact(3)),
    productDetail: exact(4),
    locationDetail: exact(5),
    time: exact(6),
    purpose: exact(7),
    transactionType: exact(8),
    action: exact(9),
  }),
  ofQuestion.many('remarks', 'NTE', fieldsOf.NTE),
  ofQuestion.loops('levels', 'HL', questionLevel),
]);

/** CTT01 counts the HL segments. It says nothing of its own: a reader looks at it and passes on. */
const count: Part = {
  id: 'CTT',
  takes: 'segment',
  repeats: false,
  empty: {},
  required: false,
  read: () => undefined,
  write: (from, rendering) => rendering.add('CTT', String((from['levels'] as unknown[]).length)),
};
const countedReport = report.with(count);
const countedQuestion = question.with(count);

/** 870. */
export function readOrderStatusReport(set: TransactionSet): DocumentRead<OrderStatusReport> {
  return readDocument(
    set,
    countedReport,
    (raw, content): OrderStatusReport => ({
      ...raw,
      kind: 'order-status-report',
      levels: nestLevels(raw.levels, content),
    }),
  );
}

/** 870. */
export function renderOrderStatusReport(document: OrderStatusReport, options: RenderingOptions): Rendered {
  const rendering = new Rendering(options);
  countedReport.write({ ...document, levels: numberLevels(document.levels) }, rendering);
  if (document.levels.length === 0) rendering.refuse('HL', 'a report about no order');
  return rendering.finish('870');
}

/** 869. */
export function readOrderStatusInquiry(set: TransactionSet): DocumentRead<OrderStatusInquiry> {
  return readDocument(
    set,
    countedQuestion,
    (raw, content): OrderStatusInquiry => ({
      ...raw,
      kind: 'order-status-inquiry',
      levels: nestLevels(raw.levels, content),
    }),
  );
}

/** 869. */
export function renderOrderStatusInquiry(document: OrderStatusInquiry, options: RenderingOptions): Rendered {
  const rendering = new Rendering(options);
  countedQuestion.write({ ...document, levels: numberLevels(document.levels) }, rendering);
  if (document.levels.length === 0) rendering.refuse('HL', 'an inquiry about no order');
  return rendering.finish('869');
}
