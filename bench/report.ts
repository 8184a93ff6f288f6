/** One measured value. `target` and `met` are null where nothing is promised. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null;
  readonly met: boolean | null;
}

/** A value with nothing promised about it. */
export const plain = (what: string, value: number, unit: string): Row => ({
  what,
  value: rounded(value),
  unit,
  target: null,
  met: null,
});

export function atLeast(what: string, value: number, unit: string, target: number): Row {
  return { what, value: rounded(value), unit, target: rounded(target), met: value >= target };
}

export function below(what: string, value: number, unit: string, target: number): Row {
  return { what, value: rounded(value), unit, target: rounded(target), met: value < target };
}

/** Three digits say all that a run on a shared machine knows. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(places));
}

/** The value at a share of the sorted values: `percentile(latencies, 0.99)`. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Prints the aligned table; with `--json` among the arguments the last line is one object for programs. */
export function report(name: string, rows: readonly Row[], args: readonly string[]): void {
  const cells = rows.map((row) => [
    row.what,
    String(row.value),
    row.unit,
    row.target === null ? '' : String(row.target),
    row.met === null ? '' : row.met ? 'met' : 'missed',
  ]);
  const table = [['what', 'value', 'unit', 'target', ''], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 1 || column === 3;
  for (const line of table) {
    const padded = line.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(padded.join('  ').trimEnd());
  }
  if (args.includes('--json')) console.log(JSON.stringify({ name, rows }));
}
