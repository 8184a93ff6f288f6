import type { ShipConfirm } from './warehouse-port';

/** What left, of a confirm in its own words: enough to tell two of them apart. */
type Departed = Pick<ShipConfirm, 'lines'>;

/** Each line and each carton once: a warehouse that picks from several places names a line for each of them. Pure. */
export function joinRepeated(confirm: ShipConfirm): ShipConfirm {
  return {
    ...confirm,
    lines: [...Map.groupBy(confirm.lines, ({ lineNumber }) => lineNumber).values()].map((same) => {
      const [first] = same as [(typeof same)[number]];
      const reason = same.find(({ shortReason }) => shortReason !== undefined)?.shortReason;
      return {
        ...first,
        shipped: same.reduce((sum, { shipped }) => sum + shipped, 0),
        ...(reason !== undefined && { shortReason: reason }),
      };
    }),
    packages: [...Map.groupBy(confirm.packages, ({ sscc }) => sscc).values()].map((same) => {
      const contents = Map.groupBy(
        same.flatMap((one) => one.contents),
        ({ lineNumber }) => lineNumber,
      );
      return {
        // Said each time of the same carton: what it weighs, and on which pallet it stands.
        ...Object.assign({}, ...same.toReversed()),
        weightGrams: Math.max(...same.map(({ weightGrams }) => weightGrams)),
        contents: [...contents].map(([lineNumber, all]) => ({
          lineNumber,
          quantity: all.reduce((sum, { quantity }) => sum + quantity, 0),
        })),
      };
    }),
  };
}

/** "line 1: 3, line 2: 0" */
export const whatLeft = ({ lines }: Departed): string =>
  lines
    .toSorted((a, b) => a.lineNumber - b.lineNumber)
    .map(({ lineNumber, shipped }) => `line ${lineNumber}: ${shipped}`)
    .join(', ');

/** A line that is not named is a line of which nothing left. */
export const isSameDeparture = (one: Departed, other: Departed): boolean => {
  const gone = ({ lines }: Departed) => whatLeft({ lines: lines.filter(({ shipped }) => shipped > 0) });
  return gone(one) === gone(other);
};
