import type {
  AdjustmentLine,
  WarehouseInventoryAdjustment,
} from '../../domain/fulfilment/warehouse-documents';
import type { TransactionSet } from '../x12/model';
import { date, decimal, id, must } from './element-codecs';
import { type Layout, loops, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import { dates, header, item } from './warehouse-parts';

const line: Layout<AdjustmentLine> = {
  reason: must(id('W19', 1)),
  quantity: must(decimal('W19', 2)),
  unit: must(id('W19', 3)),
  ...item('W19', { caseCode: 4, pairs: [5, 7, 17], lot: 9 }),
  transactionType: id('W19', 16),
  dates,
};

const layout: Layout<Omit<WarehouseInventoryAdjustment, 'kind'>> = {
  adjustedOn: date('W15', 1),
  adjustmentNumber: id('W15', 2),
  depositorAdjustmentNumber: id('W15', 3),
  purpose: id('W15', 4),
  transactionType: id('W15', 5),
  action: id('W15', 6),
  ...header,
  lines: loops('W19', line),
};

/** 947: what a warehouse counted, damaged, found or put on hold. */
export function readWarehouseInventoryAdjustment(set: TransactionSet): WarehouseInventoryAdjustment {
  return {
    kind: 'warehouse-inventory-adjustment',
    ...readLayout(layout, new ReadNode(set.root, set.separators)),
  };
}

export function renderWarehouseInventoryAdjustment(
  adjustment: WarehouseInventoryAdjustment,
  options: RenderingOptions,
): Rendered {
  return renderSet('947', options, (node) => writeLayout(layout, adjustment, node));
}
