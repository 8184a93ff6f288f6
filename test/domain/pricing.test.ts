import fc from 'fast-check';
import { comparePrice, priceBasisDivisor } from '../../domain/pricing/compare-price';
import { type PriceRow, resolvePrice } from '../../domain/pricing/resolve-price';

const row = (more: Partial<PriceRow>): PriceRow => ({
  priceId: 'p',
  source: 'list',
  listId: 'LIST',
  unit: 'EA',
  minimumQuantity: '1',
  unitPrice: '10',
  validFrom: '2026-01-01',
  validTo: null,
  version: 1,
  ...more,
});
const question = { quantity: '10', unit: 'EA', factors: { EA: 1, CA: 12 }, date: '2026-03-01' };

test('the highest tier that the quantity reaches decides', () => {
  const rows = [
    row({}),
    row({ priceId: 'q', minimumQuantity: '10', unitPrice: '9.5' }),
    row({ priceId: 'r', minimumQuantity: '11', unitPrice: '9' }),
  ];
  expect(resolvePrice(rows, question)).toMatchObject({ kind: 'priced', unitPrice: '9.5', tierFrom: '10' });
});

test('a case counts with its units towards a tier per each', () => {
  const rows = [row({}), row({ priceId: 'q', minimumQuantity: '24', unitPrice: '9' })];
  expect(resolvePrice(rows, { ...question, quantity: '2', unit: 'CA' })).toMatchObject({
    kind: 'priced',
    unitPrice: '108',
  });
});

test('the customer contract beats a cheaper list price', () => {
  const rows = [
    row({ unitPrice: '5' }),
    row({ priceId: 'c', source: 'contract', listId: null, unitPrice: '8' }),
  ];
  expect(resolvePrice(rows, question)).toMatchObject({ kind: 'priced', unitPrice: '8', source: 'contract' });
});

test('a price is valid from its first to its last day', () => {
  const rows = [row({ validFrom: '2026-03-01', validTo: '2026-03-01' })];
  expect(resolvePrice(rows, question).kind).toBe('priced');
  expect(resolvePrice(rows, { ...question, date: '2026-03-02' }).kind).toBe('no-price');
});

test('a price per case that does not divide exactly is nobody’s price per each', () => {
  expect(resolvePrice([row({ unit: 'CA', unitPrice: '10' })], { ...question, quantity: '24' }).kind).toBe(
    'not-exact',
  );
});

test('the same rows in any order give the same price', () => {
  const rows = fc.array(
    fc
      .record({
        priceId: fc.uuid(),
        source: fc.constantFrom('list' as const, 'contract' as const),
        minimumQuantity: fc.integer({ min: 1, max: 20 }).map(String),
        unitPrice: fc.integer({ min: 1, max: 9999 }).map((n) => String(n / 100)),
        validFrom: fc.constantFrom('2026-01-01', '2026-02-01', '2026-04-01'),
        unit: fc.constantFrom('EA', 'CA'),
        currency: fc.constantFrom('USD', 'EUR', 'JPY'),
        tierOver: fc.constantFrom('line' as const, 'item' as const, 'group' as const),
        contract: fc.constantFrom(null, {
          contractId: 'C-1',
          name: 'Frame',
          validFrom: '2026-01-01',
          validTo: null,
          minimumOrderQuantity: 11,
        }),
      })
      .map(row),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(rows, fc.integer(), (list, seed) => {
      const shuffled = list
        .map((r, i) => ({ r, k: (i * 7919 + seed) % 101 }))
        .sort((a, b) => a.k - b.k)
        .map(({ r }) => r);
      const rate = { from: 'EUR', to: 'USD', validTo: null, source: 'ECB' };
      const asked = {
        ...question,
        currency: 'USD',
        volumes: { item: 12, group: 15, before: {}, contracts: new Map([['C-1', seed % 2 === 0 ? 10 : 12]]) },
        rates: [
          { ...rate, rate: '1.1', validFrom: '2026-01-01', version: 1 },
          { ...rate, rate: '1.2', validFrom: '2026-02-01', version: 2 },
        ],
      };
      const price = resolvePrice(list, asked);
      expect(resolvePrice(shuffled, asked)).toEqual(price);
      // Yen have no rate here: they are nobody's price, and one that is taken is exact to 6 places.
      if (price.kind === 'priced') {
        expect(price.unitPrice).toMatch(/^\d+(\.\d{1,6})?$/);
        expect(list.find(({ priceId }) => priceId === price.priceId)?.currency).not.toBe('JPY');
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['10.10', '10', '1', '0', true],
  ['10.11', '10', '1', '0', false],
  ['10.11', '10', '1', '0.2', true],
  ['9.90', '10', '1', '0', true],
])(
  'a price of %s against ours of %s, with %s percent or %s allowed, agrees: %s',
  (po, ours, percent, absolute, agrees) => {
    expect(comparePrice(po, ours, 1, { percent, absolute }).agrees).toBe(agrees);
  },
);

test('a price per hundred is compared with a hundred of ours', () => {
  expect(priceBasisDivisor('HP')).toBe(100);
  expect(comparePrice('4.25', '0.0425', 100, { percent: '0', absolute: '0' })).toMatchObject({
    agrees: true,
    ourPrice: '4.25',
  });
  expect(priceBasisDivisor(undefined)).toBe(1);
  expect([priceBasisDivisor('ZZ'), priceBasisDivisor('RE')]).toEqual([undefined, undefined]);
});
