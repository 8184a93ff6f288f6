/**
 * For statements that run with every order. PostgreSQL plans a prepared statement anew for each execution as long as it
 * takes the plan made for these very values to be cheaper, and planning costs more than such a statement's work. A value
 * behind a subquery is not looked at when planning, so that one plan a connection serves them all.
 * @param value a placeholder (`?`, `:name`)
 */
export const unseen = (value: string, type: 'text' | 'uuid' | 'int'): string =>
  `(select cast(${value} as ${type}))`;

/** The same of an array: for `= any(...)` and `unnest(...)`. */
export const unseenList = (value: string): string => `array(select unnest(cast(${value} as text[])))`;
