import type { AdjustmentLine, CreditDebitAdjustment } from '../../domain/invoicing/credit-debit-adjustment';
import type { TransactionSet } from '../x12/model';
import { charges, contacts, currency, dates, n9References, partiesWith, productIds } from './document-parts';
import { date, decimal, hundredths, id, required } from './element-codecs';
import { type DocumentRead, group, type Layout, loops, part, readDocument, writeLayout } from './layout';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';

const line: Layout<AdjustmentLine> = {
  reason: required(id('CDD', 1)),
  creditOrDebit: required(id('CDD', 2)),
  lineNumber: id('CDD', 3),
  amount: hundredths('CDD', 4),
  priceBracket: id('CDD', 6),
  quantity: decimal('CDD', 7),
  unit: id('CDD', 8),
  priceDifference: decimal('CDD', 9),
  priceCode: id('CDD', 10),
  unitPrice: decimal('CDD', 11),
  otherPriceCode: id('CDD', 12),
  otherUnitPrice: decimal('CDD', 13),
  item: part<NonNullable<AdjustmentLine['item']>>('LIN', { lineNumber: id('LIN', 1), productIds }),
  references: n9References,
  dates,
};

const layout: Layout<Omit<CreditDebitAdjustment, 'kind'>> = {
  date: required(date('BCD', 1)),
  adjustmentNumber: required(id('BCD', 2)),
  handling: required(id('BCD', 3)),
  amount: required(hundredths('BCD', 4)),
  creditOrDebit: required(id('BCD', 5)),
  invoiceDate: date('BCD', 6),
  invoiceNumber: id('BCD', 7),
  vendorOrderNumber: id('BCD', 8),
  purchaseOrderDate: date('BCD', 9),
  purchaseOrderNumber: id('BCD', 10),
  purpose: id('BCD', 11),
  transactionType: id('BCD', 12),
  reference: group<NonNullable<CreditDebitAdjustment['reference']>>({
    qualifier: id('BCD', 13),
    value: id('BCD', 14),
  }),
  action: id('BCD', 15),
  currency,
  references: n9References,
  contacts,
  dates,
  charges,
  parties: partiesWith(n9References),
  lines: loops('CDD', line),
};

/** 812, from buyer or seller. */
export function readCreditDebitAdjustment(set: TransactionSet): DocumentRead<CreditDebitAdjustment> {
  return readDocument('credit-debit-adjustment', layout, set);
}

/** 812. */
export function renderCreditDebitAdjustment(
  document: CreditDebitAdjustment,
  options: RenderingOptions,
): Rendered {
  return renderSet('812', options, (node) => {
    writeLayout(layout, document, node);
    if (document.parties.length === 0)
      node.refuse('N1', 'an adjustment without the parties between whom it is');
  });
}
