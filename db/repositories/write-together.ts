import type { Db } from '../connection';
import { type JobName, type JobToAdd, jobSpecs } from '../jobs';
import { toJson } from '../json';

interface Part {
  readonly sql: string;
  readonly bindings: readonly Binding[];
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
    const { characters } = this;
    const parts = this.parts.flatMap(statementsOf);
    const jobs = JSON.stringify([...this.jobs.values()].sort((a, b) => (a.job_key < b.job_key ? -1 : 1)));
    const hasJobs = this.jobs.size > 0;
    this.parts = [];
    this.jobs = new Map();
    this.characters = 0;
    if (characters <= MOST_CHARACTERS) return runAsOne(db, parts, hasJobs ? jobs : null);
    await db.transaction(async (tx) => {
      for (const { sql, bindings } of parts) await tx.raw(sql, bindings as never);
      if (hasJobs) await tx.raw(ADD_JOBS, [jobs]);
    });
  }

  private rowsOf(sql: string): Rows {
    const known = this.parts.find((part): part is Rows => part.sql === sql && 'texts' in part);
    if (known) return known;
    const rows: Rows = { sql, texts: [], columns: [] };
    this.parts.push(rows);
    return rows;
  }
}

async function runAsOne(db: Db, parts: readonly Part[], jobs: string | null): Promise<void> {
  if (parts.length === 0 && jobs === null) return;
  const named = parts.map(({ sql }, at) => `w${at} as (${sql})`);
  const head = named.length > 0 ? `with ${named.join(', ')} ` : '';
  const bindings = parts.flatMap((part) => part.bindings);
  if (jobs !== null) await db.raw(head + ADD_JOBS, [...bindings, jobs] as never);
  else await db.raw(`${head}select 1`, bindings as never);
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

const ADD_JOBS =
  'select count(*) from graphile_worker.add_jobs((select array_agg(s) from jsonb_populate_recordset(null::graphile_worker.job_spec, cast(? as jsonb)) as s))';

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
