/** Branded identifiers. They are made only here, so that an item id can never be passed where an order id is due. */
declare const brand: unique symbol;
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrderId = Id<'order'>;
export type OrderLineId = Id<'order-line'>;
export type HoldId = Id<'hold'>;
export type ShipmentId = Id<'shipment'>;
export type StoreTaskId = Id<'store-task'>;
export type InvoiceId = Id<'invoice'>;
export type PartnerId = Id<'partner'>;
export type CustomerId = Id<'customer'>;
export type ItemId = Id<'item'>;
export type NodeId = Id<'node'>;
export type EntityId = Id<'entity'>;
export type CreditAccountId = Id<'credit-account'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const code = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;

function parserOf<T extends string>(what: string, form: RegExp): (text: string) => T {
  return (text) => {
    if (!form.test(text)) throw new InvalidId(what, text);
    return text as T;
  };
}

/** Thrown when a text is not an id of the kind asked for; HTTP answers it with 404. */
export class InvalidId extends Error {
  readonly what: string;
  constructor(what: string, text: string) {
    super(`"${text.slice(0, 80)}" is not the id of a ${what}`);
    this.name = 'InvalidId';
    this.what = what;
  }
}

/** Record ids are UUIDs given by the database (version 7, ascending in time). */
export const parseOrderId = parserOf<OrderId>('order', uuid);
export const parseOrderLineId = parserOf<OrderLineId>('order line', uuid);
export const parseHoldId = parserOf<HoldId>('hold', uuid);
export const parseShipmentId = parserOf<ShipmentId>('shipment', uuid);
export const parseStoreTaskId = parserOf<StoreTaskId>('store task', uuid);
export const parseInvoiceId = parserOf<InvoiceId>('invoice', uuid);
/** Master data carries the company's own codes. */
export const parsePartnerId = parserOf<PartnerId>('partner', code);
export const parseCustomerId = parserOf<CustomerId>('customer', code);
export const parseItemId = parserOf<ItemId>('item', code);
export const parseNodeId = parserOf<NodeId>('node', code);
export const parseEntityId = parserOf<EntityId>('selling entity', code);
export const parseCreditAccountId = parserOf<CreditAccountId>('credit account', code);
