import type { Db } from '../connection';
import { type JobName, type JobToAdd, jobSpecs } from '../jobs';
import { toJson } from '../json';

type Binding = string | number | boolean | null | Buffer | readonly string[];

/** A jsonb array holds at most 256 MB, and what one interchange asks for may be more. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Of `insertArrays`. */
const ROWS_AT_ONCE = 20_000;

/**
 * Several writes as one statement: one round trip where each for itself would cost one, and all or nothing also without
 * a transaction around it. Foreign keys between them hold, since they are checked when the statement ends; what one
 * writes the others do not see, so none may read another's rows. Give them in the order of their foreign keys all the
 * same: what is too large for one statement becomes several in one transaction.
 */
export class WriteTogether {
  private readonly parts: { readonly sql: string; readonly bindings: readonly Binding[] }[] = [];
  private readonly jobs: unknown[] = [];
  private characters = 0;

  /** @param sql an insert, update or delete with `?` for its bindings */
  add(sql: string, bindings: readonly Binding[]): this {
    this.parts.push({ sql, bindings });
    return this;
  }

  /**
   * Rows as one JSON parameter, however many there are. Column names come from the code, never from data; a bytea
   * column is given as hex.
   */
  insert<Row extends object>(
    table: string,
    columns: readonly (keyof Row & string)[],
    rows: readonly Row[],
    onConflict = '',
  ): this {
    const names = columns.map((column) => `"${column}"`).join(', ');
    const sql = `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, cast(? as jsonb)) ${onConflict}`;
    for (const batch of jsonBatches(rows)) {
      this.characters += batch.length;
      this.add(sql, [batch]);
    }
    return this;
  }

  /**
   * Many short rows of few columns: arrays cost the database a fraction of what JSON does.
   * @param columns name and type, in the order of each row's values
   */
  insertArrays(
    table: string,
    columns: Readonly<Record<string, string>>,
    rows: readonly (readonly string[])[],
  ): this {
    const names = Object.keys(columns).join(', ');
    const arrays = Object.values(columns).map((type) => `cast(? as ${type}[])`);
    const sql = `insert into ${table} (${names}) select * from unnest(${arrays.join(', ')})`;
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const batch = rows.slice(from, from + ROWS_AT_ONCE);
      for (const row of batch) for (const value of row) this.characters += value.length;
      this.add(
        sql,
        arrays.map((_, column) => batch.map((row) => row[column] ?? '')),
      );
    }
    return this;
  }

  job<N extends JobName>(name: N, jobs: readonly JobToAdd<N>[]): this {
    this.jobs.push(...jobSpecs(name, jobs));
    return this;
  }

  async run(db: Db): Promise<void> {
    if (this.characters <= MOST_CHARACTERS) return this.runAsOne(db);
    await db.transaction(async (tx) => {
      for (const { sql, bindings } of this.parts) await tx.raw(sql, bindings as never);
      if (this.jobs.length > 0) await tx.raw(ADD_JOBS, [JSON.stringify(this.jobs)]);
    });
  }

  private async runAsOne(db: Db): Promise<void> {
    if (this.parts.length === 0 && this.jobs.length === 0) return;
    const named = this.parts.map(({ sql }, at) => `w${at} as (${sql})`);
    const head = named.length > 0 ? `with ${named.join(', ')} ` : '';
    const bindings = this.parts.flatMap((part) => part.bindings);
    if (this.jobs.length > 0)
      await db.raw(head + ADD_JOBS, [...bindings, JSON.stringify(this.jobs)] as never);
    else await db.raw(`${head}select 1`, bindings as never);
  }
}

const ADD_JOBS =
  'select count(*) from graphile_worker.add_jobs((select array_agg(s) from jsonb_populate_recordset(null::graphile_worker.job_spec, cast(? as jsonb)) as s))';

export const bytesToHex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;

function jsonBatches(rows: readonly object[]): readonly string[] {
  const batches: string[] = [];
  let parts: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const text = toJson(row);
    if (characters + text.length > MOST_CHARACTERS && parts.length > 0) {
      batches.push(`[${parts.join(',')}]`);
      parts = [];
      characters = 0;
    }
    parts.push(text);
    characters += text.length + 1;
  }
  if (parts.length > 0) batches.push(`[${parts.join(',')}]`);
  return batches;
}
