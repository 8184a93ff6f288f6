import fc from 'fast-check';
import { ageOpenItems, findPastDue } from '../../domain/credit/assess-ageing';
import { assessCredit, type CreditLevel, computeExposure } from '../../domain/credit/assess-credit';
import {
  findRelease as findReleaseAt,
  type ReleaseQuestion,
  type ReleaseRule,
} from '../../domain/credit/automatic-release';
import { convertMinor } from '../../domain/credit/convert-amount';
import { limitOn } from '../../domain/credit/credit-limit';

const level = (more: Partial<CreditLevel> = {}): CreditLevel => ({
  accountId: 'CA',
  currency: 'USD',
  orderMinor: 100,
  limitMinor: 1000,
  exposureMinor: 900,
  blocked: false,
  lapsed: null,
  ...more,
});
const ask = (levels: readonly CreditLevel[], more: Partial<Parameters<typeof assessCredit>[0]> = {}) =>
  assessCredit({
    levels: levels as [CreditLevel, ...CreditLevel[]],
    missingRates: [],
    pastDue: null,
    receivablesAgeSeconds: 10,
    maximumAgeSeconds: 60,
    ...more,
  });

test('an order passes up to the limit to the cent, and one cent more holds it', () => {
  expect(ask([level()]).kind).toBe('within-limit');
  expect(ask([level({ orderMinor: 101 })])).toMatchObject({
    kind: 'held',
    reason: 'over-credit-limit',
    overMinor: 1,
  });
});

test('receivables that are too old, or were never seen, hold whatever the amount', () => {
  const of = (receivablesAgeSeconds: number | null) =>
    ask([level({ orderMinor: 1, exposureMinor: 0 })], { receivablesAgeSeconds });
  expect(of(61)).toMatchObject({ kind: 'held', reason: 'receivables-too-old' });
  expect(of(null)).toMatchObject({ kind: 'held', reason: 'receivables-unknown' });
});

test('an order has to fit in its own account and in each above it; the figures are those of the one that is too tight', () => {
  const parent = level({ accountId: 'GROUP', limitMinor: 5000, exposureMinor: 4950 });
  expect(ask([level(), parent])).toMatchObject({
    kind: 'held',
    reason: 'over-credit-limit',
    heldBy: 'GROUP',
    overMinor: 50,
    text: expect.stringContaining('GROUP'),
  });
  expect(ask([level(), { ...parent, exposureMinor: 4900 }]).kind).toBe('within-limit');
  expect(ask([level(), { ...parent, exposureMinor: 0, blocked: true }])).toMatchObject({
    reason: 'account-blocked',
    heldBy: 'GROUP',
  });
});

test('every reason is named, the gravest first', () => {
  const pastDue = findPastDue(
    [{ number: 'I1', openMinor: 500, dueDate: '2026-01-01', disputed: false }],
    { graceDays: 0, floorMinor: 0 },
    '2026-03-01',
  );
  expect(ask([level({ orderMinor: 200 })], { pastDue })).toMatchObject({
    reason: 'past-due',
    reasons: ['past-due', 'over-credit-limit'],
    text: expect.stringContaining('I1 (59 days)'),
  });
});

test('a limit counts on the days it is valid for; a temporary one is on top of it until its last day', () => {
  const standing = { limitMinor: 1000, validFrom: '2026-01-01', validTo: '2026-03-31' };
  const extra = [{ id: 't', amountMinor: 200, validFrom: '2026-03-01', validTo: '2026-04-10' }];
  expect(limitOn('2026-02-28', standing, extra)).toMatchObject({ totalMinor: 1000, lapsed: null });
  expect(limitOn('2026-03-01', standing, extra)).toMatchObject({ totalMinor: 1200, temporary: ['t'] });
  expect(limitOn('2026-03-31', standing, extra)).toMatchObject({ totalMinor: 1200, lapsed: null });
  expect(limitOn('2026-04-01', standing, extra)).toMatchObject({ totalMinor: 200, lapsed: 'expired' });
  expect(limitOn('2025-12-31', standing, extra)).toMatchObject({ totalMinor: 0, lapsed: 'not-yet-valid' });
  expect(ask([level({ limitMinor: 200, exposureMinor: 150, lapsed: 'expired' })])).toMatchObject({
    reason: 'limit-not-in-force',
    text: 'The credit limit of the account has run out',
  });
});

test('past due is what is older than the days of grace, undisputed, and together above the floor', () => {
  const item = (number: string, openMinor: number, dueDate: string, disputed = false) => ({
    number,
    openMinor,
    dueDate,
    disputed,
  });
  const rule = { graceDays: 10, floorMinor: 100 };
  const late = (items: Parameters<typeof findPastDue>[0]) => findPastDue(items, rule, '2026-03-11');
  // Due on the 1st, ten days of grace: the 11th is the last day in time.
  expect(late([item('A', 500, '2026-03-01')])).toBeNull();
  expect(late([item('A', 500, '2026-02-28')])).toMatchObject({ amountMinor: 500 });
  expect(late([item('A', 100, '2026-02-28')])).toBeNull();
  expect(late([item('A', 500, '2026-02-01', true), item('B', 60, '2026-02-01')])).toBeNull();
  expect(
    late([item('A', 60, '2026-02-01'), item('B', 60, '2026-01-01'), item('C', -500, '2026-01-01')]),
  ).toMatchObject({
    amountMinor: 120,
    items: [{ number: 'B' }, { number: 'A' }],
  });
});

test('the buckets of the ageing add up to what is open', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          number: fc.string(),
          openMinor: fc.integer({ min: 0, max: 1_000_000 }),
          dueDate: fc.option(
            fc
              .integer({ min: 0, max: 400 })
              .map((n) => new Date(Date.UTC(2025, 5, 1 + n)).toISOString().slice(0, 10)),
          ),
          disputed: fc.boolean(),
        }),
      ),
      (items) => {
        const { buckets } = ageOpenItems(items, '2026-01-15');
        const whole = items.reduce((sum, { openMinor }) => sum + openMinor, 0);
        expect(buckets.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(whole);
      },
    ),
  );
});

test('an amount of another currency counts at the stated rate, with each currency its own places', () => {
  const rates = [
    { from: 'EUR', to: 'USD', rate: '1.0834', version: 1, source: 'ECB' },
    { from: 'USD', to: 'JPY', rate: '150.5', version: 1, source: 'ECB' },
    { from: 'BHD', to: 'USD', rate: '2.65', version: 1, source: 'CBB' },
  ];
  expect(convertMinor(10_000, 'EUR', 'USD', rates)).toBe(10_834);
  expect(convertMinor(10_000, 'USD', 'JPY', rates)).toBe(15_050);
  expect(convertMinor(1_000, 'BHD', 'USD', rates)).toBe(265);
  expect(convertMinor(10_000, 'USD', 'EUR', rates)).toBeUndefined();
  expect(convertMinor(7, 'USD', 'USD', [])).toBe(7);
});

test('a release rule weighs money only, and its measure is how far the account goes over, not the order alone', () => {
  const rule = {
    name: 'risk:A',
    version: 1,
    currency: 'USD',
    orderUpToMinor: 500,
    overLimitUpToPercent: 5,
    pastDueUpToMinor: 0,
  };
  const question = {
    reason: 'over-credit-limit',
    orderMinor: 400,
    limitMinor: 1000,
    overMinor: 50,
    pastDueMinor: 0,
    currency: 'USD',
    pastDueCurrency: 'USD',
  };
  const findRelease = (rules: ReleaseRule[], asked: ReleaseQuestion) => findReleaseAt(rules, asked, []);
  expect(findRelease([rule], question)).toBe(rule);
  expect(findRelease([rule], { ...question, overMinor: 51 })).toBeNull();
  // 2.3 % of 1000.00 are 23.00, to the cent.
  const fine = { ...rule, overLimitUpToPercent: 2.3 };
  expect(findRelease([fine], { ...question, limitMinor: 100_000, overMinor: 2_300 })).toBe(fine);
  expect(findRelease([fine], { ...question, limitMinor: 100_000, overMinor: 2_301 })).toBeNull();
  expect(findRelease([rule], { ...question, orderMinor: 501 })).toBeNull();
  expect(findRelease([rule], { ...question, pastDueMinor: 1 })).toBeNull();
  expect(findRelease([rule], { ...question, reason: 'account-blocked' })).toBeNull();
});

test('a release rule measures an order in another currency by the stated rate, and lets nothing through without one', () => {
  const rule = {
    name: '*',
    version: 1,
    currency: 'EUR',
    orderUpToMinor: 500_00,
    overLimitUpToPercent: 5,
    pastDueUpToMinor: 100_00,
  };
  // 50,000 yen are 50000 minor units, as 500 euros are; at 0.006 they are 300 euros.
  const question = {
    reason: 'over-credit-limit',
    currency: 'JPY',
    orderMinor: 50_000,
    limitMinor: 1_000_000,
    overMinor: 10,
    pastDueMinor: 0,
    pastDueCurrency: 'JPY',
  };
  const rates = [{ from: 'JPY', to: 'EUR', rate: '0.006', version: 1, source: 'ECB' }];
  expect(findReleaseAt([rule], question, [])).toBeNull();
  expect(findReleaseAt([rule], question, rates)).toBe(rule);
  expect(findReleaseAt([rule], { ...question, orderMinor: 83_333 }, rates)).toBe(rule);
  expect(findReleaseAt([rule], { ...question, orderMinor: 83_335 }, rates)).toBeNull();
  expect(findReleaseAt([rule], { ...question, pastDueMinor: 16_700 }, rates)).toBeNull();
});

const number = fc.integer({ min: 1, max: 10_000 }).map((n) => `D${n}`);
const amountMinor = fc.integer({ min: 0, max: 10_000_000 });
const instant = fc
  .integer({ min: 0, max: 1000 })
  .map((n) => new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString());
const unique = <T>(item: fc.Arbitrary<T>, key: (one: T) => string) =>
  fc.uniqueArray(item, { selector: key, maxLength: 20 });
const inputs = fc.record({
  openOrders: unique(fc.record({ orderId: number, openMinor: amountMinor }), ({ orderId }) => orderId),
  hubInvoices: unique(
    fc.record({ invoiceNumber: number, totalMinor: amountMinor, postedAt: fc.option(instant) }),
    ({ invoiceNumber }) => invoiceNumber,
  ),
  receivables: fc.option(
    fc.record({
      asOf: instant,
      openItems: unique(
        fc.record({ invoiceNumber: number, openMinor: amountMinor }),
        ({ invoiceNumber }) => invoiceNumber,
      ),
      unappliedCashMinor: amountMinor,
    }),
  ),
  creditMemos: unique(fc.record({ number, amountMinor }), (memo) => memo.number),
  prepayments: fc.constant([]),
});

test('the exposure is the sum of its documents, each once, in whatever order they come', () => {
  fc.assert(
    fc.property(inputs, fc.integer(), (given, seed) => {
      const { totalMinor, documents } = computeExposure(given);
      expect(documents.reduce((sum, document) => sum + document.amountMinor, 0)).toBe(totalMinor);
      const invoices = documents.filter(({ kind }) => kind === 'hub-invoice' || kind === 'receivable');
      expect(new Set(invoices.map(({ id }) => id)).size).toBe(invoices.length);
      const turned = <T>(list: readonly T[]) =>
        list.length === 0
          ? list
          : [
              ...list.slice(Math.abs(seed) % list.length),
              ...list.slice(0, Math.abs(seed) % list.length),
            ].reverse();
      const other = computeExposure({
        ...given,
        openOrders: turned(given.openOrders),
        hubInvoices: turned(given.hubInvoices),
        creditMemos: turned(given.creditMemos),
        receivables: given.receivables && {
          ...given.receivables,
          openItems: turned(given.receivables.openItems),
        },
      });
      expect(other.totalMinor).toBe(totalMinor);
    }),
  );
});

test('without cash and credits the exposure is never negative, and every document more raises or keeps it', () => {
  fc.assert(
    fc.property(inputs, amountMinor, (given, more) => {
      const plain = {
        ...given,
        creditMemos: [],
        receivables: given.receivables && { ...given.receivables, unappliedCashMinor: 0 },
      };
      const { totalMinor } = computeExposure(plain);
      expect(totalMinor).toBeGreaterThanOrEqual(0);
      const raised = computeExposure({
        ...plain,
        openOrders: [...plain.openOrders, { orderId: 'new', openMinor: more }],
      });
      expect(raised.totalMinor).toBe(totalMinor + more);
    }),
  );
});

test('orders let in one after the other never come to more than any limit above them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ child: fc.constantFrom('A', 'B'), minor: fc.integer({ min: 1, max: 500 }) })),
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 0, max: 1000 }),
      (orders, groupLimit, childLimit) => {
        const used = { A: 0, B: 0 };
        for (const { child, minor } of orders) {
          const decision = ask([
            level({
              accountId: child,
              orderMinor: minor,
              limitMinor: childLimit,
              exposureMinor: used[child as 'A'],
            }),
            level({
              accountId: 'G',
              orderMinor: minor,
              limitMinor: groupLimit,
              exposureMinor: used.A + used.B,
            }),
          ]);
          if (decision.kind === 'within-limit') used[child as 'A'] += minor;
        }
        expect(used.A + used.B).toBeLessThanOrEqual(groupLimit);
        expect(Math.max(used.A, used.B)).toBeLessThanOrEqual(childLimit);
      },
    ),
  );
});
