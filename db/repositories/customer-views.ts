import type { Db } from '../connection';

export interface BuyerRow {
  readonly id: string;
  readonly entity_id: string;
  readonly time_zone: string;
  readonly active: boolean;
}

/** What an order request needs to know of its customer before it is placed. */
export async function findBuyer(db: Db, customerId: string): Promise<BuyerRow | undefined> {
  const { rows } = await db.raw<{ rows: BuyerRow[] }>(
    'select id, entity_id, time_zone, active from customer where id = ?',
    [customerId],
  );
  return rows[0];
}

export async function findCustomerOfPartner(db: Db, partnerId: string): Promise<string | null> {
  const { rows } = await db.raw<{ rows: { customer_id: string | null }[] }>(
    'select customer_id from partner where id = ?',
    [partnerId],
  );
  return rows[0]?.customer_id ?? null;
}
