import type { Tx } from '../db/connection';
import { type OrderRequest, pickupOf } from '../domain/order/order-request';
import { orderTypes } from '../domain/order/order-types';
import { readRules } from './read-rules';
import { sourcingNodeRule } from './rules/sourcing-network';
import { storeTermsRule } from './rules/store-terms';

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
  const nodes = (await tx('node').where({ active: true }).pluck('id')) as string[];
  const kinds = await readRules(tx, sourcingNodeRule);
  const terms = await readRules(tx, storeTermsRule);
  const handsOut = (nodeId: string) =>
    nodes.includes(nodeId) &&
    kinds.find(({ scope }) => scope === nodeId)?.body.kind === 'store' &&
    (terms.find(({ scope }) => scope === nodeId) ?? terms.find(({ scope }) => scope === '*'))?.body.pickup ===
      true;
  return wishes
    .filter(({ nodeId }) => !handsOut(nodeId))
    .map(({ line, nodeId }) => ({
      line,
      code: 'no-pickup',
      text: `${nodeId} is not a store at which orders are picked up`,
    }));
}
