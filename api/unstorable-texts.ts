/**
 * Where a value holds text that PostgreSQL refuses: NUL, or a surrogate without its other half. Looked for at the
 * door, so that it is a finding about the request and not a fault of the database later.
 */
export function unstorableTexts(
  value: unknown,
  path: readonly PropertyKey[] = [],
): readonly (readonly PropertyKey[])[] {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.includes('\0') || !key.isWellFormed() ? [path] : []),
    ...unstorableTexts(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  ]);
}
