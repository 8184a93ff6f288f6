import { type PriceToSave, type SavePricesResult, savePrices } from '../../application/pricing/save-prices';
import { promotionRule } from '../../application/rules/promotion';
import type { Tx } from '../../db/connection';
import {
  listPrices,
  listPromotions,
  type PriceViewRow,
  type PromotionUseRow,
} from '../../db/repositories/price-views';
import { requireOwnStaff } from '../auth/principal';
import {
  listPricesQuery,
  type PriceView,
  type PromotionUseView,
  pricePage,
  promotionUseList,
  saveCostsBody,
  savedCosts,
  savedPrices,
  savePricesBody,
} from '../contract/prices';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { Problem } from '../problems';
import { moneyOf } from '../views/money';

const whose = "Prices are kept by the seller's own people; ask for yours with a price quote.";

const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

const priceView = (row: PriceViewRow): PriceView => ({
  id: row.id,
  priceListId: row.price_list_id,
  customerId: row.customer_id,
  contractId: row.contract_id,
  itemId: row.item_id,
  description: row.description,
  unit: row.unit,
  minimumQuantity: trim(row.minimum_quantity),
  unitPrice: trim(row.unit_price),
  currency: row.currency,
  ownCurrency: row.own_currency,
  tierOver: row.tier_over,
  tierPeriod: row.tier_period,
  validFrom: row.valid_from,
  validTo: row.valid_to,
  version: row.version,
  supersededAt: row.superseded_at,
  changedBy: row.changed_by,
  changedAt: row.changed_at,
});

const pricesList = endpoint({
  method: 'get',
  path: '/prices',
  tag: 'Prices',
  summary: 'Prices of lists, customers and contracts, the newest first',
  scopes: ['prices:read', 'prices:write'],
  query: listPricesQuery,
  replies: { 200: { description: 'A page of prices', schema: pricePage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, whose);
    const page = await listPrices(
      db,
      {
        history: query.history === 'true',
        ...(query.item !== undefined && { itemId: query.item }),
        ...(query.search !== undefined && { search: query.search }),
        ...(query.priceList !== undefined && { priceListId: query.priceList }),
        ...(query.customer !== undefined && { customerId: query.customer }),
        ...(query.contract !== undefined && { contractId: query.contract }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, priceView) };
  },
});

const refusalOf = (result: Extract<SavePricesResult, { kind: 'refused' }>) =>
  new Problem(
    422,
    'prices-refused',
    'Nothing was saved',
    `${result.problems.length} of the rows cannot be saved, so none was.`,
    {
      errors: result.problems.map(({ row, code, text }) => ({
        pointer: `/prices/${row}`,
        code,
        detail: text,
      })),
    },
  );

/** Undoes what a dry run did; the answer is carried out with it. */
class DryRun extends Error {
  readonly result: SavePricesResult;
  constructor(result: SavePricesResult) {
    super('a dry run');
    this.result = result;
  }
}

async function tryPrices(db: Tx, rows: readonly PriceToSave[], person: string): Promise<SavePricesResult> {
  try {
    return await db.transaction(async (inner): Promise<SavePricesResult> => {
      throw new DryRun(await savePrices(inner, rows, person));
    });
  } catch (error) {
    if (error instanceof DryRun) return error.result;
    throw error;
  }
}

const pricesSave = endpoint({
  method: 'post',
  path: '/prices',
  tag: 'Prices',
  summary: 'Save prices, all or none',
  description:
    'A price is known by whose it is, item, unit, tier, currency and first day: saved again it becomes the next version. Orders that were placed keep what they were priced with. A dry run says what would come of it, with the problems of every row.',
  scopes: ['prices:write'],
  body: savePricesBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: { description: 'What came of it', schema: savedPrices },
    422: { description: 'Some rows cannot be saved: nothing was' },
  },
  handle: async ({ db, body, principal }) => {
    requireOwnStaff(principal, whose);
    const person = principal.person ?? principal.name;
    const result = body.dryRun
      ? await tryPrices(db as Tx, body.prices, person)
      : await db.transaction((tx) => savePrices(tx, body.prices, person));
    if (result.kind === 'refused') throw refusalOf(result);
    const { kind: _kind, ...counts } = result;
    return { status: 200, body: { dryRun: body.dryRun, ...counts } };
  },
});

const costsSave = endpoint({
  method: 'post',
  path: '/item-costs',
  tag: 'Prices',
  summary: 'State what items cost, for margin floors',
  description:
    'By item, selling entity, currency and first day. Costs are written and never read back: they show in no answer, no document and no explanation.',
  scopes: ['prices:write'],
  body: saveCostsBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: { description: 'How many were saved', schema: savedCosts },
    422: { description: 'An item or entity is not known: nothing was saved' },
  },
  handle: async ({ db, body, principal }) => {
    requireOwnStaff(principal, whose);
    const known = new Set(
      (await db('item')
        .whereIn(
          'id',
          body.costs.map((c) => c.itemId),
        )
        .pluck('id')) as string[],
    );
    const entities = new Set((await db('selling_entity').pluck('id')) as string[]);
    const errors = body.costs.flatMap((cost, at) => [
      ...(known.has(cost.itemId)
        ? []
        : [{ pointer: `/costs/${at}`, code: 'unknown-item', detail: `there is no item ${cost.itemId}` }]),
      ...(entities.has(cost.entityId)
        ? []
        : [
            {
              pointer: `/costs/${at}`,
              code: 'unknown-entity',
              detail: `there is no entity ${cost.entityId}`,
            },
          ]),
    ]);
    if (errors.length > 0)
      throw new Problem(422, 'costs-refused', 'Nothing was saved', `${errors.length} problems.`, { errors });
    await db.raw(
      `insert into item_cost as c (item_id, entity_id, currency, valid_from, unit_cost, changed_by)
       select distinct on (item_id, entity_id, currency, valid_from) item_id, entity_id, currency, valid_from, unit_cost, ?
       from jsonb_to_recordset(cast(? as jsonb)) as r(item_id text, entity_id text, currency text, valid_from date, unit_cost numeric)
       on conflict (item_id, entity_id, currency, valid_from) do update set unit_cost = excluded.unit_cost,
         changed_by = excluded.changed_by, changed_at = now(), version = c.version + 1`,
      [
        principal.person ?? principal.name,
        JSON.stringify(
          body.costs.map((c) => ({
            item_id: c.itemId,
            entity_id: c.entityId,
            currency: c.currency,
            valid_from: c.validFrom,
            unit_cost: c.unitCost,
          })),
        ),
      ],
    );
    return { status: 200, body: { saved: body.costs.length } };
  },
});

function promotionView(row: PromotionUseRow): PromotionUseView {
  const rule = promotionRule.body.parse(row.body);
  const [currency] = row.currencies;
  return {
    id: row.scope,
    version: row.version,
    name: rule.name,
    rule,
    stacking: rule.stacking,
    given: currency === undefined || row.currencies.length > 1 ? [] : [moneyOf(row.given_minor, currency)],
    orders: row.given_orders,
    maximum: rule.maximumMinor === null ? null : moneyOf(rule.maximumMinor, rule.currency ?? ''),
    maximumUses: rule.maximumUses,
  };
}

const promotionsList = endpoint({
  method: 'get',
  path: '/promotions',
  tag: 'Prices',
  summary: 'Promotions in force, with what orders have of them',
  description: 'They are kept as rules of the kind "promotion".',
  scopes: ['prices:read', 'prices:write'],
  replies: { 200: { description: 'The promotions', schema: promotionUseList } },
  handle: async ({ db, principal }) => {
    requireOwnStaff(principal, whose);
    return { status: 200, body: { items: (await listPromotions(db)).map(promotionView) } };
  },
});

export const priceEndpoints: readonly Endpoint[] = [pricesList, pricesSave, costsSave, promotionsList];
