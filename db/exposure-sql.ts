import { isOpenOrder } from './open-order-sql';

/**
 * Orders that count: those that go on, and a held one that was promised before or let through in part. Every other
 * held order is pending. THE definition: sums, drill-downs and the reconcile report take it from here.
 */
export const countedOrder = (o = 'orders') =>
  `(${o}.state <> 'held' or ${o}.final_answer_at is not null or ${o}.credit_pending_minor > 0)`;
export const openOfOrder = (o = 'orders') =>
  `case when ${countedOrder(o)} then greatest(${o}.total_minor - ${o}.invoiced_minor - ${o}.credit_pending_minor, 0) else 0 end`;
export const pendingOfOrder = (o = 'orders') =>
  `case when ${countedOrder(o)} then ${o}.credit_pending_minor else greatest(${o}.total_minor - ${o}.invoiced_minor, 0) end`;
/** What is called off a blanket order takes credit, not the frame itself. */
export const openOrders = (o = 'orders') => `${isOpenOrder(o)} and ${o}.type <> 'blanket'`;
