/** A line of a shipment, in base units, with how many of the item fit one carton. */
export interface CartonLine {
  readonly lineNumber: number;
  readonly quantity: number;
  readonly unitsPerCarton: number;
  readonly weightGrams: number;
}

export interface Carton {
  readonly sequence: number;
  readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  readonly weightGrams: number;
}

/** An empty carton's weight, until cartons are data. */
const tareGrams = 300;

/** One item a carton, full cartons first: what a warehouse can pick without repacking. */
export function cartonise(lines: readonly CartonLine[]): readonly Carton[] {
  const cartons: Carton[] = [];
  for (const line of lines) {
    for (let open = line.quantity; open > 0; open -= line.unitsPerCarton) {
      const quantity = Math.min(open, line.unitsPerCarton);
      cartons.push({
        sequence: cartons.length + 1,
        contents: [{ lineNumber: line.lineNumber, quantity }],
        weightGrams: tareGrams + quantity * line.weightGrams,
      });
    }
  }
  return cartons;
}
