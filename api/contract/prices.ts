import { z } from 'zod';
import { overrideReasons } from '../../domain/pricing/override-price';
import { tierPeriods, tierScopes } from '../../domain/pricing/resolve-price';
import { instant, json, localDate, money, pageOf, pageQuery, recordId } from './common';

const decimal = (what: string) =>
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,6})?$/, `${what} is a decimal with up to 6 places, such as "12.5"`)
    .meta({ example: '12.5' });
const code = z.string().trim().min(1).max(64);
const currency = z.string().regex(/^[A-Z]{3}$/, 'is an ISO 4217 code such as USD');

export const price = z
  .object({
    id: recordId,
    priceListId: z.string().nullable(),
    customerId: z.string().nullable(),
    contractId: z.string().nullable(),
    itemId: z.string(),
    description: z.string(),
    unit: z.string(),
    minimumQuantity: z.string().meta({ description: 'The tier begins here, in `unit`' }),
    unitPrice: z.string(),
    currency: z.string(),
    ownCurrency: z.string().nullable().meta({
      description: "Where it is not simply the list's or the customer's: part of what the price is known by",
    }),
    tierOver: z.enum(tierScopes).meta({
      description:
        'What counts towards the tier: the line, or all lines of the order of its item or price group',
    }),
    tierPeriod: z.enum(tierPeriods).nullable().meta({
      description: 'With it what the customer ordered earlier in that calendar period counts too',
    }),
    validFrom: localDate,
    validTo: localDate.nullable(),
    version: z.int(),
    supersededAt: instant.nullable(),
    changedBy: z.string(),
    changedAt: instant,
  })
  .meta({ id: 'Price' });
export type PriceView = z.infer<typeof price>;
export const pricePage = pageOf(price, 'PricePage');

export const listPricesQuery = z.object({
  ...pageQuery,
  item: code.optional(),
  search: z.string().trim().min(1).max(40).optional().meta({ description: 'Start of an item number' }),
  priceList: code.optional(),
  customer: code.optional(),
  contract: code.optional(),
  history: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'true: versions that were replaced, too' }),
});

export const savePricesBody = z
  .strictObject({
    dryRun: z.boolean().default(false).meta({ description: 'Only says what would come of it' }),
    prices: z
      .array(
        z.strictObject({
          priceListId: code.nullable().default(null),
          customerId: code.nullable().default(null),
          contractId: code.nullable().default(null),
          itemId: code,
          unit: z.string().min(1).max(3),
          minimumQuantity: decimal('a quantity').default('1'),
          unitPrice: decimal('a price'),
          currency: currency
            .nullable()
            .default(null)
            .meta({ description: "null: the list's or the customer's" }),
          tierOver: z.enum(tierScopes).default('line'),
          tierPeriod: z.enum(tierPeriods).nullable().default(null),
          validFrom: localDate,
          validTo: localDate.nullable().default(null),
          withdrawn: z.boolean().default(false),
        }),
      )
      .min(1)
      .max(10_000),
  })
  .meta({ id: 'SavePrices' });
export const savedPrices = z
  .object({
    dryRun: z.boolean(),
    added: z.int(),
    replaced: z.int(),
    withdrawn: z.int(),
    unchanged: z.int(),
  })
  .meta({ id: 'SavedPrices' });

export const priceContract = z
  .object({
    id: z.string(),
    customerId: z.string(),
    name: z.string(),
    currency: z.string(),
    validFrom: localDate,
    validTo: localDate.nullable(),
    minimumOrderQuantity: z
      .int()
      .nullable()
      .meta({ description: 'Base units of its items in one order; below it its prices do not hold' }),
    commitmentQuantity: z
      .int()
      .nullable()
      .meta({ description: 'Base units that the customer has promised to order while it runs' }),
    orderedQuantity: z.int().meta({ description: 'Base units ordered at its prices' }),
    prices: z.int(),
    version: z.int(),
  })
  .meta({ id: 'PriceContract' });
export type PriceContractView = z.infer<typeof priceContract>;
export const priceContractList = z
  .object({ items: z.array(priceContract) })
  .meta({ id: 'PriceContractList' });
export const listContractsQuery = z.object({ customer: code.optional() });
export const saveContractBody = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/, 'is up to 30 letters, digits, points and hyphens'),
    customerId: code,
    name: z.string().trim().min(1).max(80),
    currency,
    validFrom: localDate,
    validTo: localDate.nullable().default(null),
    minimumOrderQuantity: z.int().positive().nullable().default(null),
    commitmentQuantity: z.int().positive().nullable().default(null),
  })
  .refine(({ validFrom, validTo }) => validTo === null || validFrom <= validTo, {
    path: ['validTo'],
    error: 'it ends before it begins',
  })
  .meta({ id: 'SavePriceContract' });

export const saveCostsBody = z
  .strictObject({
    costs: z
      .array(
        z.strictObject({
          itemId: code,
          entityId: code,
          currency,
          validFrom: localDate,
          unitCost: decimal('a cost').meta({ description: 'Of one base unit' }),
        }),
      )
      .min(1)
      .max(10_000),
  })
  .meta({ id: 'SaveItemCosts' });
export const savedCosts = z.object({ saved: z.int() }).meta({ id: 'SavedItemCosts' });

export const promotionUse = z
  .object({
    id: z.string(),
    version: z.int(),
    name: z.string(),
    rule: json,
    stacking: z.string(),
    given: z.array(money).meta({ description: 'What orders have of it; empty: none has any' }),
    orders: z.int(),
    maximum: money.nullable(),
    maximumUses: z.int().nullable(),
  })
  .meta({ id: 'PromotionUse' });
export type PromotionUseView = z.infer<typeof promotionUse>;
export const promotionUseList = z.object({ items: z.array(promotionUse) }).meta({ id: 'PromotionUseList' });

export const priceQuoteBody = z
  .strictObject({
    customerId: code.optional().meta({ description: "Needed with a key of the seller's own" }),
    date: localDate.optional().meta({ description: 'Prices of that day; today in the zone of the customer' }),
    lines: z
      .array(
        z.strictObject({
          item: code,
          quantity: decimal('a quantity').refine((text) => /[1-9]/.test(text), 'is greater than zero'),
          unit: z.string().min(1).max(3).default('EA'),
          unitPrice: decimal('a price').optional().meta({ description: 'What a purchase order would say' }),
        }),
      )
      .min(1)
      .max(10_000),
  })
  .meta({ id: 'PriceQuoteRequest' });
export const priceQuote = z
  .object({
    customerId: z.string(),
    date: localDate,
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        itemId: z.string().nullable(),
        quantity: z.string(),
        unit: z.string(),
        unitPrice: z.string().nullable(),
        amount: money.meta({ description: 'Before promotions and order charges' }),
        explanation: z.string().nullable(),
        priceDecision: json,
        concerns: z.array(z.string()).meta({ description: 'Why it could not be ordered as it stands' }),
      }),
    ),
    promotions: z.array(
      z.object({ name: z.string(), lineNumber: z.int().nullable(), amount: money, text: z.string() }),
    ),
    refusedPromotions: z
      .array(z.object({ promotionId: z.string(), lineNumber: z.int().nullable(), reason: z.string() }))
      .meta({ description: "For the seller's own people; empty for others" }),
    subtotal: money,
    charges: json,
    chargesTotal: money,
    tax: money,
    total: money,
  })
  .meta({ id: 'PriceQuote' });

export const setPriceBody = z
  .strictObject({
    unitPrice: decimal('a price').meta({ description: "In the line's unit and price basis" }),
    reason: z.enum(overrideReasons),
    note: z.string().trim().min(3, 'say why, in a few words').max(300),
  })
  .meta({ id: 'SetPrice' });
export const setPriceOutcome = z
  .object({
    status: z.enum(['set', 'waiting', 'recalling', 'pending']),
    changeId: recordId,
    text: z.string(),
  })
  .meta({ id: 'SetPriceOutcome' });
