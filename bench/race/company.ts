import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';

let drawn = 0;

/** A buyer and items of one race's own, in the company of the benchmarks: no race meets what another left behind. */
export interface Stage {
  readonly customerId: string;
  readonly itemIds: readonly [string, string];
}

export async function setStage(
  db: Db,
  options: { readonly limitMinor?: number; readonly onHand?: number; readonly backorder?: boolean } = {},
): Promise<Stage> {
  drawn += 1;
  const customerId = `RACER${drawn}`;
  const itemIds = [`RACE${drawn}A`, `RACE${drawn}B`] as const;
  await addBuyer(db, customerId, options);
  for (const id of itemIds) {
    await db('item').insert({
      id,
      description: id,
      base_unit: 'EA',
      weight_grams: 100,
      units_per_carton: 50,
    });
    await db('item_unit').insert({ item_id: id, unit: 'EA', factor: 1 });
    await db('price').insert({ price_list_id: 'LIST', item_id: id, unit: 'EA', unit_price: '10.00' });
    // Over three nodes, so that an order's stock has more than one row to lock.
    const onHand = options.onHand ?? 1000;
    const shares = [Math.ceil(onHand * 0.4), Math.ceil(onHand * 0.35)];
    await db('stock').insert(
      [...shares, onHand - shares.reduce((sum, share) => sum + share, 0)].map((share, at) => ({
        item_id: id,
        node_id: ['CENTRAL', 'EAST', 'WEST'][at],
        on_hand: share,
      })),
    );
  }
  return { customerId, itemIds };
}

/** Another buyer of the same items, with a credit account of its own: their orders meet at the stock, not before. */
export async function buyerBeside(db: Db, { itemIds }: Stage): Promise<Stage> {
  drawn += 1;
  const customerId = `RACER${drawn}`;
  await addBuyer(db, customerId, {});
  return { customerId, itemIds };
}

async function addBuyer(
  db: Db,
  customerId: string,
  options: { readonly limitMinor?: number; readonly backorder?: boolean },
): Promise<void> {
  await db('credit_account').insert({
    id: `CA-${customerId}`,
    entity_id: 'US01',
    name: customerId,
    currency: 'USD',
    limit_minor: options.limitMinor ?? 100_000_000,
  });
  await db('receivables_snapshot').insert({
    credit_account_id: `CA-${customerId}`,
    as_of: new Date(Date.now() - 1000).toISOString(),
    currency: 'USD',
    open_items: '[]',
  });
  await db('customer').insert({
    id: customerId,
    name: customerId,
    entity_id: 'US01',
    credit_account_id: `CA-${customerId}`,
    price_list_id: 'LIST',
    currency: 'USD',
    time_zone: 'America/New_York',
    terms: JSON.stringify({ netDays: 30 }),
    policy: JSON.stringify({ backorder: options.backorder ?? true }),
  });
  await db('ship_to').insert({
    customer_id: customerId,
    qualifier: '92',
    code: 'DC1',
    name: 'DC 1',
    address: JSON.stringify({ lines: ['1 Yard Street'], city: 'Chicago', region: 'IL', country: 'US' }),
  });
}

/** Two stores; what races are about is in stock there where a race says so. */
export const RACE_STORES = ['RACE-STORE-A', 'RACE-STORE-B'] as const;

async function seedStores(db: Db): Promise<void> {
  const central = (await db('node').where({ id: 'CENTRAL' }).first()) as Readonly<Record<string, unknown>>;
  const address = JSON.stringify(central['address']);
  await db('node').insert(
    RACE_STORES.map((id, at) => ({ ...central, id, name: id, address, counterparty: id, rank: 90 + at })),
  );
  const rule = (kind: string, scope: string, body: object) => ({
    kind,
    scope,
    version: 1,
    body: JSON.stringify(body),
    valid_from: '2000-01-01',
  });
  await db('rule').insert(RACE_STORES.map((id) => rule('sourcing-node', id, { kind: 'store' })));
  await db('rule').insert(rule('store-terms', RACE_STORES[0], { pickup: true, acceptWithinMinutes: 60 }));
}

/** Finance, trusted with a credit hold of any amount, and the warehouse's own record of what it let go; the stores. */
export async function seedDeciders(db: Db): Promise<void> {
  await db.raw('create table race_warehouse (shipment_id uuid primary key, stage text not null)');
  const body = { holdTypes: ['credit'], maximumMinor: null, secondPersonAboveMinor: null };
  await db('rule').insert({ kind: 'authority', scope: 'finance', version: 1, body: JSON.stringify(body) });
  await seedStores(db);
}

export function orderOf(
  stage: Stage,
  lines: readonly (readonly [item: string, quantity: number])[],
): OrderRequest {
  drawn += 1;
  return {
    channel: 'api',
    usage: 'P',
    type: 'standard',
    entityId: 'US01',
    customerId: stage.customerId,
    purchaseOrderNumber: `RACE-${drawn}`,
    purchaseOrderDate: new Date().toISOString().slice(0, 10),
    parties: [{ role: 'ST', idQualifier: '92', id: 'DC1' }],
    dates: [],
    references: [],
    notes: [],
    unhandled: [],
    lines: lines.map(([item, quantity], at) => ({
      buyerLineNumber: String(at + 1),
      productIds: [{ qualifier: 'VP', value: item }],
      quantity: String(quantity),
      unit: 'EA',
      unitPrice: '10.00',
      dates: [],
      references: [],
    })),
  };
}
