import type { Loop, Segment, TransactionSet } from '../x12/model';
import { at, type BusinessNotes, everySegment, loopsNamed, segmentsIn } from './business-finding';
import { multiply, readDecimal, readImplied, show, toHundredths } from './exact-decimal';

/** Element 639: of how many units a price is. A basis that says no number leaves nothing to compute. */
const divisors: Readonly<Record<string, bigint>> = Object.fromEntries(
  (
    [
      [1n, ' PE WE LE TE QE CA CP CT FX QT WH UM NT'],
      [10n, 'PN'],
      [12n, 'PD LD TD WD'],
      [100n, 'HP LC QH TC WC'],
      [144n, 'PG'],
      [1000n, 'TP LM QS TM WM'],
      [10_000n, 'TT'],
      [100_000n, 'HT'],
    ] as const
  ).flatMap(([divisor, codes]) => codes.split(' ').map((code) => [code, divisor])),
);

/** Element 331: only what is taken off or put on this very invoice bears on its total. */
const onThisInvoice = new Set(['', '02', '06']);

/**
 * 810: TDS01, hundredths whatever the currency, is the sum of round(IT102 x IT104) over the lines, plus charges and
 * tax, minus allowances. Where a price, a basis or a charge leaves it open, nothing is said.
 */
export function checkInvoiceTotal({ set, root }: TransactionSet, notes: BusinessNotes): void {
  if (set !== '810') return;
  const [tds] = segmentsIn(root, 'TDS');
  const said = tds && readImplied(at(tds, 1), 2);
  if (!tds || !said) return;
  const lines = lineAmounts(root);
  const charges = everySegment(root, 'SAC').map(chargeAmount);
  const taxes = everySegment(root, 'TXI').map(taxAmount);
  if (lines === null || charges.includes(null) || taxes.includes(null)) return;
  const further = [...charges, ...taxes].reduce<bigint>((total, one) => total + (one ?? 0n), 0n);
  // Some round line by line, some at the end; a credit memo has either sign.
  const totals = [lines.rounded + further, lines.atOnce + further];
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  if (totals.some((total) => size(total) === size(said.units))) return;
  const [total = 0n] = totals;
  const text = `it says ${show(said)}, the lines with charges, allowances and tax come to ${show({ units: total, places: 2 })}`;
  notes.add('invoice-total', tds, 1, '610', text);
}

function lineAmounts(root: Loop): { readonly rounded: bigint; readonly atOnce: bigint } | null {
  let rounded = 0n;
  /** in millionths of a hundredth: prices have six places at most that matter */
  let fine = 0n;
  const lines = loopsNamed(root, 'IT1');
  if (lines.length === 0) return null;
  for (const { segments } of lines) {
    const [line] = segments;
    const quantity = line && readDecimal(at(line, 2));
    const price = line && readDecimal(at(line, 4));
    const divisor = line && divisors[at(line, 5)];
    if (!quantity || !price || divisor === undefined) return null;
    const amount = multiply(quantity, price);
    rounded += toHundredths(amount, divisor);
    fine += toHundredths({ units: amount.units * 1_000_000n, places: amount.places }, divisor);
  }
  const half = 500_000n;
  return { rounded, atOnce: (fine + (fine < 0n ? -half : half)) / 1_000_000n };
}

/** In hundredths, signed as it bears on the total; null where SAC05 does not say it, or somebody else settles it. */
function chargeAmount(segment: Segment): bigint | null {
  const indicator = at(segment, 1);
  if (indicator === 'N' || indicator === 'R' || indicator === 'S') return 0n;
  if (!onThisInvoice.has(at(segment, 12))) return null;
  const amount = readImplied(at(segment, 5), 2);
  if (amount === null || (indicator !== 'A' && indicator !== 'C')) return null;
  return indicator === 'A' ? -amount.units : amount.units;
}

/** TXI02 in major units; TXI07 O is for information, D is taken off. */
function taxAmount(segment: Segment): bigint | null {
  const relation = at(segment, 7);
  if (relation === 'O') return 0n;
  const amount = readDecimal(at(segment, 2));
  if (amount === null || !['', 'A', 'D'].includes(relation)) return null;
  return relation === 'D' ? -toHundredths(amount) : toHundredths(amount);
}

/** ITD: a discount is taken before the net is due, and is less than all. */
export function checkTerms({ root }: TransactionSet, notes: BusinessNotes): void {
  for (const segment of everySegment(root, 'ITD')) {
    const percent = readDecimal(at(segment, 3));
    if (percent !== null && toHundredths(percent) >= 10_000n)
      notes.add('terms', segment, 3, '338', `a discount of ${show(percent)} percent`);
    const [discount, net] = [at(segment, 5), at(segment, 7)];
    if (/^\d{1,3}$/.test(discount) && /^\d{1,3}$/.test(net) && Number(discount) > Number(net))
      notes.add(
        'terms',
        segment,
        5,
        '351',
        `the discount runs ${discount} days, the net is due after ${net}`,
      );
    const [discountDue, netDue] = [at(segment, 4), at(segment, 6)];
    if (/^\d{8}$/.test(discountDue) && /^\d{8}$/.test(netDue) && discountDue > netDue)
      notes.add(
        'terms',
        segment,
        4,
        '370',
        `the discount runs until ${discountDue}, the net is due on ${netDue}`,
      );
  }
}

interface Window {
  readonly earliest: readonly string[];
  readonly latest: readonly string[];
}

/** Qualifiers of days before which, and after which, the same thing must not happen: element 374 and, of G62, 432. */
const shipping: Readonly<Record<'DTM' | 'G62', Window>> = {
  DTM: { earliest: ['010', '037'], latest: ['001', '038'] },
  G62: { earliest: ['10', '37'], latest: ['01', '38'] },
};
const delivery: Readonly<Record<'DTM' | 'G62', Window>> = {
  DTM: { earliest: ['002', '064'], latest: ['061', '063'] },
  G62: { earliest: ['02', '64'], latest: ['61', '63'] },
};

/** Orders and changes: what may not leave before one day and not after an earlier one can be sent by nobody. */
export function checkDates({ set, root }: TransactionSet, notes: BusinessNotes): void {
  if (!['850', '860', '940', '875'].includes(set)) return;
  const places = [root, ...loopsNamed(root, 'PO1'), ...loopsNamed(root, 'POC')];
  for (const place of places) {
    for (const id of ['DTM', 'G62'] as const) {
      const dates = segmentsIn(place, id);
      for (const window of [shipping[id], delivery[id]]) checkWindow(dates, window, notes);
    }
  }
}

function checkWindow(dates: readonly Segment[], { earliest, latest }: Window, notes: BusinessNotes): void {
  for (const until of dates) {
    if (!latest.includes(at(until, 1)) || !/^\d{8}$/.test(at(until, 2))) continue;
    const from = dates.find(
      (one) => earliest.includes(at(one, 1)) && /^\d{8}$/.test(at(one, 2)) && at(one, 2) > at(until, 2),
    );
    if (!from) continue;
    const text = `${at(until, 1)} is ${at(until, 2)}, before ${at(from, 1)} on ${at(from, 2)} (segment ${from.position})`;
    notes.add('date-order', until, 2, '373', text);
  }
}
