import { BoxLoad, type BoxSize, fitsAlone, volumeOf } from './place-boxes';

/** A line of a shipment, in base units. */
export interface CartonLine {
  readonly lineNumber: number;
  readonly quantity: number;
  /** How many of the item its own full carton holds. */
  readonly unitsPerCarton: number;
  /** Of one unit. */
  readonly weightGrams: number;
  /** Of one unit; null: not known, so that it is never put together with anything else. */
  readonly size: BoxSize | null;
  /** It may not be turned on its side. */
  readonly upright: boolean;
  /** Only goods with the same are put into one carton: the store they are marked for, a class that does not mix. */
  readonly together: string;
}

/** A carton that the warehouse has: inner size, what it may weigh with its contents, what it weighs empty. */
export interface CartonType extends BoxSize {
  readonly id: string;
  readonly maximumGrams: number;
  readonly tareGrams: number;
}

export interface Carton {
  readonly sequence: number;
  /** null: the goods' own carton. */
  readonly cartonType: string | null;
  readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  readonly weightGrams: number;
}

/** An empty carton's weight where none is said: the goods' own. */
const OWN_TARE_GRAMS = 300;
/** Beyond so many loose units of a carton their places are not worked out one by one. */
const MOST_PLACED = 150;
/** What is then counted on of a carton's volume, in percent. */
const FILL_PERCENT = 65;

type Packed = Omit<Carton, 'sequence'>;

/**
 * Full cartons of one item first: what a warehouse picks without opening. What is left over is put together, largest
 * first, into as few of the given cartons as hold it by size and weight, each then exchanged for the smallest that does.
 * Without a size, or without cartons to choose from, every item has cartons of its own.
 */
export function cartonise(
  lines: readonly CartonLine[],
  types: readonly CartonType[] = [],
): readonly Carton[] {
  const smallestFirst = types.toSorted((a, b) => volumeOf(a) - volumeOf(b) || (a.id < b.id ? -1 : 1));
  const packed: Packed[] = [];
  const loose: CartonLine[] = [];
  for (const line of lines) {
    const isLoose = line.size !== null && smallestFirst.some((type) => holdsOne(type, line));
    // An item of one unit a carton that fits others' cartons needs none of its own.
    const wholes = isLoose && line.unitsPerCarton === 1 ? 0 : Math.floor(line.quantity / line.unitsPerCarton);
    for (let i = 0; i < wholes; i++) packed.push(ownCarton(line, line.unitsPerCarton));
    const rest = line.quantity - wholes * line.unitsPerCarton;
    if (rest === 0) continue;
    if (isLoose) loose.push({ ...line, quantity: rest });
    else packed.push(ownCarton(line, rest));
  }
  for (const group of Map.groupBy(loose, (line) => line.together).values())
    packed.push(...packTogether(group, smallestFirst));
  return packed.map((carton, i) => ({ sequence: i + 1, ...carton }));
}

const holdsOne = (type: CartonType, line: CartonLine): boolean =>
  line.size !== null &&
  type.tareGrams + line.weightGrams <= type.maximumGrams &&
  fitsAlone(type, line.size, line.upright);

const ownCarton = (line: CartonLine, quantity: number): Packed => ({
  cartonType: null,
  contents: [{ lineNumber: line.lineNumber, quantity }],
  weightGrams: OWN_TARE_GRAMS + quantity * line.weightGrams,
});

function packTogether(lines: readonly CartonLine[], smallestFirst: readonly CartonType[]): readonly Packed[] {
  const largestFirst = lines.toSorted(
    (a, b) => sizeOf(b) - sizeOf(a) || b.weightGrams - a.weightGrams || a.lineNumber - b.lineNumber,
  );
  const open = new Map(largestFirst.map((line) => [line.lineNumber, line.quantity]));
  const cartons: Packed[] = [];
  while ([...open.values()].some((quantity) => quantity > 0)) {
    const wanted = largestFirst
      .map((line) => ({ ...line, quantity: open.get(line.lineNumber) ?? 0 }))
      .filter((line) => line.quantity > 0);
    const { type, taken } = bestFill(wanted, smallestFirst);
    for (const [line, quantity] of taken) open.set(line, (open.get(line) ?? 0) - quantity);
    const weightOf = (lineNumber: number) =>
      lines.find((line) => line.lineNumber === lineNumber)?.weightGrams ?? 0;
    cartons.push({
      cartonType: type.id,
      contents: [...taken].map(([lineNumber, quantity]) => ({ lineNumber, quantity })),
      weightGrams: [...taken].reduce(
        (sum, [lineNumber, quantity]) => sum + quantity * weightOf(lineNumber),
        type.tareGrams,
      ),
    });
  }
  return cartons;
}

const sizeOf = (line: CartonLine) => (line.size === null ? 0 : volumeOf(line.size));
const unitsOf = (lines: readonly CartonLine[]) => lines.reduce((sum, line) => sum + line.quantity, 0);

interface Fill {
  readonly type: CartonType;
  /** Units by line. */
  readonly taken: ReadonlyMap<number, number>;
}

/** The smallest carton that takes all; where none does, the one that takes most of the volume. */
function bestFill(wanted: readonly CartonLine[], smallestFirst: readonly CartonType[]): Fill {
  const all = unitsOf(wanted);
  let best: (Fill & { readonly volume: number }) | null = null;
  for (const type of smallestFirst) {
    const taken = fill(wanted, type);
    const units = [...taken.values()].reduce((sum, quantity) => sum + quantity, 0);
    if (units === all) return { type, taken };
    const volume = wanted.reduce((sum, line) => sum + sizeOf(line) * (taken.get(line.lineNumber) ?? 0), 0);
    if (units > 0 && (best === null || volume > best.volume)) best = { type, taken, volume };
  }
  // Every line fits some carton by itself, so that something always goes in.
  if (best === null) throw new RangeError('goods that fit no carton were to be packed together');
  return best;
}

function fill(wanted: readonly CartonLine[], type: CartonType): ReadonlyMap<number, number> {
  return unitsOf(wanted) > MOST_PLACED ? fillByVolume(wanted, type) : fillByPlace(wanted, type);
}

function fillByPlace(wanted: readonly CartonLine[], type: CartonType): ReadonlyMap<number, number> {
  const load = new BoxLoad(type);
  const taken = new Map<number, number>();
  let grams = type.tareGrams;
  for (const line of wanted) {
    for (let i = 0; i < line.quantity; i++) {
      if (line.size === null || grams + line.weightGrams > type.maximumGrams) break;
      if (!load.add(line.size, line.upright)) break;
      grams += line.weightGrams;
      taken.set(line.lineNumber, (taken.get(line.lineNumber) ?? 0) + 1);
    }
  }
  return taken;
}

function fillByVolume(wanted: readonly CartonLine[], type: CartonType): ReadonlyMap<number, number> {
  const taken = new Map<number, number>();
  let room = Math.floor((volumeOf(type) * FILL_PERCENT) / 100);
  let grams = type.maximumGrams - type.tareGrams;
  for (const line of wanted) {
    if (!holdsOne(type, line)) continue;
    const byWeight = line.weightGrams === 0 ? line.quantity : Math.floor(grams / line.weightGrams);
    const bySize = Math.floor(room / sizeOf(line));
    // One that fits by itself always goes into an empty carton, however large a part of it that is.
    const least = taken.size === 0 && grams >= line.weightGrams ? 1 : 0;
    const quantity = Math.min(line.quantity, Math.max(least, Math.min(byWeight, bySize)));
    if (quantity <= 0) continue;
    taken.set(line.lineNumber, quantity);
    room -= quantity * sizeOf(line);
    grams -= quantity * line.weightGrams;
  }
  return taken;
}
