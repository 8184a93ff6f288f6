import type {
  ShippingOrderLine,
  WarehouseCarrier,
  WarehouseShippingOrder,
} from '../../domain/fulfilment/warehouse-documents';
import type { TransactionSet } from '../x12/model';
import { remarks } from './document-parts';
import { decimal, id, must, text } from './element-codecs';
import { type Layout, loops, part, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import { dates, header, item, marks, packing } from './warehouse-parts';

const line: Layout<ShippingOrderLine> = {
  quantity: must(decimal('W01', 1)),
  unit: must(id('W01', 2)),
  ...item('W01', { caseCode: 3, pairs: [4, 6, 15], lot: 13 }),
  packing,
  dates,
  notes: remarks,
};

/** W66 has no element for equipment. */
type W66Carrier = Omit<WarehouseCarrier, 'equipmentCode' | 'equipmentInitial' | 'equipmentNumber'>;

const layout: Layout<Omit<WarehouseShippingOrder, 'kind'>> = {
  status: must(id('W05', 1)),
  depositorOrderNumber: must(id('W05', 2)),
  purchaseOrderNumber: id('W05', 3),
  linkSequence: id('W05', 4),
  masterReference: id('W05', 5),
  transactionType: id('W05', 6),
  action: id('W05', 7),
  ...header,
  carrier: part<W66Carrier>('W66', {
    payment: id('W66', 1),
    method: id('W66', 2),
    routing: text('W66', 5),
    scac: id('W66', 10),
  }),
  groups: loops('LX', { number: must(id('LX', 1)), marks, lines: loops('W01', line) }),
  totals: part('W76', {
    quantity: must(decimal('W76', 1)),
    weight: decimal('W76', 2),
    weightUnit: id('W76', 3),
    volume: decimal('W76', 4),
    volumeUnit: id('W76', 5),
  }),
};

/** 940: to a warehouse from whoever owns the stock. */
export function readWarehouseShippingOrder(set: TransactionSet): WarehouseShippingOrder {
  return {
    kind: 'warehouse-shipping-order',
    ...readLayout(layout, new ReadNode(set.root, set.separators)),
  };
}

export function renderWarehouseShippingOrder(
  order: WarehouseShippingOrder,
  options: RenderingOptions,
): Rendered {
  return renderSet('940', options, (node) => writeLayout(layout, order, node));
}
