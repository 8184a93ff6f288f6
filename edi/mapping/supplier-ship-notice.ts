import type { SupplierNoticeLevel, SupplierShipNotice } from '../../domain/fulfilment/supplier-documents';
import type { TransactionSet } from '../x12/model';
import { dates, productIds, references } from './document-parts';
import { date, decimal, id, must, required, text } from './element-codecs';
import { type DocumentRead, type Layout, part, readDocument, segments } from './layout';
import { levels } from './levels';

const layout: Layout<Omit<SupplierShipNotice, 'kind'>> = {
  purpose: required(id('BSN', 1)),
  number: required(id('BSN', 2)),
  date: date('BSN', 3),
  time: id('BSN', 4),
  dates,
  levels: levels<SupplierNoticeLevel>({
    purchaseOrder: part<NonNullable<SupplierNoticeLevel['purchaseOrder']>>('PRF', {
      number: required(id('PRF', 1)),
      lineNumber: id('PRF', 5),
    }),
    item: part<NonNullable<SupplierNoticeLevel['item']>>('LIN', { lineNumber: id('LIN', 1), productIds }),
    shipped: part<NonNullable<SupplierNoticeLevel['shipped']>>('SN1', {
      quantity: required(decimal('SN1', 2)),
      unit: must(id('SN1', 3)),
    }),
    marks: segments<SupplierNoticeLevel['marks'][number]>('MAN', {
      qualifier: must(id('MAN', 1)),
      value: must(id('MAN', 2)),
    }),
    references,
    weights: segments<SupplierNoticeLevel['weights'][number]>('TD1', {
      weight: decimal('TD1', 7),
      unit: id('TD1', 8),
    }),
    carrier: part<NonNullable<SupplierNoticeLevel['carrier']>>('TD5', {
      scac: id('TD5', 3),
      routing: text('TD5', 5),
    }),
    dates,
  }),
};

/** 856 from a supplier, in whatever structure it nests: orders, cartons and items as levels. */
export function readSupplierShipNotice(set: TransactionSet): DocumentRead<SupplierShipNotice> {
  return readDocument<SupplierShipNotice>('supplier-ship-notice', layout, set);
}
