/** Outer size of a unit, or inner size of a carton, in millimetres. */
export interface BoxSize {
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** A box at its place in a carton: the corner nearest to the origin, and its size as it lies there. */
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly dx: number;
  readonly dy: number;
  readonly dz: number;
}

export const volumeOf = (size: BoxSize): number => size.lengthMm * size.widthMm * size.heightMm;

/**
 * Boxes placed one after the other into one carton, each where the boxes before it left a corner: lowest first, then
 * nearest to the back left. Boxes never overlap nor stand out; a box may be turned unless it has to stand upright.
 */
export class BoxLoad {
  readonly #carton: BoxSize;
  readonly #placed: PlacedBox[] = [];
  /** Corners at which the next box may be put. */
  #corners: readonly (readonly [number, number, number])[] = [[0, 0, 0]];

  constructor(carton: BoxSize) {
    this.#carton = carton;
  }

  get placed(): readonly PlacedBox[] {
    return this.#placed;
  }

  /** @returns whether there was room */
  add(size: BoxSize, upright: boolean): boolean {
    for (const [x, y, z] of this.#corners) {
      for (const [dx, dy, dz] of turnsOf(size, upright)) {
        const box: PlacedBox = { x, y, z, dx, dy, dz };
        if (!this.#isFree(box)) continue;
        this.#placed.push(box);
        this.#corners = this.#cornersAfter(box);
        return true;
      }
    }
    return false;
  }

  #isFree(box: PlacedBox): boolean {
    const { lengthMm, widthMm, heightMm } = this.#carton;
    if (box.x + box.dx > lengthMm || box.y + box.dy > widthMm || box.z + box.dz > heightMm) return false;
    return !this.#placed.some((other) => overlap(box, other));
  }

  #cornersAfter(box: PlacedBox): readonly (readonly [number, number, number])[] {
    const added = [
      [box.x + box.dx, box.y, box.z],
      [box.x, box.y + box.dy, box.z],
      [box.x, box.y, box.z + box.dz],
    ] as const;
    const { lengthMm, widthMm, heightMm } = this.#carton;
    return [...this.#corners, ...added]
      .filter(([x, y, z]) => x < lengthMm && y < widthMm && z < heightMm)
      .filter(([x, y, z]) => !this.#placed.some((other) => contains(other, x, y, z)))
      .toSorted((a, b) => a[2] - b[2] || a[1] - b[1] || a[0] - b[0]);
  }
}

export function overlap(a: PlacedBox, b: PlacedBox): boolean {
  return (
    a.x < b.x + b.dx &&
    b.x < a.x + a.dx &&
    a.y < b.y + b.dy &&
    b.y < a.y + a.dy &&
    a.z < b.z + b.dz &&
    b.z < a.z + a.dz
  );
}

const contains = (box: PlacedBox, x: number, y: number, z: number) =>
  x >= box.x && x < box.x + box.dx && y >= box.y && y < box.y + box.dy && z >= box.z && z < box.z + box.dz;

/** The ways a box can lie, flattest first; upright it only turns about its height. */
function turnsOf(
  { lengthMm: l, widthMm: w, heightMm: h }: BoxSize,
  upright: boolean,
): readonly (readonly [number, number, number])[] {
  const turns = upright
    ? [
        [l, w, h],
        [w, l, h],
      ]
    : [
        [l, w, h],
        [w, l, h],
        [l, h, w],
        [h, l, w],
        [w, h, l],
        [h, w, l],
      ];
  return (turns as [number, number, number][]).toSorted((a, b) => a[2] - b[2]);
}

/** Whether a box fits an empty carton at all. */
export const fitsAlone = (carton: BoxSize, size: BoxSize, upright: boolean): boolean =>
  new BoxLoad(carton).add(size, upright);
