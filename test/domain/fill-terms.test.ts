import fc from 'fast-check';
import { type AllocationNode, allocate } from '../../domain/allocation/allocate';
import { applyFillTerms, type FillTerms } from '../../domain/allocation/fill-terms';

const nodes: readonly AllocationNode[] = [{ nodeId: 'A', rank: 1 }];
const free = { shipComplete: false, maximumShipments: null, promised: [] };
function fill(wanted: readonly number[], available: number, minimum: FillTerms['minimum'], before = 0) {
  const demands = wanted.map((quantity, at) => ({ lineNumber: at + 1, itemId: 'X', quantity }));
  const plan = allocate(demands, [{ itemId: 'X', nodeId: 'A', available }], nodes, free);
  const lines = demands.map(({ lineNumber, quantity }) => ({
    lineNumber,
    ordered: quantity + before,
    before,
    multiple: 1,
  }));
  const filled = applyFillTerms(plan, lines, { minimum });
  const takes = demands.map(({ lineNumber }) =>
    filled.allocations.filter((a) => a.lineNumber === lineNumber).reduce((sum, a) => sum + a.quantity, 0),
  );
  const short = demands.map(
    ({ lineNumber }) => filled.shortages.find((one) => one.lineNumber === lineNumber)?.quantity ?? 0,
  );
  return { takes, short };
}

test('a line takes at least its minimum, or nothing', () => {
  expect(fill([10], 5, { of: 'line', percent: 50 })).toEqual({ takes: [5], short: [5] });
  expect(fill([10], 4, { of: 'line', percent: 50 })).toEqual({ takes: [0], short: [10] });
  expect(fill([10], 4, { of: 'line', quantity: 4 })).toEqual({ takes: [4], short: [6] });
  expect(fill([3], 3, { of: 'line', quantity: 4 })).toEqual({ takes: [3], short: [0] });
});

test('an order below its minimum takes nothing of any line', () => {
  expect(fill([10, 10], 15, { of: 'order', percent: 75 })).toEqual({ takes: [10, 5], short: [0, 5] });
  expect(fill([10, 10], 14, { of: 'order', percent: 75 })).toEqual({ takes: [0, 0], short: [10, 10] });
});

test('what was taken before counts: the rest follows in any quantity', () => {
  expect(fill([5], 1, { of: 'line', percent: 50 }, 5)).toEqual({ takes: [1], short: [4] });
});

test('nothing is lost or doubled, and no line stands between nothing and its minimum', () => {
  const quantities = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      quantities,
      fc.integer({ min: 0, max: 150 }),
      fc.integer({ min: 1, max: 100 }),
      (wanted, there, percent) => {
        const { takes, short } = fill(wanted, there, { of: 'line', percent });
        for (const [at, quantity] of wanted.entries()) {
          const taken = takes[at] ?? 0;
          expect(taken + (short[at] ?? 0)).toBe(quantity);
          if (taken > 0) expect(taken * 100).toBeGreaterThanOrEqual(quantity * percent);
        }
      },
    ),
  );
});
