import type { Db } from '../connection';

export async function findCustomerOfPartner(db: Db, partnerId: string): Promise<string | null> {
  const { rows } = await db.raw<{ rows: { customer_id: string | null }[] }>(
    'select customer_id from partner where id = ?',
    [partnerId],
  );
  return rows[0]?.customer_id ?? null;
}
