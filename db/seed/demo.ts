import { createHash } from 'node:crypto';
import { connect, type Db, type Tx } from '../connection';
import { type Demo, readDemo } from './read-demo';

/**
 * Loads the demo company: its entity, goods, prices, customers, partners and people. What is there already stays as
 * it is, so that a second start neither fills shelves again nor undoes what a user changed.
 */
export async function seedDemo(db: Db): Promise<void> {
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('demo data with its published keys is not for production');
  const demo = readDemo();
  await db.transaction(async (tx) => {
    await seedEntity(tx, demo);
    await seedGoods(tx, demo);
    await seedCustomers(tx, demo);
    await seedPrices(tx, demo);
    await seedPartners(tx, demo);
    await seedPeople(tx, demo);
    await seedBuyers(tx, demo);
  });
}

/** Inserts rows that are not there yet, whichever key says so. */
async function add(tx: Tx, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await tx(table).insert(rows).onConflict().ignore();
}

const json = (value: unknown) => JSON.stringify(value);

async function seedEntity(tx: Tx, { entity, nodes, stores }: Demo): Promise<void> {
  await add(tx, 'selling_entity', [
    {
      id: entity.id,
      name: entity.name,
      currency: entity.currency,
      time_zone: entity.timeZone,
      gs1_prefix: entity.gs1Prefix,
      address: json(entity.address),
      remit_to: json(entity.remitTo),
    },
  ]);
  await add(
    tx,
    'number_series',
    entity.numberSeries.map(({ kind, prefix, first }) => {
      return { entity_id: entity.id, kind, prefix, next_number: first };
    }),
  );
  await add(
    tx,
    'node',
    nodes.map(({ timeZone, address, ...node }) => ({ ...node, time_zone: timeZone, address: json(address) })),
  );
  await seedStores(tx, stores);
}

/** What makes a node a store, and on what terms it is asked, are rules. */
async function seedStores(tx: Tx, stores: Demo['stores']): Promise<void> {
  const rule = (kind: string, scope: string, body: unknown) => ({
    kind,
    scope,
    version: 1,
    body: json(body),
  });
  await add(
    tx,
    'rule',
    stores.flatMap(({ nodeId, terms }) => [
      rule('sourcing-node', nodeId, { kind: 'store' }),
      rule('store-terms', nodeId, terms),
    ]),
  );
}

async function seedGoods(tx: Tx, { items, stock }: Demo): Promise<void> {
  await add(
    tx,
    'item',
    items.map((item) => ({
      id: item.id,
      description: item.description,
      base_unit: item.baseUnit,
      weight_grams: item.weightGrams,
      units_per_carton: item.unitsPerCarton,
      backorderable: item.backorderable,
    })),
  );
  const units = items.flatMap((item) =>
    Object.entries({ [item.baseUnit]: 1, ...item.units }).map(([unit, factor]) => ({
      item_id: item.id,
      unit,
      factor,
    })),
  );
  await add(tx, 'item_unit', units);
  // EN: GTIN-13, the same for every customer.
  await add(
    tx,
    'item_cross_reference',
    items.map((item) => ({ qualifier: 'EN', value: item.gtin, item_id: item.id })),
  );
  await add(
    tx,
    'stock',
    stock.map(({ itemId, nodeId, onHand }) => ({ item_id: itemId, node_id: nodeId, on_hand: onHand })),
  );
}

async function seedCustomers(tx: Tx, { entity, customers, prices, receivables }: Demo): Promise<void> {
  await add(
    tx,
    'credit_account',
    customers.creditAccounts.map(({ limitMinor, ...account }) => {
      return { ...account, entity_id: entity.id, limit_minor: limitMinor };
    }),
  );
  await add(tx, 'receivables_snapshot', receivables.map(snapshot));
  await add(
    tx,
    'price_list',
    prices.lists.map(({ id, name, currency }) => ({ id, name, currency })),
  );
  for (const customer of customers.customers) {
    await add(tx, 'customer', [
      {
        id: customer.id,
        name: customer.name,
        entity_id: customer.entityId,
        credit_account_id: customer.creditAccountId,
        price_list_id: customer.priceListId,
        currency: customer.currency,
        time_zone: customer.timeZone,
        terms: json(customer.terms),
        policy: json(customer.policy),
        bill_to: json(customer.billTo),
      },
    ]);
    await add(
      tx,
      'ship_to',
      customer.shipTo.map(({ address, ...place }) => {
        return { ...place, customer_id: customer.id, address: json(address) };
      }),
    );
    await add(
      tx,
      'item_cross_reference',
      customer.partNumbers.map(({ qualifier, value, itemId }) => {
        return { customer_id: customer.id, qualifier, value, item_id: itemId };
      }),
    );
  }
}

/** What the ERP would say now: orders are judged from the first minute on, and its own answer replaces this one. */
function snapshot(account: Demo['receivables'][number]): object {
  const now = Date.now();
  return {
    credit_account_id: account.creditAccountId,
    as_of: new Date(now).toISOString(),
    currency: account.currency,
    unapplied_cash_minor: account.unappliedCashMinor,
    open_items: json(
      account.openItems.map(({ dueInDays, ...item }) => {
        return { ...item, dueDate: new Date(now + dueInDays * 86_400_000).toISOString().slice(0, 10) };
      }),
    ),
  };
}

/** Prices have no key of their own: a list or contract that has any was loaded before. */
async function seedPrices(tx: Tx, { prices }: Demo): Promise<void> {
  const groups = [
    ...prices.lists.map((list) => ({ owner: { price_list_id: list.id }, rows: list.prices })),
    ...prices.contracts.map((one) => ({ owner: { customer_id: one.customerId }, rows: one.prices })),
  ];
  for (const { owner, rows } of groups) {
    if (await tx('price').where(owner).first('id')) continue;
    await tx('price').insert(
      rows.map((row) => ({
        ...owner,
        item_id: row.itemId,
        unit: row.unit,
        minimum_quantity: row.minimumQuantity,
        unit_price: row.unitPrice,
      })),
    );
  }
}

async function seedPartners(tx: Tx, { entity, partners, guides }: Demo): Promise<void> {
  await seedGuides(tx, guides);
  for (const partner of partners) {
    const channelId = `${partner.id}-mailbox`;
    const agreementId = `${partner.id}-${partner.usage}`;
    await add(tx, 'partner', [{ id: partner.id, name: partner.name, customer_id: partner.customerId }]);
    await add(tx, 'channel', [{ id: channelId, kind: 'https-mailbox' }]);
    await add(tx, 'interchange_agreement', [
      {
        id: agreementId,
        partner_id: partner.id,
        entity_id: entity.id,
        own_qualifier: entity.edi.isaQualifier,
        own_isa_id: entity.edi.isaId,
        partner_qualifier: partner.isaQualifier,
        partner_isa_id: partner.isaId,
        usage: partner.usage,
        channel_id: channelId,
        policy: json({ separators: partner.separators, version: partner.isaVersion }),
      },
    ]);
    await add(
      tx,
      'document_agreement',
      documentAgreements(entity, partner, guides).map((one) => ({ ...one, agreement_id: agreementId })),
    );
    await add(tx, 'api_key', [
      {
        name: `${partner.name} (EDI)`,
        demo: true,
        secret_hash: hashOf(partner.apiKey),
        scopes: ['edi:send', 'orders:read', 'documents:read'],
        partner_id: partner.id,
        customer_id: partner.customerId,
        isa_ids: [`${partner.isaQualifier}:${partner.isaId}`],
      },
    ]);
  }
}

/** In force for as long as anybody can remember: the demo's documents are of today. */
async function seedGuides(tx: Tx, guides: Demo['guides']): Promise<void> {
  await add(
    tx,
    'guide',
    guides.map(({ guide }) => ({
      name: guide.name,
      version: 1,
      set_id: guide.set,
      release: guide.version,
      title: guide.title,
      effective_from: '2020-01-01',
      body: json(guide),
      saved_by: 'demo',
    })),
  );
}

function documentAgreements(
  entity: Demo['entity'],
  partner: Demo['partners'][number],
  guides: Demo['guides'],
): readonly object[] {
  const guideOf = (direction: 'in' | 'out', set: string): string | null =>
    guides.find((one) => one.partnerId === partner.id && one.direction === direction && one.guide.set === set)
      ?.guide.name ?? null;
  const own = { own_gs_id: entity.edi.gsId, partner_gs_id: partner.gsId, version: partner.version };
  const inbound = ['850', '860', '997'].map((set) => ({
    ...own,
    direction: 'in',
    set_id: set,
    guide: guideOf('in', set),
    options: '{}',
  }));
  const outbound = ['855', '865', '856', '810'].map((set) => ({
    ...own,
    direction: 'out',
    set_id: set,
    guide: guideOf('out', set),
    ack_deadline_minutes: partner.acknowledgeWithinMinutes,
    options: json(set === '856' ? { bsnStructure: partner.shipNoticeStructure } : {}),
  }));
  // One list of columns for all rows: what is not said is null.
  return [...inbound.map((one) => ({ ...one, ack_deadline_minutes: null })), ...outbound];
}

async function seedPeople(tx: Tx, { people }: Demo): Promise<void> {
  const ofRole =
    (kind: string) =>
    ({ role, ...body }: { readonly role: string }) => ({ kind, scope: role, version: 1, body: json(body) });
  await add(tx, 'rule', [
    ...people.authorities.map(ofRole('authority')),
    ...people.priceOverrides.map(ofRole('price-override')),
  ]);
  await add(
    tx,
    'api_key',
    people.people.map((one) => ({
      name: one.name,
      demo: true,
      secret_hash: hashOf(one.key),
      scopes: one.scopes,
      person: one.person,
      roles: one.roles,
      customer_id: one.customerId ?? null,
      node_id: one.nodeId ?? null,
    })),
  );
}

/** What buyers' companies let their people spend, this year and in the next. */
async function seedBuyers(tx: Tx, { buyers, customers }: Demo): Promise<void> {
  const now = new Date();
  const saved = { saved_by: 'demo', saved_at: now.toISOString() };
  const years = [now.getUTCFullYear(), now.getUTCFullYear() + 1];
  for (const { customerId, people, budgets } of buyers) {
    await add(
      tx,
      'buyer_person',
      people.map((one) => ({
        customer_id: customerId,
        person: one.person,
        limit_minor: one.limitMinor,
        cost_centre: one.costCentre,
        may_approve: one.mayApprove,
        approves_up_to_minor: one.approvesUpToMinor,
        ...saved,
      })),
    );
    // Budgets have no key but their own: a company that has planned some keeps them.
    if (await tx('buyer_budget').where({ customer_id: customerId }).first('id')) continue;
    const currency = customers.customers.find(({ id }) => id === customerId)?.currency;
    await add(
      tx,
      'buyer_budget',
      budgets.flatMap(({ costCentre, amountMinor }) =>
        years.map((year) => ({
          customer_id: customerId,
          cost_centre: costCentre,
          valid_from: `${year}-01-01`,
          valid_to: `${year}-12-31`,
          amount_minor: amountMinor,
          currency,
          ...saved,
        })),
      ),
    );
  }
}

const hashOf = (secret: string) => createHash('sha256').update(secret, 'utf8').digest('hex');

if (require.main === module) {
  const url = process.env['DATABASE_URL'];
  if (!url) {
    console.error('DATABASE_URL is not set: say which database to load.');
    process.exit(2);
  }
  const db = connect(url, { poolMax: 1, applicationName: 'order-hub-seed' });
  seedDemo(db)
    .then(() => console.log('The demo data is loaded.'))
    .finally(() => db.destroy())
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
}
