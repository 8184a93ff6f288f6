import { z } from 'zod';
import {
  type SupplierInvoiceState,
  supplierInvoiceStates,
  supplierOrderStates,
} from '../../domain/fulfilment/supplier-order';
import { address, instant, localDate, money, pageOf, pageQuery, party, recordId } from './common';

const state = z.enum(supplierOrderStates as [string, ...string[]]);
const units = z.int().meta({ description: 'Base units' });

export const supplierOrder = z
  .object({
    id: recordId,
    number: z.string().meta({ description: 'Of our purchase order to the supplier (850)' }),
    orderId: recordId,
    orderNumber: z.string(),
    supplier: z.object({ id: z.string(), name: z.string() }),
    node: z.string(),
    usage: z.enum(['P', 'T']),
    state,
    shipTo: party,
    currency: z.string(),
    supplierReference: z.string().nullable(),
    orderedAt: instant,
    answerDueAt: instant,
    answeredAt: instant.nullable(),
    promisedOn: localDate,
    lines: z.array(
      z.object({
        lineNumber: z.int(),
        orderLineNumber: z.int(),
        itemId: z.string(),
        supplierItemId: z.string(),
        unit: z.string(),
        unitFactor: z.int(),
        unitCost: z.string(),
        ordered: units,
        cancelled: units,
        shipped: units,
        billed: units,
        promisedOn: localDate,
        cancelReason: z.string().nullable(),
      }),
    ),
    cancels: z.array(
      z.object({
        number: z.int(),
        state: z.enum(['asked', 'accepted', 'refused']),
        askedAt: instant,
        answeredAt: instant.nullable(),
        answer: z.string().nullable(),
      }),
    ),
    invoices: z.array(
      z.object({
        number: z.string(),
        state: z.enum(supplierInvoiceStates as [SupplierInvoiceState, ...SupplierInvoiceState[]]),
        total: money,
        problems: z.array(
          z.object({ code: z.string(), text: z.string(), lineNumber: z.int().nullable().optional() }),
        ),
        decidedBy: z.string().nullable(),
        reason: z.string().nullable(),
        erpDocument: z.string().nullable().meta({ description: 'Once the ERP has booked it' }),
      }),
    ),
  })
  .meta({ id: 'SupplierOrder' });
export type SupplierOrderView = z.infer<typeof supplierOrder>;
export const supplierOrderPage = pageOf(supplierOrder, 'SupplierOrderPage');

export const listSupplierOrdersQuery = z.object({
  ...pageQuery,
  order: z.string().max(64).optional().meta({ description: "The customer's order, by id" }),
  supplier: z.string().max(64).optional(),
  state: state.optional(),
});

export const decideInvoiceBody = z
  .strictObject({ action: z.enum(['accept', 'reject']), reason: z.string().trim().min(3).max(500) })
  .meta({ id: 'DecideSupplierInvoice' });
export const invoiceDecided = z
  .object({ state: z.enum(['accepted', 'rejected']) })
  .meta({ id: 'SupplierInvoiceDecided' });

export const giveUpBody = z
  .strictObject({ reason: z.string().trim().min(3, 'say why, in a few words').max(500) })
  .meta({ id: 'GiveUpSupplierOrder' });
export const givenUp = z
  .object({ units: z.int().meta({ description: 'Base units that are sourced elsewhere' }) })
  .meta({ id: 'SupplierOrderGivenUp' });

export const postingAsked = z.object({ asked: z.literal(true) }).meta({ id: 'SupplierInvoicePostingAsked' });

const cost = z.string().regex(/^\d{1,11}(\.\d{1,6})?$/, 'is a decimal number with up to six places');

export const itemSupplierBody = z
  .strictObject({
    item: z.string().min(1).max(64),
    node: z.string().min(1).max(64).meta({ description: 'The node of the supplier' }),
    supplierItemId: z.string().trim().min(1).max(48),
    unit: z.string().regex(/^[A-Z0-9]{2}$/),
    unitFactor: z.int().min(1).max(1_000_000).default(1).meta({ description: 'Base units of one unit' }),
    unitCost: cost,
    currency: z.string().regex(/^[A-Z]{3}$/),
    leadDays: z.int().min(0).max(365).default(0),
    minimumQuantity: z.int().min(1).max(1_000_000).default(1).meta({ description: 'In its unit' }),
    sourcing: z.enum(['always', 'when-short', 'drop-ship-orders']).default('drop-ship-orders').meta({
      description:
        'always: the company never ships it; when-short: after the own nodes; drop-ship-orders: for those, and where a sourcing rule names the supplier',
    }),
    active: z.boolean().default(true),
  })
  .meta({ id: 'SaveItemSupplier' });
export const itemSupplier = z
  .object({
    ...itemSupplierBody.shape,
    version: z.int(),
    updatedAt: instant,
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'ItemSupplier' });
export type ItemSupplierView = z.infer<typeof itemSupplier>;
export const itemSupplierList = z.object({ items: z.array(itemSupplier) }).meta({ id: 'ItemSuppliers' });
export const listItemSuppliersQuery = z.object({
  item: z.string().max(64).optional(),
  node: z.string().max(64).optional(),
});

export const supplierBody = z
  .strictObject({
    partner: z.string().min(1).max(64).meta({ description: 'A trading partner that is set up' }),
    node: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    name: z.string().trim().min(1).max(80),
    timeZone: z.string().max(64),
    address: z.looseObject({ lines: z.array(z.string().max(80)).max(4) }),
    rank: z.int().min(1).max(10_000).default(500),
    answerHours: z.number().positive().max(1000).default(24),
    priceTolerancePercent: z
      .string()
      .regex(/^\d{1,2}(\.\d{1,4})?$/)
      .default('0'),
    backorders: z.enum(['wait', 're-source']).default('wait'),
  })
  .meta({ id: 'SaveSupplier' });
const { partner: _partner, node: _node, address: _address, ...agreed } = supplierBody.shape;
export const supplier = z
  .object({
    ...agreed,
    partner: z.object({ id: z.string(), name: z.string() }),
    node: z.string(),
    address,
    items: z.int().meta({ description: 'How many items it can be asked for' }),
    openOrders: z.int(),
    version: z.int().meta({ description: 'For If-Match' }),
  })
  .meta({ id: 'Supplier' });
export type SupplierView = z.infer<typeof supplier>;
export const supplierList = z.object({ items: z.array(supplier) }).meta({ id: 'Suppliers' });
export const supplierSaved = z
  .object({ node: z.string(), partner: z.string() })
  .meta({ id: 'SupplierSaved' });
