import type { Db } from '../../db/connection';
import { nodesOfLine, supplyOfLine } from '../../domain/allocation/allowed-nodes';
import { rulesOfPlace } from '../../domain/allocation/sourcing-rules';
import type { PostalAddress } from '../../domain/order/order-request';
import { customerPolicySchema } from '../customer/customer-policy';
import type { SourcingFacts } from '../sourcing/sourcing-facts';

/** Who asks for stock without an order yet, as sourcing rules know them. */
export interface Asker {
  readonly customer: string;
  readonly customerClass: string | null;
  readonly channel: string;
  readonly orderType: 'standard';
  /** What is known of where it would go. */
  readonly shipTo: PostalAddress | null;
}

/** A ship-to of a customer, by the name that its orders have for it. */
export interface ShipToName {
  readonly id: string;
  readonly idQualifier: string;
}

type Place = Partial<PostalAddress>;

/** The address of a ship-to; undefined: the customer has none of that name. */
export async function addressOfShipTo(
  db: Db,
  customerId: string,
  { id, idQualifier }: ShipToName,
): Promise<PostalAddress | undefined> {
  const row = (await db('ship_to')
    .where({ customer_id: customerId, qualifier: idQualifier, code: id })
    .first('address')) as { address: PostalAddress } | undefined;
  return row?.address;
}

async function readPlaces(
  db: Db,
  customerId: string,
): Promise<{ readonly customerClass: string | null; readonly places: readonly Place[] }> {
  const { rows } = await db.raw<{ rows: { policy: unknown; places: readonly Place[] }[] }>(
    `select c.policy, coalesce((select jsonb_agg(distinct jsonb_strip_nulls(jsonb_build_object('country', s.address -> 'country',
       'region', s.address -> 'region', 'postalCode', s.address -> 'postalCode'))) from ship_to s where s.customer_id = c.id), '[]') as places
     from customer c where c.id = ?`,
    [customerId],
  );
  const [row] = rows;
  const { customerClass } = customerPolicySchema.parse(row?.policy ?? {});
  return { customerClass, places: row?.places ?? [] };
}

interface Asking {
  readonly customerId: string;
  readonly channel: string;
  /** Where it would go, where that is said. */
  readonly shipTo?: PostalAddress;
}

/** A customer as its next standard order would be sourced, for each place that it could go to: one, where that is said; of places that all rules take for alike one. */
export async function readAskers(
  db: Db,
  { customerId, channel, shipTo }: Asking,
  { live }: SourcingFacts,
): Promise<readonly Asker[]> {
  const { customerClass, places } = await readPlaces(db, customerId);
  const asker = { customer: customerId, customerClass, channel, orderType: 'standard' } as const;
  if (shipTo !== undefined) return [{ ...asker, shipTo }];
  const alike = Map.groupBy(places, ({ country, region, postalCode }) =>
    JSON.stringify(
      rulesOfPlace(live?.rules ?? [], {
        country: country ?? null,
        state: region ?? null,
        postalCode: postalCode ?? null,
      }),
    ),
  );
  const of = [...alike.values()].map(([place]) => ({
    ...asker,
    shipTo: { lines: [], ...place } as PostalAddress,
  }));
  return of.length === 0 ? [{ ...asker, shipTo: null }] : of;
}

/**
 * Whether the rules in force, and what suppliers ship of an item, let who asks have it from a node; a company without
 * rules and suppliers lets anybody.
 */
export function mayHaveFrom(
  asker: Asker,
  { nodes, network, live, supply }: SourcingFacts,
): (item: { readonly itemId: string; readonly itemClass: string | null }, nodeId: string) => boolean {
  const rules = live?.rules ?? [];
  if (rules.length === 0 && supply.length === 0) return () => true;
  const active = nodes.filter((node) => node.active);
  const byItem = new Map<string, ReadonlySet<string>>();
  return ({ itemId, itemClass }, nodeId) => {
    let allowed = byItem.get(itemId);
    if (allowed === undefined) {
      const { shipTo, ...of } = asker;
      const sources = supply.filter((source) => source.itemId === itemId);
      const subject = {
        ...of,
        item: itemId,
        itemClass: itemClass ?? sources[0]?.itemClass ?? null,
        country: shipTo?.country ?? null,
        state: shipTo?.region ?? null,
        postalCode: shipTo?.postalCode ?? null,
      };
      const ties = { pickupAt: null, declined: [], supply: supplyOfLine(sources, asker.orderType, []) };
      allowed = new Set(nodesOfLine(rules, network, active, subject, ties));
      byItem.set(itemId, allowed);
    }
    return allowed.has(nodeId);
  };
}
