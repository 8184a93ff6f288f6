import fc from 'fast-check';
import { applyCash, type PayableInvoice } from '../../domain/invoicing/apply-cash';
import type { RemittanceAdvice, RemittedItem } from '../../domain/invoicing/remittance-advice';
import { formatMinor } from '../../domain/shared/money';

const invoice = (
  number: string,
  totalMinor: number,
  change: Partial<PayableInvoice> = {},
): PayableInvoice => ({
  number,
  purchaseOrderNumber: `PO-${number}`,
  invoiceDate: '2026-11-01',
  terms: { discountPercent: '2', discountDays: 10, netDays: 30 },
  totalMinor,
  openMinor: totalMinor,
  discountedMinor: 0,
  bookedMinor: [],
  ...change,
});

const item = (value: string, paid: string, change: Partial<RemittedItem> = {}): RemittedItem => ({
  reference: { qualifier: 'IV', value },
  paid,
  remarks: [],
  references: [],
  dates: [],
  adjustments: [],
  ...change,
});

const adjustment = (amount: string, reason: string) => ({
  amount,
  reason,
  remarks: [],
  contacts: [],
  references: [],
});

const advice = (
  amount: string,
  items: readonly RemittedItem[],
  change: Partial<RemittanceAdvice> = {},
): RemittanceAdvice => ({
  kind: 'remittance-advice',
  handling: 'C',
  amount,
  creditOrDebit: 'C',
  method: 'ACH',
  remarks: [],
  references: [],
  dates: [],
  parties: [],
  entities: [{ adjustments: [], items }],
  ...change,
});

function apply(document: RemittanceAdvice, invoices: readonly PayableInvoice[], paidOn = '2026-11-10') {
  const decision = applyCash({ advice: document, currency: 'USD', invoices, paidOn });
  if (decision.kind === 'refused') throw new Error(decision.text);
  return {
    entries: decision.entries.map(({ kind, invoiceNumber, amountMinor }) => [
      kind,
      invoiceNumber,
      amountMinor,
    ]),
    troubles: decision.troubles.map(({ kind, text }) => `${kind}: ${text}`),
  };
}

describe('cash is applied', () => {
  test('to the invoices that the payer names, each to the cent, with the discount that was earned', () => {
    const paid = advice('1078.00', [
      item('I1', '980.00', { total: '1000.00', discount: '20.00' }),
      item('I2', '98.00', { total: '100.00', discount: '2.00' }),
    ]);
    expect(apply(paid, [invoice('I1', 100_000), invoice('I2', 10_000)])).toEqual({
      entries: [
        ['payment', 'I1', 98_000],
        ['discount', 'I1', 2000],
        ['payment', 'I2', 9800],
        ['discount', 'I2', 200],
      ],
      troubles: [],
    });
  });

  test('and a discount taken too late or too high leaves the rest open, for finance to claim', () => {
    const late = apply(
      advice('980.00', [item('I1', '980', { discount: '20' })]),
      [invoice('I1', 100_000)],
      '2026-11-12',
    );
    expect(late).toEqual({
      entries: [['payment', 'I1', 98_000]],
      troubles: [
        'remittance-short: Invoice I1 stays open by 20.00 USD; 20.00 USD of discount taken, which could be earned until 2026-11-11',
      ],
    });
    const high = apply(advice('950', [item('I1', '950', { discount: '50' })]), [invoice('I1', 100_000)]);
    expect(high.entries).toEqual([
      ['payment', 'I1', 95_000],
      ['discount', 'I1', 2000],
    ]);
    expect(high.troubles).toEqual([
      'remittance-short: Invoice I1 stays open by 30.00 USD; 50.00 USD of discount taken, 20.00 USD are earned',
    ]);
  });

  test('and a short payment tells the payer’s reasons, one announced as partial tells nothing', () => {
    const short = item('I1', '90', { adjustments: [adjustment('-10', '04')] });
    expect(apply(advice('90', [short]), [invoice('I1', 10_000)]).troubles).toEqual([
      'remittance-short: Invoice I1 stays open by 10.00 USD; the payer says 04 -10',
    ]);
    const partial = item('I1', '40', { action: 'PP' });
    expect(apply(advice('40', [partial]), [invoice('I1', 10_000)])).toEqual({
      entries: [['payment', 'I1', 4000]],
      troubles: [],
    });
  });

  test('whether the payer writes RMR04 before or after its adjustments', () => {
    const before = item('I1', '100', { adjustments: [adjustment('-10', '04')] });
    expect(apply(advice('90', [before]), [invoice('I1', 10_000)]).entries).toEqual([['payment', 'I1', 9000]]);
    const total = { ...item('I1', '0', { total: '100', discount: '2' }) } as { paid?: string };
    delete total.paid;
    expect(apply(advice('98', [total as RemittedItem]), [invoice('I1', 10_000)]).entries).toEqual([
      ['payment', 'I1', 9800],
      ['discount', 'I1', 200],
    ]);
  });

  test('and what no invoice takes is unapplied: too much, an unknown one, an ambiguous order', () => {
    const paid = advice('160', [
      item('I1', '120'),
      item('X9', '30'),
      item('PO-X', '10', { reference: { qualifier: 'PO', value: 'PO-X' } }),
    ]);
    const invoices = [
      invoice('I1', 10_000),
      invoice('I2', 500, { purchaseOrderNumber: 'PO-X' }),
      invoice('I3', 500, { purchaseOrderNumber: 'PO-X' }),
    ];
    expect(apply(paid, invoices)).toEqual({
      entries: [
        ['payment', 'I1', 10_000],
        ['unapplied', null, 2000],
        ['unapplied', null, 3000],
        ['unapplied', null, 1000],
      ],
      troubles: [
        'remittance-overpaid: 120.00 USD are paid for invoice I1, of which 100.00 USD were open',
        'remittance-unknown-invoice: 30.00 USD are paid for IV X9, which is no open invoice of this customer',
        'remittance-unknown-invoice: 10.00 USD are paid for PO PO-X, which is no open invoice of this customer',
      ],
    });
  });

  test('to the only open invoice of an order that the payer names', () => {
    const paid = advice('5', [item('', '5', { reference: { qualifier: 'PO', value: 'po-x' } })]);
    const invoices = [
      invoice('I2', 500, { purchaseOrderNumber: 'PO-X' }),
      invoice('I3', 500, { purchaseOrderNumber: 'PO-X', openMinor: 0 }),
    ];
    expect(apply(paid, invoices).entries).toEqual([['payment', 'I2', 500]]);
  });

  test('and deductions stay visible beside the invoices that are paid in full', () => {
    const paid = advice(
      '75',
      [item('I1', '100'), item('CM7', '-5', { reference: { qualifier: 'CM', value: 'CM7' } })],
      {
        entities: [
          {
            adjustments: [adjustment('-20', '50')],
            items: [item('I1', '100'), item('CM7', '-5', { reference: { qualifier: 'CM', value: 'CM7' } })],
          },
        ],
      },
    );
    expect(apply(paid, [invoice('I1', 10_000)])).toEqual({
      entries: [
        ['payment', 'I1', 10_000],
        ['deduction', null, -500],
        ['deduction', null, -2000],
      ],
      troubles: [
        'remittance-deduction: The payer keeps back 5.00 USD for CM CM7',
        'remittance-deduction: The payer keeps back 20.00 USD (reason 50)',
      ],
    });
  });

  test('less a credit that we granted, where the payer takes it whole and once; anything else is a deduction', () => {
    const credit = (amount: string) =>
      item('cm-1', amount, { reference: { qualifier: 'CM', value: 'cm-1' } });
    const decision = applyCash({
      advice: advice('20', [item('I1', '100'), credit('-40'), credit('-40')]),
      currency: 'USD',
      invoices: [invoice('I1', 10_000)],
      credits: [{ number: 'CM-1', amountMinor: 4000 }],
      paidOn: '2026-11-10',
    });
    expect(decision).toMatchObject({
      entries: [
        { kind: 'payment', amountMinor: 10_000 },
        { kind: 'deduction', amountMinor: -4000, reference: 'CM-1', takesCredit: true },
        { kind: 'deduction', amountMinor: -4000, reference: 'cm-1' },
      ],
      troubles: [{ kind: 'remittance-deduction', amountMinor: -4000 }],
    });
  });

  test('once, where the ERP has booked the same money before', () => {
    const booked = invoice('I1', 10_000, { openMinor: 2000, bookedMinor: [8000] });
    expect(apply(advice('100', [item('I1', '80'), item('I1', '20')]), [booked])).toEqual({
      entries: [
        ['payment', 'I1', 8000],
        ['payment', 'I1', 2000],
      ],
      troubles: [],
    });
  });

  test('never beyond the payment: an advice that lists more, a debit or a third decimal place is refused', () => {
    const refused = (document: RemittanceAdvice) =>
      applyCash({
        advice: document,
        currency: 'USD',
        invoices: [invoice('I1', 10_000)],
        paidOn: '2026-11-10',
      });
    expect(refused(advice('99', [item('I1', '100')]))).toEqual({
      kind: 'refused',
      text: 'the payment is 99.00, its items come to 100.00',
    });
    expect(refused(advice('100', [item('I1', '100')], { creditOrDebit: 'D' })).kind).toBe('refused');
    expect(refused(advice('1.005', [item('I1', '1.005')])).kind).toBe('refused');
  });

  test('so that payments, unapplied cash and deductions sum to what was paid, and no invoice gets more than it is', () => {
    const amount = fc.integer({ min: -3000, max: 20_000 });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ at: fc.nat({ max: 3 }), paid: amount, discount: fc.nat({ max: 500 }), adx: amount }),
        ),
        fc.nat({ max: 5000 }),
        fc.boolean(),
        (rows, extra, inTime) => {
          const invoices = [1, 2, 3].map((at) => invoice(`I${at}`, at * 4000));
          const items = rows.map(({ at, paid, discount }) =>
            item(`I${at}`, formatMinor(paid, 'USD'), { discount: formatMinor(discount, 'USD') }),
          );
          const adjustments = rows.slice(0, 2).map(({ adx }) => adjustment(formatMinor(adx, 'USD'), '01'));
          const listed =
            rows.reduce((sum, { paid }) => sum + paid, 0) +
            rows.slice(0, 2).reduce((sum, { adx }) => sum + adx, 0);
          const total = Math.max(0, listed) + extra;
          const decision = applyCash({
            advice: advice(formatMinor(total, 'USD'), [], { entities: [{ adjustments, items }] }),
            currency: 'USD',
            invoices,
            paidOn: inTime ? '2026-11-10' : '2026-12-01',
          });
          if (decision.kind === 'refused') throw new Error(decision.text);
          const sum = (of: typeof decision.entries) =>
            of.reduce((all, { amountMinor }) => all + amountMinor, 0);
          expect(sum(decision.entries.filter(({ kind }) => kind !== 'discount'))).toBe(total);
          for (const { number, totalMinor } of invoices) {
            const settled = sum(decision.entries.filter(({ invoiceNumber }) => invoiceNumber === number));
            expect(settled).toBeLessThanOrEqual(totalMinor);
            expect(settled).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
