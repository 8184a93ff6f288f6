/** A line as it is typed or pasted: from a spreadsheet (tabs), a file (commas, semicolons) or by hand (spaces). */
export interface PastedLine {
  readonly item: string;
  readonly quantity: string;
  readonly unit: string;
}

export interface Pasted {
  readonly lines: readonly PastedLine[];
  /** What cannot be read, in words, with the number of its row. */
  readonly problems: readonly string[];
}

const MOST_LINES = 10_000;
const quantity = /^\d{1,12}(\.\d{1,6})?$/;

/** Item, quantity and unit a row; a row of headings is passed over, and a unit that is not said is EA. */
export function readPasted(text: string): Pasted {
  const lines: PastedLine[] = [];
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((row, at) => {
    if (row.trim() === '') return;
    const [item = '', asked = '', unit = 'EA', ...more] = cellsOf(row);
    const isHeading = lines.length === 0 && problems.length === 0 && /^(item|sku|article)/i.test(item);
    if (isHeading && !quantity.test(asked)) return;
    const where = `Row ${at + 1}`;
    if (!quantity.test(asked) || Number(asked) === 0)
      problems.push(`${where}: "${asked}" is not a quantity (${item})`);
    else if (item === '' || item.length > 64) problems.push(`${where}: there is no item`);
    else if (!/^[A-Za-z0-9]{1,3}$/.test(unit)) problems.push(`${where}: "${unit}" is not a unit (${item})`);
    else if (more.some((cell) => cell !== ''))
      problems.push(`${where}: only item, quantity and unit are read, there is more: ${more.join(' ')}`);
    else lines.push({ item, quantity: asked, unit: unit.toUpperCase() });
  });
  if (lines.length > MOST_LINES) problems.push(`${lines.length} rows: at most ${MOST_LINES} are possible`);
  return { lines, problems };
}

function cellsOf(row: string): readonly string[] {
  const separator = ['\t', ';', ','].find((one) => row.includes(one));
  const cells = separator === undefined ? row.trim().split(/\s+/) : row.split(separator);
  return cells
    .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    .filter((cell, at) => cell !== '' || at < 2);
}

/** Lines as they can be typed on. */
export const asText = (lines: readonly PastedLine[]): string =>
  lines.map(({ item, quantity: asked, unit }) => [item, asked, unit].join('\t')).join('\n');
