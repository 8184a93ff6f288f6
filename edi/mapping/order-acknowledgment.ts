import type { OrderAnswer } from '../../domain/order/answers';
import { type AnnouncementOptions, announceAdjustments } from './adjustments';
import { addLineStatuses } from './line-status';
import {
  addCurrency,
  addDescription,
  addKept,
  addKeptNotes,
  addLineReferences,
  addParties,
  addReason,
  addReferences,
  lineLabel,
  productIdElements,
  type Rendered,
  Rendering,
  type RenderingOptions,
} from './rendering';

export type OrderAcknowledgmentOptions = RenderingOptions & AnnouncementOptions;

/** BAK02 (587) codes by which no line is told apart. */
const withoutDetail = new Set(['AK', 'RJ']);

/** 855: what becomes of a purchase order, line by line, in the buyer's own numbers, units and price basis. */
export function renderOrderAcknowledgment(
  answer: OrderAnswer,
  options: OrderAcknowledgmentOptions,
): Rendered {
  const rendering = new Rendering(options);
  rendering.add(
    'BAK',
    '00',
    answer.acknowledgment,
    rendering.id(answer.purchaseOrderNumber, '324', 'BAK03'),
    rendering.date(answer.purchaseOrderDate, 'BAK04'),
    rendering.id(answer.releaseNumber, '328', 'BAK05'),
    '',
    '',
    rendering.id(answer.orderNumber, '127', 'BAK08'),
    rendering.date(answer.date, 'BAK09'),
  );
  addCurrency(rendering, answer);
  addReferences(rendering, answer);
  if (options.orderAdjustments !== false)
    announceAdjustments(rendering, answer.adjustments ?? [], answer.currency, options);
  addKeptNotes(rendering, answer);
  addParties(rendering, answer.parties);
  if (!withoutDetail.has(answer.acknowledgment)) {
    if (answer.lines.length === 0)
      rendering.refuse('BAK02', `${answer.acknowledgment} promises detail, there are no lines`);
    answer.lines.forEach((line, index) => {
      const where = lineLabel(line, index);
      rendering.add(
        'PO1',
        rendering.id(line.buyerLineNumber, '350', where),
        rendering.decimal(line.quantity, 15, where),
        line.unit,
        line.unitPrice === undefined ? '' : rendering.decimal(line.unitPrice, 17, where),
        // C0504: a basis needs its price.
        line.unitPrice === undefined ? '' : (line.priceBasisCode ?? ''),
        ...productIdElements(rendering, line.productIds, 10, where),
      );
      addKept(rendering, line, ['CTP']);
      addDescription(rendering, line);
      addKept(rendering, line, ['PO4']);
      addLineReferences(rendering, line);
      if (options.adjustmentsOfLines !== false)
        announceAdjustments(rendering, line.adjustments ?? [], answer.currency, options);
      addKept(rendering, line, ['SDQ']);
      addLineStatuses(rendering, line, index);
      addReason(rendering, line.reason);
    });
    rendering.add('CTT', String(answer.lines.length));
  }
  return rendering.finish('855');
}
