import fc from 'fast-check';
import type { BundleDemand } from '../../domain/allocation/allocate';
import type { SourcingCase, SourcingLine } from '../../domain/allocation/sourcing-case';
import { foldBundles } from '../../domain/allocation/whole-bundles';
import { countBundles, splitRevenue } from '../../domain/order/line-supply';

const weights = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 })
  .filter((all) => all.some((one) => one > 0));
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);

test('the components of a bundle share its price to the cent, each within a cent of its part', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), weights, (amount, shares) => {
      const split = splitRevenue(amount, shares);
      expect(sum(split)).toBe(amount);
      const whole = sum(shares);
      split.forEach((part, at) => {
        const exact = (amount * (shares[at] as number)) / whole;
        expect(Math.abs(part - exact)).toBeLessThanOrEqual(1 + exact * 1e-9);
        expect(part).toBeGreaterThanOrEqual(0);
      });
    }),
  );
});

test('what is billed of a bundle in several shipments is shared as it is billed: the shares of each sum to it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 10 }),
      weights,
      (bills, shares) => {
        const all = bills.map((bill) => splitRevenue(bill, shares));
        expect(all.map(sum)).toEqual(bills);
      },
    ),
  );
});

const component = fc.record({
  per: fc.integer({ min: 1, max: 12 }),
  states: fc.tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 60 }),
  ),
  waiting: fc.integer({ min: 0, max: 60 }),
});

test('a bundle has come as far as its last component: its states sum to what was ordered, none is below zero', () => {
  fc.assert(
    fc.property(fc.array(component, { minLength: 1, maxLength: 6 }), (raw) => {
      const components = raw.map(({ per, states: [cancelled, reserved, released, shipped], waiting }) => ({
        per,
        ordered: cancelled + reserved + released + shipped + waiting,
        cancelled,
        reserved,
        released,
        shipped,
      }));
      const counts = countBundles(components);
      const { ordered, cancelled, reserved, released, shipped } = counts;
      expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
      expect(cancelled + reserved + released + shipped).toBeLessThanOrEqual(ordered);
      for (const one of components) expect(shipped * one.per).toBeLessThanOrEqual(one.shipped);
    }),
  );
});

const line = (lineNumber: number, itemId: string, quantity: number, multiple: number): SourcingLine => ({
  lineNumber,
  itemId,
  quantity,
  multiple,
  itemClass: null,
  weightGrams: 1,
  destination: null,
  notBefore: null,
  deliverBy: null,
  together: null,
});
const NODES = ['A', 'B', 'C'];
const ITEMS = ['w', 'x', 'y', 'z'];

/** Orders of bundles over a few shared components, and lines of the components themselves. */
const orders = fc.record({
  bundles: fc.array(
    fc.record({
      units: fc.integer({ min: 1, max: 8 }),
      made: fc.uniqueArray(
        fc.record({ item: fc.constantFrom(...ITEMS), per: fc.integer({ min: 1, max: 4 }) }),
        { minLength: 1, maxLength: 4, selector: ({ item }) => item },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  loose: fc.array(fc.record({ item: fc.constantFrom(...ITEMS), quantity: fc.integer({ min: 1, max: 20 }) }), {
    maxLength: 3,
  }),
  stock: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 12, maxLength: 12 }),
});

test('whatever shares whatever: each node gives whole bundles, and no component of a node is given twice', () => {
  fc.assert(
    fc.property(orders, ({ bundles, loose, stock }) => {
      const demands = new Map<number, BundleDemand>();
      const lines: SourcingLine[] = [];
      bundles.forEach(({ units, made }, at) => {
        const key = lines.length + 1;
        for (const { item, per } of made) {
          demands.set(lines.length + 1, { key, item: `B${at}`, components: made.length, factor: 1 });
          lines.push(line(lines.length + 1, item, units * per, per));
        }
      });
      for (const { item, quantity } of loose) lines.push(line(lines.length + 1, item, quantity, 1));
      const availability = NODES.flatMap((nodeId, n) =>
        ITEMS.map((itemId, i) => ({ itemId, nodeId, available: stock[n * 4 + i] as number })),
      );
      const nodes = NODES.map((nodeId, rank) => ({ nodeId, rank, active: true }));
      const { order, unfold } = foldBundles(
        { lines, availability, nodes } as unknown as SourcingCase,
        demands,
      );
      // Whoever chooses nodes takes no more of an item from a node than it is told is there.
      const left = new Map(order.availability.map((row) => [`${row.itemId}@${row.nodeId}`, row.available]));
      const allocations = order.lines.flatMap((wanted) => {
        let open = wanted.quantity;
        return NODES.flatMap((nodeId) => {
          const at = `${wanted.itemId}@${nodeId}`;
          const quantity = Math.min(open, left.get(at) ?? 0);
          open -= quantity;
          left.set(at, (left.get(at) ?? 0) - quantity);
          return quantity > 0
            ? [{ lineNumber: wanted.lineNumber, itemId: wanted.itemId, nodeId, quantity }]
            : [];
        });
      });
      const plan = unfold({ allocations, shortages: [], considered: [] });
      for (const { itemId, nodeId, available } of availability) {
        const taken = plan.allocations.filter((one) => one.itemId === itemId && one.nodeId === nodeId);
        expect(sum(taken.map(({ quantity }) => quantity))).toBeLessThanOrEqual(available);
      }
      for (const key of new Set([...demands.values()].map((one) => one.key))) {
        const own = lines.filter(({ lineNumber }) => demands.get(lineNumber)?.key === key);
        for (const nodeId of NODES) {
          const units = own.map(
            ({ lineNumber, multiple }) =>
              sum(
                plan.allocations
                  .filter((one) => one.lineNumber === lineNumber && one.nodeId === nodeId)
                  .map(({ quantity }) => quantity),
              ) / multiple,
          );
          expect(new Set(units).size).toBe(1);
          expect(Number.isInteger(units[0])).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});
