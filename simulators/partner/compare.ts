import { z } from 'zod';
import { cents } from './arithmetic';
import type { Trade } from './trade';
import type { ChangeAnswer, Document, Invoice, OrderAnswer, ShipNotice } from './understand';

const statuses = z.array(z.tuple([z.string(), z.string()]));

/** What a partner expects of one purchase order, written down before anything is sent. */
export const expectation = z.strictObject({
  /** AK5 of each transmission of the 850, in order: ["A"]; ["A", "A"] where it is sent twice. */
  acknowledged: z.array(z.string()),
  /** For a rejected 850: the AK3s, each with its AK4s as [AK401, AK402, AK403, AK404]. */
  findings: z
    .array(
      z.strictObject({
        segment: z.string(),
        position: z.string(),
        segmentError: z.string(),
        elements: z.array(z.tuple([z.string(), z.string(), z.string(), z.string()])).default([]),
      }),
    )
    .default([]),
  /** An 855 with AH came before the final one. */
  heldFirst: z.boolean().default(false),
  /** BAK02 and the lines of every 855 that says what happens, in order. */
  answers: z
    .array(
      z.strictObject({
        code: z.string(),
        lines: z.array(z.strictObject({ line: z.string(), price: z.string().optional(), statuses })),
      }),
    )
    .default([]),
  changes: z
    .array(
      z.strictObject({
        purpose: z.string(),
        code: z.string(),
        lines: z.array(z.strictObject({ line: z.string(), statuses })).default([]),
      }),
    )
    .default([]),
  /** Lines of each 856 as [line, shipped], in any order of shipments. */
  shipments: z.array(z.array(z.tuple([z.string(), z.string()]))).default([]),
  invoices: z
    .array(
      z.strictObject({
        total: z.string(),
        /** [line, quantity, unit price] */
        lines: z.array(z.tuple([z.string(), z.string(), z.string()])),
        charges: z.string().default('0.00'),
        netDays: z.int(),
        discount: z.strictObject({ percent: z.string(), days: z.int() }).nullable().default(null),
      }),
    )
    .default([]),
});
export type Expectation = z.infer<typeof expectation>;

/** What came is held against what was expected; every difference is a sentence. None: all is as it should be. */
export function compare(trade: Trade, expected: Expectation): readonly string[] {
  const differences: string[] = trade.documents.flatMap((one) => one.problems);
  const same = (what: string, got: unknown, wanted: unknown) => {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b) differences.push(`${what}: expected ${b}, got ${a}`);
  };
  const orders = trade.sent.filter((one) => one.set === '850');
  same(
    '997 for the 850',
    orders.map((one) => one.acknowledgment?.code ?? 'none'),
    expected.acknowledged,
  );
  same('findings', orders[0]?.acknowledgment?.findings ?? [], expected.findings);
  for (const change of trade.sent.filter((one) => one.set === '860'))
    same('997 for the 860', change.acknowledgment?.code, 'A');
  compareAnswers(trade.documents, expected, same);
  const notices = trade.documents.filter((one) => one.set === '856');
  same('856 lines', sorted(notices.map((one) => (one as ShipNotice).lines)), sorted(expected.shipments));
  const invoices = trade.documents.filter((one) => one.set === '810') as Invoice[];
  same('810', sorted(invoices.map(inWords)), sorted(expected.invoices));
  same(
    'each SSCC once',
    new Set(notices.flatMap((one) => (one as ShipNotice).packages)).size,
    notices.flatMap((one) => (one as ShipNotice).packages).length,
  );
  same('each invoice number once', new Set(invoices.map((one) => one.invoice)).size, invoices.length);
  return differences;
}

type Same = (what: string, got: unknown, wanted: unknown) => void;

function compareAnswers(documents: readonly Document[], expected: Expectation, same: Same): void {
  const all = documents.filter((one) => one.set === '855') as OrderAnswer[];
  const final = all.filter((one) => one.code !== 'AH');
  if (expected.heldFirst) same('first 855', all[0]?.code, 'AH');
  same(
    '855',
    final.map((one) => one.code),
    expected.answers.map((one) => one.code),
  );
  expected.answers.forEach((wanted, at) => {
    const got = final[at];
    if (!got) return;
    const withPrice = new Set(wanted.lines.filter((one) => one.price !== undefined).map((one) => one.line));
    const lines = got.lines.map(({ line, price, statuses: own }) => ({
      line,
      ...(withPrice.has(line) ? { price } : {}),
      statuses: own,
    }));
    same(`lines of 855 no. ${at + 1}`, lines, wanted.lines);
  });
  const changes = documents.filter((one) => one.set === '865') as ChangeAnswer[];
  const changesInWords = changes.map(({ purpose, code, lines }) => ({
    purpose,
    code,
    lines: lines.map(({ line, statuses: own }) => ({ line, statuses: own })),
  }));
  same('865', changesInWords, expected.changes);
}

function inWords(invoice: Invoice): Expectation['invoices'][number] {
  return {
    total: cents(invoice.totalCents),
    lines: invoice.lines.map((line) => [...line]),
    charges: cents(invoice.chargesCents),
    netDays: invoice.netDays,
    discount: invoice.discount,
  };
}

function sorted<T>(values: readonly T[]): readonly T[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
