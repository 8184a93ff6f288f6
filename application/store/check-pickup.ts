import type { Tx } from '../../db/connection';
import { type OrderRequest, pickupOf } from '../../domain/order/order-request';
import { orderTypes } from '../../domain/order/order-types';
import { readPickupStores } from './pickup-stores';

export interface PickupProblem {
  readonly line?: number;
  readonly code: 'no-pickup';
  readonly text: string;
}

/** What speaks against picking up where the order wants to: only open stores that hand out orders do. */
export async function problemsOfPickup(tx: Tx, request: OrderRequest): Promise<readonly PickupProblem[]> {
  const wishes = request.lines.flatMap((_, at) => {
    const nodeId = pickupOf(request, at + 1);
    return nodeId === null ? [] : [{ line: at + 1, nodeId }];
  });
  if (wishes.length === 0) return [];
  if (!orderTypes[request.type].ships)
    return [{ code: 'no-pickup', text: `An order of type ${request.type} is not picked up` }];
  const stores = new Set((await readPickupStores(tx)).map(({ id }) => id));
  return wishes
    .filter(({ nodeId }) => !stores.has(nodeId))
    .map(({ line, nodeId }) => ({
      line,
      code: 'no-pickup',
      text: `${nodeId} is not a store at which orders are picked up`,
    }));
}
