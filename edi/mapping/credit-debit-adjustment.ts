import type { AdjustmentLine, CreditDebitAdjustment } from '../../domain/invoicing/credit-debit-adjustment';
import type { TransactionSet } from '../x12/model';
import { fieldsOf, partyShape } from './common-shapes';
import { date, decimal, exact, group, hundredths, pairs, required } from './element-rules';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';
import { type DocumentRead, partsOf, readDocument, Shape } from './shape';

const ofLine = partsOf<AdjustmentLine>();
const line = new Shape<AdjustmentLine>([
  ofLine.segment('CDD', {
    reason: required(exact(1)),
    creditOrDebit: required(exact(2)),
    lineNumber: exact(3),
    amount: hundredths(4),
    priceBracket: exact(6),
    quantity: decimal(7),
    unit: exact(8),
    priceDifference: decimal(9),
    priceCode: exact(10),
    unitPrice: decimal(11),
    otherPriceCode: exact(12),
    otherUnitPrice: decimal(13),
  }),
  ofLine.one('item', 'LIN', { lineNumber: exact(1), productIds: pairs(2, 15) }),
  ofLine.many('references', 'N9', fieldsOf.N9),
  ofLine.many('dates', 'DTM', fieldsOf.DTM),
]);

const ofAdjustment = partsOf<CreditDebitAdjustment>();
const adjustment = new Shape<CreditDebitAdjustment>([
  ofAdjustment.segment('BCD', {
    date: required(date(1)),
    adjustmentNumber: required(exact(2)),
    handling: required(exact(3)),
    amount: required(hundredths(4)),
    creditOrDebit: required(exact(5)),
    invoiceDate: date(6),
    invoiceNumber: exact(7),
    vendorOrderNumber: exact(8),
    purchaseOrderDate: date(9),
    purchaseOrderNumber: exact(10),
    purpose: exact(11),
    transactionType: exact(12),
    reference: group<NonNullable<CreditDebitAdjustment['reference']>>(13, {
      qualifier: exact(13),
      value: exact(14),
    }),
    action: exact(15),
  }),
  ofAdjustment.one('currency', 'CUR', fieldsOf.CUR),
  ofAdjustment.many('references', 'N9', fieldsOf.N9),
  ofAdjustment.many('contacts', 'PER', fieldsOf.PER),
  ofAdjustment.many('dates', 'DTM', fieldsOf.DTM),
  ofAdjustment.many('charges', 'SAC', fieldsOf.SAC),
  ofAdjustment.loops('parties', 'N1', partyShape('N9')),
  ofAdjustment.loops('lines', 'CDD', line),
]);

/** 812, from buyer or seller. */
export function readCreditDebitAdjustment(set: TransactionSet): DocumentRead<CreditDebitAdjustment> {
  return readDocument(
    set,
    adjustment,
    (raw): CreditDebitAdjustment => ({ ...raw, kind: 'credit-debit-adjustment' }),
  );
}

/** 812. */
export function renderCreditDebitAdjustment(
  document: CreditDebitAdjustment,
  options: RenderingOptions,
): Rendered {
  const rendering = new Rendering(options);
  adjustment.write(document, rendering);
  if (document.parties.length === 0)
    rendering.refuse('N1', 'an adjustment without the parties between whom it is');
  return rendering.finish('812');
}
