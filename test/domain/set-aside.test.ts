import fc from 'fast-check';
import { beyondPromises, type PromisedUnits } from '../../domain/allocation/set-aside';

const nodes = ['A', 'B', 'C', 'D'].map((nodeId, at) => ({ nodeId, rank: at + 1 }));
const rows = (levels: readonly number[]) =>
  nodes.map(({ nodeId }, at) => ({ itemId: 'X', nodeId, available: levels[at] ?? 0 }));
const left = (...args: Parameters<typeof beyondPromises>) =>
  Object.fromEntries(beyondPromises(...args).map(({ nodeId, available }) => [nodeId, available]));

test('what may come from anywhere is taken off the least preferred nodes', () => {
  expect(left(rows([5, 5, 5, 5]), nodes, [{ itemId: 'X', quantity: 7, nodes: null }])).toEqual({
    A: 5,
    B: 5,
    C: 3,
    D: 0,
  });
});

test('what may come from one node alone is left there, and gives way to nobody', () => {
  const promised = [
    { itemId: 'X', quantity: 5, nodes: ['A'] },
    { itemId: 'X', quantity: 6, nodes: ['A', 'D'] },
  ];
  expect(left(rows([8, 5, 5, 2]), nodes, promised)).toEqual({ A: 0, B: 5, C: 5, D: 0 });
});

test('who may have nothing from a node leaves the promises there first', () => {
  const promised = [{ itemId: 'X', quantity: 5, nodes: ['A', 'D'] }];
  const only = ({ nodeId }: { nodeId: string }) => nodeId === 'D';
  expect(left(rows([5, 5, 5, 5]), nodes, promised, only)).toMatchObject({ A: 0, D: 5 });
});

/** The most of the promises that these rows can serve: the least cut, over every set of promises. */
function most(
  levels: readonly number[],
  names: readonly string[],
  promised: readonly PromisedUnits[],
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let set = 0; set < 2 ** promised.length; set++) {
    const inside = promised.filter((_, at) => (set >> at) % 2 === 1);
    const outside = promised.filter((_, at) => (set >> at) % 2 === 0);
    const reach = names.reduce(
      (sum, name, at) =>
        inside.some(({ nodes: allowed }) => allowed === null || allowed.includes(name))
          ? sum + (levels[at] ?? 0)
          : sum,
      0,
    );
    least = Math.min(least, reach + outside.reduce((sum, one) => sum + one.quantity, 0));
  }
  return least;
}

test('as much as can be is set aside, at the least preferred nodes that allow it: for every set of promises', () => {
  const promise = fc.record({
    itemId: fc.constant('X'),
    quantity: fc.integer({ min: 0, max: 12 }),
    nodes: fc.option(fc.subarray(['A', 'B', 'C', 'D'])),
  });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 4, maxLength: 4 }),
      fc.array(promise, { maxLength: 5 }),
      (levels, promised) => {
        const after = left(rows(levels), nodes, promised);
        const aside = nodes.map(({ nodeId }, at) => (levels[at] ?? 0) - (after[nodeId] ?? 0));
        expect(aside.every((units, at) => units >= 0 && units <= (levels[at] ?? 0))).toBe(true);
        for (let first = 0; first < nodes.length; first++) {
          const names = nodes.slice(first).map(({ nodeId }) => nodeId);
          expect(aside.slice(first).reduce((sum, units) => sum + units, 0)).toBe(
            most(levels.slice(first), names, promised),
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});
