export interface Contents {
  readonly lineNumber: number;
  /** Base units. */
  readonly quantity: number;
}

export interface Packed {
  readonly sscc: string;
  readonly contents: readonly Contents[];
}

/** Base units by line. */
type Units = ReadonlyMap<number, number>;

export const unitsIn = (contents: readonly Contents[]): Units =>
  new Map(
    [...Map.groupBy(contents, ({ lineNumber }) => lineNumber)].map(([line, same]) => [
      line,
      same.reduce((sum, { quantity }) => sum + quantity, 0),
    ]),
  );

/** Whether cartons hold exactly so many units of each line. */
export function holdExactly(packages: readonly Packed[], units: Units): boolean {
  const held = unitsIn(packages.flatMap(({ contents }) => contents));
  return [...new Set([...held.keys(), ...units.keys()])].every(
    (line) => (held.get(line) ?? 0) === (units.get(line) ?? 0),
  );
}

/**
 * What left, in the cartons that were named, as far as they hold it; then in those that were planned and are not named.
 * A carton with nothing left in it did not leave.
 * @returns what is in none of them as `rest`
 */
export function packAsShipped<Named extends Packed, Planned extends Packed>(
  named: readonly Named[],
  planned: readonly Planned[],
  shipped: Units,
): {
  readonly named: readonly Named[];
  readonly planned: readonly Planned[];
  readonly rest: readonly Contents[];
} {
  const open = new Map(shipped);
  const filled = <One extends Packed>(packages: readonly One[]): readonly One[] =>
    packages
      .map((one) => ({
        ...one,
        contents: one.contents.flatMap(({ lineNumber, quantity }) => {
          const units = Math.min(quantity, open.get(lineNumber) ?? 0);
          open.set(lineNumber, (open.get(lineNumber) ?? 0) - units);
          return units > 0 ? [{ lineNumber, quantity: units }] : [];
        }),
      }))
      .filter(({ contents }) => contents.length > 0);
  const inNamed = filled(named);
  const inPlanned = filled(planned.filter(({ sscc }) => !named.some((one) => one.sscc === sscc)));
  const rest = [...open].flatMap(([lineNumber, quantity]) =>
    quantity > 0 ? [{ lineNumber, quantity }] : [],
  );
  return { named: inNamed, planned: inPlanned, rest };
}
