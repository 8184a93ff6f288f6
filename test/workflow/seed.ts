import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';

const address = {
  lines: ['1 Main Street'],
  city: 'Springfield',
  region: 'IL',
  postalCode: '62701',
  country: 'US',
};

/** One company, one customer with a partner, two warehouses: the least that an order needs. */
export async function seed(
  db: Db,
  options: { readonly policy?: Record<string, unknown>; readonly limitMinor?: number } = {},
): Promise<void> {
  await db('selling_entity').insert({
    id: 'US01',
    name: 'Northwind Supply',
    currency: 'USD',
    time_zone: 'America/Chicago',
    address: JSON.stringify(address),
    gs1_prefix: '0614141',
  });
  await db('credit_account').insert({
    id: 'CA1',
    entity_id: 'US01',
    name: 'Acme',
    currency: 'USD',
    limit_minor: options.limitMinor ?? 10_000_000,
  });
  await db('price_list').insert({ id: 'STD', name: 'Standard', currency: 'USD' });
  await db('customer').insert({
    id: 'ACME',
    name: 'Acme Stores',
    entity_id: 'US01',
    credit_account_id: 'CA1',
    price_list_id: 'STD',
    currency: 'USD',
    time_zone: 'America/Chicago',
    terms: JSON.stringify({ netDays: 30 }),
    policy: JSON.stringify(options.policy ?? {}),
  });
  await db('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code: 'S1',
    name: 'Acme Store 1',
    address: JSON.stringify(address),
  });
  await db('partner').insert({ id: 'acme', name: 'Acme', customer_id: 'ACME' });
  await db('item').insert({
    id: 'BOLT',
    description: 'Bolt M8',
    base_unit: 'EA',
    weight_grams: 20,
    units_per_carton: 100,
  });
  await db('item_unit').insert({ item_id: 'BOLT', unit: 'EA', factor: 1 });
  await db('item_cross_reference').insert({ qualifier: 'VP', value: 'BOLT', item_id: 'BOLT' });
  await db('price').insert({ price_list_id: 'STD', item_id: 'BOLT', unit: 'EA', unit_price: '1.50' });
  for (const [id, rank] of [
    ['CHI', 1],
    ['DAL', 2],
  ] as const) {
    await db('node').insert({
      id,
      name: id,
      address: JSON.stringify(address),
      time_zone: 'America/Chicago',
      counterparty: `wms-${id}`,
      rank,
    });
  }
  await db('stock').insert([
    { item_id: 'BOLT', node_id: 'CHI', usage: 'P', on_hand: 1000 },
    { item_id: 'BOLT', node_id: 'DAL', usage: 'P', on_hand: 0 },
  ]);
  await db('receivables_snapshot').insert({
    credit_account_id: 'CA1',
    as_of: new Date(Date.now() - 1000).toISOString(),
    currency: 'USD',
    open_items: '[]',
  });
  await db('rule').insert([
    {
      kind: 'authority',
      scope: 'finance',
      version: 1,
      body: JSON.stringify({ holdTypes: ['credit'], maximumMinor: null, secondPersonAboveMinor: null }),
    },
    {
      kind: 'authority',
      scope: 'sales',
      version: 1,
      body: JSON.stringify({ holdTypes: ['price'], maximumMinor: null, secondPersonAboveMinor: null }),
    },
  ]);
}

/** What was agreed with the partner about EDI: the orders' 850 in, all four answers out, to a mailbox. */
export async function seedAgreement(db: Db): Promise<void> {
  await db('channel').insert({ id: 'acme-mailbox', kind: 'https-mailbox' });
  await db('interchange_agreement').insert({
    id: 'acme-P',
    partner_id: 'acme',
    own_qualifier: 'ZZ',
    own_isa_id: 'HUB',
    partner_qualifier: 'ZZ',
    partner_isa_id: 'ACME',
    usage: 'P',
    channel_id: 'acme-mailbox',
  });
  const sets = { in: ['850', '997'], out: ['855', '865', '856', '810'] } as const;
  for (const direction of ['in', 'out'] as const) {
    for (const set_id of sets[direction]) {
      const ends = { own_gs_id: 'HUBGS', partner_gs_id: 'ACMEGS', version: '004010' };
      await db('document_agreement').insert({ agreement_id: 'acme-P', direction, set_id, ...ends });
    }
  }
}

let number = 0;

export function orderRequest(quantity: number, changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    channel: 'edi',
    usage: 'P',
    type: 'standard',
    entityId: 'US01',
    customerId: 'ACME',
    partnerId: 'acme',
    purchaseOrderNumber: `PO${Date.now()}-${++number}`,
    purchaseOrderDate: '2026-11-22',
    parties: [{ role: 'ST', name: 'Acme Store 1', idQualifier: '92', id: 'S1' }],
    dates: [],
    references: [],
    notes: [],
    lines: [
      {
        buyerLineNumber: '1',
        productIds: [{ qualifier: 'VP', value: 'BOLT' }],
        quantity: String(quantity),
        unit: 'EA',
        dates: [],
        references: [],
      },
    ],
    unhandled: [],
    ...changes,
  };
}
