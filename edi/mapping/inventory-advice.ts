import type { AdviceItem, AdviceQuantity, InventoryAdvice } from '../../domain/fulfilment/inventory-advice';
import type { TransactionSet } from '../x12/model';
import { contacts, dates, descriptions, productIds, references } from './document-parts';
import { date, decimal, id, must } from './element-codecs';
import { type Layout, loops, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import { parties } from './warehouse-parts';

const quantity: Layout<AdviceQuantity> = {
  qualifier: must(id('QTY', 1)),
  quantity: decimal('QTY', 2),
  unit: id('QTY', 3),
  dates,
  schedules: loops('SCH', {
    quantity: must(decimal('SCH', 1)),
    unit: must(id('SCH', 2)),
    dateQualifier: must(id('SCH', 5)),
    date: date('SCH', 6),
  }),
};

const item: Layout<AdviceItem> = {
  lineNumber: id('LIN', 1),
  productIds,
  descriptions,
  dates,
  references,
  quantities: loops('QTY', quantity),
  parties,
};

const layout: Layout<Omit<InventoryAdvice, 'kind'>> = {
  purpose: must(id('BIA', 1)),
  reportType: must(id('BIA', 2)),
  reference: must(id('BIA', 3)),
  date: date('BIA', 4),
  time: id('BIA', 5),
  action: id('BIA', 6),
  dates,
  references,
  contacts,
  parties,
  items: loops('LIN', item),
  lineCount: id('CTT', 1),
};

/** 846: who has how much of what. */
export function readInventoryAdvice(set: TransactionSet): InventoryAdvice {
  return { kind: 'inventory-advice', ...readLayout(layout, new ReadNode(set.root, set.separators)) };
}

export function renderInventoryAdvice(advice: InventoryAdvice, options: RenderingOptions): Rendered {
  return renderSet('846', options, (node) => writeLayout(layout, advice, node));
}
