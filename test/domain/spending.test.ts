import fc from 'fast-check';
import { decideSpending, whyNotApprove } from '../../domain/approval/spending';

const minor = fc.integer({ min: 1, max: 1000 });
const orders = fc.array(minor, { maxLength: 30 });

/** Orders one after the other, each as the budget's lock lets them: what was let in is spent. */
function spend(totals: readonly number[], limitMinor: number | null, amountMinor: number) {
  let spentMinor = 0;
  const placed = totals.filter((totalMinor) => {
    const budget = { amountMinor, spentMinor };
    const within = decideSpending({ totalMinor, limitMinor, budget }).kind === 'within';
    if (within) spentMinor += totalMinor;
    return within;
  });
  return { placed, spentMinor };
}

test('in whatever order they come, orders never spend more than the budget, nor is one above the person’s limit', () => {
  fc.assert(
    fc.property(orders, minor, fc.option(minor), fc.integer(), (totals, budget, limit, seed) => {
      for (const some of [totals, totals.toSorted((a, b) => ((a * 7 + seed) % 11) - ((b * 7 + seed) % 11))]) {
        const { placed, spentMinor } = spend(some, limit, budget);
        expect(spentMinor).toBe(placed.reduce((sum, one) => sum + one, 0));
        expect(spentMinor).toBeLessThanOrEqual(budget);
        expect(placed.every((one) => limit === null || one <= limit)).toBe(true);
        // What waits has no room when it comes, and none later: a budget is only spent.
        for (const one of some.filter((total) => limit === null || total <= limit))
          expect(placed.includes(one) || spentMinor + one > budget).toBe(true);
      }
    }),
  );
});

test('orders that all fit are all placed, in whatever order they come', () => {
  fc.assert(
    fc.property(orders, fc.nat(500), (totals, more) => {
      const budget = totals.reduce((sum, one) => sum + one, 0) + more;
      expect(spend(totals, null, budget).placed).toEqual(totals);
      expect(spend(totals.toReversed(), null, budget).placed).toHaveLength(totals.length);
    }),
  );
});

test('a larger limit or budget never makes an order wait that was placed with the smaller one', () => {
  fc.assert(
    fc.property(minor, minor, minor, fc.nat(500), fc.nat(500), (totalMinor, limit, amount, a, b) => {
      const decide = (limitMinor: number, amountMinor: number) =>
        decideSpending({ totalMinor, limitMinor, budget: { amountMinor, spentMinor: 0 } }).kind;
      if (decide(limit, amount) === 'within') expect(decide(limit + a, amount + b)).toBe('within');
    }),
  );
});

test('nobody approves above their own authority, nor what they asked for, by whatever name', () => {
  const name = fc.constantFrom('ann', 'bob', 'cyd');
  fc.assert(
    fc.property(
      minor,
      fc.option(minor),
      fc.boolean(),
      name,
      fc.option(name),
      fc.array(name),
      (total, upTo, may, ...who) => {
        const [person, inNameOf, requestedBy] = who;
        const refusal = whyNotApprove({
          totalMinor: total,
          approver: { mayApprove: may, upToMinor: upTo },
          person,
          inNameOf,
          requestedBy,
        });
        const mayNot =
          !may ||
          requestedBy.includes(person) ||
          (inNameOf !== null && requestedBy.includes(inNameOf)) ||
          (upTo !== null && total > upTo);
        expect(refusal !== null).toBe(mayNot);
      },
    ),
  );
});
