/** Whose rows may be seen: those of one partner, of one customer, or (both absent) everybody's. */
export interface Visibility {
  readonly partnerId?: string;
  readonly customerId?: string;
}

/** Conditions for a `where`, with the values they bind; joined by `and`. */
export interface Conditions {
  readonly sql: string[];
  readonly values: (string | number | boolean | readonly string[])[];
}

export function visibleOrders(visible: Visibility, alias = 'o'): Conditions {
  const conditions: Conditions = { sql: [], values: [] };
  if (visible.partnerId !== undefined) add(conditions, `${alias}.partner_id = ?`, visible.partnerId);
  if (visible.customerId !== undefined) add(conditions, `${alias}.customer_id = ?`, visible.customerId);
  return conditions;
}

export function add(conditions: Conditions, sql: string, ...values: Conditions['values']): void {
  conditions.sql.push(sql);
  conditions.values.push(...values);
}

export const whereOf = (conditions: Conditions) =>
  conditions.sql.length === 0 ? '' : `where ${conditions.sql.join(' and ')}`;

/** "abc%" with the wildcards of the text itself taken literally. */
export const prefixPattern = (text: string) => `${text.replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`;

export interface PageRequest {
  readonly limit: number;
  /** The id of the last row of the page before. */
  readonly after: string | null;
}

/** Rows were asked for with one more than the limit: the extra one says that there is a next page. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { readonly rows: readonly T[]; readonly next: string | null } {
  if (rows.length <= limit) return { rows, next: null };
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: last === undefined ? null : cursorOf(last) };
}
