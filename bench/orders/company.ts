import { createHash } from 'node:crypto';
import type { Db } from '../../db/connection';

/** The company that the benchmark's orders are placed with: stock, credit and prices never stand in their way. */
export const OWN = { qualifier: 'ZZ', isaId: 'HUB', gsId: 'HUBGS' } as const;
export const PARTNERS = 20;
export const ITEMS = 60;
export const UNIT_PRICE = '4.25';

export interface BenchPartner {
  readonly id: string;
  readonly key: string;
  readonly gsId: string;
}

export const partners: readonly BenchPartner[] = Array.from({ length: PARTNERS }, (_, i) => {
  const id = `BUYER${String(i + 1).padStart(2, '0')}`;
  return { id, key: `key-of-${id}`, gsId: `${id}GS` };
});

export const itemId = (n: number): string => `ITEM${String((n % ITEMS) + 1).padStart(3, '0')}`;

const address = {
  lines: ['1 Yard Street'],
  city: 'Chicago',
  region: 'IL',
  postalCode: '60601',
  country: 'US',
};

export async function seedCompany(db: Db): Promise<void> {
  await db('selling_entity').insert({
    id: 'US01',
    name: 'Harbor Supply',
    currency: 'USD',
    time_zone: 'America/Chicago',
    address: JSON.stringify(address),
    gs1_prefix: '0614141',
  });
  await db('price_list').insert({ id: 'LIST', name: 'List', currency: 'USD' });
  await db('node').insert(
    ['CENTRAL', 'EAST', 'WEST'].map((id, i) => ({
      id,
      name: id,
      address: JSON.stringify(address),
      time_zone: 'America/Chicago',
      counterparty: 'wms',
      rank: i + 1,
    })),
  );
  await seedGoods(db);
  await seedBuyers(db);
  await seedAgreements(db);
}

async function seedGoods(db: Db): Promise<void> {
  const ids = Array.from({ length: ITEMS }, (_, n) => itemId(n));
  await db('item').insert(
    ids.map((id) => ({
      id,
      description: `Part ${id}`,
      base_unit: 'EA',
      weight_grams: 100,
      units_per_carton: 50,
    })),
  );
  await db('item_unit').insert(ids.map((id) => ({ item_id: id, unit: 'EA', factor: 1 })));
  await db('price').insert(
    ids.map((id) => ({ price_list_id: 'LIST', item_id: id, unit: 'EA', unit_price: UNIT_PRICE })),
  );
  await db('stock').insert(
    ids.flatMap((id) =>
      ['CENTRAL', 'EAST', 'WEST'].map((node) => ({ item_id: id, node_id: node, on_hand: 10_000_000 })),
    ),
  );
}

async function seedBuyers(db: Db): Promise<void> {
  const ids = partners.map((partner) => partner.id);
  await db('credit_account').insert(
    ids.map((id) => ({
      id: `CA-${id}`,
      entity_id: 'US01',
      name: id,
      currency: 'USD',
      limit_minor: 100_000_000_000,
    })),
  );
  await db('receivables_snapshot').insert(
    ids.map((id) => ({
      credit_account_id: `CA-${id}`,
      as_of: new Date(Date.now() - 1000).toISOString(),
      currency: 'USD',
      open_items: '[]',
    })),
  );
  await db('customer').insert(
    ids.map((id) => ({
      id,
      name: id,
      entity_id: 'US01',
      credit_account_id: `CA-${id}`,
      price_list_id: 'LIST',
      currency: 'USD',
      time_zone: 'America/New_York',
      terms: JSON.stringify({ netDays: 30 }),
    })),
  );
  await db('ship_to').insert(
    ids.map((id) => ({
      customer_id: id,
      qualifier: '92',
      code: 'DC1',
      name: `${id} DC 1`,
      address: JSON.stringify(address),
    })),
  );
  await db('partner').insert(ids.map((id) => ({ id, name: id, customer_id: id })));
  await db('api_key').insert(
    partners.map(({ id, key }) => ({
      name: key,
      secret_hash: createHash('sha256').update(key).digest('hex'),
      scopes: ['edi:send'],
      partner_id: id,
      isa_ids: [`ZZ:${id}`],
    })),
  );
}

async function seedAgreements(db: Db): Promise<void> {
  await db('channel').insert(partners.map(({ id }) => ({ id: `${id}-mailbox`, kind: 'https-mailbox' })));
  await db('interchange_agreement').insert(
    partners.map(({ id }) => ({
      id: `${id}-P`,
      partner_id: id,
      entity_id: 'US01',
      own_qualifier: OWN.qualifier,
      own_isa_id: OWN.isaId,
      partner_qualifier: 'ZZ',
      partner_isa_id: id,
      usage: 'P',
      channel_id: `${id}-mailbox`,
    })),
  );
  const sets = [
    ...['850', '860', '997'].map((set) => ({ direction: 'in', set })),
    ...['855', '865', '856', '810'].map((set) => ({ direction: 'out', set })),
  ];
  await db('document_agreement').insert(
    partners.flatMap(({ id, gsId }) =>
      sets.map(({ direction, set }) => ({
        agreement_id: `${id}-P`,
        direction,
        set_id: set,
        own_gs_id: OWN.gsId,
        partner_gs_id: gsId,
        version: '004010',
      })),
    ),
  );
}
