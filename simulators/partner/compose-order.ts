import { z } from 'zod';
import type { Segment } from './write-x12';

const line = z.object({
  number: z.string().default(''),
  quantity: z.string(),
  unit: z.string().default('EA'),
  price: z.string().default(''),
  /** Element 639 */
  basis: z.string().default(''),
  /** Pairs of elements 235 and 234: [["BP", "AC-100"], ["VP", "W-1001"]] */
  ids: z.array(z.tuple([z.string(), z.string()])),
});
const date = z.object({ qualifier: z.string(), inDays: z.int() });

/** What an 850 is made from. */
export const orderToSend = z.object({
  purpose: z.string().default('00'),
  type: z.string().default('SA'),
  shipTo: z.string(),
  shipToName: z.string().default(''),
  references: z.array(z.tuple([z.string(), z.string()])).default([]),
  dates: z.array(date).default([]),
  lines: z.array(line),
});
export type OrderToSend = z.infer<typeof orderToSend>;

/** What an 860 is made from: purpose 04 with lines, 01 without. */
export const changeToSend = z.object({
  purpose: z.enum(['01', '04', '05']),
  changeNumber: z.string().default('1'),
  shipTo: z.string(),
  lines: z.array(line.extend({ code: z.string() })).default([]),
});
export type ChangeToSend = z.infer<typeof changeToSend>;

export function composeOrder(order: OrderToSend, purchaseOrderNumber: string, now: Date): readonly Segment[] {
  return [
    ['BEG', order.purpose, order.type, purchaseOrderNumber, '', ymd(now)],
    ...order.references.map(([qualifier, value]) => ['REF', qualifier, value]),
    ...order.dates.map(({ qualifier, inDays }) => ['DTM', qualifier, ymd(daysAfter(now, inDays))]),
    ['N1', 'ST', order.shipToName, '92', order.shipTo],
    ...order.lines.map((one) => [
      'PO1',
      one.number,
      one.quantity,
      one.unit,
      one.price,
      one.basis,
      ...one.ids.flat(),
    ]),
    ['CTT', String(order.lines.length)],
  ];
}

export function composeChange(
  change: ChangeToSend,
  purchaseOrderNumber: string,
  ordered: Date,
  now: Date,
): readonly Segment[] {
  return [
    [
      'BCH',
      change.purpose,
      'SA',
      purchaseOrderNumber,
      '',
      change.changeNumber,
      ymd(ordered),
      '',
      '',
      '',
      '',
      ymd(now),
    ],
    ['N1', 'ST', '', '92', change.shipTo],
    ...change.lines.map((one) => [
      // C030405: what is left to receive stands beside the quantity; before any shipment it is all of it.
      'POC',
      one.number,
      one.code,
      one.quantity,
      one.quantity,
      one.unit,
      one.price,
      one.basis,
      ...one.ids.flat(),
    ]),
    ...(change.lines.length > 0 ? [['CTT', String(change.lines.length)]] : []),
  ];
}

export function ymd(day: Date): string {
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

function daysAfter(day: Date, days: number): Date {
  return new Date(day.getTime() + days * 86_400_000);
}
