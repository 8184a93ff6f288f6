import fc from 'fast-check';
import { creditItems } from '../../domain/invoicing/credit-items';
import { billLeftParts, exactPrice } from '../../domain/invoicing/left-parts';
import { splitRevenue } from '../../domain/order/line-supply';
import { lineAmountMinor } from '../../domain/shared/money';

const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
const cents = fc.integer({ min: 1, max: 5_000_000 });
const component = fc.record({
  weight: fc.integer({ min: 1, max: 10_000 }),
  bundles: fc.integer({ min: 0, max: 40 }),
});

/** Bundles at a price, of which so many of each component have left; whole ones billed in shipments of their own. */
const story = fc.record({
  price: cents,
  components: fc.array(component, { minLength: 2, maxLength: 8 }),
  shipments: fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 6 }),
});

test('what whole bundles were billed and what is billed of the parts that left is the amount of what left, to the cent', () => {
  fc.assert(
    fc.property(story, ({ price, components, shipments }) => {
      const weights = components.map(({ weight }) => weight);
      const whole = Math.min(...components.map(({ bundles }) => bundles));
      const left = components.map(({ bundles }, at) => splitRevenue(bundles * price, weights)[at] as number);
      let open = whole;
      const billed = [...shipments, whole].map((wanted) => {
        const now = Math.min(open, wanted);
        open -= now;
        return now * price;
      });
      const parts = billLeftParts({ amountMinor: sum(left), billedMinor: sum(billed), components });
      const isUneven = components.some(({ bundles }) => bundles > whole);
      if (isUneven) expect(sum(billed) + sum(parts)).toBe(Math.max(sum(left), sum(billed)));
      components.forEach(({ bundles }, at) => {
        expect(parts[at]).toBeGreaterThanOrEqual(0);
        if (bundles === whole) expect(parts[at]).toBe(0);
      });
    }),
  );
});

test('a part has its share of what is left over, within a cent for each component', () => {
  fc.assert(
    fc.property(story, ({ price, components }) => {
      const weights = components.map(({ weight }) => weight);
      const whole = Math.min(...components.map(({ bundles }) => bundles));
      const left = components.map(({ bundles }, at) => splitRevenue(bundles * price, weights)[at] as number);
      const parts = billLeftParts({ amountMinor: sum(left), billedMinor: whole * price, components });
      components.forEach(({ weight, bundles }, at) => {
        const exact = ((bundles - whole) * price * weight) / sum(weights);
        expect(Math.abs((parts[at] as number) - exact)).toBeLessThanOrEqual(components.length + 1);
      });
    }),
  );
});

test('a part has a price at which its units come to its amount again, however many they are', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000_000 }),
      fc.integer({ min: 1, max: 500_000 }),
      fc.constantFrom('USD', 'JPY', 'BHD'),
      (amount, units, currency) => {
        const price = exactPrice(amount, units, currency);
        if (price === null) throw new Error(`${amount} for ${units}`);
        expect(lineAmountMinor(String(units), price.unitPrice, currency, price.priceBasis)).toBe(amount);
        expect(price.unitPrice).toMatch(/^\d+(\.\d{1,6})?$/);
      },
    ),
  );
});

test('credits of a bundle’s components, in any parts and order, sum to what each was billed for, and no further', () => {
  const bill = fc.record({
    amount: cents,
    weights: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 5 }),
    units: fc.integer({ min: 1, max: 60 }),
    steps: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }),
  });
  fc.assert(
    fc.property(bill, ({ amount, weights, units, steps }) => {
      const billed = splitRevenue(amount, weights).map((amountMinor, at) => ({
        itemId: `I${at}`,
        baseUnits: units * (at + 1),
        amountMinor,
      }));
      for (const line of billed) {
        let before = 0;
        let credited = 0;
        for (const step of [...steps, line.baseUnits]) {
          const baseUnits = Math.min(step, line.baseUnits - before);
          if (baseUnits === 0) continue;
          const credit = creditItems(billed, new Map([[line.itemId, before]]), [
            { itemId: line.itemId, baseUnits },
          ]);
          if (credit.kind !== 'credited') throw new Error('it was billed');
          expect(credit.items[0]?.amountMinor).toBeGreaterThanOrEqual(0);
          credited += sum(credit.items.map((one) => one.amountMinor));
          before += baseUnits;
        }
        expect([before, credited]).toEqual([line.baseUnits, line.amountMinor]);
        const more = creditItems(billed, new Map([[line.itemId, before]]), [
          { itemId: line.itemId, baseUnits: 1 },
        ]);
        expect(more).toEqual({ kind: 'beyond', itemId: line.itemId, left: 0 });
      }
    }),
  );
});
