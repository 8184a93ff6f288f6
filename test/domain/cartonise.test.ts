import fc from 'fast-check';
import { type CartonLine, type CartonType, cartonise } from '../../domain/fulfilment/cartonise';
import { BoxLoad, overlap } from '../../domain/fulfilment/place-boxes';

const box = (lengthMm: number, widthMm: number, heightMm: number) => ({ lengthMm, widthMm, heightMm });
const line = (lineNumber: number, quantity: number, more: Partial<CartonLine> = {}): CartonLine => ({
  lineNumber,
  quantity,
  unitsPerCarton: 12,
  weightGrams: 100,
  size: box(100, 100, 100),
  upright: false,
  together: '',
  ...more,
});
const small: CartonType = { id: 'small', ...box(200, 200, 200), maximumGrams: 20_000, tareGrams: 150 };
const large: CartonType = { id: 'large', ...box(400, 300, 300), maximumGrams: 20_000, tareGrams: 400 };

test('full cartons go as they are, what is left over shares the smallest carton that holds it', () => {
  expect(cartonise([line(1, 26), line(2, 5)], [large, small])).toEqual([
    { sequence: 1, cartonType: null, contents: [{ lineNumber: 1, quantity: 12 }], weightGrams: 1500 },
    { sequence: 2, cartonType: null, contents: [{ lineNumber: 1, quantity: 12 }], weightGrams: 1500 },
    {
      sequence: 3,
      cartonType: 'small',
      contents: [
        { lineNumber: 1, quantity: 2 },
        { lineNumber: 2, quantity: 5 },
      ],
      weightGrams: 850,
    },
  ]);
});

test('without sizes, or without cartons to choose from, every item has cartons of its own', () => {
  const own = (quantity: number, lineNumber: number) =>
    expect.objectContaining({ cartonType: null, contents: [{ lineNumber, quantity }] }) as unknown;
  expect(cartonise([line(1, 14), line(2, 3)])).toEqual([own(12, 1), own(2, 1), own(3, 2)]);
  expect(cartonise([line(1, 14, { size: null }), line(2, 3)], [small])[1]).toEqual(own(2, 1));
});

test('stores, goods that do not mix, heavy goods and what is larger than every carton stay apart', () => {
  const ofStores = cartonise([line(1, 1, { together: '0107' }), line(2, 1, { together: '0108' })], [small]);
  expect(ofStores.map(({ contents }) => contents.length)).toEqual([1, 1]);
  const heavy = cartonise([line(1, 3, { weightGrams: 8_000 })], [small]);
  expect(heavy.map(({ contents }) => contents[0]?.quantity)).toEqual([2, 1]);
  expect(cartonise([line(1, 1, { size: box(900, 10, 10) })], [small])[0]?.cartonType).toBeNull();
});

test('a bottle stays upright: a carton that is too low does not take it lying', () => {
  const bottle = { size: box(80, 80, 300), unitsPerCarton: 6 };
  const low: CartonType = { id: 'low', ...box(350, 200, 100), maximumGrams: 9_000, tareGrams: 100 };
  expect(cartonise([line(1, 1, bottle)], [low])[0]?.cartonType).toBe('low');
  expect(cartonise([line(1, 1, { ...bottle, upright: true })], [low])[0]?.cartonType).toBeNull();
});

const sizes = fc.record({
  lengthMm: fc.integer({ min: 20, max: 500 }),
  widthMm: fc.integer({ min: 20, max: 400 }),
  heightMm: fc.integer({ min: 20, max: 400 }),
});
const lines = fc
  .array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 60 }),
      unitsPerCarton: fc.integer({ min: 1, max: 24 }),
      weightGrams: fc.integer({ min: 0, max: 9_000 }),
      size: fc.option(sizes),
      upright: fc.boolean(),
      together: fc.constantFrom('', 'a', 'b'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all.map((one, i) => ({ ...one, lineNumber: i + 1 })));

test('every unit is in exactly one carton; no carton is too heavy or holds what must not be together', () => {
  fc.assert(
    fc.property(lines, (all) => {
      const cartons = cartonise(all, [large, small]);
      for (const one of all) {
        const packed = cartons
          .flatMap(({ contents }) => contents)
          .filter(({ lineNumber }) => lineNumber === one.lineNumber)
          .reduce((sum, { quantity }) => sum + quantity, 0);
        expect(packed).toBe(one.quantity);
      }
      expect(cartons.map(({ sequence }) => sequence)).toEqual(cartons.map((_, i) => i + 1));
      for (const { cartonType, contents, weightGrams } of cartons) {
        const inside = contents.map(({ lineNumber }) => all[lineNumber - 1]?.together);
        expect(new Set(inside).size).toBe(1);
        if (cartonType !== null) expect(weightGrams).toBeLessThanOrEqual(20_000);
        else expect(contents).toHaveLength(1);
      }
    }),
  );
});

test('boxes never overlap nor stand out of their carton', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(sizes, fc.boolean()), { maxLength: 40 }), (boxes) => {
      const load = new BoxLoad(large);
      for (const [size, upright] of boxes) load.add(size, upright);
      const { placed } = load;
      for (const one of placed) {
        expect([one.x + one.dx <= 400, one.y + one.dy <= 300, one.z + one.dz <= 300]).toEqual([
          true,
          true,
          true,
        ]);
        expect(placed.filter((other) => other !== one && overlap(one, other))).toEqual([]);
      }
    }),
  );
});

test('eight cubes fill a carton twice their side', () => {
  const load = new BoxLoad(small);
  expect(Array.from({ length: 9 }, () => load.add(box(100, 100, 100), false))).toEqual([
    ...Array.from({ length: 8 }, () => true),
    false,
  ]);
});

test('a thousand loose units of a shipment are packed in well under a second', () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    line(i + 1, 25, { unitsPerCarton: 30, size: box(30, 40, 50) }),
  );
  const before = performance.now();
  const cartons = cartonise(many, [small, large]);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(cartons.flatMap(({ contents }) => contents).reduce((sum, one) => sum + one.quantity, 0)).toBe(1000);
});
