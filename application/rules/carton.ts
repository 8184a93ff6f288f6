import { z } from 'zod';
import { ruleKind } from './rule-kind';

const millimetres = z.int().positive().max(10_000);
const grams = z.int().nonnegative().max(5_000_000);

export const cartonRule = ruleKind({
  kind: 'carton',
  title: 'Cartons',
  about:
    'A carton that goods are packed into together when they do not fill cartons of their own: its inner size, what it may weigh with its contents and what it weighs empty. Items need a size of their own for it.',
  scopeIs: 'The name of the carton, as the warehouse knows it.',
  scope: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/, 'is a name of up to 40 letters and digits'),
  body: z
    .strictObject({
      lengthMm: millimetres,
      widthMm: millimetres,
      heightMm: millimetres,
      maximumGrams: grams.meta({ description: 'With its contents' }),
      tareGrams: grams.meta({ description: 'Empty' }),
      nodes: z
        .array(z.string().max(60))
        .max(200)
        .optional()
        .meta({ description: 'Where there are such; everywhere if left out' }),
    })
    .refine((carton) => carton.tareGrams < carton.maximumGrams, 'An empty carton is lighter than a full one'),
  example: { lengthMm: 400, widthMm: 300, heightMm: 250, maximumGrams: 20_000, tareGrams: 350 },
});
