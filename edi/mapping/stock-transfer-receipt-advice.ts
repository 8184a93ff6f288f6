import type {
  ReceiptException,
  ReceiptLine,
  StockTransferReceiptAdvice,
} from '../../domain/fulfilment/warehouse-documents';
import type { TransactionSet } from '../x12/model';
import { date, decimal, id, must, text } from './element-codecs';
import { type Layout, loops, part, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import { header, item, packing, references } from './warehouse-parts';

const exception: Layout<ReceiptException> = {
  quantity: must(decimal('W13', 1)),
  unit: must(id('W13', 2)),
  condition: must(id('W13', 3)),
  lotNumber: id('W13', 4),
  damageReason: id('W13', 5),
  references,
};

const line: Layout<ReceiptLine> = {
  received: must(decimal('W07', 1)),
  unit: must(id('W07', 2)),
  ...item('W07', { caseCode: 3, pairs: [4, 6, 10], lot: 8 }),
  packing,
  exceptions: loops('W13', exception),
};

const layout: Layout<Omit<StockTransferReceiptAdvice, 'kind'>> = {
  reporting: must(id('W17', 1)),
  receivedOn: date('W17', 2),
  receiptNumber: must(id('W17', 3)),
  depositorOrderNumber: id('W17', 4),
  shipmentNumber: id('W17', 5),
  timeQualifier: id('W17', 6),
  time: id('W17', 7),
  masterReference: id('W17', 8),
  linkSequence: id('W17', 9),
  ...header,
  carrier: part('W08', {
    method: id('W08', 1),
    scac: id('W08', 2),
    routing: text('W08', 3),
    equipmentInitial: id('W08', 4),
    equipmentNumber: id('W08', 5),
    seal: id('W08', 6),
    secondSeal: id('W08', 7),
    sealStatus: id('W08', 8),
  } satisfies Layout<NonNullable<StockTransferReceiptAdvice['carrier']>>),
  lines: loops('W07', line),
  totals: part('W14', {
    received: must(decimal('W14', 1)),
    shipped: decimal('W14', 2),
    damaged: decimal('W14', 3),
  }),
};

/** 944: what a warehouse has received, and in which condition. */
export function readStockTransferReceiptAdvice(set: TransactionSet): StockTransferReceiptAdvice {
  return {
    kind: 'stock-transfer-receipt-advice',
    ...readLayout(layout, new ReadNode(set.root, set.separators)),
  };
}

export function renderStockTransferReceiptAdvice(
  advice: StockTransferReceiptAdvice,
  options: RenderingOptions,
): Rendered {
  return renderSet('944', options, (node) => writeLayout(layout, advice, node));
}
