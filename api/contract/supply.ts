import { z } from 'zod';
import { money } from './common';

export const lineSupply = z
  .object({
    kind: z.enum(['component', 'instead']),
    of: z.string().meta({ description: 'The bundle, or the item that was ordered' }),
    because: z.enum(['bundle', 'short', 'superseded']),
    text: z.string().meta({ description: 'In words' }),
    perOrderedUnit: z.int().meta({ description: 'Base units of the item for one ordered unit' }),
    rule: z.string().nullable().meta({ description: "Which rule, for the seller's own people" }),
  })
  .meta({ id: 'LineSupply', description: 'Where something else is supplied than was ordered' });
export type LineSupplyView = z.infer<typeof lineSupply>;

const suppliedItem = z
  .object({
    itemId: z.string().nullable(),
    description: z.string().nullable(),
    quantity: z.int().meta({ description: 'Base units of it' }),
    available: z
      .int()
      .nullable()
      .meta({ description: 'Of these, there now; null where the buyer is told only whether' }),
    unitPrice: z
      .string()
      .nullable()
      .meta({ description: 'In the ordered unit; of a component that of the bundle' }),
    amount: money,
    supply: lineSupply.nullable().meta({ description: 'null: it is what was ordered' }),
  })
  .meta({ id: 'SuppliedItem' });

export const supplyQuote = z
  .object({
    customerId: z.string(),
    agreement: z.string().nullable().meta({ description: "Scope and version, for the seller's own people" }),
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        quantity: z.string(),
        unit: z.string(),
        available: z.string().nullable().meta({
          description: 'In the ordered unit, with what comes instead; of a bundle whole ones',
        }),
        inStock: z.boolean().meta({ description: 'All of it is there' }),
        supplied: z.array(suppliedItem),
        concerns: z.array(z.string()).meta({ description: 'What would be rejected or held, and why' }),
      }),
    ),
  })
  .meta({ id: 'SupplyQuote' });
export type SupplyQuoteView = z.infer<typeof supplyQuote>;
