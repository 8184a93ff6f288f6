import { z } from 'zod';
import { instant, pageOf, pageQuery } from './common';

/** Who says so, where it is not the company's own stock. */
export const supplierReport = z.object({ reportedAt: instant }).nullable().meta({
  description:
    'A supplier that ships to customers: onHand is what it said then (846) that it has, reserved what it was asked for since; null: a node of the company',
});
export const stockLevel = z
  .object({
    item: z.object({ id: z.string(), description: z.string(), baseUnit: z.string() }),
    node: z.object({ id: z.string(), name: z.string() }),
    supplier: supplierReport,
    onHand: z.int(),
    reserved: z.int(),
    safety: z.int(),
    carts: z.int().meta({ description: 'Reserved for carts that have not run out' }),
    kept: z.int().meta({ description: 'For customers, channels, and as shares of lines that wait' }),
    inTransit: z.int().meta({ description: 'Transfers on their way here' }),
    inbound: z.int().meta({
      description: 'Purchases that are expected here; of a supplier what it said will come, from today on',
    }),
    available: z
      .int()
      .meta({ description: 'On hand, less reserved, carts, kept and safety stock; never below zero' }),
    backordered: z.int().meta({ description: 'Ordered of the item and waiting for stock at any node' }),
  })
  .meta({ id: 'StockLevel' });
export type StockLevelView = z.infer<typeof stockLevel>;
export const buyerStockLevel = z
  .object({
    item: z.object({ id: z.string(), description: z.string(), baseUnit: z.string() }),
    available: z.int().nullable().meta({
      description: 'At all places together; null where the customer is told only whether there is any',
    }),
    inStock: z.boolean(),
  })
  .meta({ id: 'BuyerStockLevel' });
export type BuyerStockLevelView = z.infer<typeof buyerStockLevel>;
export const stockPage = pageOf(z.union([stockLevel, buyerStockLevel]), 'StockPage');
export const listInventoryQuery = z.object({
  ...pageQuery,
  item: z.string().max(64).optional(),
  node: z.string().max(64).optional(),
  search: z.string().max(64).optional().meta({ description: 'Part of an item number or description' }),
  usage: z.enum(['P', 'T']).default('P'),
});

export const stockTransfer = z
  .strictObject({
    number: z.string().min(1).max(22).meta({ description: 'Named again by the 944 of the warehouse' }),
    nodeId: z.string().min(1).max(64),
    shippedOn: z.iso.date(),
    expectedOn: z.iso.date().exactOptional(),
    from: z.strictObject({
      name: z.string().min(1).max(60),
      id: z.string().min(2).max(80).exactOptional(),
      nodeId: z
        .string()
        .min(1)
        .max(64)
        .exactOptional()
        .meta({ description: 'The node of the company that it has left: its level goes down by it' }),
    }),
    shipmentNumber: z.string().min(1).max(30).exactOptional(),
    carrier: z
      .strictObject({
        scac: z.string().min(2).max(4),
        equipmentNumber: z.string().min(1).max(10).exactOptional(),
      })
      .exactOptional(),
    lines: z
      .array(
        z.strictObject({
          itemId: z.string().min(1).max(64),
          quantity: z.int().positive().meta({ description: 'Base units' }),
          lotNumber: z.string().min(1).max(30).exactOptional(),
        }),
      )
      .min(1)
      .max(9999),
  })
  .meta({ id: 'StockTransfer' });
export const stockTransferAnnounced = z
  .object({ number: z.string(), partner: z.string() })
  .meta({ id: 'StockTransferAnnounced' });
