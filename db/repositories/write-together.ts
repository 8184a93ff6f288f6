import type { Knex } from 'knex';
import type { Db, Tx } from '../connection';
import { type JobName, type JobToAdd, jobSpecs } from '../jobs';
import { toJson } from '../json';
import { SENT_WITH_NEXT } from '../prepared-statements';

interface Part {
  readonly sql: string;
  readonly bindings: readonly Binding[];
  /** Its rows have a column `job`: the one that each asks for, as `wantedJob` spells it, or null. */
  readonly asksForJobs?: true;
}

/** Rows as JSON texts, or as one array a column. */
interface Rows {
  readonly sql: string;
  readonly texts: string[];
  readonly columns: string[][];
}

type Binding = string | number | boolean | null | Buffer | readonly string[];

/** A jsonb array holds at most 256 MB, and what one interchange asks for may be more. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Of `insertArrays`. */
const ROWS_AT_ONCE = 20_000;

/**
 * Several writes as one statement: one round trip where each for itself would cost one, and all or nothing also without
 * a transaction around it. Foreign keys between them hold, since they are checked when the statement ends; what one
 * writes the others do not see, so none may read another's rows. Give them in the order of their foreign keys all the
 * same: what is too large for one statement becomes several in one transaction. Rows for one table, of however many
 * calls, are one insert. What was run is forgotten, so that more can be added and run again.
 */
export class WriteTogether {
  private parts: (Part | Rows)[] = [];
  private jobs = new Map<string, { readonly job_key: string }>();
  private characters = 0;

  /** @param sql an insert, update or delete with `?` for its bindings */
  add(sql: string, bindings: readonly Binding[]): this {
    this.parts.push({ sql, bindings });
    return this;
  }

  /** The same, made with the query builder. */
  query(builder: Knex.QueryBuilder): this {
    const { sql, bindings } = builder.toSQL();
    return this.add(sql, bindings as readonly Binding[]);
  }

  /** A write that knows only in the database which job it asks for: it returns it as `job` (`wantedJob`), or null. */
  addAskingForJobs(sql: string, bindings: readonly Binding[]): this {
    this.characters += bindings.reduce<number>(
      (sum, one) => sum + (typeof one === 'string' ? one.length : 0),
      0,
    );
    this.parts.push({ sql, bindings, asksForJobs: true });
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
    const { texts } = this.rowsOf(
      `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, cast(? as jsonb)) ${onConflict}`,
    );
    for (const row of rows) {
      const text = toJson(row);
      this.characters += text.length + 1;
      texts.push(text);
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
    if (rows.length === 0) return this;
    const names = Object.keys(columns).join(', ');
    const types = Object.values(columns);
    const arrays = types.map((type) => `cast(? as ${type}[])`);
    const into = this.rowsOf(`insert into ${table} (${names}) select * from unnest(${arrays.join(', ')})`);
    for (const row of rows)
      for (const column of types.keys()) {
        const value = row[column] ?? '';
        this.characters += value.length;
        const values = into.columns[column];
        if (values) values.push(value);
        else into.columns[column] = [value];
      }
    return this;
  }

  job<N extends JobName>(name: N, jobs: readonly JobToAdd<N>[]): this {
    // One statement may not add a key twice.
    for (const spec of jobSpecs(name, jobs)) this.jobs.set(spec.job_key, spec);
    return this;
  }

  async run(db: Db): Promise<void> {
    await this.send(db, '');
  }

  /** Goes out with the transaction's next statement, which fails with it. */
  async runWithNext(tx: Tx): Promise<void> {
    await this.send(tx, SENT_WITH_NEXT);
  }

  private async send(db: Db, how: string): Promise<void> {
    const { parts, jobs, isLarge } = this.taken();
    if (isLarge) await db.transaction((tx) => runOneByOne(tx, parts, jobs));
    else if (parts.length > 0 || jobs !== null) {
      const { head, bindings } = headOf(parts);
      const tail = jobsSql(parts, jobs);
      await db.raw(`${how}${head}select ${tail?.sql ?? '1'}`, [
        ...bindings,
        ...(tail?.bindings ?? []),
      ] as never);
    }
  }

  /** Runs everything together with one more write, whose rows come back. */
  async runWith<Row>(db: Db, builder: Knex.QueryBuilder): Promise<readonly Row[]> {
    const { parts, jobs, isLarge } = this.taken();
    const last = builder.toSQL();
    if (isLarge) {
      await db.transaction((tx) => runOneByOne(tx, parts, jobs));
      return (await db.raw<{ rows: Row[] }>(last.sql, last.bindings as never)).rows;
    }
    const { head, bindings } = headOf([...parts, { sql: last.sql, bindings: last.bindings as Binding[] }]);
    const tail = jobsSql(parts, jobs);
    const { rows } = await db.raw<{ rows: Row[] }>(
      `${head}select w${parts.length}.*${tail ? `, (select ${tail.sql}) as jobs_added` : ''} from w${parts.length}`,
      [...bindings, ...(tail?.bindings ?? [])] as never,
    );
    return rows;
  }

  private taken(): {
    readonly parts: readonly Part[];
    readonly jobs: string | null;
    readonly isLarge: boolean;
  } {
    const parts = this.parts.flatMap(statementsOf);
    const sorted = [...this.jobs.values()].sort((a, b) => (a.job_key < b.job_key ? -1 : 1));
    const isLarge = this.characters > MOST_CHARACTERS;
    this.parts = [];
    this.jobs = new Map();
    this.characters = 0;
    return { parts, jobs: sorted.length > 0 ? JSON.stringify(sorted) : null, isLarge };
  }

  private rowsOf(sql: string): Rows {
    const known = this.parts.find((part): part is Rows => part.sql === sql && 'texts' in part);
    if (known) return known;
    const rows: Rows = { sql, texts: [], columns: [] };
    this.parts.push(rows);
    return rows;
  }
}

function headOf(parts: readonly Part[]): { readonly head: string; readonly bindings: readonly Binding[] } {
  const named = parts.map(({ sql }, at) => `w${at} as (${sql})`);
  return {
    head: named.length > 0 ? `with ${named.join(', ')} ` : '',
    bindings: parts.flatMap((part) => part.bindings),
  };
}

/** What adds the jobs that were given and those that parts ask for; null: there are none. */
function jobsSql(parts: readonly Part[], jobs: string | null): Part | null {
  const specs = [
    ...(jobs === null ? [] : ['select jsonb_array_elements(cast(? as jsonb)) as job']),
    ...parts.flatMap((part, at) =>
      part.asksForJobs ? [`select job from w${at} where job is not null`] : [],
    ),
  ];
  if (specs.length === 0) return null;
  return {
    sql: `count(*) from graphile_worker.add_jobs((
      select coalesce(array_agg(jsonb_populate_record(null::graphile_worker.job_spec, job)), array[]::graphile_worker.job_spec[])
      from (${specs.join(' union all ')}) as wanted))`,
    bindings: jobs === null ? [] : [jobs],
  };
}

/** One write that returns the jobs it asks for (`addAskingForJobs`). @returns its rows */
export async function runAskingForJobs(
  db: Db,
  sql: string,
  bindings: readonly Binding[],
): Promise<readonly unknown[]> {
  const tail = jobsSql([{ sql, bindings, asksForJobs: true }], null);
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `with w0 as (${sql}) select w0.*, (select ${tail?.sql}) as jobs_added from w0`,
    bindings as never,
  );
  return rows;
}

async function runOneByOne(tx: Db, parts: readonly Part[], jobs: string | null): Promise<void> {
  for (const part of parts) {
    const own = part.asksForJobs ? jobsSql([part], null) : null;
    await tx.raw(own ? `with w0 as (${part.sql}) select ${own.sql}` : part.sql, part.bindings as never);
  }
  const given = jobsSql([], jobs);
  if (given) await tx.raw(`select ${given.sql}`, given.bindings as never);
}

function statementsOf(part: Part | Rows): readonly Part[] {
  if ('bindings' in part) return [part];
  const { sql, texts, columns } = part;
  if (texts.length > 0) return jsonBatches(texts).map((batch) => ({ sql, bindings: [batch] }));
  const statements: Part[] = [];
  for (let from = 0; from < (columns[0]?.length ?? 0); from += ROWS_AT_ONCE)
    statements.push({ sql, bindings: columns.map((values) => values.slice(from, from + ROWS_AT_ONCE)) });
  return statements;
}

export const bytesToHex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;

function jsonBatches(rows: readonly string[]): readonly string[] {
  const batches: string[] = [];
  let parts: string[] = [];
  let characters = 0;
  for (const text of rows) {
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
