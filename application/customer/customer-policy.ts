import { z } from 'zod';
import type { Db } from '../../db/connection';
import { fillTermsSchema } from '../order/fill-terms';

const decimal = z.string().regex(/^\d{1,9}(\.\d{1,6})?$/);

/**
 * How one customer's orders are treated (`customer.policy`): data that the company edits. Seconds are durations,
 * amounts are minor units of the customer's currency.
 */
export const customerPolicySchema = z.object({
  priceTolerance: z
    .object({ percent: decimal.default('0'), absolute: decimal.default('0') })
    .default({ percent: '0', absolute: '0' }),
  /** Whose price stands once a person releases a price hold. */
  priceOnRelease: z.enum(['purchase-order', 'ours']).default('purchase-order'),
  /**
   * The day that prices are of: the purchase order's where it is no further than so many days from the one that it came,
   * else, or always, the day that it came.
   */
  priceDate: z
    .strictObject({
      by: z.enum(['order-date', 'receipt-date']).default('order-date'),
      withinDays: z.number().int().nonnegative().max(366).default(30),
    })
    .default({ by: 'order-date', withinDays: 30 }),
  unknownItem: z.enum(['reject', 'hold']).default('reject'),
  backorder: z.boolean().default(true),
  /** What an order of theirs takes where not all of it is there, unless it says so itself. null: what is there. */
  fill: fillTermsSchema.nullable().default(null),
  /** What this customer is told of stock: how many, or only whether there are any. */
  availability: z.enum(['quantities', 'yes-or-no']).default('quantities'),
  /** Place among those who wait for an item whose queue goes by priority: 1 is served before 9. */
  backorderPriority: z.number().int().min(1).max(9).default(5),
  shipComplete: z.boolean().default(false),
  maximumShipments: z.number().int().positive().nullable().default(null),
  /** Every line ships whole or waits. */
  shipCompleteLines: z.boolean().default(false),
  /** All of an order from one node. */
  singleNode: z.boolean().default(false),
  /** Classes of goods of which no two share a shipment. */
  doNotMix: z.array(z.string().min(1).max(64)).max(20).default([]),
  /** What sourcing rules know the customer as. */
  customerClass: z.string().min(1).max(64).nullable().default(null),
  /** What happens to a line that its constraints or rules let come from nowhere, although there is stock. */
  infeasibleSourcing: z.enum(['backorder', 'hold', 'reject']).default('backorder'),
  /** An address that is not among the customer's ship-to locations needs no hold. */
  freeShipTo: z.boolean().default(false),
  approvalAboveMinor: z.number().int().nonnegative().nullable().default(null),
  /** An order rests this long after it was placed, so that it can still be changed. */
  changeWindowSeconds: z.number().nonnegative().default(0),
  receivablesMaximumAgeSeconds: z.number().positive().default(86_400),
  /** The partner's deadline for the 855; null: the one of its guide, and none where that names none either. */
  answerWithinSeconds: z.number().positive().nullable().default(null),
  /** An order on hold at the deadline is answered AH, or not at all. */
  holdAnswer: z.enum(['AH', 'none']).default('AH'),
  charges: z
    .array(
      z.object({
        indicator: z.enum(['allowance', 'charge']),
        code: z.string(),
        description: z.string(),
        amountMinor: z.number().int().nonnegative(),
      }),
    )
    .default([]),
  /** Allowances and charges that a purchase order may state (SAC); any other holds it. null: whatever it comes to. */
  agreedAdjustments: z
    .array(
      z.object({
        indicator: z.enum(['allowance', 'charge']),
        code: z.string(),
        maximumPercent: decimal.nullable().default(null),
      }),
    )
    .default([]),
  /**
   * What the locations of a line (SDQ) are: places to ship to, or stores that the goods are packed and marked for
   * while all goes to the order's ship-to. by-ship-to: the latter where the order names a ship-to.
   */
  storeQuantities: z.enum(['by-ship-to', 'ship-to', 'mark-for']).default('by-ship-to'),
  /** A delivery that only names the day it is wanted on (SCH) leaves no earlier than so many days before it. */
  deliveryLeadDays: z.number().int().nonnegative().default(7),
  /** Groups of customers that it belongs to: promotions are made for them. */
  groups: z.array(z.string().min(1).max(64)).max(50).default([]),
  taxPercent: decimal.default('0'),
  duplicateWindowDays: z.number().int().positive().default(365),
  /** How long a quoted price holds, and how long a draft is kept that nobody works on. */
  quoteValidDays: z.number().int().positive().max(365).default(30),
  draftKeptDays: z.number().int().positive().max(365).default(30),
  /** What was picked up in a store is announced by an 856, too. */
  pickupShipNotice: z.boolean().default(false),
  /** A release outside its blanket order's validity, or beyond what remains of it: a person looks, or the line is refused. */
  callOffBeyond: z.enum(['hold', 'reject']).default('hold'),
});
export type CustomerPolicy = z.infer<typeof customerPolicySchema>;

/** What of it an order keeps (`orders.charge_terms`): it is charged and taxed by what it was placed with. */
export const chargeTermsSchema = customerPolicySchema.pick({ charges: true, taxPercent: true });
export type ChargeTerms = z.infer<typeof chargeTermsSchema>;

export async function readCustomerPolicy(db: Db, customerId: string): Promise<CustomerPolicy> {
  const row = (await db('customer').where({ id: customerId }).first('policy')) as
    | { policy: unknown }
    | undefined;
  return customerPolicySchema.parse(row?.policy ?? {});
}

export const paymentTermsSchema = z.object({
  discountPercent: decimal.optional(),
  discountDays: z.number().int().nonnegative().optional(),
  netDays: z.number().int().nonnegative(),
});
