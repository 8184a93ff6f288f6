import type { Db } from '../connection';

export interface InterchangeOutcome {
  readonly id: string;
  readonly status: string;
  readonly control_number: string;
  readonly sender_qualifier: string;
  readonly sender_id: string;
  /** The key that brought it. */
  readonly source_key: string | null;
  /** Why it was rejected. */
  readonly problem: string | null;
  readonly ta1_code: string | null;
  readonly ta1_note: string | null;
  /** 997 or 999 of each group, ST to SE. */
  readonly answers: readonly string[];
}

/** What became of inbound interchanges so far. */
export async function outcomesOf(db: Db, ids: readonly string[]): Promise<readonly InterchangeOutcome[]> {
  const { rows } = await db.raw<{ rows: InterchangeOutcome[] }>(
    `select i.id, i.status, i.control_number, i.sender_qualifier, i.sender_id, i.ta1_code, i.ta1_note,
            a.source_key, case when i.status = 'rejected' then i.problem end as problem,
            coalesce((select jsonb_agg(g.answer order by g.ordinal) from functional_group g
                      where g.interchange_id = coalesce(case when i.status = 'duplicate' then i.original_id end, i.id) and g.answer is not null), '[]') as answers
     from interchange i left join arrival a on a.id = i.arrival_id where i.id = any(cast(? as uuid[])) and i.direction = 'in' order by i.sequence`,
    [[...ids]],
  );
  return rows;
}
