import fc from 'fast-check';
import { applyPromotions } from '../../domain/pricing/apply-promotions';
import type { Promotion, PromotionLine, PromotionQuestion } from '../../domain/pricing/promotion';

const promotion = (more: Partial<Promotion>): Promotion => ({
  promotionId: 'P',
  version: 1,
  name: 'Spring',
  validFrom: '2026-01-01',
  validTo: null,
  currency: 'USD',
  minimumQuantity: null,
  minimumAmountMinor: null,
  benefit: { kind: 'percent', percent: '10', of: 'line' },
  stacking: 'stackable',
  precedence: 100,
  maximumMinor: null,
  maximumUses: null,
  maximumUsesPerCustomer: null,
  code: 'F800',
  ...more,
});
const line = (lineNumber: number, itemId: string, baseUnits: number, amountMinor: number): PromotionLine => ({
  lineNumber,
  itemId,
  itemClass: itemId === 'BOLT' || itemId === 'NUT' ? 'FASTENERS' : null,
  priceGroup: null,
  baseUnits,
  amountMinor,
});
const ask = (more: Partial<PromotionQuestion>) =>
  applyPromotions({
    customerId: 'ACME',
    customerGroups: ['DEALERS'],
    channel: 'api',
    date: '2026-03-01',
    currency: 'USD',
    lines: [line(1, 'BOLT', 10, 10_000)],
    promotions: [],
    available: new Map(),
    ...more,
  });
const given = (more: Partial<PromotionQuestion>) =>
  ask(more).applied.map((one) => [one.promotionId, one.lineNumber, one.amountMinor]);

test('stackable promotions are taken one after the other by precedence, each from what is left', () => {
  const promotions = [
    promotion({
      promotionId: 'B',
      precedence: 2,
      benefit: { kind: 'amount', amountMinor: 500, per: 'line' },
    }),
    promotion({ promotionId: 'A', precedence: 1 }),
    promotion({ promotionId: 'C', precedence: 3 }),
  ];
  // 100.00 - 10 % = 90.00, - 5.00 = 85.00, - 10 % = 76.50
  expect(given({ promotions })).toEqual([
    ['A', 1, 1000],
    ['B', 1, 500],
    ['C', 1, 850],
  ]);
});

test('an exclusive promotion stands alone where it gives more than the others together, and loses where it does not', () => {
  const others = [promotion({ promotionId: 'A' }), promotion({ promotionId: 'B' })];
  const alone = (percent: string) =>
    promotion({ promotionId: 'X', stacking: 'exclusive', benefit: { kind: 'percent', percent, of: 'line' } });
  expect(given({ promotions: [...others, alone('25')] })).toEqual([['X', 1, 2500]]);
  const lost = ask({ promotions: [...others, alone('19')] });
  expect(lost.applied.map((one) => one.promotionId)).toEqual(['A', 'B']);
  expect(lost.refused).toMatchObject([
    { promotionId: 'X', lineNumber: 1, reason: 'is given alone only, and A, B gives as much or more' },
  ]);
});

test('of those that are best-of one is given, the one that takes most', () => {
  const promotions = [
    promotion({ promotionId: 'A', stacking: 'best-of' }),
    promotion({
      promotionId: 'B',
      stacking: 'best-of',
      benefit: { kind: 'fixed-price', unitPrice: '8.5' },
    }),
    promotion({ promotionId: 'C' }),
  ];
  expect(given({ promotions })).toEqual([
    ['B', 1, 1500],
    ['C', 1, 850],
  ]);
});

test('of every twelve the two cheapest are free, over all lines of the promotion', () => {
  const promotions = [
    promotion({ benefit: { kind: 'buy-get', buy: 10, get: 2, percent: '100', getItems: null } }),
  ];
  // 25 units are two bundles: four units free, of the cheaper item; one more is not yet another.
  expect(given({ promotions, lines: [line(1, 'BOLT', 22, 22_000), line(2, 'NUT', 3, 300)] })).toEqual([
    ['P', 1, 1000],
    ['P', 2, 300],
  ]);
  expect(ask({ promotions }).refused[0]?.reason).toBe('begins at 10 bought for 2 reduced; the order has 10');
});

test('what is bought of one item makes another one cheaper', () => {
  const promotions = [
    promotion({
      items: ['BOLT'],
      benefit: { kind: 'buy-get', buy: 100, get: 10, percent: '50', getItems: ['NUT'] },
    }),
  ];
  const lines = [line(1, 'BOLT', 250, 250_000), line(2, 'NUT', 15, 1500)];
  expect(given({ promotions, lines })).toEqual([['P', 2, 750]]);
});

test('a promotion of the order comes last, and an exclusive one leaves out lines that have another', () => {
  const ofOrder = promotion({
    promotionId: 'O',
    stacking: 'exclusive',
    benefit: { kind: 'percent', percent: '10', of: 'order' },
  });
  const ofBolts = promotion({ promotionId: 'A', items: ['BOLT'] });
  const lines = [line(1, 'BOLT', 10, 10_000), line(2, 'NUT', 10, 1000)];
  expect(given({ promotions: [ofOrder, ofBolts], lines })).toEqual([
    ['A', 1, 1000],
    ['O', null, 100],
  ]);
  expect(given({ promotions: [{ ...ofOrder, stacking: 'stackable' }, ofBolts], lines })).toEqual([
    ['A', 1, 1000],
    ['O', null, 1000],
  ]);
});

test.each([
  [{ validFrom: '2026-03-02' }, 'begins on 2026-03-02'],
  [{ validTo: '2026-02-28' }, 'ended on 2026-02-28'],
  [{ currency: 'EUR' }, 'is in EUR, the order in USD'],
  [{ customers: ['INITECH'] }, 'is for other customers'],
  [{ customerGroups: ['RETAIL'] }, 'is for customers of RETAIL'],
  [{ channels: ['edi'] }, 'is for orders by edi'],
  [{ items: ['NUT'] }, 'none of its items is on the order'],
  [{ minimumQuantity: 11 }, 'begins at 11 base units of its items; the order has 10'],
  [{ minimumAmountMinor: 10_001 }, 'begins at 100.01 USD of its items; the order has 100.00'],
])('a promotion that %j is not given: it %s', (more: Partial<Promotion>, reason) => {
  const { applied, refused } = ask({ promotions: [promotion(more)] });
  expect(applied).toEqual([]);
  expect(refused).toMatchObject([{ promotionId: 'P', lineNumber: null, reason }]);
});

test('where the budget does not cover it the promotion is not given at all, and the next best is', () => {
  const promotions = [
    promotion({ promotionId: 'A', stacking: 'best-of', maximumMinor: 100_000 }),
    promotion({
      promotionId: 'B',
      stacking: 'best-of',
      benefit: { kind: 'percent', percent: '5', of: 'line' },
    }),
  ];
  const { applied, refused } = ask({ promotions, available: new Map([['A', { minor: 999, uses: null }]]) });
  expect(applied.map((one) => [one.promotionId, one.amountMinor])).toEqual([['B', 500]]);
  expect(refused).toMatchObject([
    { promotionId: 'A', reason: 'its budget has 9.99 USD left, this order would take 10.00' },
  ]);
});

const lines = fc
  .array(
    fc.record({
      itemId: fc.constantFrom('BOLT', 'NUT', 'WASHER'),
      baseUnits: fc.integer({ min: 1, max: 500 }),
      amountMinor: fc.integer({ min: 0, max: 2_000_000 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((one, i) => line(i + 1, one.itemId, one.baseUnits, one.amountMinor)));
const percent = fc.integer({ min: 1, max: 1000 }).map((n) => String(n / 10));
const benefit = fc.oneof(
  fc.record({
    kind: fc.constant('percent' as const),
    percent,
    of: fc.constantFrom('line' as const, 'order' as const),
  }),
  fc.record({
    kind: fc.constant('amount' as const),
    amountMinor: fc.integer({ min: 1, max: 500_000 }),
    per: fc.constantFrom('unit' as const, 'line' as const, 'order' as const),
  }),
  fc.record({
    kind: fc.constant('fixed-price' as const),
    unitPrice: fc.integer({ min: 0, max: 9_999_999 }).map((n) => String(n / 10_000)),
  }),
  fc.record({
    kind: fc.constant('buy-get' as const),
    buy: fc.integer({ min: 1, max: 20 }),
    get: fc.integer({ min: 1, max: 5 }),
    percent,
    getItems: fc.constantFrom(null, ['NUT'], ['BOLT', 'WASHER']),
  }),
);
const promotions = fc
  .array(
    fc.record({
      items: fc.constantFrom(undefined, ['BOLT'], ['NUT', 'WASHER']),
      itemClasses: fc.constantFrom(undefined, ['FASTENERS']),
      minimumQuantity: fc.constantFrom(null, 1, 300),
      benefit,
      stacking: fc.constantFrom('exclusive' as const, 'stackable' as const, 'best-of' as const),
      precedence: fc.integer({ min: 0, max: 3 }),
      maximumMinor: fc.constantFrom(null, 1_000_000),
    }),
    { maxLength: 8 },
  )
  .map((all) => all.map((one, i) => promotion({ ...one, promotionId: `P${i}` })));
const budgets = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 8, maxLength: 8 });

const situation = fc.record({ lines, promotions, budgets }).map((one) => ({
  ...one,
  available: new Map(
    one.promotions
      .filter((p) => p.maximumMinor !== null)
      .map((p) => [p.promotionId, { minor: one.budgets[Number(p.promotionId.slice(1))] ?? 0, uses: null }]),
  ),
}));

test('no line and no order falls below zero, nothing gives nothing, and no budget is overspent', () => {
  fc.assert(
    fc.property(situation, ({ lines: all, promotions: some, available }) => {
      const { applied } = ask({ lines: all, promotions: some, available });
      const total = all.reduce((sum, one) => sum + one.amountMinor, 0);
      expect(applied.every((one) => Number.isSafeInteger(one.amountMinor) && one.amountMinor > 0)).toBe(true);
      for (const one of all) {
        const off = applied.filter((a) => a.lineNumber === one.lineNumber).map((a) => a.amountMinor);
        expect(off.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(one.amountMinor);
      }
      expect(applied.reduce((sum, one) => sum + one.amountMinor, 0)).toBeLessThanOrEqual(total);
      for (const [id, { minor }] of available) {
        const taken = applied.filter((a) => a.promotionId === id).reduce((sum, a) => sum + a.amountMinor, 0);
        expect(taken).toBeLessThanOrEqual(minor);
      }
    }),
    { numRuns: 500 },
  );
});

test('the order of lines and of promotions changes nothing', () => {
  fc.assert(
    fc.property(
      situation,
      fc.infiniteStream(fc.nat(1000)),
      ({ lines: all, promotions: some, available }, keys) => {
        const shuffle = <T>(list: readonly T[]) =>
          list
            .map((one) => ({ one, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
        expect(ask({ lines: shuffle(all), promotions: shuffle(some), available })).toEqual(
          ask({ lines: all, promotions: some, available }),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('each promotion that was looked at is told of: given somewhere, refused as a whole, or refused on its lines', () => {
  fc.assert(
    fc.property(situation, ({ lines: all, promotions: some, available }) => {
      const { applied, refused, furtherRefused } = ask({ lines: all, promotions: some, available });
      const told = new Set([...applied, ...refused].map((one) => one.promotionId));
      const silent = some.filter((one) => !told.has(one.promotionId));
      expect(silent.length === 0 || furtherRefused > 0).toBe(true);
    }),
    { numRuns: 300 },
  );
});
