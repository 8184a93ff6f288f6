/**
 * JSON text that PostgreSQL's jsonb takes: partners send NUL and unpaired surrogates, jsonb refuses both. They are kept
 * as U+FFFD here; the archive has the bytes as they came.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Both show as escapes, which are rare: the slow way is taken only where one may be.
  if (!text.includes('\\u') || !/\\u(0000|d[89a-f])/.test(text)) return text;
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? storableText(inner) : inner,
  );
}

/** The same for text columns. */
export function storableText(text: string): string {
  const whole = text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
  return whole.isWellFormed() ? whole : whole.toWellFormed();
}
