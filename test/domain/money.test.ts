import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { decideAuthority } from '../../domain/approval/authority';
import { computeExposure } from '../../domain/credit/assess-credit';
import { isSscc, sscc } from '../../domain/fulfilment/sscc';
import { billShipment, chargesToBill } from '../../domain/invoicing/bill-shipment';
import { endOfLocalDay, localDateIn, startOfLocalDay } from '../../domain/shared/dates';
import {
  cumulativeShareMinor,
  currencyPlaces,
  formatMinor,
  lineAmountMinor,
  parseMinor,
  percentAtLeast,
  percentOfMinor,
  roundToMinor,
} from '../../domain/shared/money';
import { amountText, decimalsOf, minorOf } from '../../portal/src/parts/amount';

test.each([
  ['1.005', 'USD', 101],
  ['-1.005', 'USD', -101],
  ['1.5', 'JPY', 2],
  ['1.0005', 'BHD', 1001],
  ['1.5', 'XOF', 2],
  ['1.00005', 'CLF', 10_001],
])('%s %s is rounded half away from zero to %s', (amount, currency, minor) => {
  expect(roundToMinor(amount, currency)).toBe(minor);
});

test.each([
  ['0', ['CLP', 'ISK', 'JPY', 'KRW', 'VND', 'XAF', 'XOF']],
  ['2', ['COP', 'EUR', 'HUF', 'IDR', 'PKR', 'USD']],
  ['3', ['BHD', 'JOD', 'KWD', 'TND']],
  ['4', ['CLF', 'UYW']],
])('%s places by ISO 4217', (places, currencies) => {
  for (const currency of currencies) expect(currencyPlaces(currency)).toBe(Number(places));
});

test('what a person types is read, and shown again, in the places that the hub counts in', () => {
  for (const currency of Intl.supportedValuesOf('currency')) {
    expect([currency, decimalsOf(currency)]).toEqual([currency, currencyPlaces(currency)]);
    const minor = minorOf('1,250', currency) as number;
    expect(minor).toBe(parseMinor('1250', currency));
    expect(amountText(minor, currency)).toBe(formatMinor(minor, currency));
  }
});

test('an amount beyond what can be held exactly is refused', () => {
  expect(() => lineAmountMinor('999999999999', '999999999', 'USD')).toThrow(RangeError);
});

test('a price per hundred is divided once, at the end', () => {
  expect(lineAmountMinor('333', '4.25', 'USD', 100)).toBe(1415);
});

test('the short way of most lines and percentages rounds as the long one does', () => {
  const decimal = fc.tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.stringMatching(/^\d{0,6}$/));
  const half = fc.constantFrom('0.005', '1.125', '2.5', '0.0425', '12.345', '7.005', '0.045');
  const price = fc.oneof(
    decimal.map(([units, places]) => (places === '' ? String(units) : `${units}.${places}`)),
    half,
  );
  const currency = fc.constantFrom('USD', 'JPY', 'BHD', 'CLF');
  const Exact = Decimal.clone({ precision: 60 });
  const long = (value: Decimal) => value.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
  const places: Readonly<Record<string, number>> = { USD: 100, JPY: 1, BHD: 1000, CLF: 10_000 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), price, currency, (quantity, unitPrice, code) => {
      fc.pre(quantity * Number(unitPrice) * (places[code] ?? 0) < 9e15);
      const exact = long(new Exact(quantity).times(unitPrice).times(places[code] ?? 0));
      expect(lineAmountMinor(String(quantity), unitPrice, code)).toBe(exact);
      // A quantity written with places goes the long way.
      expect(lineAmountMinor(`${quantity}.0`, unitPrice, code)).toBe(exact);
    }),
    { numRuns: 500 },
  );
  const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
  fc.assert(
    fc.property(amount, price, (minor, percent) => {
      fc.pre(Math.abs(minor * Number(percent)) < 9e17);
      expect(percentOfMinor(minor, percent) + 0).toBe(
        long(new Exact(minor).times(percent).dividedBy(100)) + 0,
      );
    }),
    { numRuns: 500 },
  );
});

test('amounts are read and written in the places of their currency', () => {
  expect([formatMinor(123450, 'USD'), formatMinor(1234, 'JPY'), formatMinor(-5, 'BHD')]).toEqual([
    '1234.50',
    '1234',
    '-0.005',
  ]);
  expect([parseMinor('12.34', 'USD'), parseMinor('12.345', 'USD'), parseMinor('twelve', 'USD')]).toEqual([
    1234,
    undefined,
    undefined,
  ]);
});

test('however an order is split, the shares of an order-level amount sum to it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: 12 }),
      (amount, parts) => {
        const whole = parts.reduce((sum, part) => sum + part, 0);
        let before = 0;
        let upTo = 0;
        for (const part of parts) {
          upTo += part;
          before += cumulativeShareMinor(amount, upTo, whole) - before;
        }
        expect(before).toBe(amount);
      },
    ),
  );
});

test('the bills of an order sum to its charges and tax, however it ships', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 9999 }),
      (shipments, charge, tax) => {
        const unitPrice = '3.3333';
        const ordered = shipments.reduce((sum, n) => sum + n, 0);
        const charges = [
          { indicator: 'charge' as const, code: 'D240', description: 'Freight', amountMinor: charge },
          { indicator: 'allowance' as const, code: 'C310', description: '', amountMinor: tax, lineNumber: 1 },
        ];
        const bills: ReturnType<typeof billShipment>[] = [];
        const billedOf = (at: number) => bills.reduce((sum, b) => sum + (b.charges[at]?.amountMinor ?? 0), 0);
        let shipped = 0;
        for (const [i, quantity] of shipments.entries()) {
          shipped += quantity;
          const bill = billShipment({
            currency: 'USD',
            lines: [{ lineNumber: 1, quantity: String(quantity), unitPrice, priceBasis: 1 }],
            orderSubtotalMinor: lineAmountMinor(String(ordered), unitPrice, 'USD'),
            billedBeforeMinor: bills.reduce((sum, b) => sum + b.subtotalMinor, 0),
            charges,
            taxMinor: tax,
            last: i === shipments.length - 1,
            chargedBefore: [billedOf(0), billedOf(1)],
            lineProgress: { 1: { shipped, whole: ordered } },
            taxedBeforeMinor: bills.reduce((sum, b) => sum + b.taxMinor, 0),
          });
          expect(bill.totalMinor).toBe(
            bill.lines.reduce((sum, l) => sum + l.amountMinor, 0) + bill.chargesMinor + bill.taxMinor,
          );
          bills.push(bill);
        }
        expect([billedOf(0), billedOf(1)]).toEqual([charge, tax]);
        expect(bills.reduce((sum, b) => sum + b.taxMinor, 0)).toBe(tax);
      },
    ),
  );
});

test('the bills of an order sum to its total, line by line and with every allowance, however it ships', () => {
  const places = fc.constantFrom('12.34', '0.07', '3.3333', '0.0425');
  const ordered = fc.array(fc.record({ unitPrice: places, whole: fc.integer({ min: 1, max: 500 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  const plan = fc.array(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 5, maxLength: 5 }), {
    maxLength: 6,
  });
  const amount = fc.integer({ min: 0, max: 9999 });
  fc.assert(
    fc.property(
      ordered,
      plan,
      fc.tuple(amount, amount, amount),
      (lines, shipments, [ofOrder, ofLine, tax]) => {
        const amountOf = (unitPrice: string, quantity: number) =>
          lineAmountMinor(String(quantity), unitPrice, 'USD');
        const subtotal = lines.reduce((sum, { unitPrice, whole }) => sum + amountOf(unitPrice, whole), 0);
        const charges = [
          { indicator: 'allowance' as const, code: 'F800', description: 'all', amountMinor: ofOrder },
          {
            indicator: 'allowance' as const,
            code: 'F800',
            description: 'it',
            amountMinor: ofLine,
            lineNumber: 1,
          },
        ];
        const left = lines.map(({ whole }) => whole);
        const bills: ReturnType<typeof billShipment>[] = [];
        const billed = (of: (bill: ReturnType<typeof billShipment>) => number) =>
          bills.reduce((sum, bill) => sum + of(bill), 0);
        let rounded = 0;
        for (const asked of [...shipments, left.map(() => 500)]) {
          const now = left.map((open, i) => Math.min(open, asked[i] ?? 0));
          if (now.every((n) => n === 0)) continue;
          now.forEach((n, i) => {
            left[i] = (left[i] ?? 0) - n;
          });
          const gone = lines.flatMap(({ unitPrice }, i) =>
            now[i] ? [{ lineNumber: i + 1, quantity: String(now[i]), unitPrice, priceBasis: 1 }] : [],
          );
          rounded += gone.filter(({ unitPrice }) => unitPrice === '3.3333' || unitPrice === '0.0425').length;
          const progress = lines.map(({ whole }, i) => [i + 1, { shipped: whole - (left[i] ?? 0), whole }]);
          bills.push(
            billShipment({
              currency: 'USD',
              lines: gone,
              orderSubtotalMinor: subtotal,
              billedBeforeMinor: billed((bill) => bill.subtotalMinor),
              charges,
              taxMinor: tax,
              last: left.every((open) => open === 0),
              chargedBefore: charges.map((_, at) => billed((bill) => bill.charges[at]?.amountMinor ?? 0)),
              taxedBeforeMinor: billed((bill) => bill.taxMinor),
              lineProgress: Object.fromEntries(progress),
            }),
          );
        }
        const total = subtotal - ofOrder - ofLine + tax;
        const apart = Math.abs(billed((bill) => bill.totalMinor) - total);
        expect(billed((bill) => bill.chargesMinor)).toBe(-ofOrder - ofLine);
        expect(billed((bill) => bill.taxMinor)).toBe(tax);
        // An invoice's line multiplies out: only below the cent a price lets each line of each invoice round for itself.
        expect(apart).toBeLessThanOrEqual(rounded);
        if (lines.every(({ unitPrice }) => unitPrice === '12.34' || unitPrice === '0.07'))
          expect(apart).toBe(0);
      },
    ),
  );
});

test('a charge that a change took away after it was billed is given back with the next invoice, once', () => {
  const freight = { indicator: 'charge', code: 'D240', description: 'FREIGHT', amountMinor: 0 } as const;
  const first = chargesToBill([], [{ ...freight, amountMinor: 1250 }]);
  expect(first).toEqual({ charges: [freight], chargedBefore: [1250] });
  const bill = billShipment({
    currency: 'USD',
    lines: [{ lineNumber: 1, quantity: '1', unitPrice: '10', priceBasis: 1 }],
    orderSubtotalMinor: 2000,
    billedBeforeMinor: 1000,
    charges: first.charges,
    taxMinor: 0,
    last: true,
    chargedBefore: first.chargedBefore,
    taxedBeforeMinor: 0,
    lineProgress: {},
  });
  expect(bill).toMatchObject({ subtotalMinor: 1000, chargesMinor: -1250, totalMinor: -250 });
  expect(chargesToBill([], [{ ...freight, amountMinor: 1250 }, ...bill.charges]).chargedBefore).toEqual([0]);
});

test('an invoice counts once: ours until a snapshot later than its posting speaks for it', () => {
  const invoice = { invoiceNumber: 'I1', totalMinor: 500, postedAt: '2026-03-01T10:00:00Z' };
  const total = (receivables: Parameters<typeof computeExposure>[0]['receivables']) =>
    computeExposure({ openOrders: [], hubInvoices: [invoice], receivables }).totalMinor;
  expect(total(null)).toBe(500);
  expect(total({ asOf: '2026-03-01T09:00:00Z', openItems: [], unappliedCashMinor: 0 })).toBe(500);
  expect(
    total({
      asOf: '2026-03-01T11:00:00Z',
      openItems: [{ invoiceNumber: 'I1', openMinor: 300 }],
      unappliedCashMinor: 100,
    }),
  ).toBe(200);
  expect(total({ asOf: '2026-03-01T11:00:00Z', openItems: [], unappliedCashMinor: 0 })).toBe(0);
});

test('authority: by role and type, up to its amount, above it two different people', () => {
  const authorities = [
    { role: 'finance', holdTypes: ['credit'], maximumMinor: 1000, secondPersonAboveMinor: 500 },
  ];
  const ask = (totalMinor: number, more: object = {}) =>
    decideAuthority(authorities, {
      holdType: 'credit',
      totalMinor,
      currency: 'USD',
      entityCurrency: 'USD',
      rates: [],
      person: 'ann',
      roles: ['finance'],
      earlierApprovals: [],
      ...more,
    });
  expect(ask(500).kind).toBe('sufficient');
  expect(ask(501).kind).toBe('needs-second-person');
  expect(ask(501, { earlierApprovals: [{ person: 'bob' }] }).kind).toBe('sufficient');
  expect(ask(501, { earlierApprovals: [{ person: 'ann' }] })).toMatchObject({ code: 'same-person' });
  expect(ask(1001)).toMatchObject({ code: 'over-authority' });
  expect(ask(1, { holdType: 'price' })).toMatchObject({ code: 'not-authorised' });
});

test('an SSCC-18 has its GS1 check digit, and no two serials share one', () => {
  // GS1 General Specifications' worked example of the mod-10 check.
  expect(isSscc('376104250021234569')).toBe(true);
  const drawn = Array.from({ length: 2000 }, (_, i) => sscc('0614141', i * 999_983));
  expect(drawn.every(isSscc)).toBe(true);
  expect(new Set(drawn).size).toBe(drawn.length);
});

test('a cancel-after of the day the clocks change still ends at that place’s midnight', () => {
  expect(endOfLocalDay('2026-03-08', 'America/Chicago')).toBe('2026-03-09T05:00:00.000Z');
  expect(startOfLocalDay('2026-03-08', 'America/Chicago')).toBe('2026-03-08T06:00:00.000Z');
  expect(localDateIn('2026-03-09T04:59:59Z', 'America/Chicago')).toBe('2026-03-08');
});

test('a part is no smaller a percentage of a whole than it is: one cent beyond 10 % is beyond 10 %', () => {
  expect(percentAtLeast(100_000, 1_000_000)).toBe('10');
  expect(percentAtLeast(100_001, 1_000_000)).toBe('10.01');
  expect(percentAtLeast(1, 9_007_199_254_740_991)).toBe('0.01');
});
