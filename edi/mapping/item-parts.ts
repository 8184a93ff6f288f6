import type { AdviceDate, AdviceItem, AdviceReference } from '../../domain/fulfilment/inventory-advice';
import { type Codec, date, id, must, pairs, segments, text } from './layout';

/** What an 846 and an 832 say alike of an item, each said once. */

export const dates: Codec<readonly AdviceDate[]> = segments<AdviceDate>('DTM', {
  qualifier: must(id('DTM', 1)),
  date: date('DTM', 2),
  time: id('DTM', 3),
  timeZone: id('DTM', 4),
  periodFormat: id('DTM', 5),
  period: id('DTM', 6),
});

export const references: Codec<readonly AdviceReference[]> = segments<AdviceReference>('REF', {
  qualifier: must(id('REF', 1)),
  value: must(id('REF', 2)),
  description: text('REF', 3),
});

export const descriptions: Codec<AdviceItem['descriptions']> = segments('PID', {
  type: must(id('PID', 1)),
  characteristic: id('PID', 2),
  text: text('PID', 5),
});

export const productIds = pairs('LIN', [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30]);
