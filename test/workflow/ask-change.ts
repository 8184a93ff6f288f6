import { receiveOrderChange } from '../../application/change/receive-order-change';
import type { OrderChangeRequest, OrderRequest } from '../../domain/order/order-request';
import { changeOf } from '../support/company';
import type { OrderStage } from './order-stage';

/** A partner's 860 for its order stands in the record. @returns the change's id; the order's workflow decides it */
export async function askChange(
  stage: OrderStage,
  orderId: string,
  change: Partial<OrderChangeRequest>,
  now = new Date().toISOString(),
): Promise<string> {
  const { request } = await stage.db('orders').where({ id: orderId }).first('request');
  const asked = changeOf(request as OrderRequest, { orderId, ...change });
  const received = await stage.db.transaction((tx) => receiveOrderChange(tx, asked, now));
  if (received.kind !== 'recorded') throw new Error(`the change was not recorded: ${received.kind}`);
  return received.changeId;
}
