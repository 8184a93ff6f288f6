import type { OrderLineRow, OrderRow } from './order-record';

type LastDay = Pick<OrderRow, 'cancel_after'>;

/** The last day of the order, or of the line, has passed: its buyer takes nothing of it any more. */
export function isLapsed(order: LastDay, line: Pick<OrderLineRow, 'cancel_after'>, now: string): boolean {
  const isOver = ({ cancel_after: at }: LastDay) => at !== null && at <= now;
  return isOver(order) || isOver(line);
}
