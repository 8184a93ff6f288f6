import type { Db } from '../connection';
import type { JobName, JobToAdd } from '../jobs';
import { jobSpecs } from '../jobs';
import { toJson } from '../json';

type Binding = string | number | boolean | null | Buffer | readonly string[];

/**
 * Several writes as one statement: one round trip where each for itself would cost one, and all or nothing also without
 * a transaction around it. Foreign keys between them hold, since they are checked when the statement ends; what one
 * writes the others do not see, so none may read another's rows.
 */
export class WriteTogether {
  private readonly parts: string[] = [];
  private readonly bindings: Binding[] = [];
  private readonly jobs: unknown[] = [];

  /** @param sql an insert, update or delete with `?` for its bindings */
  add(sql: string, bindings: readonly Binding[]): this {
    this.parts.push(`w${this.parts.length} as (${sql})`);
    this.bindings.push(...bindings);
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
    if (rows.length === 0) return this;
    const names = columns.map((column) => `"${column}"`).join(', ');
    return this.add(
      `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, cast(? as jsonb)) ${onConflict}`,
      [toJson(rows)],
    );
  }

  job<N extends JobName>(name: N, jobs: readonly JobToAdd<N>[]): this {
    this.jobs.push(...jobSpecs(name, jobs));
    return this;
  }

  async run(db: Db): Promise<void> {
    if (this.parts.length === 0 && this.jobs.length === 0) return;
    const head = this.parts.length > 0 ? `with ${this.parts.join(', ')} ` : '';
    const tail =
      this.jobs.length > 0
        ? `select count(*) from graphile_worker.add_jobs((select array_agg(s) from jsonb_populate_recordset(null::graphile_worker.job_spec, cast(? as jsonb)) as s))`
        : 'select 1';
    const bindings = this.jobs.length > 0 ? [...this.bindings, JSON.stringify(this.jobs)] : this.bindings;
    await db.raw(head + tail, bindings as never);
  }
}

export const bytesToHex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;
