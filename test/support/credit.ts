import { placeOrder } from '../../application/order/place-order';
import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import { NOW } from './company';

/** Accounts under a parent, each with a customer of its own who buys at Acme's prices; receivables of one hour ago. */
export async function seedFamily(
  db: Db,
  parent: { readonly id: string; readonly limitMinor: number; readonly currency?: string },
  children: readonly {
    readonly id: string;
    readonly limitMinor: number;
    readonly currency?: string;
    readonly policy?: object;
  }[],
): Promise<void> {
  const account = (one: { id: string; limitMinor: number; currency?: string }, above: readonly string[]) => ({
    id: one.id,
    entity_id: 'US01',
    name: one.id,
    currency: one.currency ?? 'USD',
    limit_minor: one.limitMinor,
    parent_id: above.at(-1) ?? null,
    ancestor_ids: above,
  });
  await db('credit_account').insert(account(parent, []));
  for (const child of children) {
    await db('credit_account').insert(account(child, [parent.id]));
    const currency = child.currency ?? 'USD';
    const list = await priceListIn(db, currency);
    await db('customer').insert({
      id: `C-${child.id}`,
      name: child.id,
      entity_id: 'US01',
      credit_account_id: child.id,
      price_list_id: list,
      currency,
      time_zone: 'America/New_York',
      terms: JSON.stringify({ netDays: 30 }),
      policy: JSON.stringify(child.policy ?? {}),
    });
    await db('ship_to').insert({
      customer_id: `C-${child.id}`,
      qualifier: '92',
      code: 'DC1',
      name: 'DC 1',
      address: JSON.stringify({
        lines: ['1 Road'],
        city: 'X',
        region: 'IL',
        postalCode: '60601',
        country: 'US',
      }),
    });
  }
  await db('receivables_snapshot').insert(
    [parent, ...children].map(({ id, currency }) => ({
      credit_account_id: id,
      as_of: '2026-03-02T14:00:00Z',
      currency: currency ?? 'USD',
      open_items: '[]',
    })),
  );
}

/** Acme's list, or one of the same figures in another currency. */
async function priceListIn(db: Db, currency: string): Promise<string> {
  const id = currency === 'USD' ? 'LIST' : `LIST-${currency}`;
  const made = (await db('price_list')
    .insert({ id, name: id, currency })
    .onConflict('id')
    .ignore()
    .returning('id')) as unknown[];
  if (made.length > 0) {
    await db('price').insert({
      price_list_id: id,
      item_id: 'BOLT',
      unit: 'EA',
      minimum_quantity: '1',
      unit_price: '10.00',
    });
  }
  return id;
}

export async function placed(
  db: Db,
  request: OrderRequest,
  now = NOW,
): Promise<{ readonly orderId: string; readonly state: string }> {
  const result = await db.transaction((tx) => placeOrder(tx, request, now));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return result;
}

export const stateOf = async (db: Db, orderId: string): Promise<string> =>
  ((await db('orders').where({ id: orderId }).first('state')) as { state: string }).state;

export async function saveRuleNow(db: Db, kind: string, scope: string, body: object): Promise<void> {
  const last = (await db('rule').where({ kind, scope }).max('version as version').first()) as {
    version: number | null;
  };
  await db('rule').insert({
    kind,
    scope,
    version: (last.version ?? 0) + 1,
    body: JSON.stringify(body),
    valid_from: '2026-01-01T00:00:00Z',
  });
}
