import { cents, lineCents, tidy } from './arithmetic';
import type { ReadSegment } from './read-x12';
import type { Document } from './understand';

/** Element 639 codes that this buyer uses: how many units the price is for. */
const basisOf: Readonly<Record<string, number>> = { '': 1, PE: 1, HP: 100, TP: 1000 };

/** Reads an 810 and adds it up: its total must be its own lines, plus charges, minus allowances, plus tax. */
export function readInvoice(segments: readonly ReadSegment[]): Document {
  const problems: string[] = [];
  const of = (id: string) => segments.filter((one) => one.id === id);
  const items = of('IT1');
  const chargesCents = of('SAC').reduce(
    (sum, sac) => sum + (sac.at(1) === 'A' ? -1 : 1) * Number(sac.at(5)),
    0,
  );
  const taxCents = of('TXI').reduce((sum, txi) => sum + lineCents('1', txi.at(2)), 0);
  const linesCents = items.reduce(
    (sum, it1) => sum + lineCents(it1.at(2), it1.at(4), basisOf[it1.at(5)] ?? Number.NaN),
    0,
  );
  // TDS01 is N2: hundredths without a point.
  const totalCents = Number(of('TDS')[0]?.at(1));
  const sumCents = linesCents + chargesCents + taxCents;
  if (totalCents !== sumCents)
    problems.push(`810: TDS01 says ${cents(totalCents)}, it adds up to ${cents(sumCents)}`);
  if (Number(of('CTT')[0]?.at(1)) !== items.length)
    problems.push(`810: CTT01 ${of('CTT')[0]?.at(1)}, lines ${items.length}`);
  const big = of('BIG')[0];
  const itd = of('ITD')[0];
  return {
    set: '810',
    purchaseOrder: big?.at(4) ?? '',
    invoice: big?.at(2) ?? '',
    totalCents,
    lines: items.map((it1) => [it1.at(1), tidy(it1.at(2)), tidy(it1.at(4))] as const),
    chargesCents,
    netDays: Number(itd?.at(7) ?? 0),
    discount: itd && itd.at(3) !== '' ? { percent: tidy(itd.at(3)), days: Number(itd.at(5)) } : null,
    problems,
  };
}
