import type { Db } from '../../db/connection';
import type { OrderChangeRequest, OrderRequest, OrderRequestLine } from '../../domain/order/order-request';

/** The instant at which a test's orders come in, unless it says otherwise. */
export const NOW = '2026-03-02T15:00:00.000Z';

export interface CompanyOptions {
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly limitMinor?: number;
  /** item -> node -> on hand */
  readonly stock?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * A small company: one entity, three nodes, a customer with an EDI partner, three items (BOLT at tiers of 10.00, from
 * 100 on 9.00; NUT at 0.0425; WASHER at 2.50, cases of 12, not backorderable), receivables as of one hour before NOW.
 */
export async function seedCompany(db: Db, options: CompanyOptions = {}): Promise<void> {
  const address = {
    lines: ['1 Yard Street'],
    city: 'Chicago',
    region: 'IL',
    postalCode: '60601',
    country: 'US',
  };
  await db('selling_entity').insert({
    id: 'US01',
    name: 'Harbor Supply',
    currency: 'USD',
    time_zone: 'America/Chicago',
    address: JSON.stringify(address),
    gs1_prefix: '0614141',
  });
  await db('credit_account').insert({
    id: 'CA-ACME',
    entity_id: 'US01',
    name: 'Acme',
    currency: 'USD',
    limit_minor: options.limitMinor ?? 100_000_000,
  });
  await db('receivables_snapshot').insert({
    credit_account_id: 'CA-ACME',
    as_of: '2026-03-02T14:00:00Z',
    currency: 'USD',
    open_items: '[]',
  });
  await db('price_list').insert({ id: 'LIST', name: 'List', currency: 'USD' });
  await db('customer').insert({
    id: 'ACME',
    name: 'Acme',
    entity_id: 'US01',
    credit_account_id: 'CA-ACME',
    price_list_id: 'LIST',
    currency: 'USD',
    time_zone: 'America/New_York',
    terms: JSON.stringify({ discountPercent: '2', discountDays: 10, netDays: 30 }),
    policy: JSON.stringify({ answerWithinSeconds: 3600, ...options.policy }),
  });
  await db('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code: 'DC1',
    name: 'Acme DC 1',
    address: JSON.stringify(address),
  });
  await db('item').insert([
    { id: 'BOLT', description: 'Bolt', base_unit: 'EA', weight_grams: 100, units_per_carton: 50 },
    { id: 'NUT', description: 'Nut', base_unit: 'EA', weight_grams: 5, units_per_carton: 1000 },
    {
      id: 'WASHER',
      description: 'Washer',
      base_unit: 'EA',
      weight_grams: 3,
      units_per_carton: 120,
      backorderable: false,
    },
  ]);
  await db('item_unit').insert({ item_id: 'WASHER', unit: 'CA', factor: 12 });
  await db('item_cross_reference').insert({
    customer_id: 'ACME',
    qualifier: 'BP',
    value: 'AC-BOLT',
    item_id: 'BOLT',
  });
  const price = (item: string, unitPrice: string, minimum = '1') => ({
    price_list_id: 'LIST',
    item_id: item,
    unit: 'EA',
    minimum_quantity: minimum,
    unit_price: unitPrice,
  });
  await db('price').insert([
    price('BOLT', '10.00'),
    price('BOLT', '9.00', '100'),
    price('NUT', '0.0425'),
    price('WASHER', '2.50'),
  ]);
  await db('node').insert(
    ['CENTRAL', 'EAST', 'WEST'].map((id, i) => ({
      id,
      name: id,
      address: JSON.stringify(address),
      time_zone: 'America/Chicago',
      counterparty: `wms-${id}`,
      rank: i + 1,
    })),
  );
  const stock = options.stock ?? {
    BOLT: { CENTRAL: 1000, EAST: 1000, WEST: 1000 },
    NUT: { CENTRAL: 100_000 },
    WASHER: { EAST: 240 },
  };
  await db('stock').insert(
    Object.entries(stock).flatMap(([item, nodes]) =>
      Object.entries(nodes).map(([node, quantity]) => ({ item_id: item, node_id: node, on_hand: quantity })),
    ),
  );
  await db('partner').insert({ id: 'ACME-EDI', name: 'Acme EDI', customer_id: 'ACME' });
  await db('rule').insert([
    {
      kind: 'authority',
      scope: 'finance',
      version: 1,
      body: JSON.stringify({
        holdTypes: ['credit'],
        maximumMinor: 50_000_000,
        secondPersonAboveMinor: 10_000_000,
      }),
    },
    {
      kind: 'authority',
      scope: 'sales',
      version: 1,
      body: JSON.stringify({
        holdTypes: ['price', 'item', 'ship-to', 'content', 'duplicate-purchase-order'],
        maximumMinor: null,
        secondPersonAboveMinor: null,
      }),
    },
    {
      kind: 'authority',
      scope: 'sales-manager',
      version: 1,
      body: JSON.stringify({
        holdTypes: ['approval', 'price'],
        maximumMinor: null,
        secondPersonAboveMinor: null,
      }),
    },
  ]);
}

/** Another customer on Acme's terms, with a credit account of its own: its orders wait for none of Acme's. */
export async function seedCustomer(db: Db, id: string): Promise<void> {
  const own = { id, account: `CA-${id}` };
  await db.raw(
    `insert into credit_account (id, entity_id, name, currency, limit_minor)
     select :account, entity_id, :id, currency, limit_minor from credit_account where id = 'CA-ACME'`,
    own,
  );
  await db.raw(
    `insert into receivables_snapshot (credit_account_id, as_of, currency, open_items)
     select :account, as_of, currency, open_items from receivables_snapshot where credit_account_id = 'CA-ACME'`,
    own,
  );
  await db.raw(
    `insert into customer (id, name, entity_id, credit_account_id, price_list_id, currency, time_zone, terms, policy)
     select :id, :id, entity_id, :account, price_list_id, currency, time_zone, terms, policy from customer where id = 'ACME'`,
    own,
  );
  await db.raw(
    `insert into ship_to (customer_id, qualifier, code, name, address)
     select :id, qualifier, code, name, address from ship_to where customer_id = 'ACME'`,
    own,
  );
  await db('partner').insert({ id: `${id}-EDI`, name: `${id} EDI`, customer_id: id });
}

let drawn = 0;

export function line(
  item: string,
  quantity: string,
  unitPrice?: string,
  more: Partial<OrderRequestLine> = {},
): OrderRequestLine {
  return {
    productIds: [{ qualifier: 'VP', value: item }],
    quantity,
    unit: 'EA',
    dates: [],
    references: [],
    ...(unitPrice !== undefined && { unitPrice }),
    ...more,
  };
}

/** A purchase order of Acme's, by EDI, with a number of its own. */
export function purchaseOrder(
  lines: readonly OrderRequestLine[],
  more: Partial<OrderRequest> = {},
): OrderRequest {
  drawn += 1;
  return {
    channel: 'edi',
    usage: 'P',
    type: 'standard',
    entityId: 'US01',
    customerId: 'ACME',
    partnerId: 'ACME-EDI',
    purchaseOrderNumber: `PO${drawn}`,
    purchaseOrderDate: '2026-03-01',
    parties: [{ role: 'ST', idQualifier: '92', id: 'DC1' }],
    dates: [],
    references: [],
    notes: [],
    unhandled: [],
    lines: lines.map((l, i) => ({ buyerLineNumber: String(i + 1), ...l })),
    ...more,
  };
}

export function changeOf(order: OrderRequest, more: Partial<OrderChangeRequest>): OrderChangeRequest {
  return {
    channel: 'edi',
    usage: order.usage,
    customerId: order.customerId,
    purpose: 'change',
    purchaseOrderNumber: order.purchaseOrderNumber,
    purchaseOrderDate: order.purchaseOrderDate,
    parties: [],
    dates: [],
    references: [],
    lines: [],
    unhandled: [],
    ...(order.partnerId !== undefined && { partnerId: order.partnerId }),
    ...more,
  };
}
