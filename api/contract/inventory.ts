import { z } from 'zod';
import { pageOf, pageQuery } from './common';

export const stockLevel = z
  .object({
    item: z.object({ id: z.string(), description: z.string(), baseUnit: z.string() }),
    node: z.object({ id: z.string(), name: z.string() }),
    onHand: z.int(),
    reserved: z.int(),
    safety: z.int(),
    available: z.int().meta({ description: 'On hand, less reserved and safety stock; never below zero' }),
    backordered: z.int().meta({ description: 'Ordered of the item and waiting for stock at any node' }),
  })
  .meta({ id: 'StockLevel' });
export type StockLevelView = z.infer<typeof stockLevel>;
export const stockPage = pageOf(stockLevel, 'StockPage');
export const listInventoryQuery = z.object({
  ...pageQuery,
  item: z.string().max(64).optional(),
  node: z.string().max(64).optional(),
  search: z.string().max(64).optional().meta({ description: 'Part of an item number or description' }),
  usage: z.enum(['P', 'T']).default('P'),
});
