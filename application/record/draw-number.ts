import type { Tx } from '../../db/connection';
import type { Usage } from '../../domain/order/order-request';

const prefixes = { invoice: '', 'credit-memo': 'CM-', return: 'RMA-' } as const;

/** The next number of an entity's series; its row stays locked until the commit, so that a rollback leaves no gap. */
export async function drawNumber(
  tx: Tx,
  { entityId, kind, usage }: { entityId: string; kind: keyof typeof prefixes; usage: Usage },
): Promise<string> {
  const { rows } = await tx.raw<{ rows: { prefix: string; number: number }[] }>(
    `insert into number_series as s (entity_id, kind, usage, next_number, prefix) values (?, ?, ?, 2, ?)
     on conflict (entity_id, kind, usage) do update set next_number = s.next_number + 1
     returning prefix, next_number - 1 as number`,
    [entityId, kind, usage, `${prefixes[kind]}${entityId}-`],
  );
  const { prefix, number } = rows[0] as { prefix: string; number: number };
  return `${prefix}${String(number).padStart(6, '0')}`;
}
