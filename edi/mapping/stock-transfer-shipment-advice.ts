import type {
  StockTransferLine,
  StockTransferShipmentAdvice,
} from '../../domain/fulfilment/warehouse-documents';
import type { TransactionSet } from '../x12/model';
import { decimal, id, must } from './element-codecs';
import { type Layout, loops, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import { carrier, header, item, packing, shipmentIdentification, shipmentTotals } from './warehouse-parts';

const line: Layout<StockTransferLine> = {
  quantity: must(decimal('W04', 1)),
  unit: must(id('W04', 2)),
  // W04 has no element for a lot: it stands in N9 (LT).
  ...item('W04', { caseCode: 3, pairs: [4, 6, 14], lot: 0 }),
  inboundCondition: id('W04', 13),
  packing,
};

const layout: Layout<Omit<StockTransferShipmentAdvice, 'kind'>> = {
  ...shipmentIdentification,
  ...header,
  carrier,
  lines: loops('W04', line),
  totals: shipmentTotals,
};

/** 943: tells a warehouse what is on its way to it. */
export function readStockTransferShipmentAdvice(set: TransactionSet): StockTransferShipmentAdvice {
  return {
    kind: 'stock-transfer-shipment-advice',
    ...readLayout(layout, new ReadNode(set.root, set.separators)),
  };
}

export function renderStockTransferShipmentAdvice(
  advice: StockTransferShipmentAdvice,
  options: RenderingOptions,
): Rendered {
  return renderSet('943', options, (node) => writeLayout(layout, advice, node));
}
