import type { z } from 'zod';
import type { Db } from '../../db/connection';
import type { PostalAddress } from '../../domain/order/order-request';
import { readRules } from '../rules/read-rules';
import { sourcingNodeRule } from '../rules/sourcing-network';
import { storeTermsRule } from '../rules/store-terms';

export interface PickupStore {
  readonly id: string;
  readonly name: string;
  readonly address: PostalAddress;
  readonly timeZone: string;
  readonly terms: z.output<typeof storeTermsRule.body>;
}

/** The ids of the nodes that a rule says are stores. */
export const readStoreNodes = async (db: Db): Promise<readonly string[]> =>
  (await readRules(db, sourcingNodeRule))
    .filter(({ body }) => body.kind === 'store')
    .map(({ scope }) => scope);

/** The open stores that hand out orders, by name: a rule says that they are stores, their terms that they do. */
export async function readPickupStores(db: Db): Promise<readonly PickupStore[]> {
  const stores = await readStoreNodes(db);
  if (stores.length === 0) return [];
  const rules = await readRules(db, storeTermsRule);
  const termsOf = (nodeId: string) =>
    (rules.find(({ scope }) => scope === nodeId) ?? rules.find(({ scope }) => scope === '*'))?.body;
  const nodes = (await db('node')
    .where({ active: true })
    .whereIn('id', stores)
    .orderBy(['name', 'id'])
    .select({ id: 'id', name: 'name', address: 'address', timeZone: 'time_zone' })) as readonly Omit<
    PickupStore,
    'terms'
  >[];
  return nodes.flatMap((node) => {
    const terms = termsOf(node.id);
    return terms?.pickup === true ? [{ ...node, terms }] : [];
  });
}
