import fc from 'fast-check';
import { computeExposure } from '../../domain/credit/assess-credit';
import {
  type CreditedInvoice,
  countOwnCredits,
  type MemoFact,
  type PrepaidOrder,
} from '../../domain/credit/own-credits';

const asOf = '2026-03-02T12:00:00.000Z';
const before = '2026-03-02T11:00:00.000Z';
const since = '2026-03-02T13:00:00.000Z';
const invoice = (more: Partial<CreditedInvoice> = {}): CreditedInvoice => ({
  id: 'i1',
  number: 'I1',
  orderId: 'o1',
  totalMinor: 100,
  postedAt: before,
  bookedMinor: 0,
  bookedRemittedMinor: 0,
  sinceMinor: 0,
  ...more,
});
const memo = (more: Partial<MemoFact> = {}): MemoFact => ({
  number: 'CM1',
  amountMinor: 10,
  recordedAt: before,
  bookedAt: null,
  invoiceId: 'i1',
  ...more,
});
const paidAhead = (more: Partial<PrepaidOrder> = {}): PrepaidOrder => ({
  orderId: 'o1',
  orderNumber: 'O1',
  beforeMinor: 60,
  sinceMinor: 0,
  counts: true,
  isOver: false,
  ...more,
});
const snapshot = (open: Readonly<Record<string, number>>, unappliedCashMinor = 0) => ({
  asOf,
  openItems: Object.entries(open).map(([invoiceNumber, openMinor]) => ({ invoiceNumber, openMinor })),
  unappliedCashMinor,
});

interface Case {
  readonly invoices?: readonly CreditedInvoice[];
  readonly memos?: readonly MemoFact[];
  readonly prepaid?: readonly PrepaidOrder[];
  readonly openOrderMinor?: number;
}

/** What the account owes, as the credit check sees it. */
function owed(
  snap: ReturnType<typeof snapshot> | null,
  { invoices = [invoice()], memos = [], prepaid = [], openOrderMinor = 0 }: Case,
): number {
  const own = countOwnCredits(snap, { invoices, memos, prepaid });
  return computeExposure({
    openOrders: [{ orderId: 'O1', openMinor: openOrderMinor }],
    hubInvoices: invoices.map(({ number, totalMinor, postedAt, sinceMinor }) => ({
      invoiceNumber: number,
      totalMinor: totalMinor - sinceMinor,
      postedAt,
    })),
    receivables: snap && {
      ...snap,
      openItems: snap.openItems.map((item) => ({
        ...item,
        openMinor:
          item.openMinor - (invoices.find(({ number }) => number === item.invoiceNumber)?.sinceMinor ?? 0),
      })),
      unappliedCashMinor: own.otherCashMinor,
    },
    creditMemos: own.memos,
    prepayments: own.prepaid
      .filter(({ counts }) => counts)
      .map(({ orderNumber, leftMinor }) => ({ number: orderNumber, amountMinor: leftMinor })),
  }).totalMinor;
}

describe('a credit memo lowers what is owed once', () => {
  test.each([
    ['before the ERP has it', snapshot({ I1: 100 }), [memo()], 90],
    ['booked by lowering the invoice', snapshot({ I1: 90 }), [memo()], 90],
    ['booked in part', snapshot({ I1: 96 }), [memo()], 90],
    ['booked as an item of its own', snapshot({ I1: 100, CM1: -10 }), [memo()], 90],
    ['listed once and applied since', snapshot({ I1: 90 }), [memo({ bookedAt: before })], 90],
    ['granted after the snapshot', snapshot({ I1: 90 }), [memo({ recordedAt: since })], 80],
    ['with a second one that is not booked', snapshot({ I1: 90 }), [memo(), memo({ number: 'CM2' })], 80],
    ['of the whole invoice, which is gone then', snapshot({}), [memo({ amountMinor: 100 })], 0],
  ])('%s', (_, snap, memos, expected) => {
    expect(owed(snap, { memos })).toBe(expected);
  });

  test('what a payment explains is no booking of the memo', () => {
    const paid = [invoice({ bookedMinor: 30, bookedRemittedMinor: 30 })];
    expect(owed(snapshot({ I1: 70 }), { memos: [memo()], invoices: paid })).toBe(60);
    expect(owed(snapshot({ I1: 60 }), { memos: [memo()], invoices: paid })).toBe(60);
  });
});

describe('money paid in advance lowers what is owed once', () => {
  test.each([
    ['before any snapshot', null, { openOrderMinor: 100, invoices: [] }, 40],
    ['that the ERP has not booked', snapshot({}), { openOrderMinor: 100, invoices: [] }, 40],
    ['as unapplied cash of the ERP', snapshot({}, 60), { openOrderMinor: 100, invoices: [] }, 40],
    ['beside other cash', snapshot({}, 75), { openOrderMinor: 100, invoices: [] }, 25],
    ['once it is invoiced', snapshot({ I1: 100 }, 60), {}, 40],
    ['once the ERP has applied it', snapshot({ I1: 40 }), {}, 40],
    ['applied in part', snapshot({ I1: 70 }, 30), {}, 40],
  ])('%s', (_, snap, given, expected) => {
    expect(
      owed(snap, { prepaid: [snap ? paidAhead() : paidAhead({ beforeMinor: 0, sinceMinor: 60 })], ...given }),
    ).toBe(expected);
  });

  test('applied by the ERP after the snapshot, its own word of it counts', () => {
    const invoices = [invoice({ sinceMinor: 60 })];
    expect(owed(snapshot({ I1: 100 }, 60), { invoices, prepaid: [paidAhead()] })).toBe(40);
  });

  test('another payment of the invoice, which a remittance explains, leaves it alone', () => {
    const invoices = [invoice({ bookedMinor: 30, bookedRemittedMinor: 30 })];
    expect(owed(snapshot({ I1: 70 }, 60), { invoices, prepaid: [paidAhead()] })).toBe(10);
    expect(owed(snapshot({ I1: 10 }), { invoices, prepaid: [paidAhead()] })).toBe(10);
  });

  test('with a memo on the same invoice, whichever the ERP books first', () => {
    for (const snap of [
      snapshot({ I1: 100 }, 60),
      snapshot({ I1: 90 }, 60),
      snapshot({ I1: 40 }),
      snapshot({ I1: 30 }),
    ])
      expect(owed(snap, { prepaid: [paidAhead()], memos: [memo()] })).toBe(30);
  });

  test('of an order that waits is nobody else’s headroom, also where the ERP counts it as cash', () => {
    const waits = { prepaid: [paidAhead({ counts: false })], invoices: [] };
    expect(owed(snapshot({}, 60), waits)).toBe(0);
    expect(owed(snapshot({}, 75), waits)).toBe(-15);
  });

  test('left over from an order that has ended is cash of the account, as the ERP says', () => {
    const over = { prepaid: [paidAhead({ isOver: true })], invoices: [] };
    expect(owed(snapshot({}, 60), over)).toBe(-60);
    expect(owed(snapshot({}), over)).toBe(0);
  });
});

test('however an ERP books memo and advance, and in whatever parts, the exposure is what is truly owed, never less', () => {
  const minor = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(
      fc.record({
        total: minor,
        prepaid: minor,
        memo: minor,
        otherPaid: minor,
        cash: minor,
        memoBooked: fc.double({ min: 0, max: 1, noNaN: true }),
        applied: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      ({ total, cash, ...given }) => {
        const memoMinor = Math.min(given.memo, total);
        const prepaidMinor = Math.min(given.prepaid, total - memoMinor);
        const otherPaid = Math.min(given.otherPaid, total - memoMinor - prepaidMinor);
        const memoBooked = Math.floor(memoMinor * given.memoBooked);
        const applied = Math.floor(prepaidMinor * given.applied);
        const invoices = [
          invoice({ totalMinor: total, bookedMinor: otherPaid, bookedRemittedMinor: otherPaid }),
        ];
        const snap = snapshot(
          { I1: total - otherPaid - memoBooked - applied },
          prepaidMinor - applied + cash,
        );
        const seen = owed(snap, {
          invoices,
          memos: [memo({ amountMinor: memoMinor })],
          prepaid: [paidAhead({ beforeMinor: prepaidMinor })],
        });
        const truly = total - otherPaid - memoMinor - prepaidMinor - cash;
        expect(seen).toBeGreaterThanOrEqual(truly);
        // With all three at once the ERP's figures no longer tell which of them was booked: then the most that it can be.
        if (cash === 0 || memoMinor === 0 || prepaidMinor === 0) expect(seen).toBe(truly);
      },
    ),
  );
});
