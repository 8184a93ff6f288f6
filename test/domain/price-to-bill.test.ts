import fc from 'fast-check';
import { customerPolicySchema } from '../../application/customer/customer-policy';
import type { CustomerRow } from '../../application/customer/customer-record';
import { agreeContent } from '../../application/order/agree-content';
import {
  type ItemFacts,
  type LineFacts,
  type ResolvedLine,
  resolveLines,
} from '../../application/order/resolve-lines';
import { givePromotions } from '../../application/pricing/give-promotions';
import { ItemRelations } from '../../application/sourcing/item-relations';
import {
  type Bill,
  billShipment,
  chargesToBill,
  type OrderCharge,
} from '../../domain/invoicing/bill-shipment';
import type { Promotion } from '../../domain/pricing/promotion';
import type { PriceRow } from '../../domain/pricing/resolve-price';
import { currencyPlaces, sumMinor } from '../../domain/shared/money';

/** From price lists and promotions to the invoices of an order: what was priced is what is billed, in every currency. */

const items = ['BOLT', 'NUT', 'WASHER'] as const;
const currencies = fc.constantFrom('USD', 'JPY', 'BHD', 'CLF');
/** In the smallest unit, so that a price has no more places than its currency. */
const minorPrice = fc.integer({ min: 1, max: 999_999 });
const inCurrency = (minor: number, currency: string) => {
  const places = currencyPlaces(currency);
  const digits = String(minor).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

const percent = fc.integer({ min: 1, max: 1000 }).map((n) => String(n / 10));
const benefit = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), percent, of: fc.constantFrom('line', 'order') }),
  fc.record({
    kind: fc.constant('amount' as const),
    amountMinor: fc.integer({ min: 1, max: 500_000 }),
    per: fc.constantFrom('unit', 'line', 'order'),
  }),
  fc.record({
    kind: fc.constant('buy-get' as const),
    buy: fc.integer({ min: 1, max: 9 }),
    get: fc.integer({ min: 1, max: 3 }),
    percent,
    getItems: fc.constant(null),
  }),
);
const promotion = fc.record({
  items: fc.constantFrom(undefined, ['BOLT'], ['NUT', 'WASHER']),
  benefit,
  stacking: fc.constantFrom('exclusive', 'stackable', 'best-of'),
  precedence: fc.integer({ min: 0, max: 3 }),
});
const charge = fc.record({
  indicator: fc.constantFrom('allowance' as const, 'charge' as const),
  code: fc.constantFrom('C310', 'D240'),
  description: fc.constantFrom('rebate', 'freight', 'handling'),
  amountMinor: fc.integer({ min: 0, max: 300_000 }),
});
const situation = fc.record({
  currency: currencies,
  prices: fc.array(
    fc.record({
      itemId: fc.constantFrom(...items),
      minimumQuantity: fc.constantFrom<string>('1', '10', '50'),
      minor: minorPrice,
      tierOver: fc.constantFrom('line' as const, 'item' as const, 'group' as const),
    }),
    { maxLength: 9 },
  ),
  lines: fc.array(
    fc.record({ itemId: fc.constantFrom(...items), quantity: fc.integer({ min: 1, max: 60 }) }),
    { minLength: 1, maxLength: 6 },
  ),
  promotions: fc.array(promotion, { maxLength: 5 }),
  // Two that no word tells apart are among them.
  charges: fc.array(charge, { maxLength: 4 }),
  taxPercent: fc.constantFrom<string>('0', '8.25', '19'),
  shipments: fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 6, maxLength: 6 }), {
    maxLength: 5,
  }),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const itemOf = (itemId: string): ItemFacts => ({
  itemId,
  description: itemId,
  factors: { EA: 1 },
  baseUnit: 'EA',
  unitsPerCarton: 1,
  backorderable: true,
  active: true,
  itemClass: null,
  priceGroup: itemId === 'WASHER' ? null : 'M8',
});

function factsOf({ prices, promotions, currency }: Situation): LineFacts {
  const rows = [
    ...items.map((itemId) => ({ itemId, minimumQuantity: '1', minor: 100, tierOver: 'line' as const })),
    ...prices,
  ].map(({ itemId, minor, ...more }, i): PriceRow & { itemId: string } => ({
    ...more,
    itemId,
    priceId: `p${i}`,
    source: 'list',
    listId: 'LIST',
    unit: 'EA',
    unitPrice: inCurrency(minor, currency),
    currency,
    validFrom: '2026-01-01',
    validTo: null,
    version: 1,
  }));
  return {
    itemOf: ({ value }) => value,
    items: new Map(items.map((id) => [id, itemOf(id)])),
    prices: Map.groupBy(rows, ({ itemId }) => itemId),
    promotions: promotions.map((one, i) => ({ ...plain(i, currency), ...one }) as unknown as Promotion),
    rates: [],
    earlier: new Map(),
    relations: new ItemRelations([], { customerId: 'ACME', partnerId: null }),
  };
}
const plain = (i: number, currency: string) => ({
  promotionId: `P${i}`,
  version: 1,
  name: `promotion ${i}`,
  validFrom: '2026-01-01',
  validTo: null,
  currency,
  minimumQuantity: null,
  minimumAmountMinor: null,
  maximumMinor: null,
  maximumUses: null,
  maximumUsesPerCustomer: null,
  code: 'F800',
});

/** What the order comes to, as it is confirmed. */
function price(given: Situation, order: readonly number[] = given.lines.map((_, i) => i)) {
  const { currency, charges, taxPercent } = given;
  const facts = factsOf(given);
  const policy = customerPolicySchema.parse({ charges, taxPercent });
  const terms = { policy, currency, date: '2026-03-01' };
  const numbered = order.map((i) => {
    const { itemId, quantity } = given.lines[i] ?? { itemId: 'BOLT', quantity: 1 };
    const productIds = [{ qualifier: 'VP', value: itemId }];
    const line = { productIds, quantity: String(quantity), unit: 'EA', dates: [], references: [] };
    return { lineNumber: i + 1, line };
  });
  const promoted = givePromotions(resolveLines(numbered, facts, terms), {
    ...terms,
    customerId: 'ACME',
    channel: 'edi',
    promotions: facts.promotions,
    available: new Map(),
  });
  const customer = { currency, terms: { netDays: 30 } } as unknown as CustomerRow;
  return { lines: promoted.lines, ...agreeContent({}, promoted.lines, customer, policy, promoted.standing) };
}

function bill(
  { currency, shipments }: Situation,
  lines: readonly ResolvedLine[],
  { subtotalMinor, charges, taxMinor }: ReturnType<typeof price>['totals'],
): readonly Bill[] {
  const left = lines.map((line) => line.baseUnits);
  const bills: Bill[] = [];
  for (const asked of [...shipments, left.map(() => 60)]) {
    const now = left.map((open, i) => Math.min(open, asked[i] ?? 0));
    if (now.every((n) => n === 0)) continue;
    for (const [i, n] of now.entries()) left[i] = (left[i] ?? 0) - n;
    bills.push(
      billShipment({
        currency,
        lines: lines.flatMap(({ lineNumber, unitPrice, priceBasis }, i) =>
          now[i] ? [{ lineNumber, quantity: String(now[i]), unitPrice: unitPrice ?? '0', priceBasis }] : [],
        ),
        orderSubtotalMinor: subtotalMinor,
        billedBeforeMinor: sumMinor(bills.map((one) => one.subtotalMinor)),
        ...chargesToBill(
          charges,
          bills.flatMap((one) => one.charges),
        ),
        taxMinor,
        last: left.every((open) => open === 0),
        taxedBeforeMinor: sumMinor(bills.map((one) => one.taxMinor)),
        lineProgress: Object.fromEntries(
          lines.map((line, i) => [
            line.lineNumber,
            { shipped: line.baseUnits - (left[i] ?? 0), whole: line.baseUnits },
          ]),
        ),
      }),
    );
  }
  return bills;
}

test('an order comes to its lines with charges, allowances, promotions and tax, and never below nothing', () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { lines, totals } = price(given);
      expect(totals.subtotalMinor).toBe(sumMinor(lines.map((line) => line.amountMinor)));
      const signed = totals.charges.map(({ indicator, amountMinor }) =>
        indicator === 'charge' ? amountMinor : -amountMinor,
      );
      expect(totals.chargesMinor).toBe(sumMinor(signed));
      expect(totals.totalMinor).toBe(totals.subtotalMinor + totals.chargesMinor + totals.taxMinor);
      expect(totals.totalMinor).toBeGreaterThanOrEqual(0);
      expect(totals.taxMinor).toBeGreaterThanOrEqual(0);
      expect([totals.totalMinor, ...signed].every(Number.isSafeInteger)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('what was priced is what is billed, to the last unit of its currency, however it ships', () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { lines, totals } = price(given);
      const bills = bill(given, lines, totals);
      expect(sumMinor(bills.map((one) => one.totalMinor))).toBe(totals.totalMinor);
      expect(sumMinor(bills.map((one) => one.taxMinor))).toBe(totals.taxMinor);
      const nameOf = ({ indicator, code, description, lineNumber }: OrderCharge) =>
        [indicator, code, description, lineNumber].join();
      const sumsOf = (charges: readonly OrderCharge[]) =>
        [...Map.groupBy(charges, nameOf)].map(([name, same]) => [
          name,
          sumMinor(same.map(({ amountMinor }) => amountMinor)),
        ]);
      expect(sumsOf(bills.flatMap((one) => one.charges))).toEqual(sumsOf(totals.charges));
      for (const one of bills) {
        expect(one.totalMinor).toBe(one.subtotalMinor + one.chargesMinor + one.taxMinor);
        // Each share is rounded for itself: all together they may be apart by so many of the smallest unit.
        expect(one.totalMinor).toBeGreaterThanOrEqual(-one.charges.length - 1);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['the line with an allowance first', [0, 1]],
  ['it last', [1, 0]],
])(
  'no shipment is billed below nothing where allowances of its line and of the order meet: %s',
  (_how, shipped) => {
    const charges: readonly OrderCharge[] = [
      { indicator: 'allowance', code: 'F800', description: 'clearance', amountMinor: 9000, lineNumber: 1 },
      { indicator: 'allowance', code: 'C310', description: 'rebate', amountMinor: 5500 },
    ];
    const bills: Bill[] = [];
    for (const [i, of] of shipped.entries()) {
      const gone = shipped.slice(0, i + 1);
      bills.push(
        billShipment({
          currency: 'USD',
          lines: [{ lineNumber: of + 1, quantity: '10', unitPrice: '10.00', priceBasis: 1 }],
          orderSubtotalMinor: 20_000,
          billedBeforeMinor: i * 10_000,
          ...chargesToBill(
            charges,
            bills.flatMap((one) => one.charges),
          ),
          taxMinor: 0,
          last: i === 1,
          taxedBeforeMinor: 0,
          lineProgress: Object.fromEntries(
            [0, 1].map((n) => [n + 1, { shipped: gone.includes(n) ? 10 : 0, whole: 10 }]),
          ),
        }),
      );
    }
    // What the line's own allowance leaves of its goods carries the order's: 1000 of 11,000, and 10,000 of them.
    const billed = new Map(shipped.map((of, i) => [of, bills[i]?.totalMinor]));
    expect([billed.get(0), billed.get(1)]).toEqual([500, 5000]);
  },
);

test('the order in which lines are looked at changes no price and no total', () => {
  fc.assert(
    fc.property(situation, fc.infiniteStream(fc.nat(1000)), (given, keys) => {
      const order = given.lines
        .map((_, i) => ({ i, key: keys.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ i }) => i);
      const [one, other] = [price(given), price(given, order)];
      expect(other.totals).toEqual(one.totals);
      const byNumber = (lines: readonly ResolvedLine[]) =>
        lines
          .toSorted((a, b) => a.lineNumber - b.lineNumber)
          .map(({ lineNumber, unitPrice, amountMinor }) => ({ lineNumber, unitPrice, amountMinor }));
      expect(byNumber(other.lines)).toEqual(byNumber(one.lines));
    }),
    { numRuns: 200 },
  );
});

test('a tier begins at its quantity, not one unit before, whatever it is counted over', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 60 }),
      fc.integer({ min: -1, max: 1 }),
      fc.constantFrom('line' as const, 'item' as const, 'group' as const),
      currencies,
      (begins, apart, tierOver, currency) => {
        const quantity = begins + apart;
        // In two lines where the tier counts more than one.
        const parts = tierOver === 'line' ? [quantity] : [1, quantity - 1].filter((n) => n > 0);
        const lines = parts.map((n, i) => ({
          itemId: tierOver === 'group' && i === 1 ? ('NUT' as const) : ('BOLT' as const),
          quantity: n,
        }));
        const tier = { minimumQuantity: String(begins), minor: 1, tierOver };
        const prices = [
          { itemId: 'BOLT' as const, ...tier },
          { itemId: 'NUT' as const, ...tier },
        ];
        const given = {
          currency,
          prices,
          lines,
          promotions: [],
          charges: [],
          taxPercent: '0',
          shipments: [],
        };
        const { totals } = price(given);
        expect(totals.totalMinor).toBe(quantity * (quantity >= begins ? 1 : 100));
      },
    ),
  );
});
