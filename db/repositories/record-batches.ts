import type { Db } from '../connection';
import { toJson } from '../json';

/**
 * Inserts many rows in one round trip with one parameter, however many columns and rows there are (a list of values
 * would meet PostgreSQL's limit of 65,535 parameters). Column names come from the code, never from data.
 * A bytea column is given as hex (`bytesToHex`).
 */
export async function insertBatch<Row extends object>(
  db: Db,
  table: string,
  columns: readonly (keyof Row & string)[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columns.map((column) => `"${column}"`).join(', ');
  await db.raw(
    `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, cast(? as jsonb))`,
    [toJson(rows)],
  );
}

export const bytesToHex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;
