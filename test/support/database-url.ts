/** The same server, another database. A file of its own: test files must not load the migrations' libraries with it. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
