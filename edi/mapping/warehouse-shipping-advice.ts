import type {
  ShippingAdviceLine,
  WarehouseShippingAdvice,
} from '../../domain/fulfilment/warehouse-documents';
import type { TransactionSet } from '../x12/model';
import { decimal, id, must } from './element-codecs';
import { type Layout, loops, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import {
  carrier,
  dates,
  header,
  item,
  marks,
  references,
  shipmentIdentification,
  shipmentTotals,
} from './warehouse-parts';

const line: Layout<ShippingAdviceLine> = {
  status: must(id('W12', 1)),
  ordered: decimal('W12', 2),
  shipped: decimal('W12', 3),
  difference: decimal('W12', 4),
  unit: id('W12', 5),
  ...item('W12', { caseCode: 6, pairs: [7, 17, 21], lot: 9 }),
  weight: decimal('W12', 10),
  weightQualifier: id('W12', 11),
  weightUnit: id('W12', 12),
  changeReason: id('W12', 19),
  dates,
};

const layout: Layout<Omit<WarehouseShippingAdvice, 'kind'>> = {
  ...shipmentIdentification,
  ...header,
  carrier,
  groups: loops('LX', { number: must(id('LX', 1)), marks, references, lines: loops('W12', line) }),
  totals: shipmentTotals,
};

/** 945: from a warehouse to whoever owns the stock. */
export function readWarehouseShippingAdvice(set: TransactionSet): WarehouseShippingAdvice {
  return {
    kind: 'warehouse-shipping-advice',
    ...readLayout(layout, new ReadNode(set.root, set.separators)),
  };
}

export function renderWarehouseShippingAdvice(
  advice: WarehouseShippingAdvice,
  options: RenderingOptions,
): Rendered {
  return renderSet('945', options, (node) => writeLayout(layout, advice, node));
}
