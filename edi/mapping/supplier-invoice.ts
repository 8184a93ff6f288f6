import type { SupplierInvoice } from '../../domain/fulfilment/supplier-documents';
import type { TransactionSet } from '../x12/model';
import { descriptions } from './document-parts';
import { date, decimal, hundredths, id, must, pairs, required, text } from './element-codecs';
import { type Codec, type DocumentRead, type Layout, loops, part, readDocument, segments } from './layout';

const line: Layout<SupplierInvoice['lines'][number]> = {
  lineNumber: id('IT1', 1),
  quantity: required(decimal('IT1', 2)),
  unit: must(id('IT1', 3)),
  unitPrice: required(decimal('IT1', 4)),
  productIds: pairs('IT1', [6, 8, 10, 12, 14, 16, 18, 20, 22, 24]),
  descriptions,
};

const charges: Codec<SupplierInvoice['charges']> = loops('SAC', {
  indicator: required(id('SAC', 1)),
  code: id('SAC', 2),
  amount: hundredths('SAC', 5),
  description: text('SAC', 15),
});

const layout: Layout<Omit<SupplierInvoice, 'kind'>> = {
  date: date('BIG', 1),
  number: required(id('BIG', 2)),
  purchaseOrderNumber: id('BIG', 4),
  currency: part<NonNullable<SupplierInvoice['currency']>>('CUR', {
    party: required(id('CUR', 1)),
    code: required(id('CUR', 2)),
  }),
  lines: loops('IT1', line),
  total: required(hundredths('TDS', 1)),
  charges,
  taxes: segments<SupplierInvoice['taxes'][number]>('TXI', {
    code: must(id('TXI', 1)),
    amount: decimal('TXI', 2),
  }),
};

/** 810 from a supplier. */
export function readSupplierInvoice(set: TransactionSet): DocumentRead<SupplierInvoice> {
  return readDocument<SupplierInvoice>('supplier-invoice', layout, set);
}
