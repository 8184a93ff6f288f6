import type {
  ReturnAuthorization,
  ReturnDisposition,
  ReturnedUnit,
  ReturnItem,
} from '../../domain/returns/return-authorization';
import type { TransactionSet } from '../x12/model';
import {
  amounts,
  charges,
  contacts,
  dates,
  descriptions,
  n9References,
  noReferences,
  partiesWith,
  purchaseOrder,
  quantityLayout,
  remarks,
} from './document-parts';
import { date, decimal, id, pairs, required, text } from './element-codecs';
import { type DocumentRead, type Layout, loops, part, readDocument, writeLayout } from './layout';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';

const disposition = part<ReturnDisposition>('RDR', {
  disposition: id('RDR', 1),
  requestReason: id('RDR', 2),
  responseReason: id('RDR', 3),
  text: text('RDR', 4),
  indicator: id('RDR', 5),
});

const parties = partiesWith(noReferences);

const item: Layout<ReturnItem> = {
  productIds: pairs('BLI', [1, 8, 10, 12]),
  quantity: decimal('BLI', 3),
  unit: id('BLI', 4),
  priceCode: id('BLI', 5),
  unitPrice: decimal('BLI', 6),
  priceUnit: id('BLI', 7),
  references: n9References,
  descriptions,
  disposition,
  charges,
  amounts,
  remarks,
  purchaseOrder,
  dates,
  parties,
  quantities: loops<ReturnItem['quantities'][number]>('QTY', {
    ...quantityLayout,
    amounts,
    dates,
    units: loops<ReturnedUnit>('LX', { number: required(id('LX', 1)), references: n9References, dates }),
  }),
};

const layout: Layout<Omit<ReturnAuthorization, 'kind'>> = {
  purpose: required(id('BGN', 1)),
  number: required(id('BGN', 2)),
  date: required(date('BGN', 3)),
  time: id('BGN', 4),
  zone: id('BGN', 5),
  referenceNumber: id('BGN', 6),
  transactionType: id('BGN', 7),
  action: id('BGN', 8),
  disposition,
  purchaseOrder,
  dates,
  references: n9References,
  contacts,
  charges,
  remarks,
  parties,
  items: loops('BLI', item),
};

/** 180: request, answer or notice. */
export function readReturnAuthorization(set: TransactionSet): DocumentRead<ReturnAuthorization> {
  return readDocument('return-authorization', layout, set);
}

/** 180. */
export function renderReturnAuthorization(
  document: ReturnAuthorization,
  options: RenderingOptions,
): Rendered {
  return renderSet('180', options, (node) => writeLayout(layout, document, node));
}
