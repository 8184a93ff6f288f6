import fc from 'fast-check';
import { scoreFraud } from '../../domain/order/fraud-score';
import { type CheckedLine, checkIn, roundedUp } from '../../domain/order/validation-checks';

const lineOf = (baseUnits: number, factor: number): CheckedLine => ({
  lineNumber: 1,
  itemId: 'A',
  factors: { EA: 1, CA: factor },
  unitsPerCarton: 1,
  unit: 'CA',
  baseUnits,
  amountMinor: 0,
  shipToIds: [],
  wantedOn: null,
});

test('a quantity rounded up is the smallest number of whole packs that is a whole number of the ordered unit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 24 }),
      (cases, multiple, factor) => {
        const ordered = cases * factor;
        const check = { check: 'pack-multiple', outcome: 'reject', multiple, roundUp: true } as const;
        const rounded = roundedUp([check], lineOf(ordered, factor));
        let expected = ordered;
        while (expected % multiple !== 0) expected += factor;
        expect(rounded ?? ordered).toBe(expected);
      },
    ),
  );
});

test('without an agreement nothing is rounded', () => {
  const check = { check: 'pack-multiple', outcome: 'reject', multiple: 7, roundUp: false } as const;
  expect(roundedUp([check], lineOf(5, 1))).toBeNull();
});

test('a fraud score is the sum of its factors, and never more than all weights together', () => {
  const score = fc.integer({ min: 0, max: 100 });
  const weights = fc.record({
    newShipTo: score,
    largeFirstOrder: fc.record({ aboveMinor: fc.nat(1000), score }),
    velocity: fc.record({ orders: fc.integer({ min: 1, max: 5 }), hours: fc.constant(24), score }),
    shipToElsewhere: score,
    billToDiffers: score,
  });
  const facts = fc.record({
    totalMinor: fc.nat(2000),
    ordersBefore: fc.nat(3),
    toSameShipTo: fc.nat(3),
    lately: fc.nat(6),
    shipsAbroad: fc.constantFrom(true, false, null),
    billsElsewhere: fc.boolean(),
  });
  fc.assert(
    fc.property(weights, facts, (given, known) => {
      const { score: sum, factors } = scoreFraud({ weights: given }, known);
      expect(factors.reduce((total, one) => total + one.score, 0)).toBe(sum);
      const all =
        given.newShipTo +
        given.largeFirstOrder.score +
        given.velocity.score +
        given.shipToElsewhere +
        given.billToDiffers;
      expect(sum).toBeLessThanOrEqual(all);
      expect(known.shipsAbroad === null && factors.some((one) => one.factor === 'shipToElsewhere')).toBe(
        false,
      );
    }),
  );
});

test('an amount that names its currency says nothing of orders in another one', () => {
  const least = { check: 'minimum-order-amount', outcome: 'hold', amountMinor: 10_000 } as const;
  expect(checkIn({ ...least, currency: 'USD' }, 'USD')).toEqual({ ...least, currency: 'USD' });
  expect(checkIn({ ...least, currency: 'USD' }, 'JPY')).toBeNull();
  expect(checkIn(least, 'JPY')).toEqual(least);
  const weights = {
    newShipTo: 30,
    largeFirstOrder: { aboveMinor: 10_000, score: 40, currency: 'USD' },
    velocity: { orders: 9, hours: 1, score: 0 },
    shipToElsewhere: 0,
    billToDiffers: 0,
  };
  expect(checkIn({ check: 'fraud-score', weights, holdAt: 60 }, 'JPY')).toMatchObject({
    weights: { newShipTo: 30, largeFirstOrder: { score: 0 } },
  });
});
