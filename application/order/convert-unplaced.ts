import type { Tx } from '../../db/connection';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import { localDateIn } from '../../domain/shared/dates';
import { recordEvents } from '../record/keep-history';
import { type PlaceOrderResult, placeOrder } from './place-order';
import { priceUnplaced } from './price-unplaced';
import {
  linesToCorrect,
  lockAlive,
  parseUnplacedRequest,
  readBuyer,
  recordUnplaced,
  refuseUnplaced,
  saveUnplaced,
  type UnplacedRefusal,
  type UnplacedRow,
  unknownCustomer,
} from './unplaced-order';

export interface Conversion {
  readonly purchaseOrderNumber?: string;
  readonly shipTo?: Party;
  /** The store at which everything is picked up; the order's, where nothing is said. */
  readonly pickupAt?: string;
  readonly notify?: string;
  readonly channel: OrderRequest['channel'];
  readonly by: string;
  /** The person who orders, where one does by name; `isBuyer`: of the buyer's own company, whose limits count. */
  readonly person: string | null;
  readonly isBuyer: boolean;
}

export type ConvertOutcome =
  | Extract<PlaceOrderResult, { kind: 'placed' }>
  | Exclude<PlaceOrderResult, { kind: 'placed' }>
  | (UnplacedRefusal & { readonly of: 'unplaced' });

const ofUnplaced = (refusal: UnplacedRefusal) => ({ ...refusal, of: 'unplaced' as const });

/**
 * Makes an order of a draft, or of an answered quote at the prices that were quoted. Its row stays locked until the
 * order is written, so that of two conversions the second finds the order of the first. Where no order can be placed
 * it stays what it is.
 */
export async function convertUnplaced(
  tx: Tx,
  id: string,
  conversion: Conversion,
  now: string,
): Promise<ConvertOutcome> {
  const row = await lockAlive(tx, id, now);
  if ('kind' in row) return ofUnplaced(row);
  const made = await orderOf(tx, row, conversion, now);
  if ('kind' in made) return ofUnplaced(made);
  const result = await placeOrder(tx, made, now);
  if (result.kind !== 'placed') return result;
  await saveUnplaced(tx, row, { state: 'converted', order_id: result.orderId, closed_at: now }, now);
  const text = `Became order ${result.orderNumber}`;
  await recordUnplaced(tx, [id], { kind: 'converted', actor: conversion.by, text }, now);
  await recordEvents(tx, [
    {
      orderId: result.orderId,
      at: now,
      kind: 'converted',
      actor: conversion.by,
      text: `Made of ${row.type} ${row.number}${row.type === 'quote' ? ' at the prices quoted' : ''}`,
      data: { unplacedOrderId: id },
    },
  ]);
  return result;
}

async function orderOf(
  tx: Tx,
  row: UnplacedRow,
  { purchaseOrderNumber, shipTo, pickupAt, notify, channel, person, isBuyer }: Conversion,
  now: string,
): Promise<OrderRequest | UnplacedRefusal> {
  if (row.type === 'quote' && row.state !== 'answered')
    return refuseUnplaced('not-answered', 'The quote has no prices yet');
  const stored = parseUnplacedRequest(row.request);
  if (stored.lines.length === 0) return refuseUnplaced('no-lines', 'The draft has no lines');
  const number = purchaseOrderNumber ?? stored.purchaseOrderNumber;
  if (number === '')
    return refuseUnplaced('no-purchase-order-number', 'Say the purchase order number of the order');
  const found = await readBuyer(tx, row.customer_id);
  if (found === null) return unknownCustomer(stored);
  const { customer, policy } = found;
  if (customer.currency !== row.currency)
    return refuseUnplaced(
      'currency-changed',
      `The ${row.type} is in ${row.currency}, the customer's prices are in ${customer.currency} by now`,
    );
  // Whoever converts it orders, not whoever began it: limits and budgets are those of the first.
  const { buyer: drafted, placedBy: _drafter, ...said } = stored;
  const request: OrderRequest = {
    ...said,
    channel,
    ...(person !== null && { placedBy: person }),
    ...(person !== null && isBuyer && { buyer: { ...drafted, person } }),
    purchaseOrderNumber: number,
    purchaseOrderDate: localDateIn(now, customer.entity_time_zone),
    ...(pickupAt !== undefined && { pickupAt }),
    ...(notify !== undefined && { notify }),
    ...(shipTo && { parties: [...stored.parties.filter((party) => party.role !== 'ST'), shipTo] }),
  };
  if (row.quoted !== null) return quotedRequest(row, request, row.quoted.lines);
  const prices = await priceUnplaced(tx, request, customer, policy, request.purchaseOrderDate);
  const unfit = prices.lines.filter((line) => line.rejection !== null);
  return unfit.length > 0 ? linesToCorrect(unfit) : request;
}

function quotedRequest(
  { id, number }: UnplacedRow,
  request: OrderRequest,
  quoted: readonly { readonly unitPrice: string | null }[],
): OrderRequest {
  const lines = request.lines.map((line, i) => {
    const unitPrice = quoted[i]?.unitPrice;
    return unitPrice ? { ...line, unitPrice } : line;
  });
  return { ...request, quote: { id, number }, lines };
}
