import type { Tx } from '../../db/connection';
import { sscc } from '../../domain/fulfilment/sscc';

/** The next number of the company for a carton that somebody else has packed. */
export async function drawLabel(tx: Tx, entityId: string): Promise<string> {
  const { rows } = await tx.raw<{ rows: { prefix: string; serial: number }[] }>(
    `select gs1_prefix as prefix, nextval('sscc_number') as serial from selling_entity where id = ?`,
    [entityId],
  );
  const [row] = rows as [{ prefix: string; serial: number }];
  return sscc(row.prefix, Number(row.serial));
}
