import type {
  ReturnAuthorization,
  ReturnDisposition,
  ReturnedUnit,
  ReturnItem,
} from '../../domain/returns/return-authorization';
import type { TransactionSet } from '../x12/model';
import { fieldsOf, partyShape } from './common-shapes';
import { date, decimal, exact, pairsAt, required, text } from './element-rules';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';
import { type DocumentRead, partsOf, readDocument, Shape } from './shape';

const dispositionFields = {
  disposition: exact(1),
  requestReason: exact(2),
  responseReason: exact(3),
  text: text(4),
  indicator: exact(5),
} satisfies { readonly [K in keyof ReturnDisposition]-?: unknown };

const ofUnit = partsOf<ReturnedUnit>();
const unit = new Shape<ReturnedUnit>([
  ofUnit.segment('LX', { number: required(exact(1)) }),
  ofUnit.many('references', 'N9', fieldsOf.N9),
  ofUnit.many('dates', 'DTM', fieldsOf.DTM),
]);

type ReturnQuantity = ReturnItem['quantities'][number];
const ofQuantity = partsOf<ReturnQuantity>();
const quantity = new Shape<ReturnQuantity>([
  ofQuantity.segment('QTY', fieldsOf.QTY),
  ofQuantity.many('amounts', 'AMT', fieldsOf.AMT),
  ofQuantity.many('dates', 'DTM', fieldsOf.DTM),
  ofQuantity.loops('units', 'LX', unit),
]);

const ofItem = partsOf<ReturnItem>();
const item = new Shape<ReturnItem>([
  ofItem.segment('BLI', {
    productIds: required(pairsAt([1, 8, 10, 12])),
    quantity: decimal(3),
    unit: exact(4),
    priceCode: exact(5),
    unitPrice: decimal(6),
    priceUnit: exact(7),
  }),
  ofItem.many('references', 'N9', fieldsOf.N9),
  ofItem.many('descriptions', 'PID', fieldsOf.PID),
  ofItem.one('disposition', 'RDR', dispositionFields),
  ofItem.many('charges', 'SAC', fieldsOf.SAC),
  ofItem.many('amounts', 'AMT', fieldsOf.AMT),
  ofItem.many('remarks', 'NTE', fieldsOf.NTE),
  ofItem.one('purchaseOrder', 'PRF', fieldsOf.PRF),
  ofItem.many('dates', 'DTM', fieldsOf.DTM),
  ofItem.loops('parties', 'N1', partyShape(null)),
  ofItem.loops('quantities', 'QTY', quantity),
]);

const ofReturn = partsOf<ReturnAuthorization>();
const authorization = new Shape<ReturnAuthorization>([
  ofReturn.segment('BGN', {
    purpose: required(exact(1)),
    number: required(exact(2)),
    date: required(date(3)),
    time: exact(4),
    zone: exact(5),
    referenceNumber: exact(6),
    transactionType: exact(7),
    action: exact(8),
  }),
  ofReturn.one('disposition', 'RDR', dispositionFields),
  ofReturn.one('purchaseOrder', 'PRF', fieldsOf.PRF),
  ofReturn.many('dates', 'DTM', fieldsOf.DTM),
  ofReturn.many('references', 'N9', fieldsOf.N9),
  ofReturn.many('contacts', 'PER', fieldsOf.PER),
  ofReturn.many('charges', 'SAC', fieldsOf.SAC),
  ofReturn.many('remarks', 'NTE', fieldsOf.NTE),
  ofReturn.loops('parties', 'N1', partyShape(null)),
  ofReturn.loops('items', 'BLI', item),
]);

/** 180: request, answer or notice. */
export function readReturnAuthorization(set: TransactionSet): DocumentRead<ReturnAuthorization> {
  return readDocument(
    set,
    authorization,
    (raw): ReturnAuthorization => ({ ...raw, kind: 'return-authorization' }),
  );
}

/** 180. */
export function renderReturnAuthorization(
  document: ReturnAuthorization,
  options: RenderingOptions,
): Rendered {
  const rendering = new Rendering(options);
  authorization.write(document, rendering);
  return rendering.finish('180');
}
