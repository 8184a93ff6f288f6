import fc from 'fast-check';
import { type AllocationConstraints, allocate } from '../../domain/allocation/allocate';

const free: AllocationConstraints = { shipComplete: false, maximumShipments: null, promised: [] };
const nodes = [
  { nodeId: 'A', rank: 1 },
  { nodeId: 'B', rank: 2 },
  { nodeId: 'C', rank: 3 },
];

test('one node that has everything wins over a split between nearer ones', () => {
  const plan = allocate(
    [
      { lineNumber: 1, itemId: 'X', quantity: 5 },
      { lineNumber: 2, itemId: 'Y', quantity: 5 },
    ],
    [
      { itemId: 'X', nodeId: 'A', available: 5 },
      { itemId: 'Y', nodeId: 'B', available: 5 },
      { itemId: 'X', nodeId: 'C', available: 5 },
      { itemId: 'Y', nodeId: 'C', available: 5 },
    ],
    nodes,
    free,
  );
  expect(new Set(plan.allocations.map((a) => a.nodeId))).toEqual(new Set(['C']));
});

test('a case is not split over nodes, nor sent in part while the rest of it waits', () => {
  const plan = allocate(
    [{ lineNumber: 1, itemId: 'X', quantity: 36, multiple: 12 }],
    [
      { itemId: 'X', nodeId: 'A', available: 7 },
      { itemId: 'X', nodeId: 'B', available: 29 },
    ],
    nodes,
    free,
  );
  expect(plan.allocations).toEqual([{ lineNumber: 1, itemId: 'X', nodeId: 'B', quantity: 24 }]);
  expect(plan.shortages).toMatchObject([{ lineNumber: 1, itemId: 'X', quantity: 12 }]);
});

test('the half of one and a half cases is sent with them', () => {
  const plan = allocate(
    [{ lineNumber: 1, itemId: 'X', quantity: 18, multiple: 12 }],
    [{ itemId: 'X', nodeId: 'A', available: 20 }],
    nodes,
    free,
  );
  expect(plan.allocations).toEqual([{ lineNumber: 1, itemId: 'X', nodeId: 'A', quantity: 18 }]);
});

test('ship complete takes nothing when something is missing', () => {
  const plan = allocate(
    [{ lineNumber: 1, itemId: 'X', quantity: 5 }],
    [{ itemId: 'X', nodeId: 'A', available: 4 }],
    nodes,
    { ...free, shipComplete: true },
  );
  expect(plan.allocations).toEqual([]);
  expect(plan.shortages).toMatchObject([{ lineNumber: 1, itemId: 'X', quantity: 5 }]);
});

test('what waiting orders were promised is not for a newcomer', () => {
  const plan = allocate(
    [{ lineNumber: 1, itemId: 'X', quantity: 5 }],
    [
      { itemId: 'X', nodeId: 'A', available: 4 },
      { itemId: 'X', nodeId: 'B', available: 4 },
    ],
    nodes,
    { ...free, promised: [{ itemId: 'X', quantity: 6, nodes: null }] },
  );
  expect(plan.allocations).toEqual([{ lineNumber: 1, itemId: 'X', nodeId: 'A', quantity: 2 }]);
});

test('no more shipments than the order allows', () => {
  const plan = allocate(
    [{ lineNumber: 1, itemId: 'X', quantity: 6 }],
    nodes.map((node) => ({ itemId: 'X', nodeId: node.nodeId, available: 2 })),
    nodes,
    { ...free, maximumShipments: 2 },
  );
  expect(plan.allocations).toHaveLength(2);
  expect(plan.shortages[0]?.quantity).toBe(2);
});

test('never more than is there, never more than was asked, and nothing is lost between', () => {
  const demand = fc.array(
    fc.record({ itemId: fc.constantFrom('X', 'Y', 'Z'), quantity: fc.integer({ min: 1, max: 30 }) }),
    { maxLength: 6 },
  );
  const stock = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(
      demand,
      stock,
      fc.option(fc.integer({ min: 1, max: 3 })),
      fc.integer({ min: 0, max: 20 }),
      (wanted, levels, maximumShipments, promised) => {
        const demands = wanted.map((d, i) => ({ ...d, lineNumber: i + 1 }));
        const availability = ['X', 'Y', 'Z'].flatMap((itemId, i) =>
          nodes.map((node, j) => ({ itemId, nodeId: node.nodeId, available: levels[i * 3 + j] ?? 0 })),
        );
        const plan = allocate(demands, availability, nodes, {
          shipComplete: false,
          maximumShipments,
          promised: [{ itemId: 'X', quantity: promised, nodes: null }],
        });
        for (const d of demands) {
          const got = plan.allocations
            .filter((a) => a.lineNumber === d.lineNumber)
            .reduce((sum, a) => sum + a.quantity, 0);
          const short = plan.shortages.find((s) => s.lineNumber === d.lineNumber)?.quantity ?? 0;
          expect(got + short).toBe(d.quantity);
        }
        for (const row of availability) {
          expect(
            plan.allocations
              .filter((a) => a.itemId === row.itemId && a.nodeId === row.nodeId)
              .reduce((sum, a) => sum + a.quantity, 0),
          ).toBeLessThanOrEqual(row.available);
        }
        expect(plan.allocations.every((a) => a.quantity > 0)).toBe(true);
        // In whatever order the places and their stock are read.
        const terms = { shipComplete: false, maximumShipments };
        const waits = [{ itemId: 'X', quantity: promised, nodes: null }];
        const again = allocate(demands, availability.toReversed(), nodes.toReversed(), {
          ...terms,
          promised: waits,
        });
        expect(again.shortages).toEqual(plan.shortages);
        expect(new Set(again.allocations.map((a) => JSON.stringify(a)))).toEqual(
          new Set(plan.allocations.map((a) => JSON.stringify(a))),
        );
      },
    ),
  );
});
