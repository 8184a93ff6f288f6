import type { OrderChangeLine, OrderChangeRequest } from '../../domain/order/order-request';
import { withParts } from '../order/line-parts';
import type { OrderLineRow } from '../order/order-record';

/**
 * By the buyer's line number where there is one, else by a product id that only one line has. Of a line in parts it is
 * the first.
 */
export function matchLine(lines: readonly OrderLineRow[], change: OrderChangeLine): OrderLineRow | undefined {
  if (change.lineNumber !== undefined) return lines.find((line) => line.line_number === change.lineNumber);
  const number = change.line.buyerLineNumber;
  const byNumber = number === undefined ? undefined : lines.find((line) => line.buyer_line_number === number);
  if (byNumber) return byNumber;
  const byId = lines.filter(
    (line) =>
      line.split_from === null &&
      line.product_ids.some((id) =>
        change.line.productIds.some((other) => other.qualifier === id.qualifier && other.value === id.value),
      ),
  );
  return number === undefined && byId.length === 1 ? byId[0] : undefined;
}

/** A replacement (BEG01 or BCH01 05) is the order as it should be: what it no longer names goes, what is new comes. */
function asLineChanges(request: OrderChangeRequest, lines: readonly OrderLineRow[]): OrderChangeRequest {
  const wanted = request.lines.map((change) => ({ change, existing: matchLine(lines, change) }));
  const kept = new Set(wanted.map(({ existing }) => existing?.id));
  const gone = lines.filter(
    (line) =>
      line.split_from === null &&
      line.rejection_code === null &&
      line.ordered > line.cancelled &&
      !kept.has(line.id),
  );
  return {
    ...request,
    lines: [
      ...wanted.map(
        ({ change, existing }): OrderChangeLine => ({
          ...change,
          kinds: [existing ? 'replace' : 'add'],
          changeCode: existing ? 'RZ' : 'AI',
        }),
      ),
      ...gone.map(deletionOf),
    ],
  };
}

/** The deletion of a whole line, as an 860 would ask for it. */
export const deletionOf = (line: OrderLineRow): OrderChangeLine => ({
  kinds: ['delete'],
  changeCode: 'DI',
  line: {
    productIds: line.product_ids,
    quantity: '0',
    unit: line.unit,
    dates: [],
    references: [],
    ...(line.buyer_line_number !== null && { buyerLineNumber: line.buyer_line_number }),
  },
});

/** What a request asks of each line. Without a line, a replacement would be the order emptied: nobody means that. */
export const lineChangesOf = (
  request: OrderChangeRequest,
  lines: readonly OrderLineRow[],
): OrderChangeRequest =>
  request.purpose === 'replace' && request.lines.length > 0 ? asLineChanges(request, lines) : request;

/**
 * Lines that a request takes away from or prices anew: at another price nothing may leave before somebody has agreed
 * to it. Additions and changes of date need nothing back.
 */
export function touchedLines(
  lines: readonly OrderLineRow[],
  request: OrderChangeRequest,
): readonly OrderLineRow[] {
  if (request.purpose === 'cancel' && request.lines.length === 0) return lines;
  return request.lines.flatMap((change) => {
    const line = matchLine(lines, change);
    if (!line) return [];
    const takesAway =
      request.purpose === 'cancel' ||
      change.kinds.some((kind) => ['delete', 'quantity', 'price', 'replace'].includes(kind));
    return takesAway ? withParts(lines, [line]) : [];
  });
}
