import { openOrderStates } from '../domain/order/states';

/** Whether an order is in no final state, in SQL. */
export const isOpenOrder = (o = 'orders') =>
  `${o}.state in (${openOrderStates.map((state) => `'${state}'`).join(', ')})`;
