/** What a partner sent must not steer the terminal. */
const printable = (cell: string): string =>
  cell.replaceAll(/\s*\n\s*/g, '; ').replaceAll(/\p{Cc}/gu, '\u00b7');

/** Columns that line up; numbers to the right. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): void {
  const all = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all) {
    const cells = row.map((cell, column) =>
      numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
}
