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
import {
  contacts,
  currency,
  datedReferences,
  dates,
  descriptions,
  partiesWith,
  productIds,
  purchaseOrder,
  quantities,
  quantityLayout,
  references,
  remarks,
} from './document-parts';
import { date, decimal, id, pairs, required } from './element-codecs';
import { type DocumentRead, type Layout, loops, part, readDocument, segments, writeLayout } from './layout';
import { renderSet } from './layout-write';
import { levels } from './levels';
import type { Rendered, RenderingOptions } from './rendering';

const parties = partiesWith(references);

const status: Layout<OrderStatus> = {
  code: required(id('ISR', 1)),
  date: date('ISR', 2),
  reason: id('ISR', 3),
  descriptions,
  quantities,
};

const item: Layout<StatusItem> = {
  buyerLineNumber: id('PO1', 1),
  quantity: decimal('PO1', 2),
  unit: id('PO1', 3),
  unitPrice: decimal('PO1', 4),
  priceBasisCode: id('PO1', 5),
  productIds: pairs('PO1', [6, 8, 10, 12, 14, 16, 18, 20, 22, 24]),
  currency,
  descriptions,
  statuses: loops<ItemStatus>('ISR', { ...status, dates, references }),
};

const report: Layout<Omit<OrderStatusReport, 'kind'>> = {
  reportCode: required(id('BSR', 1)),
  detail: required(id('BSR', 2)),
  number: required(id('BSR', 3)),
  date: required(date('BSR', 4)),
  productDetail: id('BSR', 5),
  locationDetail: id('BSR', 6),
  time: id('BSR', 7),
  inquiryNumber: id('BSR', 8),
  inquiryDate: date('BSR', 9),
  inquiryTime: id('BSR', 10),
  purpose: id('BSR', 11),
  action: id('BSR', 12),
  dates,
  references: datedReferences,
  parties,
  levels: levels<StatusLevel>({
    purchaseOrder,
    statuses: loops('ISR', status),
    contacts,
    dates,
    references: datedReferences,
    parties,
    items: loops('PO1', item),
  }),
};

const inquiry: Layout<Omit<OrderStatusInquiry, 'kind'>> = {
  number: required(id('BSI', 1)),
  date: required(date('BSI', 2)),
  detail: required(id('BSI', 3)),
  productDetail: id('BSI', 4),
  locationDetail: id('BSI', 5),
  time: id('BSI', 6),
  purpose: id('BSI', 7),
  transactionType: id('BSI', 8),
  action: id('BSI', 9),
  remarks,
  levels: levels<InquiryLevel>({
    purchaseOrder,
    dates,
    items: segments<InquiryLevel['items'][number]>('LIN', { lineNumber: id('LIN', 1), productIds }),
    quantity: part('QTY', quantityLayout),
    references: datedReferences,
    parties,
  }),
};

/** 870. */
export function readOrderStatusReport(set: TransactionSet): DocumentRead<OrderStatusReport> {
  return readDocument('order-status-report', report, set);
}

/** 870. */
export function renderOrderStatusReport(document: OrderStatusReport, options: RenderingOptions): Rendered {
  return renderSet('870', options, (node) => {
    writeLayout(report, document, node);
    if (document.levels.length === 0) node.refuse('HL', 'a report about no order');
  });
}

/** 869. */
export function readOrderStatusInquiry(set: TransactionSet): DocumentRead<OrderStatusInquiry> {
  return readDocument('order-status-inquiry', inquiry, set);
}

/** 869. */
export function renderOrderStatusInquiry(document: OrderStatusInquiry, options: RenderingOptions): Rendered {
  return renderSet('869', options, (node) => {
    writeLayout(inquiry, document, node);
    if (document.levels.length === 0) node.refuse('HL', 'an inquiry about no order');
  });
}
