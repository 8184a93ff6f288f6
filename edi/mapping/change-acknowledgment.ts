import type { ChangeAnswer, LineStatus } from '../../domain/order/answers';
import { sumQuantities } from '../../domain/shared/quantity';
import { type AnnouncementOptions, announceAdjustments } from './adjustments';
import { addLineStatuses } from './line-status';
import {
  addCurrency,
  addDescription,
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

/** 865: the answer to an 860, with the change codes it was asked with. */
export function renderChangeAcknowledgment(
  answer: ChangeAnswer,
  options: RenderingOptions & AnnouncementOptions,
): Rendered {
  const rendering = new Rendering(options);
  rendering.add(
    'BCA',
    answer.purpose,
    answer.acknowledgment,
    rendering.id(answer.purchaseOrderNumber, '324', 'BCA03'),
    rendering.id(answer.releaseNumber, '328', 'BCA04'),
    rendering.id(answer.changeNumber, '327', 'BCA05'),
    rendering.date(answer.purchaseOrderDate, 'BCA06'),
    '',
    '',
    rendering.id(answer.orderNumber, '127', 'BCA09'),
    // BCA10 is the date of the acknowledgment, BCA11 that of the change request.
    rendering.date(answer.date, 'BCA10'),
    rendering.date(answer.changeDate, 'BCA11'),
  );
  addCurrency(rendering, answer);
  addReferences(rendering, answer);
  if (options.orderAdjustments !== false)
    announceAdjustments(rendering, answer.adjustments ?? [], answer.currency, options);
  addKeptNotes(rendering, answer);
  addReason(rendering, answer.reason);
  addParties(rendering, answer.parties);
  answer.lines.forEach((line, index) => {
    const where = lineLabel(line, index);
    const quantity = rendering.decimal(line.quantity, 9, where);
    rendering.add(
      'POC',
      rendering.id(line.buyerLineNumber, '350', where),
      line.changeCode,
      quantity,
      // C030405: a quantity needs what is left to receive beside it, which is what was not deleted or refused.
      leftToReceive(line.statuses),
      line.unit,
      line.unitPrice === undefined ? '' : rendering.decimal(line.unitPrice, 17, where),
      line.unitPrice === undefined ? '' : (line.priceBasisCode ?? ''),
      ...productIdElements(rendering, line.productIds, 10, where),
    );
    addDescription(rendering, line);
    addLineReferences(rendering, line);
    if (options.adjustmentsOfLines !== false)
      announceAdjustments(rendering, line.adjustments ?? [], answer.currency, options);
    addLineStatuses(rendering, line, index);
    addReason(rendering, line.reason);
  });
  if (answer.lines.length > 0) rendering.add('CTT', String(answer.lines.length));
  return rendering.finish('865');
}

const nothingComes: ReadonlySet<string> = new Set(['ID', 'IR', 'R2']);

function leftToReceive(statuses: readonly LineStatus[]): string {
  return sumQuantities(
    statuses.filter(({ code }) => !nothingComes.has(code)).map(({ quantity }) => quantity),
  );
}
