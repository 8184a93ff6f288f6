import type { AnswerLine, LineStatus } from '../../domain/order/answers';
import { compareDecimals } from '../../domain/shared/money';
import { sumQuantities } from '../../domain/shared/quantity';
import { lineLabel, productIdElements, type Rendering } from './rendering';

/**
 * The ACK segments of a line: one for each part of it that fares differently. Together they answer for the whole
 * ordered quantity; a buyer's system adds them up.
 */
export function addLineStatuses(
  rendering: Rendering,
  line: AnswerLine & { readonly statuses: readonly LineStatus[] },
  index: number,
): void {
  const where = lineLabel(line, index);
  if (line.statuses.length === 0) {
    rendering.refuse(where, 'has no status (ACK)');
    return;
  }
  const sum = sumQuantities(line.statuses.map((status) => status.quantity));
  // IQ: accepted in another quantity than was ordered.
  const isChanged = line.statuses.some(({ code }) => code === 'IQ');
  if (!isChanged && compareDecimals(sum, line.quantity) !== 0) {
    rendering.refuse(where, `its statuses sum to ${sum}, ordered are ${line.quantity}`);
  }
  for (const { code, quantity, date, productIds = [] } of line.statuses) {
    rendering.add(
      'ACK',
      code,
      rendering.decimal(quantity, 15, where),
      line.unit,
      // C0405: a qualifier needs its date.
      date === undefined ? '' : date.qualifier,
      rendering.date(date?.date, where),
      ...(productIds.length === 0 ? [] : ['', ...productIdElements(rendering, productIds, 10, where)]),
    );
  }
}
